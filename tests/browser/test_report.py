"""The report in a real browser: opens offline, says what the data say, and shows names as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hostile import QUOTES, SCRIPT, TURNED, hostile_scenario
from shipped import path_of

from sim.cli import main

EPISODE = "august_september_2022"
FEW = ["--replicates", "60", "--threads", "1"]


def result_of(scenario: str | Path, out: Path) -> Path:
    assert main(["run", str(scenario), *FEW, "--for-print", "--out", str(out)]) == 0
    (folder,) = next(out.iterdir()).iterdir()
    return folder


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result_of(path_of(EPISODE), tmp_path_factory.mktemp("results"))


def opened(
    open_page: Callable[..., Any], folder: Path, width: int = 1280, height: int = 900
) -> Any:
    return open_page(f"file://{folder}/report.html", width, height, offline=True)


def test_report_opens_offline_without_script_and_with_its_figures(
    result: Path, open_page: Callable[..., Any]
) -> None:
    page = opened(open_page, result)
    assert page.locator("script").count() == 0
    images = page.evaluate(
        "() => [...document.images].map((i) => [i.naturalWidth, i.alt.length, i.src.slice(0, 5)])"
    )
    assert len(images) >= 5
    assert all(width > 100 and alt > 40 and src == "data:" for width, alt, src in images)


def test_table_of_the_report_is_the_data(result: Path, open_page: Callable[..., Any]) -> None:
    page = opened(open_page, result)
    data = pd.read_csv(result / "comparison.csv").set_index("id")
    rows = page.locator('tr[id^="row-"]')
    assert rows.count() == len(data)
    for row in rows.all():
        name = str(row.get_attribute("id")).removeprefix("row-")
        cells = {
            cell.get_attribute("data-label"): cell.inner_text() for cell in row.locator("td").all()
        }
        expected = data.loc[name]
        if not expected["is_time"] and expected["statistic"] != "any":
            shown = cells["Median"].replace(",", "")
            assert float(shown) == pytest.approx(expected["q50"], rel=5e-3, abs=0.5), name
        chance = expected["probability"]
        if 0.005 < chance < 0.995:
            assert cells["Probability"] == f"{chance:.2f}", name
        assert cells["Verdict"].startswith(expected["verdict"]), name


def test_the_first_screen_is_a_sentence_a_caveat_and_a_picture(
    result: Path, open_page: Callable[..., Any]
) -> None:
    page = opened(open_page, result, 1280, 900)
    where = page.evaluate(
        '() => [".lead", ".lead + p", "figure img", ".verdict"].map((s) => '
        "document.querySelector(s).getBoundingClientRect()).map((r) => [r.top, r.bottom])"
    )
    sentence, caveat, picture, verdicts = where
    assert sentence[1] <= caveat[0] and caveat[1] <= picture[0] and picture[1] <= verdicts[0]
    assert caveat[1] < 400 and picture[0] < 450


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(
    result: Path, open_page: Callable[..., Any], width: int
) -> None:
    page = opened(open_page, result, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_names_are_text_in_the_report(
    tmp_path: Path, open_page: Callable[..., Any]
) -> None:
    folder = result_of(hostile_scenario(tmp_path), tmp_path / "out")
    page = opened(open_page, folder)
    assert page.inner_text("h1") == f"{SCRIPT} {QUOTES} {TURNED}"
    assert SCRIPT in page.inner_text("#answer")
    assert page.locator("script, main img[src=x]").count() == 0
    turning = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((n) => [...n.childNodes].some(
             (t) => t.nodeType === 3 && /[\\u202a-\\u202e\\u2066-\\u2069]/.test(t.textContent))
             && !n.closest("bdi")).map((n) => n.outerHTML)"""
    )
    assert turning == []
    drawings = list((folder / "figures").glob("*.svg"))
    assert drawings
    for svg in drawings:
        drawn = open_page(f"file://{svg}", offline=True)
        assert drawn.locator("script, image").count() == 0, svg.name
