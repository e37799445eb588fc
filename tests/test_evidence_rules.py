"""The codebook's rules, held against the shipped seeds as against anybody's files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sim.evidence import Evidence, Statement, load_evidence
from sim.evidence.phrases import VERBAL, verbal_ranges
from sim.evidence.statement import Quantity

SEEDS = Path(__file__).parent.parent / "seeds"
UNITS = {
    "hundreds": 100, "thousands": 1_000, "tens of thousands": 10_000,
    "hundreds of thousands": 100_000, "millions": 1_000_000, "dozens": 12, "scores": 20,
    "hours": 1, "days": 1, "weeks": 1,
}  # fmt: skip
COPY = re.compile(r"^(?:as|the window of) ([a-z]+\.[a-z0-9]+)$")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(SEEDS)


def told(evidence: Evidence) -> Iterator[Statement]:
    """Statements that stand in a paragraph."""
    yield from (s for s in evidence.statements.values() if s.paragraph is not None)


def test_a_plural_is_at_least_two_of_its_unit_everywhere(evidence: Evidence) -> None:
    for phrase, unit in UNITS.items():
        assert VERBAL[phrase][0] == 2 * unit, phrase
    coded: list[tuple[str, Quantity]] = [
        (s.id, q) for s in told(evidence) for q in s.quantities if q.words and not q.unknown
    ]
    plural = [(i, q, r) for i, q in coded if len(r := verbal_ranges(q.words or "")) == 1]
    assert len(plural) >= 10
    for name, quantity, ranges in plural:
        if quantity.best is None:
            assert quantity.floor == ranges[0][0], name
            assert quantity.high == ranges[0][1], name


def test_what_the_text_does_not_date_has_no_beginning_of_the_coders(evidence: Evidence) -> None:
    for name in ("rudaw.5a", "ap.10d"):  # both texts tell it after the Monday, and give no day
        window = evidence.statements[name].window
        assert window.phrase is None
        assert window.earliest is not None
        assert window.earliest.isoformat() == "2022-08-29T00:00:00+03:00"
    for name in ("aj.10a", "aj.16a", "rudaw.14a"):
        assert evidence.statements[name].window.earliest is None, name
    bare = [s for s in told(evidence) if s.window.phrase is None and s.kind in ("act", "order")]
    assert [s.id for s in bare if s.window.reading is None and s.window.earliest is not None] == []


def test_a_window_that_is_said_to_be_that_of_another_is_the_same(evidence: Evidence) -> None:
    copies = [
        (s, evidence.statements[found[1]])
        for s in evidence.statements.values()
        if (found := COPY.match(s.window.reading or ""))
    ]
    assert len(copies) >= 25
    for copy, original in copies:
        ends = (copy.window.earliest, copy.window.latest)
        assert ends == (original.window.earliest, original.window.latest), copy.id


def test_a_silence_has_the_window_of_what_it_stands_against(evidence: Evidence) -> None:
    for silent, against in (("ap.s2", "rudaw.5a"), ("rudaw.s1", "ap.10d"), ("bbc.s1", "rudaw.13d")):
        one, other = evidence.statements[silent], evidence.statements[against]
        assert one.event == other.event
        assert (one.window.earliest, one.window.latest) == (
            other.window.earliest, other.window.latest,
        )  # fmt: skip


def test_a_day_ends_at_midnight_where_the_events_were(evidence: Evidence) -> None:
    for statement in evidence.statements.values():
        for time in (statement.window.earliest, statement.window.latest):
            assert time is None or (time.hour, time.minute) != (23, 59), statement.id
    for article in evidence.articles.values():
        end = article.citation.latest
        assert end.utcoffset() == timedelta(hours=3), article.id
        whole = (end - timedelta(days=1)).date() == article.citation.published
        assert whole or any("assumed" in line for line in article.quality), article.id
        for statement in article.statements:
            latest = statement.window.latest
            if latest is not None and statement.kind != "condition":
                assert latest <= end or statement.id == "ap.9b", statement.id


def test_a_mode_of_an_attack_has_its_means_in_the_statement_or_says_where(
    evidence: Evidence,
) -> None:
    """Statements whose paraphrase, numbers and notes name no weapon carry no mode of one."""
    weapons = r"gun|fire|shot|shoot|ammunition|rocket|missile|mortar|machine guns|drone|casualties"
    checked = 0
    for statement in told(evidence):
        plover = statement.plover
        if plover is None or plover.type != "ASSAULT" or plover.mode is None:
            continue
        if plover.mode in ("targeted", "crowd-control"):
            continue
        checked += 1
        words = " ".join((statement.says, *(q.words or "" for q in statement.quantities)))
        pointed = re.search(r"Means by ([a-z]+\.\w+)", statement.notes or "")
        if pointed is not None:
            source = evidence.statements[pointed[1]]
            assert evidence.article_of(source.id) == evidence.article_of(statement.id)
            words = source.says
        siblings = [s for s in told(evidence) if s.paragraph == statement.paragraph]
        same = [s.says for s in siblings if s.id.split(".")[0] == statement.id.split(".")[0]]
        assert re.search(weapons, " ".join((words, *same)), re.IGNORECASE), statement.id
    assert checked >= 15
    for name in ("ap.1a", "ap.2b", "ap.5a", "ap.11b", "rudaw.3a", "rudaw.6b", "aj.9a", "ind.18a"):
        found = evidence.statements[name].plover
        assert found is not None, name
        assert found.mode is None, name


def test_a_source_without_a_name_is_not_filed_as_the_outlet(evidence: Evidence) -> None:
    for statement in evidence.statements.values():
        said = statement.attribution
        assert (said.of_class == "outlet") == (said.source == "the outlet"), statement.id
        if "not named" in said.source:
            assert said.of_class in ("anonymous", "anonymous_official"), statement.id
    for name in ("rudaw.5a", "rudaw.5b"):
        assert evidence.statements[name].attribution.of_class == "anonymous"


@pytest.mark.parametrize(
    ("statement", "actor", "target", "place"),
    [
        ("rudaw.5a", None, "saraya_salam", "aah_offices_basra"),
        ("ap.10d", "saraya_salam", "aah", "southern_iraq"),
        ("ap.5e", "sadr", "sadrists", "iraq"),
        ("aj.1b", None, "parliament", "parliament_building"),
        ("ind.9c", "sadrists", "us_forces", "iraq"),
        ("ind.11a", "parliament", "iraqi_government", "parliament_building"),
        ("ind.18a", None, None, "iraq"),
    ],
)
def test_nobody_and_no_place_is_named_that_the_text_does_not_name(
    evidence: Evidence, statement: str, actor: str | None, target: str | None, place: str
) -> None:
    found = evidence.statements[statement]
    assert (found.actor, found.target, found.place) == (actor, target, place)


def test_what_is_symmetric_has_no_type_and_says_so(evidence: Evidence) -> None:
    for statement in evidence.statements.values():
        if (statement.notes or "").startswith("Symmetric"):
            assert statement.plover is None
            assert statement.actor is not None
            assert statement.target is not None
    assert (evidence.statements["ap.7a"].notes or "").startswith("Symmetric")


def test_an_account_that_the_text_calls_unclear_is_unclear_in_each_of_its_numbers(
    evidence: Evidence,
) -> None:
    for name in ("ap.1a", "ap.4a", "ap.4b", "ap.4c"):
        assert evidence.statements[name].hedging == "unclear"


def test_a_row_that_takes_its_hours_from_one_unconfirmed_source_is_marked(
    evidence: Evidence,
) -> None:
    marked = 0
    for event in evidence.events.values():
        for name in event.lead:
            lead = evidence.statements[name]
            window = lead.window
            hours = window.phrase and re.search(r"\d ?(am|pm)|\d:\d\d", window.phrase)
            if hours and lead.hedging == "claimed" and lead.kind == "act":
                sides = [c.all_statements for c in evidence.conflicts_of(event.id)]
                assert any(name in side for side in sides), event.id
                marked += 1
    assert marked == 1


def test_those_named_one_by_one_are_a_floor(evidence: Evidence) -> None:
    killed = evidence.statements["ind.10b"].quantity("dead")
    assert killed is not None
    assert (killed.at_least, killed.best) == (2, None)


def test_whose_side_aah_is_on_is_a_statement(evidence: Evidence) -> None:
    for name, actor in (("rudaw.3c", "aah"), ("ap.2c", "khazali")):
        found = evidence.statements[name]
        assert (found.actor, found.target) == (actor, "iranian_government")
