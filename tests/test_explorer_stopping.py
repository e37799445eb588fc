"""The explorer ends when it is told to, waits for no slow client, and stays small."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from explorer_server import Served, port_said
from made_up import TWO_FACTIONS

from sim.show.explorer import app

ROOT = Path(__file__).parent.parent
LIMIT_S = 5
SLOW_BODY = b"POST /api/future HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
SLOW_BODY += b"Content-Length: 100\r\n\r\n{"
SLOW_HEADERS = b"GET / HTTP/1.1\r\nHost: 127"


@contextmanager
def viewed(patience: float | None = None) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The view command in a process of its own, and its port."""
    words = ["view", TWO_FACTIONS, "--port", "0"]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    if patience is not None:
        code += f"from sim.show.explorer import app; app.PATIENCE_S = {patience}\n"
    code += f"from sim.cli import main; sys.exit(main({words!r}))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process, port_said(process.stdout)
    finally:
        process.kill()
        process.wait()


def said(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.read()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_although_half_a_body_and_half_a_header_are_sent(number: int) -> None:
    with viewed() as (process, port), ExitStack() as open_ones:
        for sent in (SLOW_BODY, SLOW_HEADERS, b""):
            client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(sent)
        time.sleep(0.5)
        process.send_signal(number)
        assert process.wait(LIMIT_S) == 0
        assert "Traceback" not in said(process.stderr)


def test_a_client_that_leaves_in_the_middle_of_a_body_prints_no_traceback() -> None:
    with viewed() as (process, port):
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(SLOW_BODY)
                time.sleep(0.1)
        assert Served(port).request("GET", "/api/scenarios")[0] == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_S) == 0
        assert said(process.stderr) == ""


@pytest.mark.parametrize("sent", [SLOW_BODY, SLOW_HEADERS, b""])
def test_a_request_that_does_not_come_to_its_end_is_hung_up_on_trickled_bytes_or_not(
    sent: bytes,
) -> None:
    with viewed(patience=1.0) as (_, port):
        with socket.create_connection(("127.0.0.1", port), timeout=15) as client:
            client.sendall(sent)
            for _ in range(3):  # a byte now and then does not help
                time.sleep(0.25)
                if sent:
                    client.sendall(b" ")
            with suppress(ConnectionResetError):
                assert client.recv(1000) == b""
        assert Served(port).request("GET", "/api/scenarios")[0] == 200
    assert app.PATIENCE_S <= 15


def test_a_connection_that_is_kept_alive_is_not_hung_up_on_between_requests() -> None:
    with viewed(patience=0.5) as (_, port), socket.create_connection(("127.0.0.1", port)) as client:
        for _ in range(3):
            client.sendall(
                f"GET /api/scenarios HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
            )
            got = b""
            while not got.endswith(b'["two_factions"]'):
                more = client.recv(10_000)
                assert more, "hung up"
                got += more
            time.sleep(0.8)
