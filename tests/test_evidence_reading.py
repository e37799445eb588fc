"""Reading numbers out of several statements: ranges meet, conflicts stay, unknown is missing."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from test_evidence_loading import problems, seeds

from sim.evidence import load_evidence, reading, running_toll, severity, timeline
from sim.evidence.ladder import ladder

DISAGREEMENT = """
  - id: crowd_size
    kind: disagreement
    title: How many mourned
    events: [mourning]
    measure: people
    alternatives:
      - {name: many, says: Very many., statements: [gaz.4b], weight: 0.6, low: 20000, high: 99999}
      - {name: few, says: Seven., statements: [gaz.s1], weight: 0.4, best: 7}
    how: Kept apart.
"""


def disputed(tmp_path: Path) -> str:
    return seeds(
        tmp_path,
        ("conflicts", "    how: A growing count.\n", "    how: A growing count.\n" + DISAGREEMENT),
        ("gazette_1900", "{measure: dead, unknown: true}", "{measure: people, best: 7}"),
    )


def test_whole_running_toll_is_read_as_its_conflict_says(tmp_path: Path) -> None:
    found = reading(load_evidence(seeds(tmp_path)), ["bridge_dead"])
    assert (found.low, found.best, found.high, found.at_least) == (5, None, 9, 5)
    assert found.statements == ("gaz.3a", "gaz.4a")


def test_part_of_a_running_toll_is_a_floor_with_open_top(tmp_path: Path) -> None:
    found = reading(load_evidence(seeds(tmp_path)), ["gaz.3a"], "dead")
    assert (found.low, found.high, found.at_least) == (2, None, 2)


def test_running_toll_series_grows(tmp_path: Path) -> None:
    series = running_toll(load_evidence(seeds(tmp_path)), "bridge_dead")
    assert list(series["floor"]) == [2, 5]
    assert series["latest"].notna().all()


def test_disagreement_keeps_its_sides_and_is_not_averaged(tmp_path: Path) -> None:
    found = reading(load_evidence(disputed(tmp_path)), ["gaz.4b", "gaz.s1"])
    assert found.alternatives == ((0.6, 20000, None, 99999), (0.4, 7, 7, 7))
    assert (found.low, found.best, found.high) == (7, None, 99999)


def test_disagreement_reduced_to_one_side_has_all_its_weight(tmp_path: Path) -> None:
    found = reading(load_evidence(disputed(tmp_path)), ["gaz.s1"])
    assert found.alternatives == ((1, 7, 7, 7),)


def test_weights_that_do_not_sum_to_one_are_refused(tmp_path: Path) -> None:
    folder = Path(disputed(tmp_path))
    path = folder / "conflicts.yaml"
    path.write_text(path.read_text().replace("weight: 0.4", "weight: 0.5"), encoding="utf-8")
    assert "sum to 1.1" in problems(str(folder))[0]


def test_unknown_is_missing_and_not_zero(tmp_path: Path) -> None:
    evidence = load_evidence(seeds(tmp_path))
    found = reading(evidence, ["gaz.s1"])
    assert found.unknown
    assert not found.has_number
    row = timeline(evidence).set_index("event").loc["mourning"]
    assert math.isnan(row["dead_low"])
    assert math.isnan(row["dead_best"])


def test_ranges_that_all_statements_allow(tmp_path: Path) -> None:
    change = ("gazette_1900", "{measure: dead, unknown: true}", "{measure: people, at_least: 500}")
    found = reading(load_evidence(seeds(tmp_path, change)), ["gaz.4b", "gaz.s1"])
    assert (found.low, found.best, found.high, found.at_least) == (20000, None, 99999, 500)


def test_measure_must_be_named_where_there_are_two(tmp_path: Path) -> None:
    evidence = load_evidence(seeds(tmp_path))
    with pytest.raises(ValueError, match="name the measure"):
        reading(evidence, ["gaz.3a"])
    with pytest.raises(KeyError):
        reading(evidence, ["gaz.99z"])


def test_losses_of_two_sides_are_never_merged(tmp_path: Path) -> None:
    old = "{measure: dead, unknown: true}"
    new = "{measure: dead, best: 1, side: alders}, {measure: dead, best: 2, side: birches}"
    evidence = load_evidence(seeds(tmp_path, ("gazette_1900", old, new)))
    assert reading(evidence, ["gaz.s1"], "dead", side="birches").best == 2
    # The event's own number stays missing: a part is not the whole.
    assert math.isnan(timeline(evidence).set_index("event").loc["mourning", "dead_low"])


def test_timeline_names_the_statements_and_conflicts_of_every_number(tmp_path: Path) -> None:
    row = timeline(load_evidence(seeds(tmp_path))).set_index("event").loc["bridge_fight"]
    assert row["statements"] == ("gaz.2a", "gaz.3a", "gaz.4a")
    assert row["conflicts"] == ("bridge_dead",)
    assert (row["dead_low"], row["dead_high"], row["people_best"]) == (5, 9, 1200)
    assert row["score"] == severity("ASSAULT", "primitive")


def test_timeline_of_some_statements_knows_nothing_of_the_others(tmp_path: Path) -> None:
    table = timeline(load_evidence(seeds(tmp_path)), statements=["gaz.2a", "gaz.3a"])
    assert list(table["event"]) == ["bridge_fight"]
    assert table.loc[0, "dead_low"] == 2
    assert timeline(load_evidence(seeds(tmp_path)), statements=[]).empty


def test_timeline_of_a_place_holds_what_lies_in_it(tmp_path: Path) -> None:
    evidence = load_evidence(seeds(tmp_path))
    assert list(timeline(evidence, places=["bridge"])["event"]) == ["bridge_fight"]
    assert set(timeline(evidence, places=["valley"])["event"]) == {"bridge_fight", "mourning"}
    assert timeline(evidence, places=["mill"]).empty


def test_timeline_of_a_span_holds_what_may_have_happened_in_it(tmp_path: Path) -> None:
    evidence = load_evidence(seeds(tmp_path))
    later = evidence.statements["gaz.2a"].window.latest
    assert later is not None
    whole = timeline(evidence)
    after = timeline(evidence, start=later)
    assert set(whole["event"]) - set(after["event"]) == {"bridge_fight"}
    before = timeline(evidence, end=later.replace(hour=0))
    assert set(whole["event"]) - set(before["event"]) == {"mourning"}


def test_ladder_runs_from_war_to_aid_and_accuse_is_hostile() -> None:
    table = ladder()
    assert table["score"].between(-10, 10).all()
    assert table.loc[0, "type"] == "ASSAULT"
    assert severity("ACCUSE") == -3
    conflict = table["quad"].eq("MATERIAL CONFLICT")
    assert (table.loc[conflict, "score"] < 0).all()
    cooperation = table["quad"].str.endswith("COOPERATION")
    assert (table.loc[cooperation, "score"] > 0).all()


def test_mode_that_does_not_exist_is_not_replaced_by_its_type() -> None:
    with pytest.raises(KeyError):
        severity("ASSAULT", "firearm")
