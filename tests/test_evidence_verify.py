"""Verification against the texts: what a coder got wrong, and what was changed in the text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from test_evidence_loading import TEXT, seeds

from sim.evidence import load_evidence, verify
from sim.evidence.phrases import stands_in, values, verbal_ranges

ARTICLES = os.environ.get("STANDDOWN_ARTICLES")


def failures(tmp_path: Path, *changes: tuple[str, str, str]) -> list[str]:
    outcome = verify(load_evidence(seeds(tmp_path, *changes)), tmp_path)
    assert outcome.read == ("gazette_1900",)
    return [str(failure) for failure in outcome.failures]


@pytest.mark.skipif(ARTICLES is None, reason="STANDDOWN_ARTICLES names no folder of texts")
def test_shipped_codings_stand_in_the_texts() -> None:
    outcome = verify(load_evidence("seeds"), str(ARTICLES))
    assert outcome.failures == ()
    assert outcome.skipped == ()
    assert outcome.checks > 500


def test_sound_coding_passes(tmp_path: Path) -> None:
    assert failures(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1,200 onlookers", "1,300 onlookers", "number of people"),
        ("At least two", "At least four", "number of dead"),
        ("least five had died", "least six had died", "number of dead"),
        ("tens of thousands", "thousands", "number of people"),
        ("Friday night", "Thursday night", "time words"),
    ],
)
def test_tampered_text_is_found_out(tmp_path: Path, old: str, new: str, expected: str) -> None:
    evidence = load_evidence(seeds(tmp_path))
    (tmp_path / "gazette.txt").write_text(TEXT.replace(old, new), encoding="utf-8")
    checks = [failure.check for failure in verify(evidence, tmp_path).failures]
    assert sorted(checks) == sorted(["checksum", expected])


def test_text_that_lost_a_paragraph_is_found_out(tmp_path: Path) -> None:
    evidence = load_evidence(seeds(tmp_path))
    shorter = TEXT.split("\n\n", maxsplit=1)[0]
    (tmp_path / "gazette.txt").write_text(shorter, encoding="utf-8")
    found = [str(failure) for failure in verify(evidence, tmp_path).failures]
    assert any("there is no paragraph 4; the text has 3" in failure for failure in found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("at_least: 5", "at_least: 6", "at_least 6 stands"),
        ("best: 1200", "best: 1250", "best 1250 stands"),
        ("high: 99999", "high: 50000", "high 50000 stands"),
        ("words: several people", "words: many people", "'many people' is not in the paragraph"),
        ("phrase: By Saturday", "phrase: By Sunday", "'By Sunday' is not in the paragraph"),
    ],
)
def test_coding_that_says_more_than_the_text(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    found = failures(tmp_path, ("gazette_1900", old, new))
    assert len(found) == 1
    assert expected in found[0]


def test_copied_sentence_is_found_out_and_a_cited_title_is_not(tmp_path: Path) -> None:
    copied = "killed and several people hurt, the warden said. By Saturday"
    found = failures(tmp_path, ("gazette_1900", "Two dead or more.", copied))
    assert found == [
        "gaz.3a: own words: copies 'killed and several people hurt the warden said by'"
    ]


def test_text_that_is_not_there_is_skipped(tmp_path: Path) -> None:
    evidence = load_evidence(seeds(tmp_path))
    (tmp_path / "gazette.txt").unlink()
    outcome = verify(evidence, tmp_path)
    assert outcome.skipped == ("gazette_1900",)
    assert outcome.checks == 0
    with pytest.raises(NotADirectoryError):
        verify(evidence, tmp_path / "nowhere")


def test_numbers_in_digits_and_in_words() -> None:
    assert values("5,200 troops") == {5200}
    assert values("twenty-three dead, two of them old") == {23, 2}
    assert values("three hundred and six") == {300, 6}
    assert 1_000_000 in values("a million-man march")
    assert values("from 2am to 6:30am") == {2, 6, 30}
    assert values("nobody came") == set()


def test_longer_verbal_quantity_hides_the_shorter_one_in_it() -> None:
    assert verbal_ranges("Tens of thousands came") == [(10_000, 99_999)]
    assert verbal_ranges("thousands came") == [(1_000, None)]


def test_words_are_found_whole_whatever_their_quotes() -> None:
    assert stands_in("October's elections", "in October’s elections")
    assert not stands_in("one", "someone came")
