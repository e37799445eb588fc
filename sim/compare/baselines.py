"""Baselines: what an observable would be under a rule that knows nothing of how conflicts work.

Each gives a frame [R x some observables] like an ensemble's. A column left out means that the
baseline says nothing about that observable; NaN in a column means that it says "never".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compare.reading import Reading, readings_of
from sim.compare.toll_line import known_toll
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.simulation import simulate
from sim.scenario.schema import Clock, Observable, Scenario
from sim.scenario.vocabulary import TIME_STATISTICS, Measure, Role, Statistic

NO_REPRISALS = {"reprisal_ratio": 0.0}
"""The model in which nobody answers."""

RATED = (Measure.DEAD, Measure.CLASHES)
"""Measures for which a constant rate can be read from a reported total."""


def baselines_of(
    ensemble: Ensemble, no_reprisals: Ensemble | None = None
) -> dict[str, pd.DataFrame]:
    """The baselines of a comparison, by name; the toll line only where it says anything."""
    found = {"constant_rate": constant_rate(ensemble), "nothing": nothing(ensemble)}
    line = toll_line(ensemble)
    if len(line.columns):
        found["toll_line"] = line
    if no_reprisals is not None:
        found["no_reprisals"] = no_reprisals.observables
    return found


def without_reprisals(
    ensemble: Ensemble,
    *,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ensemble:
    """The same replicates with the same parameters and chance, but nobody answers."""
    return simulate(
        ensemble.scenario, ensemble.replicates, ensemble.seed, ensemble.engine, threads=threads,
        keep="totals", theta=ensemble.parameters.assign(**NO_REPRISALS), progress=progress, logs=0,
    )  # fmt: skip


def nothing(ensemble: Ensemble) -> pd.DataFrame:
    """Nothing ever happens: counts are 0, times are missing."""
    zero = {
        observable.id: np.nan if observable.statistic in TIME_STATISTICS else 0.0
        for observable in ensemble.scenario.observables
    }
    return pd.DataFrame(zero, index=ensemble.observables.index, dtype=np.float64)


def constant_rate(ensemble: Ensemble) -> pd.DataFrame:
    """Events at a constant rate: a Poisson process whose rate is the reported total over its hours.

    It uses, of all that was reported, one total per measure (dead, clashes): that of the
    observable with role ``calibrate`` and statistic ``total`` that has the longest span; with its
    span (the whole clock if none is given), its number of places, and which factions it counts.
    The total is the stated value, or the middle of the range, or its one end; disputed totals are
    averaged by weight, for a rate only. Every place has the same rate at every hour of the clock,
    so it sees neither a beginning nor an end. It says nothing of other measures or factions.
    """
    scenario, count = ensemble.scenario, ensemble.replicates
    columns: dict[str, NDArray[np.float64]] = {}
    for measure in RATED:
        source = _source(scenario, measure)
        if source is None:
            continue
        mean = _reported_total(source, scenario.clock) / _hours(source, scenario.clock)
        per_place = mean / _places(source, scenario)
        for observable in scenario.observables:
            same = sorted(observable.factions or []) == sorted(source.factions or [])
            if observable.measure != measure or not same:
                continue
            # a stream per set of places: two statistics of one place see the same events
            rate = per_place * _places(observable, scenario)
            where = ",".join(sorted(observable.places or []))
            counts = _counts(
                scenario.clock, rate, count, f"{ensemble.seed}/{measure.value}/{where}"
            )
            columns[observable.id] = statistic_of(counts, observable, scenario.clock)
    return pd.DataFrame(columns, index=ensemble.observables.index)


def told(scenario: Scenario) -> dict[str, set[str]]:
    """Per baseline the observables whose reported value it was given: no rival to a model there."""
    sources = (_source(scenario, measure) for measure in RATED)
    return {"constant_rate": {source.id for source in sources if source is not None}}


def toll_line(ensemble: Ensemble) -> pd.DataFrame:
    """The dead rise evenly to the reported toll of each place, the same in every replicate.

    It speaks of the dead of places that have such a toll, all sides together, and of no toll that
    it was told.
    """
    scenario = ensemble.scenario
    ends = np.arange(1, scenario.clock.steps + 1, dtype=np.float64) * scenario.clock.step_h
    tolls = {place.id: known_toll(scenario, place.id) for place in scenario.places}
    told_of = {toll.fact for toll in tolls.values() if toll is not None}
    counts = {
        place: np.diff(np.round(toll.line(ends)), prepend=0.0)
        for place, toll in tolls.items()
        if toll is not None
    }
    columns = {}
    for observable in scenario.observables:
        places = observable.places or list(tolls)
        speaks = observable.measure is Measure.DEAD and observable.factions is None
        if speaks and observable.id not in told_of and all(place in counts for place in places):
            evenly = np.sum([counts[place] for place in places], axis=0).astype(np.int64)
            columns[observable.id] = statistic_of(evenly[None, :], observable, scenario.clock)[0]
    return pd.DataFrame(columns, index=ensemble.observables.index, dtype=np.float64)


def _source(scenario: Scenario, measure: Measure) -> Observable | None:
    """The total from which the rate is read: the longest span; the first of equals."""
    totals = [
        o
        for o in scenario.observables
        if o.measure == measure
        and o.statistic == Statistic.TOTAL
        and o.role == Role.CALIBRATE
        and not readings_of(o, scenario.clock).missing
    ]
    return max(totals, key=lambda o: _hours(o, scenario.clock), default=None)


def _reported_total(observable: Observable, clock: Clock) -> float:
    readings = readings_of(observable, clock)
    return sum(reading.weight * _middle(reading) for reading in readings.known)


def _middle(reading: Reading) -> float:
    if reading.best is not None:
        return reading.best
    ends = [x for x in (reading.low, reading.high) if np.isfinite(x)]
    return sum(ends) / len(ends)


def _hours(observable: Observable, clock: Clock) -> float:
    span = observable.span or clock
    return (span.end - span.start).total_seconds() / 3600


def _places(observable: Observable, scenario: Scenario) -> int:
    return len(observable.places or scenario.places)


def _counts(clock: Clock, rate: float, replicates: int, stream: str) -> NDArray[np.int64]:
    """Poisson counts [R, T] per step; the same for the same stream."""
    key = np.frombuffer(hashlib.sha256(stream.encode()).digest()[:16], dtype="<u8")
    generator = np.random.Generator(np.random.Philox(key=key))
    return generator.poisson(rate * clock.step_h, size=(replicates, clock.steps))


def statistic_of(
    counts: NDArray[np.int64], observable: Observable, clock: Clock
) -> NDArray[np.float64]:
    """An observable of count series [R, T]: the steps that begin within its span."""
    step = clock.step_h
    starts = np.arange(clock.steps) * step
    inside = np.ones(clock.steps, dtype=bool)
    if observable.span is not None:
        low = (observable.span.start - clock.start).total_seconds() / 3600
        high = (observable.span.end - clock.start).total_seconds() / 3600
        inside = (starts >= low - 1e-9) & (starts < high - 1e-9)
    seen, starts = counts[:, inside].astype(np.float64), starts[inside]
    any_at_all = np.asarray(seen.any(axis=1))
    if observable.statistic == Statistic.TOTAL:
        return np.asarray(seen.sum(axis=1))
    if observable.statistic == Statistic.PEAK:
        return np.asarray(seen.max(axis=1, initial=0.0))
    if observable.statistic == Statistic.ANY:
        return any_at_all.astype(np.float64)
    if observable.statistic == Statistic.ACTIVE_HOURS:
        return np.count_nonzero(seen, axis=1) * step
    if not len(starts):
        return np.full(len(counts), np.nan)
    if observable.statistic == Statistic.FIRST:
        times = starts[np.argmax(seen > 0, axis=1)]
    elif observable.statistic == Statistic.LAST:
        times = starts[len(starts) - 1 - np.argmax(seen[:, ::-1] > 0, axis=1)] + step
    else:
        times = starts[np.argmax(seen, axis=1)] + step / 2
    return np.where(any_at_all, times, np.nan)
