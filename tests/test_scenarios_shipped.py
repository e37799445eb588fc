"""The shipped scenarios: sound files whose reported values are those of the coded statements."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from shipped import FOLDER, NAMES, WORDS, drawn, loaded, path_of, run, shipped

from sim.compare.reading import readings_of
from sim.evidence import MergedReading, reading
from sim.scenario.schema import Observable, Scenario, schema_text
from sim.scenario.vocabulary import TIME_STATISTICS, DecisionMode, Measure, Role, Statistic

ALL = [(name, observable) for name in NAMES for observable in shipped(name).observables]
NEGATIVE = [(name, o) for name, o in ALL if o.role is Role.NEGATIVE]
TIMES = [(name, o) for name, o in ALL if o.statistic in TIME_STATISTICS]
COUNTED = (Statistic.TOTAL, Statistic.PEAK, Statistic.VALUE, Statistic.ACTIVE_HOURS)
COUNTS = [(name, o) for name, o in ALL if o.statistic in COUNTED]
SIDES = {"sadrists": ("saraya_salam", "sadrists"), "aah": ("aah",)}


def test_these_five_are_all_that_is_shipped() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_named_after_its_file_and_rests_on_the_seeds(name: str) -> None:
    text = path_of(name).read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    scenario = shipped(name)
    assert (scenario.name, scenario.evidence) == (name, "../seeds")
    assert loaded(name).evidence is not None


def test_the_json_schema_beside_them_is_the_one_generated_from_the_code() -> None:
    written = (FOLDER / "scenario.schema.json").read_text("utf-8")
    assert written == schema_text(), "write schema_text() into scenarios/scenario.schema.json"


def test_a_faction_keeps_its_kind_and_leader_from_one_scenario_to_the_next() -> None:
    known: dict[str, tuple[object, object]] = {}
    for name in NAMES:
        for faction in shipped(name).factions:
            leader = None if faction.leader is None else faction.leader.id
            assert known.setdefault(faction.id, (faction.kind, leader)) == (faction.kind, leader)
    assert known.keys() == {
        "sadrists", "aah", "security_forces", "iran_aligned_militias", "protest_movement",
        "us_forces", "parliament",
    }  # fmt: skip


def test_baghdad_is_the_same_alone_and_with_basra() -> None:
    alone, both = shipped("baghdad_2022_08"), shipped("august_september_2022")
    assert alone.places[0] == both.places[0]
    assert [(d.between, d.hostility) for d in alone.dyads] == [
        (d.between, d.hostility) for d in both.dyads
    ]
    forces = [
        {f.id: [x.fighters for x in f.forces if x.place == "baghdad"] for f in scenario.factions}
        for scenario in (alone, both)
    ]
    assert forces[0] == forces[1]


def each(observables: list[tuple[str, Observable]]) -> pytest.MarkDecorator:
    ids = [f"{name}-{observable.id}" for name, observable in observables]
    return pytest.mark.parametrize(("name", "observable"), observables, ids=ids)


@each(ALL)
def test_every_observable_rests_on_a_statement(name: str, observable: Observable) -> None:
    assert observable.facts


@each(NEGATIVE)
def test_a_zero_says_in_its_notes_how_much_it_is_worth(name: str, observable: Observable) -> None:
    notes = (observable.notes or "").lower()
    assert "silence" in notes or "reported zero" in notes


def read(name: str, observable: Observable) -> MergedReading:
    """What the statements say of an observable's number."""
    counted = observable.measure
    if counted is Measure.REPORT:
        counted = next(o for o in shipped(name).outlets if o.id == observable.outlet).counts
    word = WORDS[counted]
    evidence = loaded(name).evidence
    assert evidence is not None
    for side in SIDES.get((observable.factions or [""])[0], (None,)):
        found = reading(evidence, observable.facts, word, side)
        if found.has_number:
            return found
    return reading(evidence, observable.facts, word)


@each(COUNTS)
def test_a_reported_number_is_what_its_statements_say(name: str, observable: Observable) -> None:
    found = read(name, observable)
    reported = observable.reported
    if not found.has_number:  # unknown stays missing; a zero out of silence says so in its notes
        assert reported.missing or (reported.best == 0 and observable.role is Role.NEGATIVE)
        return
    if reported.alternatives is not None:
        sides = [a for a in reported.alternatives if not a.unknown]
        said = found.alternatives or ((1.0, found.low, found.best, found.high),)
        total = sum(side.weight for side in sides)
        assert [(s.weight / total, s.low, s.best, s.high) for s in sides] == [
            pytest.approx(one) for one in said
        ]
        return
    if reported.best is None and reported.high is None and found.best is not None:
        assert counted_in_less_time(name, observable)  # a floor for the longer time
        assert reported.at_least == found.best
        return
    assert (reported.best, reported.high) == (found.best, found.high)
    floor = reported.low if reported.low is not None else reported.at_least
    assert floor == (found.low if found.low is not None else found.at_least)


