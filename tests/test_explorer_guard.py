"""The explorer answers its own page only, reads no path from a request, and keeps users apart."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from explorer_server import Served, port_said, served
from made_up import TWO_FACTIONS

from sim.cli import main
from sim.show.explorer import bind
from sim.show.explorer.app import address_of

ROOT = Path(__file__).parent.parent
STATE = {"scenario": "two_factions", "replicates": 50, "seed": 1}
JSON = {"Content_Type": "application/json"}


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served([TWO_FACTIONS]) as it:
        yield it


def test_page_and_its_parts_are_served_with_a_strict_policy(server: Served) -> None:
    for path in ("/", "/static/main.js", "/static/vendor/uPlot.iife.min.js"):
        status, headers, body = server.request("GET", path)
        assert status == 200 and body, path
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_nothing_is_loaded_from_elsewhere() -> None:
    static = Path(__file__).parent.parent / "sim" / "show" / "explorer" / "static"
    for path in [*static.glob("*.html"), *static.glob("*.js"), *static.glob("*.css")]:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text and "https://" not in text, path.name
        assert "innerHTML" not in text and "insertAdjacentHTML" not in text, path.name


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "localhost.", "[::1"]
)
def test_wrong_host_is_refused(server: Served, host: str) -> None:
    assert server.request("GET", "/api/scenarios", Host=host)[0] in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST:9999"])
def test_own_names_are_answered_whatever_port_a_tunnel_has(server: Served, host: str) -> None:
    assert server.request("GET", "/api/scenarios", Host=host)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Origin": "http://localhost:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_request_of_another_origin_is_refused(server: Served, headers: dict[str, str]) -> None:
    for method, path, body in (
        ("GET", "/api/scenario/two_factions", None),
        ("GET", "/static/main.js", None),
        ("POST", "/api/future", json.dumps(STATE).encode()),
    ):
        assert server.request(method, path, body, **JSON, **headers)[0] == 403, path


def test_link_from_elsewhere_opens_the_page_but_not_in_a_frame(server: Served) -> None:
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    assert server.request("GET", "/", **link, Sec_Fetch_Dest="document")[0] == 200
    assert server.request("GET", "/", **link, Sec_Fetch_Dest="iframe")[0] == 403


def test_form_of_another_site_cannot_ask(server: Served) -> None:
    body = json.dumps(STATE).encode()
    assert server.request("POST", "/api/future", body, Content_Type="text/plain")[0] == 415


def test_too_much_is_refused_before_it_is_read(server: Served) -> None:
    status, _, _ = server.request("POST", "/api/future", b"{}" + b" " * 300_000, **JSON)
    assert status == 413


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py",
        "/static/..%5c..%5capp.py", "//etc/passwd", "/static//etc/passwd", "/static/%2fetc/passwd",
        "/api/scenario/..%2f..%2fpyproject.toml", "/api/scenario/%2fetc%2fpasswd",
        "/api/scenario/two_factions.yaml", "/scenarios/two_factions.yaml", "/results/",
        "/static/", "/static/vendor", "/pyproject.toml",
    ],
)  # fmt: skip
def test_no_path_reads_a_file_that_is_not_the_pages(server: Served, path: str) -> None:
    status, _, body = server.request("GET", path)
    assert status in (400, 404, 405), path
    assert b"root:" not in body and b"import " not in body and b"[project]" not in body


@pytest.mark.parametrize(
    "change",
    [
        {"scenario": "../../pyproject"}, {"view": "../../etc"},
        {"settings": {"evidence": "/etc"}}, {"settings": {"priors": "/etc/passwd"}},
        {"settings": {"clock.end": "2099-01-01T00:00:00+03:00"}},
        {"settings": {"clock": {}}}, {"settings": {"places.upper.__class__": 1}},
        {"replicates": 10**9}, {"replicates": -1}, {"seed": 1.5}, {"unknown": 1},
        {"settings": {"compliance": "__import__('os')"}}, {"settings": {"compliance": None}},
    ],
)  # fmt: skip
def test_state_that_cannot_be_is_refused_in_words(server: Served, change: dict[str, Any]) -> None:
    body = json.dumps(STATE | change).encode()
    status, _, answer = server.request("POST", "/api/future", body, **JSON)
    assert status in (404, 422), answer
    assert json.loads(answer)["problems"], "says why"
    assert b"Traceback" not in answer


def test_nonsense_for_json_is_refused(server: Served) -> None:
    for body in (b"", b"{", b"[]", b"\xff", b'{"scenario": 1}', b"[" * 5000):
        assert server.request("POST", "/api/future", body, **JSON)[0] == 422, body[:9]


def test_two_users_at_once_get_each_their_own_numbers(server: Served) -> None:
    questions = [
        STATE | {"settings": {"decisions.red_withdrawal.shift_h": float(hours)}, "seed": seed}
        for hours in (-6, 0, 6, 12) for seed in (1, 2)
    ]  # fmt: skip
    alone = [server.ask("/api/future", question) for question in questions]
    with served([TWO_FACTIONS]) as fresh, ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda q: fresh.ask("/api/future", q), questions))
    assert together == alone
    assert len({json.dumps(answer["curves"]) for answer in alone}) == len(alone)


def test_taken_port_gives_way_to_the_next() -> None:
    with bind("127.0.0.1", 0) as first:
        taken = first.getsockname()[1]
        with bind("127.0.0.1", taken) as second:
            assert second.getsockname()[1] != taken
            assert second.getsockname()[0] == "127.0.0.1"
            assert address_of(second) == f"http://127.0.0.1:{second.getsockname()[1]}/"


def test_default_is_loopback_only(server: Served) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)}
    for address in others - {"127.0.0.1", "::1", "127.0.1.1"}:
        family = socket.AF_INET6 if ":" in str(address) else socket.AF_INET
        with socket.socket(family) as one:
            assert one.connect_ex((address, server.port)) != 0, address


def test_view_says_why_a_scenario_or_an_address_cannot_be_used(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["view", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err
    assert main(["view", TWO_FACTIONS, "--host", "192.0.2.1"]) == 2
    assert "192.0.2.1" in capsys.readouterr().err


def test_view_prints_its_address_and_stops_on_ctrl_c() -> None:
    words = [sys.executable, str(ROOT / "run.py"), "view", TWO_FACTIONS, "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        port = port_said(process.stdout)
        assert Served(port).request("GET", "/api/scenarios")[2] == b'["two_factions"]'
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
