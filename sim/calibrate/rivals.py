"""Rivals: forecasts without leaders, orders or reprisals, from the same facts as the model's.

Each is computed from the facts of the fitted scenarios alone. To them an event is a death: of
clashes that killed nobody the reports give no number. A forecast that says nothing of an
observable has no column for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.daily_rivals import Tiling, days_again, going_on, steady, tiling_of
from sim.calibrate.facts import ReportedFact, facts_of
from sim.calibrate.scoring import value_of
from sim.compare.baselines import statistic_of
from sim.intake.priors.hawkes import fit_hawkes, simulate_hawkes
from sim.scenario import Scenario
from sim.scenario.schema import Observable
from sim.scenario.vocabulary import TIME_STATISTICS, Measure, Statistic

EVENTS = (Measure.DEAD, Measure.CLASHES)
Counts = Mapping[str, NDArray[np.int64]]


def rivals(
    fitted: Sequence[Scenario], target: Scenario, size: int, seed: int
) -> dict[str, pd.DataFrame]:
    """Forecasts [size x observables] of one target by name.

    A target that was itself fitted on days in a row is forecast from these days on
    (daily_rivals.py); any other from what all fitted scenarios report.
    """
    found = {"nothing": _nothing(target, size)}
    own = [scenario for scenario in fitted if scenario.name == target.name]
    tiling = tiling_of(own[0]) if own else None
    if tiling is not None:
        return found | _from_days(tiling, target, size, seed)
    found["climatology"] = climatology(fitted, target, size, seed)
    rate = event_rate(fitted)
    if rate is not None:
        key = _generator(seed, "constant_rate", target.name)
        counts = {
            p.id: key.poisson(rate * target.clock.step_h, (size, target.clock.steps))
            for p in target.places
        }
        found["constant_rate"] = _measured(target, counts)
    series = event_series(fitted)
    if series.sum() >= 3:
        fit = fit_hawkes(series, 1.0)
        key = _generator(seed, "hawkes", target.name)
        step = target.clock.step_h
        counts = {
            p.id: simulate_hawkes(fit, target.clock.steps, step, size, key) for p in target.places
        }
        found["hawkes"] = _measured(target, counts)
    return found


def _from_days(tiling: Tiling, target: Scenario, size: int, seed: int) -> dict[str, pd.DataFrame]:
    found = {}
    for name, rival in (("climatology", days_again), ("constant_rate", steady),
                        ("hawkes", going_on)):  # fmt: skip
        key = _generator(seed, name, target.name)
        counts = rival(tiling, target.clock.steps, target.clock.step_h, size, key)
        if counts is not None:
            found[name] = _measured(target, counts)
    return found


def event_rate(fitted: Sequence[Scenario]) -> float | None:
    """Deaths per hour and place: reported totals over their spans; None where none is reported."""
    dead = hours = 0.0
    for scenario in fitted:
        for fact, observable in _totals(scenario):
            dead += _value(fact)
            hours += _hours(scenario, observable) * len(observable.places or scenario.places)
    return dead / hours if hours > 0 else None


def event_series(fitted: Sequence[Scenario]) -> NDArray[np.float64]:
    """Deaths per hour, one scenario after another, a total at a time; see ``spread_totals``."""
    parts = [series for scenario in fitted for _, series in spread_totals(scenario)]
    return np.concatenate([np.zeros(0), *parts])


def place_series(scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Deaths per hour of the clock by place, where a total of that place alone is reported."""
    found: dict[str, NDArray[np.float64]] = {}
    for observable, series in spread_totals(scenario):
        places = observable.places or [place.id for place in scenario.places]
        if len(places) == 1:  # totals of different spans of one place may overlap: the larger one
            before = found.get(places[0], np.zeros(len(series)))
            found[places[0]] = series if series.sum() > before.sum() else before
    return found


