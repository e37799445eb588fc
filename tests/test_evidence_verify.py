"""Verification against the texts: what a coder got wrong, and what was changed in the text."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from test_evidence_loading import TEXT, seeds

from sim.evidence import load_evidence, verify
from sim.evidence.phrases import named_one_by_one, stands_in, values, verbal_ranges

ROOT = Path(__file__).parent.parent
# The texts are not in the project; they are read where they lie beside it or where one says.
ARTICLES = Path(os.environ.get("STANDDOWN_ARTICLES", ROOT.parent / "shared" / "articles"))


def failures(tmp_path: Path, *changes: tuple[str, str, str]) -> list[str]:
    outcome = verify(load_evidence(seeds(tmp_path, *changes)), tmp_path)
    assert outcome.read == ("gazette_1900",)
    return [str(failure) for failure in outcome.failures]


@pytest.mark.skipif(not ARTICLES.is_dir(), reason=f"the texts are not in {ARTICLES.name}")
def test_shipped_codings_stand_in_the_texts() -> None:
    outcome = verify(load_evidence(ROOT / "seeds"), ARTICLES)
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


@pytest.mark.parametrize(
    ("notes", "paragraph", "sound"),
    [
        ("", "Gunmen came at night.", True),
        ("", "A mob came at night.", False),
        ("    notes: Means by gaz.9z.\n", "A mob came at night.", False),
        ("    notes: Means by gaz.1a.\n", "A mob came at night.", True),
    ],
)
def test_a_mode_whose_means_the_text_does_not_name_is_found_out(
    tmp_path: Path, notes: str, paragraph: str, sound: bool
) -> None:
    text = f"Rifle shots in Port Ansa\n\n{paragraph}\n"
    (tmp_path / "gazette.txt").write_text(text, encoding="utf-8")
    act = """
  - id: gaz.{n}a
    paragraph: {n}
    kind: act
    event: fight
    says: Something happens.
    window: {{earliest: "1900-01-05T00:00+01:00", latest: "1900-01-06T00:00+01:00"}}
    place: town
    plover: {{type: ASSAULT, mode: firearms}}
"""
    folder = tmp_path / "seeds"
    folder.mkdir()
    digest = hashlib.sha256(text.encode()).hexdigest()
    files = {
        "gazette_1900": (
            "id: gazette_1900\nprefix: gaz\ncitation:\n  outlet: Gazette\n"
            '  published: "1900-01-06"\n  latest: "1900-01-07T00:00+01:00"\n'
            "  date_known_from: date line\n  text: whole\n  file: gazette.txt\n"
            f"  sha256: {digest}\nstatements:" + act.format(n=1) + act.format(n=2)[1:] + notes
        ),
        "events": "events:\n  - {id: fight, title: A fight, lead: [gaz.1a]}\n",
        "conflicts": "conflicts: []\n",
        "actors": "actors: []\n",
        "places": "places:\n  - {id: town, name: Town, kind: city}\n",
    }
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    found = [str(failure) for failure in verify(load_evidence(folder), tmp_path).failures]
    assert (found == []) == sound
    if not sound:
        assert found[0].startswith("gaz.2a: means: no means of 'firearms'")


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
    assert verbal_ranges("Tens of thousands came") == [(20_000, 99_999)]
    assert verbal_ranges("thousands came") == [(2_000, None)]


def test_who_is_named_one_by_one_is_counted() -> None:
    assert named_one_by_one("Ann Lee and Bo Ray") == {2}
    assert named_one_by_one("Ann Lee, Bo Ray and Cy") == {3}
    assert named_one_by_one("Ann Lee") == set()
    assert named_one_by_one("calm and order") == set()


def test_words_are_found_whole_whatever_their_quotes() -> None:
    assert stands_in("October's elections", "in October’s elections")
    assert not stands_in("one", "someone came")