def counted_in_less_time(name: str, observable: Observable) -> bool:
    """Whether the statements count fewer days than the observable spans."""
    scenario, evidence = shipped(name), loaded(name).evidence
    assert evidence is not None
    span = scenario.clock if observable.span is None else observable.span
    days = reading(evidence, observable.facts, "days").best
    return days is not None and days < (span.end - span.start).total_seconds() / 86400


def windows(scenario_name: str, facts: list[str]) -> list[tuple[datetime, datetime]]:
    evidence = loaded(scenario_name).evidence
    assert evidence is not None
    found = [evidence.statements[fact].window for fact in facts if fact in evidence.statements]
    return [(w.earliest, w.latest) for w in found if w is not None and w.earliest and w.latest]


@each(TIMES)
def test_a_reported_time_lies_in_the_windows_of_its_statements(
    name: str, observable: Observable
) -> None:
    reported = observable.reported
    assert reported.earliest is not None and reported.latest is not None
    known = windows(name, observable.facts)
    assert known
    assert any(start <= reported.earliest and reported.latest <= end for start, end in known)
    assert all(start <= reported.latest and reported.earliest <= end for start, end in known)


@pytest.mark.parametrize("name", NAMES)
def test_a_scripted_order_is_never_scored_and_a_free_one_may_be(name: str) -> None:
    for variant in (None, *(v for v in shipped(name).variants if v == "generative")):
        scenario = shipped(name, variant)
        modes = {decision.id: decision.mode for decision in scenario.decisions}
        for observable in scenario.observables:
            if observable.measure is Measure.ORDER:
                scripted = modes[str(observable.decision)] is DecisionMode.SCRIPTED
                assert scripted == (observable.role is Role.INPUT_CHECK)


def test_basra_is_held_out_where_baghdad_is_fitted() -> None:
    for observable in shipped("august_september_2022").observables:
        if observable.places == ["basra"]:
            assert observable.role is not Role.CALIBRATE


def test_the_orders_carry_the_windows_of_the_statements() -> None:
    for name in ("baghdad_2022_08", "august_september_2022"):
        order = next(d for d in shipped(name).decisions if d.id == "sadr_withdrawal")
        assert order.window is not None
        assert (order.window.earliest, order.window.latest) in windows(name, order.source)
    closing = next(
        d for d in shipped("basra_2022_09").decisions if d.id == "khazali_closes_offices"
    )
    assert closing.window is not None
    assert (closing.window.earliest, closing.window.latest) in windows(
        "basra_2022_09", closing.source
    )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("baghdad_2022_08", {"late_6h", "late_12h", "late_24h", "early_6h", "early_12h", "never",
                             "compliance_07", "no_reprisals", "generative"}),
        ("basra_2022_09", {"local_trigger", "order_to_basra", "security_before", "never",
                           "offices_closed_first", "one_compliance", "compliance_07",
                           "no_reprisals", "generative"}),
        ("august_september_2022", {"late_6h", "late_12h", "late_24h", "early_6h", "early_12h",
                                   "never", "order_to_basra", "security_before",
                                   "offices_closed_first", "one_compliance", "compliance_07",
                                   "no_reprisals", "no_spillover", "local_trigger",
                                   "generative"}),
    ],
)  # fmt: skip
def test_the_promised_variants_are_there(name: str, wanted: set[str]) -> None:
    variants = shipped(name).variants
    assert wanted <= variants.keys()
    assert all(variants[v].extrapolation == (v == "never") for v in wanted)


def totals(scenario: Scenario) -> np.ndarray:
    return run(scenario, drawn(scenario, 1000), keep="totals").observables


@pytest.mark.parametrize("name", NAMES)
def test_no_report_is_impossible_under_the_prior(name: str) -> None:
    scenario = shipped(name)
    simulated = totals(scenario)
    for k, observable in enumerate(scenario.observables):
        readings = readings_of(observable, scenario.clock)
        if readings.missing:
            continue
        values = simulated[:, k]
        low, high = readings.ends
        assert np.isnan(low) or np.nanmax(values) >= low, observable.id
        assert np.isnan(high) or np.nanmin(values) <= high, observable.id


@pytest.mark.parametrize("name", NAMES)
def test_the_prior_toll_is_of_a_sane_size(name: str) -> None:
    scenario = shipped(name)
    simulated = totals(scenario)
    for k, observable in enumerate(scenario.observables):
        if observable.measure is not Measure.DEAD or observable.role is not Role.CALIBRATE:
            continue
        low, high = readings_of(observable, scenario.clock).ends
        high = low if np.isnan(high) else high
        median = np.median(simulated[:, k])
        assert median <= 10 * high, observable.id
        assert np.quantile(simulated[:, k], 0.95) >= high, observable.id