def spread_totals(scenario: Scenario) -> list[tuple[Observable, NDArray[np.float64]]]:
    """Each reported total with its deaths per hour of the clock.

    A total is spread evenly over the time in which fighting was reported: from the first clash to
    the last where they are reported, else over the total's own span. Nobody reported the hours, so
    more clustering than this cannot be claimed.
    """
    length = round(scenario.clock.steps * scenario.clock.step_h)
    found = []
    for fact, observable in _totals(scenario):
        counts = np.zeros(length)
        first, last = _fighting(scenario, observable)
        total = round(_value(fact))
        for n in range(total):
            hour = int(first + (n + 0.5) * (last - first) / total)
            counts[min(max(hour, 0), length - 1)] += 1
        found.append((observable, counts))
    return found


def climatology(fitted: Sequence[Scenario], target: Scenario, size: int, seed: int) -> pd.DataFrame:
    """Each count is drawn from the values of its kind among the fitted facts, and once zero.

    Totals are scaled by hours and places. Of times it says nothing.
    """
    pool: dict[tuple[Measure, Statistic], list[float]] = {}
    for scenario in fitted:
        observables = {o.id: o for o in scenario.observables}
        for fact in facts_of(scenario):
            observable = observables[fact.observable]
            value = _value(fact)
            if not fact.is_time and np.isfinite(value):
                key = (observable.measure, observable.statistic)
                pool.setdefault(key, []).append(value / _exposure(scenario, observable))
    columns = {}
    for observable in target.observables:
        values = pool.get((observable.measure, observable.statistic))
        if values and observable.statistic not in TIME_STATISTICS:
            chance = _generator(seed, "climatology", f"{target.name}/{observable.id}")
            scale = _exposure(target, observable)
            columns[observable.id] = chance.choice([0.0, *values], size=size) * scale
    return pd.DataFrame(columns, index=range(size))


def _exposure(scenario: Scenario, observable: Observable) -> float:
    if observable.statistic != Statistic.TOTAL:
        return 1.0
    return _hours(scenario, observable) * len(observable.places or scenario.places)


def _nothing(target: Scenario, size: int) -> pd.DataFrame:
    zero = {
        o.id: np.full(size, np.nan if o.statistic in TIME_STATISTICS else 0.0)
        for o in target.observables
    }
    return pd.DataFrame(zero, index=range(size))


def _measured(target: Scenario, counts: Counts) -> pd.DataFrame:
    """The observables that counts of deaths per place and step speak of."""
    columns = {}
    for observable in target.observables:
        if observable.measure in EVENTS and observable.factions is None:
            places = observable.places or [place.id for place in target.places]
            total = np.sum([counts[place] for place in places], axis=0)
            columns[observable.id] = statistic_of(total, observable, target.clock)
    size = len(next(iter(counts.values())))
    return pd.DataFrame(columns, index=range(size))


def _totals(scenario: Scenario) -> list[tuple[ReportedFact, Observable]]:
    """Facts on totals of all sides' dead, with their observables."""
    observables = {o.id: o for o in scenario.observables}
    return [
        (fact, observable)
        for fact in facts_of(scenario)
        if (observable := observables[fact.observable]).measure == Measure.DEAD
        and observable.statistic == Statistic.TOTAL
        and observable.factions is None
        and np.isfinite(_value(fact))
    ]


def _fighting(scenario: Scenario, observable: Observable) -> tuple[float, float]:
    """Hours from the clock's start between which the deaths of a total fell."""
    span = observable.span or scenario.clock
    first, last = (
        (moment - scenario.clock.start).total_seconds() / 3600 for moment in (span.start, span.end)
    )
    observables = {o.id: o for o in scenario.observables}
    for fact in facts_of(scenario):
        other = observables[fact.observable]
        if other.measure == Measure.CLASHES and other.places == observable.places:
            if other.statistic == Statistic.FIRST:
                first = _value(fact)
            elif other.statistic == Statistic.LAST:
                last = _value(fact)
    return first, max(last, first + 1.0)


def _value(fact: ReportedFact) -> float:
    return float(sum(reading.weight * value_of(reading) for reading in fact.readings))


def _hours(scenario: Scenario, observable: Observable) -> float:
    span = observable.span or scenario.clock
    return (span.end - span.start).total_seconds() / 3600


def _generator(seed: int, rival: str, what: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}/{rival}/{what}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")))
