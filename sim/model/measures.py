"""The measures of a run: each observable of a scenario as one number, NaN where it is missing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import rule
from sim.model.layout import SERIES, Records, State, World, _records
from sim.scenario.schema import Observable, Scenario
from sim.scenario.vocabulary import Measure, Statistic

STATISTICS = tuple(Statistic)
(
    TOTAL, PEAK, ANY, FIRST, LAST, PEAK_TIME, ACTIVE_HOURS, TIME, VALUE,
) = range(9)  # fmt: skip
# where a measure is read from
FROM_SERIES, FROM_DEAD, FROM_WOUNDED, FROM_CLASHES, FROM_ORDER, FROM_REPORT = range(6)

SPEC = _records(
    ("source", np.int64), ("column", np.int64), ("statistic", np.int64), ("first", np.int64),
    ("last", np.int64), ("subject", np.int64),
)  # fmt: skip


class Specs(NamedTuple):
    """Observables in the form that the kernel reads."""

    rows: Records
    places: NDArray[np.int64]  # [observable, place]
    factions: NDArray[np.int64]  # [observable, faction + 1]
    fronts: NDArray[np.int64]  # [observable, front]


def specify(scenario: Scenario, world: World) -> Specs:
    """Translate a scenario's observables; the scenario has been checked."""
    place_ids = [place.id for place in scenario.places]
    faction_ids = [faction.id for faction in scenario.factions]
    count = len(scenario.observables)
    specs = Specs(
        rows=np.zeros(count, SPEC),
        places=np.zeros((count, len(place_ids)), np.int64),
        factions=np.zeros((count, len(faction_ids) + 1), np.int64),
        fronts=np.zeros((count, len(world.fronts)), np.int64),
    )
    for k, observable in enumerate(scenario.observables):
        specs.places[k] = [
            observable.places is None or place in observable.places for place in place_ids
        ]
        sides = observable.factions
        specs.factions[k, :-1] = [sides is None or faction in sides for faction in faction_ids]
        specs.factions[k, -1] = sides is None
        for f, front in enumerate(world.fronts):
            pair = (faction_ids[front["first"]], faction_ids[front["second"]])
            specs.fronts[k, f] = specs.places[k, front["place"]] and _counts(sides, pair)
        specs.rows[k] = _row(scenario, observable)
    return specs


def _counts(sides: list[str] | None, pair: tuple[str, str]) -> bool:
    if sides is None:
        return True
    if len(sides) == 1:
        return sides[0] in pair
    return pair[0] in sides and pair[1] in sides


def _row(scenario: Scenario, observable: Observable) -> tuple[int, int, int, int, int, int]:
    step_h, start = scenario.clock.step_h, scenario.clock.start
    first, last = 0, scenario.clock.steps
    if observable.span is not None:
        first = round((observable.span.start - start).total_seconds() / 3600 / step_h)
        last = round((observable.span.end - start).total_seconds() / 3600 / step_h)
    source, column, subject = FROM_SERIES, 0, -1
    if observable.measure is Measure.ORDER:
        source = FROM_ORDER
        subject = [d.id for d in scenario.decisions].index(str(observable.decision))
    elif observable.measure is Measure.REPORT:
        source = FROM_REPORT
        subject = [o.id for o in scenario.outlets].index(str(observable.outlet))
    elif observable.measure is Measure.CLASHES:
        source = FROM_CLASHES
    elif observable.measure is Measure.DEAD and observable.factions is not None:
        source = FROM_DEAD
    elif observable.measure is Measure.WOUNDED and observable.factions is not None:
        source = FROM_WOUNDED
    else:
        column = SERIES.index(observable.measure.value)
    return source, column, STATISTICS.index(observable.statistic), first, last, subject


@rule
def add_up(w: World, s: State, specs: Specs, k: int, first: int, last: int) -> None:
    """Put an observable's measure, over its places and factions, into ``s.line`` per step."""
    row = specs.rows[k]
    source, column = row["source"], row["column"]
    for step in range(first, last):
        s.line[step] = 0.0
    if source == FROM_CLASHES:
        for f in range(w.fronts.shape[0]):
            if specs.fronts[k, f] == 1:
                for step in range(first, last):
                    s.line[step] += s.clashes[step, f]
        return
    for place in range(w.places.shape[0]):
        if specs.places[k, place] == 0:
            continue
        if source == FROM_SERIES:
            for step in range(first, last):
                s.line[step] += s.series[step, place, column]
            continue
        for faction in range(s.dead.shape[2]):
            if specs.factions[k, faction] == 1:
                for step in range(first, last):
                    if source == FROM_DEAD:
                        s.line[step] += s.dead[step, place, faction]
                    else:
                        s.line[step] += s.wounded[step, place, faction]


@rule
def measure_one(w: World, s: State, specs: Specs, k: int) -> float:
    """One observable of a finished run."""
    row = specs.rows[k]
    step_h = w.run[0]["step_h"]
    if row["source"] == FROM_ORDER:
        issued = s.decisions[row["subject"]]["issued"]
        if row["statistic"] == ANY:
            return 1.0 if issued >= 0.0 else 0.0
        return issued if issued >= 0.0 else math.nan
    if row["source"] == FROM_REPORT:
        return s.outlets[row["subject"]]["value"]
    total, peak, active = 0.0, 0.0, 0
    first, last, at_peak = -1, -1, -1
    begin, end = max(0, row["first"]), min(row["last"], w.run[0]["steps"])
    add_up(w, s, specs, k, begin, end)
    for step in range(begin, end):
        value = s.line[step]
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
    statistic = row["statistic"]
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
