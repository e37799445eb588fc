"""The measures of a run: each observable of a scenario as one number, NaN where it is missing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.book import WIDTH
from sim.model.compiled import rule
from sim.model.layout import SERIES, STANDING, Records, State, World, _records
from sim.scenario.schema import Observable, Scenario
from sim.scenario.vocabulary import Measure, Statistic

STATISTICS = tuple(Statistic)
(
    TOTAL, PEAK, ANY, FIRST, LAST, PEAK_TIME, ACTIVE_HOURS, TIME, VALUE,
) = range(9)  # fmt: skip
# where a measure is read from: the book, what it counts or what stands in it, or a run's state
COUNTED, STOOD, ORDER, REPORT = range(4)

SPEC = _records(
    ("source", np.int64), ("statistic", np.int64), ("first", np.int64), ("last", np.int64),
    ("subject", np.int64), ("first_column", np.int64), ("last_column", np.int64),
)  # fmt: skip


class Specs(NamedTuple):
    """Observables in the form that the kernel reads."""

    rows: Records
    columns: NDArray[np.int64]  # of the book; an observable adds up a stretch of this list


def specify(scenario: Scenario, world: World) -> Specs:
    """Translate a scenario's observables; the scenario has been checked."""
    rows = np.zeros(len(scenario.observables), SPEC)
    columns: list[int] = []
    for k, observable in enumerate(scenario.observables):
        summed = _columns(scenario, world, observable)
        source, subject = _source(scenario, observable)
        first, last = _span(scenario, observable)
        statistic = STATISTICS.index(observable.statistic)
        rows[k] = (
            source, statistic, first, last, subject, len(columns), len(columns) + len(summed)
        )  # fmt: skip
        columns += summed
    return Specs(rows, np.array(columns, np.int64))


def _source(scenario: Scenario, observable: Observable) -> tuple[int, int]:
    """Where an observable is read from, and the number of its order or outlet."""
    if observable.measure is Measure.ORDER:
        return ORDER, [d.id for d in scenario.decisions].index(str(observable.decision))
    if observable.measure is Measure.REPORT:
        return REPORT, [o.id for o in scenario.outlets].index(str(observable.outlet))
    return (STOOD if SERIES.index(observable.measure.value) in STANDING else COUNTED), -1


def _span(scenario: Scenario, observable: Observable) -> tuple[int, int]:
    """First step of an observable and the one after its last, within the clock."""
    clock, span = scenario.clock, observable.span
    if span is None:
        return 0, clock.steps
    first, last = (
        round((time - clock.start).total_seconds() / 3600 / clock.step_h)
        for time in (span.start, span.end)
    )
    return max(0, first), min(last, clock.steps)


def _columns(scenario: Scenario, world: World, observable: Observable) -> list[int]:
    """Columns of the book that an observable adds up.

    Clashes count on all fronts, on those of the one faction named, or between the two named.
    """
    if observable.measure in (Measure.ORDER, Measure.REPORT):
        return []
    factions = [faction.id for faction in scenario.factions]
    sides, run = observable.factions, world.run[0]
    places = [
        p for p, place in enumerate(scenario.places)
        if observable.places is None or place.id in observable.places
    ]  # fmt: skip
    if observable.measure is Measure.CLASHES:
        fronts = world.fronts
        chosen: NDArray[np.bool_] = np.isin(fronts["place"], places)
        if sides is not None:
            ours = [i for i, faction in enumerate(factions) if faction in sides]
            named = np.isin(world.sides["faction"], ours)
            chosen &= named.any(axis=1) if len(sides) == 1 else named.all(axis=1)
        return [int(run["clashes"]) + int(f) for f in np.flatnonzero(chosen)]
    if sides is not None and observable.measure in (Measure.DEAD, Measure.WOUNDED):
        first = int(run["dead"] if observable.measure is Measure.DEAD else run["wounded"])
        return [
            first + place * int(run["sides"]) + i
            for place in places
            for i, faction in enumerate(factions)
            if faction in sides
        ]
    return [place * WIDTH + SERIES.index(observable.measure.value) for place in places]


@rule
def measure_one(w: World, s: State, specs: Specs, k: int) -> float:
    """One observable of a finished run."""
    row = specs.rows[k]
    step_h = w.run[0]["step_h"]
    statistic = row["statistic"]
    if row["source"] == ORDER:
        issued = s.decisions[row["subject"]]["issued"]
        given = issued >= 0.0 and issued >= row["first"] * step_h and issued < row["last"] * step_h
        if statistic == ANY:
            return 1.0 if given else 0.0
        return issued if given else math.nan
    if row["source"] == REPORT:
        return s.outlets[row["subject"]]["value"]
    total, peak, active = 0.0, 0.0, 0
    first, last, at_peak = -1, -1, -1
    stood = row["source"] == STOOD
    begin, end, left, right = row["first"], row["last"], row["first_column"], row["last_column"]
    for i in range(w.run[0]["steps"] if stood else s.run[0]["busy"]):
        step = i if stood else s.busy[i]  # in all other steps nothing was counted
        if step >= end:
            break
        if step < begin:
            continue
        value = 0.0
        for j in range(left, right):
            value += s.book[step, specs.columns[j]]
        if value <= 0.0:
            continue
        total += value
        active += 1
        last = step
        if first < 0:
            first = step
        if value > peak:
            peak = value
            at_peak = step
    if statistic == TOTAL:
        return total
    if statistic == PEAK:
        return peak
    if statistic == ANY:
        return 1.0 if active > 0 else 0.0
    if statistic == ACTIVE_HOURS:
        return active * step_h
    if active == 0:
        return math.nan  # nothing happened: its time is missing, not zero
    if statistic == FIRST:
        return first * step_h
    if statistic == LAST:
        return (last + 1) * step_h
    return (at_peak + 0.5) * step_h


@rule
def measure(w: World, s: State, specs: Specs, out: NDArray[np.float64]) -> None:
    """All observables of a finished run into ``out`` f8[K]."""
    for k in range(specs.rows.shape[0]):
        out[k] = measure_one(w, s, specs, k)
