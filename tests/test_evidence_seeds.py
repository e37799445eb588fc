"""The shipped seeds: what they must hold whoever edits them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.evidence import Evidence, load_evidence, reading, running_toll, timeline
from sim.evidence.ladder import severity

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(SEEDS)


def test_five_articles_give_a_hundred_statements_on_forty_events(evidence: Evidence) -> None:
    assert len(evidence.articles) == 5
    assert len(evidence.statements) >= 100
    assert len(timeline(evidence)) == len(evidence.events) >= 40


def test_every_act_and_order_has_a_rung_on_the_ladder_or_says_why_not(evidence: Evidence) -> None:
    for statement in evidence.statements.values():
        if statement.plover is not None:
            assert -10 <= severity(statement.plover.type, statement.plover.mode) <= 10
        elif statement.kind in ("act", "order"):
            assert "No PLOVER type" in (statement.notes or ""), statement.id


def test_every_kind_of_statement_and_a_telling_silence_per_article(evidence: Evidence) -> None:
    kinds = {statement.kind for statement in evidence.statements.values()}
    assert len(kinds) == 7
    for article in evidence.articles.values():
        assert any(s.kind == "silence" for s in article.statements), article.id


def test_baghdad_dead_and_wounded_are_running_tolls(evidence: Evidence) -> None:
    assert running_toll(evidence, "baghdad_dead")["floor"].is_monotonic_increasing
    assert list(running_toll(evidence, "baghdad_wounded")["floor"]) == [380, 400, 500]
    dead = reading(evidence, ["baghdad_dead"])
    assert (dead.at_least, dead.best) == (30, 30)
    assert reading(evidence, ["bbc.3a"]).at_least == 23


def test_basra_dead_is_four_or_one_and_never_their_mean(evidence: Evidence) -> None:
    toll = reading(evidence, ["ap.1a", "rudaw.6b", "rudaw.3b"], "dead")
    assert [side[2] for side in toll.alternatives] == [4, 1]
    assert sum(side[0] for side in toll.alternatives) == pytest.approx(1)
    assert toll.best in (4, 1)
    assert reading(evidence, ["rudaw.3b"], "dead").unknown
    for side in ("saraya_salam", "aah"):
        assert reading(evidence, ["ap.4a", "ap.4b"], "dead", side=side).best == 2


def test_only_basra_has_clock_times(evidence: Evidence) -> None:
    row = timeline(evidence).set_index("event").loc["basra_clashes"]
    assert row["earliest"].isoformat() == "2022-09-01T02:00:00+03:00"
    assert row["latest"].isoformat() == "2022-09-01T06:30:00+03:00"
    assert row["lasts"]


def test_order_to_withdraw_is_known_by_its_day_only(evidence: Evidence) -> None:
    row = timeline(evidence).set_index("event").loc["sadr_withdrawal_order"]
    assert (row["latest"] - row["earliest"]).total_seconds() == 24 * 3600
    assert row["earliest"].isoformat() == "2022-08-30T00:00:00+03:00"


def test_reported_zero_differs_from_silence(evidence: Evidence) -> None:
    table = timeline(evidence).set_index("event")
    assert table.loc["rockets_29_september", "dead_best"] == 0
    for quiet in ("march", "green_zone_push", "rockets_28_september"):
        assert math.isnan(table.loc[quiet, "dead_best"]), quiet


def test_rockets_of_september_have_no_author(evidence: Evidence) -> None:
    table = timeline(evidence).set_index("event")
    for event, rockets in (("rockets_28_september", 3), ("rockets_29_september", 4)):
        assert table.loc[event, "rockets_best"] == rockets
        assert evidence.actors[table.loc[event, "actor"]].sector == "UAF"


def test_both_first_moves_in_basra_stay_in_the_timeline(evidence: Evidence) -> None:
    table = timeline(evidence).set_index("event")
    for event in ("aah_offices_attacked", "saraya_member_killed"):
        assert "basra_first_mover" in table.loc[event, "conflicts"]


def test_leaving_one_article_out_leaves_none_of_its_statements(evidence: Evidence) -> None:
    kept = [name for name in evidence.statements if not name.startswith("rudaw.")]
    table = timeline(evidence, statements=kept).set_index("event")
    assert table.loc["basra_clashes", "dead_best"] == 4
    assert table.loc["basra_clashes", "earliest"].isoformat() == "2022-08-31T18:00:00+03:00"
    read = {name for names in table["statements"] for name in names}
    assert not any(name.startswith("rudaw.") for name in read)


def test_every_window_with_hours_says_how_they_were_read(evidence: Evidence) -> None:
    for statement in evidence.statements.values():
        window = statement.window
        days = all(
            time is None or (time.hour, time.minute) in ((0, 0), (23, 59))
            for time in (window.earliest, window.latest)
        )
        if not days and statement.kind not in ("silence", "background", "condition"):
            limit = evidence.article_of(statement.id).citation.latest
            assert window.reading or window.phrase or window.latest == limit, statement.id
