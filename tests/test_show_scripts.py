"""Names in any script: joined, in their own order, in the right place of a mixed line."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import show_case as case
from PIL import Image

from sim.compare.words import plain
from sim.scenario.schema import Scenario
from sim.show import write_report
from sim.show.figures.drawing import Easel
from sim.show.figures.run_figures import run_figures
from sim.show.figures.scripts import LEFT_TO_RIGHT, directed, fonts_for
from sim.show.figures.style import new_figure, save, styled

MOSUL = "الموصل"


def ink(words: str, folder: Path) -> np.ndarray:
    """Columns of a drawn text, from its first inked one to its last: share of ink in each."""
    with styled():
        figure = new_figure(120, 20)
        figure.text(0.05, 0.4, words, fontsize=24)
        path = save(figure, folder / "one.png", "", "")
    with Image.open(path) as image:
        dark = np.asarray(image.convert("L"))[:130, :] < 128
    columns = np.flatnonzero(dark.any(axis=0))
    return dark[:, columns[0] : columns[-1] + 1].mean(axis=0)


def test_arabic_letters_are_joined(tmp_path: Path) -> None:
    joined, apart = ink("بيت", tmp_path), ink("ب ي ت", tmp_path)
    assert joined.all(), "one stroke from the first letter to the last"
    assert not apart.all()
    isolated = sum(len(ink(letter, tmp_path)) for letter in "بيت")
    assert len(joined) < 0.8 * isolated, "joined forms are narrower than letters on their own"


def test_arabic_runs_from_right_to_left(tmp_path: Path) -> None:
    heights = ink("ا" + "ب", tmp_path)  # alef stands upright, beh lies
    left, right = np.array_split(heights, 2)
    assert right.max() > 2 * left.max(), "the first letter is at the right"


def test_a_line_that_begins_in_arabic_and_goes_on_in_english_keeps_its_order(
    tmp_path: Path,
) -> None:
    line = ink(f"{MOSUL}: dead by day", tmp_path)
    alone, rest = ink(MOSUL, tmp_path), ink("dead by day", tmp_path)
    np.testing.assert_allclose(line[: len(alone)], alone, atol=0.01)
    np.testing.assert_allclose(line[-len(rest) :], rest, atol=0.01)
    assert directed(MOSUL) == MOSUL, "a name by itself needs no mark"
    assert directed("Mosul, " + MOSUL) == "Mosul, " + MOSUL
    assert directed(MOSUL + " 2") == MOSUL + " 2"
    assert directed(MOSUL + " north").startswith(LEFT_TO_RIGHT)


@pytest.mark.parametrize("words", [MOSUL, "Києва", "ירושלים", "Ελλάδα", "Đà Nẵng"])
def test_the_font_that_is_shipped_has_these_scripts(words: str) -> None:
    assert fonts_for(words) == ([], set())


def test_signs_that_no_font_has_are_said_once_and_nothing_fails(tmp_path: Path) -> None:
    rare = "\U0001e900"  # Adlam
    fonts, missing = fonts_for(rare)
    with styled(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure = new_figure(60, 20)
        figure.text(0.1, 0.5, rare)
        save(figure, tmp_path / "one.png", "", "")
    said = [str(one.message) for one in caught if "no font on this system" in str(one.message)]
    assert len(said) == len(missing) == (0 if fonts else 1)


def test_joiners_of_persian_and_indic_words_stay_and_direction_marks_go() -> None:
    assert plain("می\u200cشود") == "می\u200cشود"
    assert plain("क\u200dष") == "क\u200dष"
    assert plain("a\u202eb\u200fc\u2066d") == "abcd"


def test_arabic_names_go_through_every_figure_and_the_report(tmp_path: Path) -> None:
    given = case.scenario_dict(title=f"{MOSUL}, May 2030")
    given["places"][0] |= {"name": MOSUL, "latitude": 36.3, "longitude": 43.1}
    given["factions"][0]["name"] = "الحشد"
    ensemble = case.ensemble(12, of=Scenario.model_validate(given))
    body = case.evidence()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a sign without a glyph warns
        drawn = run_figures(ensemble, case.comparison(ensemble, body), body, Easel(tmp_path, "m"))
    write_report(tmp_path / "r.html", ensemble, case.comparison(ensemble, body), body, drawn, {})
    assert f"<bdi>{MOSUL}, May 2030</bdi>" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert {"tolls", "map", "comparison"} <= {record.name for record in drawn}
