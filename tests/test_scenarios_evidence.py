"""What the shipped scenarios take from the evidence: no more than is there, and nothing twice."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from shipped import NAMES, drawn, loaded, run, shipped

from sim.scenario.schema import Observable
from sim.scenario.vocabulary import Measure, Role

NEGATIVE = [
    (name, o) for name in NAMES for o in shipped(name).observables if o.role is Role.NEGATIVE
]
SCORED = (Role.CALIBRATE, Role.HOLD_OUT, Role.NEGATIVE)


def covered(name: str, observable: Observable) -> list[tuple[datetime, datetime]]:
    """The windows of the statements that a zero cites, joined where they meet."""
    evidence = loaded(name).evidence
    assert evidence is not None
    windows = [evidence.statements[fact].window for fact in observable.facts]
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted((w.earliest, w.latest) for w in windows if w.earliest and w.latest):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


@pytest.mark.parametrize(
    ("name", "observable"), NEGATIVE, ids=[f"{name}-{o.id}" for name, o in NEGATIVE]
)
def test_a_zero_never_outruns_the_silence_it_cites(name: str, observable: Observable) -> None:
    span = shipped(name).clock if observable.span is None else observable.span
    spoken = covered(name, observable)
    assert any(start <= span.start and span.end <= end for start, end in spoken)


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_scored_from_which_a_parameter_was_read(name: str) -> None:
    scenario, evidence = shipped(name), loaded(name).evidence
    assert evidence is not None
    read = {"wounded_per_death": Measure.WOUNDED, "rockets_extra": Measure.ROCKETS}
    for parameter, measure in read.items():
        setting = scenario.parameters.get(parameter)
        for observable in scenario.observables if setting is not None else ():
            if observable.measure is measure and observable.role in SCORED:
                facts = {
                    statement
                    for fact in observable.facts
                    for statement in (
                        evidence.conflicts[fact].all_statements
                        if fact in evidence.conflicts
                        else (fact,)
                    )
                }
                assert not facts & set(setting.source if setting is not None else ())


def test_rockets_a_barrage_are_free_where_the_barrages_are_fitted() -> None:
    scenario = shipped("green_zone_2022_09")
    fitted = [o for o in scenario.observables if o.measure is Measure.ROCKETS]
    assert any(o.role is Role.CALIBRATE for o in fitted)
    low, high = scenario.parameters["rockets_extra"].prior.bounds()
    assert low < 2  # three rockets: the first and two more
    assert high > 3


@pytest.mark.parametrize("name", ["basra_2022_09", "august_september_2022"])
def test_the_first_clash_of_the_night_is_asked_of_no_earlier_dispute(name: str) -> None:
    scenario = shipped(name)
    first = next(o for o in scenario.observables if o.id == "first_clash_basra")
    begins = scenario.clock.start if first.span is None else first.span.start
    disputed = [o for o in scenario.observables if o.id == "clash_before_basra"]
    assert all(o.span is not None and o.span.end <= begins for o in disputed)
    assert begins == datetime.fromisoformat("2022-08-31T00:00:00+03:00")


def test_a_count_of_two_days_is_a_floor_of_the_week() -> None:
    observables = {o.id: o for o in shipped("march_2020_01").observables}
    reported = observables["dead_crackdown"].reported
    assert (reported.at_least, reported.best, reported.high) == (10, None, None)
    assert observables["dead_crackdown"].factions is None  # the text says people


def test_a_confirmed_number_is_read_alike_wherever_it_stands() -> None:
    for name in ("basra_2022_09", "august_september_2022"):
        scenario = shipped(name)
        observables = {o.id: o for o in scenario.observables}
        for one in ("dead_basra", "wounded_basra"):
            sides = observables[one].reported.alternatives
            assert sides is not None
            said = [(s.weight, s.low, s.high) for s in sides if s.best == 1]
            assert said == [(0.3, 1, 1)]
        assert next(o for o in scenario.outlets if o.id == "media_cell").rule == "exact"


def test_the_reported_zero_of_wounded_is_used() -> None:
    observable = next(
        o for o in shipped("green_zone_2022_09").observables if o.id == "wounded_rockets_29"
    )
    assert observable.reported.best == 0
    assert observable.facts == ["aj.3c"]


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("basra_2022_09", "member_killed", "within a day"),
        ("basra_2022_09", "offices_attacked", "in the night"),
        ("basra_2022_09", "khazali_closes_offices", "leaving fight"),
        ("basra_2022_09", "associate_insults_khazali", "day and zone"),
        ("baghdad_2022_08", "sadr_withdrawal", "addressed to Baghdad"),
        ("baghdad_2022_08", "sadr_announcement", "the day, taken"),
    ],
)
def test_what_a_scenario_adds_to_its_sources_is_called_an_assumption(
    name: str, part: str, words: str
) -> None:
    scenario = shipped(name)
    parts = {p.id: p for p in (*scenario.triggers, *scenario.schedules, *scenario.decisions)}
    labelled = [s for s in parts[part].source if s.startswith("assumption")]
    assert any(words in line for line in labelled)


@pytest.mark.parametrize("name", ["baghdad_2022_08", "august_september_2022"])
def test_aah_stands_with_the_militias_by_a_statement(name: str) -> None:
    aah = next(f for f in shipped(name).factions if f.id == "aah")
    cited = next(force.source for force in aah.forces if force.place == "baghdad")
    assert {"rudaw.3c", "ap.2c"} <= set(cited)


@pytest.mark.parametrize("name", ["basra_2022_09", "august_september_2022"])
def test_an_update_of_no_known_day_is_a_variant(name: str) -> None:
    scenario = shipped(name, "update_undated")
    for order in scenario.decisions:
        if order.leader == "khazali":
            assert order.window is not None
            assert order.window.latest == datetime.fromisoformat("2022-09-02T00:00:00+03:00")


def test_an_order_is_counted_within_its_span_only() -> None:
    """The silence on orders covers two days; an order before them would not be its matter."""
    scenario = shipped("green_zone_2022_09", "august_order_stands")
    observable = next(o for o in scenario.observables if o.id == "sadr_order")
    assert observable.span is not None
    moved = observable.model_copy(update={"decision": "august_order"})
    whole = moved.model_copy(update={"span": None})

    simulated = run(
        scenario.model_copy(update={"observables": [moved, whole]}), drawn(scenario, 20)
    ).observables
    assert np.array_equal(simulated, np.tile([0.0, 1.0], (20, 1)))  # given on 14 September
