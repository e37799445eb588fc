"""Reported tolls of the dead, each with its span and places, and the simulated dead by day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compare.bounds import Bound, cumulative_bounds
from sim.compare.reading import readings_of
from sim.compare.words import plain
from sim.ensemble import Ensemble
from sim.intake.daily import happenings
from sim.scenario.schema import Observable, Scenario
from sim.scenario.vocabulary import Measure, Statistic

if TYPE_CHECKING:
    from sim.evidence import Evidence

Array = NDArray[np.float64]

DAY = 24.0
TELLING = 0.01
"""Share of all simulated deaths that may fall before, and after, the span that is shown."""
WORTH = 0.85
"""A span longer than this share of the clock is not worth cutting to."""


@dataclass(frozen=True)
class ReportedToll:
    """One reported number of dead.

    Attributes:
        id: of its observable; of a place's share of a day, that day's.
        outlet: who printed it, for a bulletin that counts what was known then; else empty.
        places: [..] ids.
        first, last: hours from the clock's start between which it was counted.
        low, best, high: people; ``best`` None where only a range was given, ``high`` inf if open.
        one_side: whether only one side's dead are counted.
    """

    id: str
    title: str
    outlet: str
    places: frozenset[str]
    first: float
    last: float
    low: float
    best: float | None
    high: float
    one_side: bool = False

    @property
    def is_daily(self) -> bool:
        """Counted over a day at most."""
        return not self.outlet and self.last - self.first <= DAY + 1e-6

    @property
    def middle(self) -> float:
        """The stated number, else the middle of the range, else its floor."""
        if self.best is not None:
            return self.best
        return self.low if math.isinf(self.high) else (self.low + self.high) / 2


def reported_tolls(scenario: Scenario, evidence: Evidence | None = None) -> list[ReportedToll]:
    """Every toll of the dead that the scenario compares with, disputed ones once per reading.

    Where a day's toll is that of all places and the evidence's rows of that day add up to it, each
    place's part is a toll of its own.
    """
    found = [toll for o in scenario.observables for toll in _tolls(o, scenario)]
    return [*found, *_parts(found, scenario, evidence)]


def _tolls(observable: Observable, scenario: Scenario) -> Iterable[ReportedToll]:
    clock = scenario.clock
    outlets = {outlet.id: outlet for outlet in scenario.outlets}
    outlet = outlets.get(observable.outlet or "")
    is_total = observable.measure is Measure.DEAD and observable.statistic is Statistic.TOTAL
    is_printed = (
        observable.measure is Measure.REPORT and outlet and outlet.counts is Measure.DEAD
    )  # fmt: skip
    if not (is_total or is_printed):
        return
    first, last = 0.0, clock.steps * clock.step_h
    if outlet is not None and is_printed:
        last = _hours(outlet.publishes, clock.start)
    elif observable.span is not None:
        first = _hours(observable.span.start, clock.start)
        last = _hours(observable.span.end, clock.start)
    places = outlet.places if outlet is not None and is_printed else observable.places
    everywhere = frozenset(place.id for place in scenario.places)
    for reading in readings_of(observable, clock).known:
        yield ReportedToll(
            observable.id, plain(observable.title),
            plain(outlet.name) if outlet is not None and is_printed else "",
            frozenset(places) if places is not None else everywhere, first, last,
            max(0.0, reading.low), reading.best, reading.high, bool(observable.factions),
        )  # fmt: skip


def _parts(
    found: Sequence[ReportedToll], scenario: Scenario, evidence: Evidence | None
) -> list[ReportedToll]:
    """The places' parts of the days that are reported for all places together."""
    everywhere = frozenset(place.id for place in scenario.places)
    days = [t for t in found if t.is_daily and t.places == everywhere and not t.one_side]
    if evidence is None or len(everywhere) < 2 or not days:
        return []
    rows: dict[tuple[float, str], list[tuple[float, float, float]]] = defaultdict(list)
    for one in happenings(evidence):
        place = one.statement.place
        if one.days == 1 and not one.is_double and place in everywhere and one.best is not None:
            high = one.best if one.high is None else one.high
            at = round(_hours(one.first, scenario.clock.start), 3)
            rows[at, str(place)].append((one.low or 0.0, one.best, high))
    parts = []
    for day in days:
        sums = {
            place: np.sum([(0.0, 0.0, 0.0), *rows[round(day.first, 3), place]], axis=0)
            for place in everywhere
        }
        if day.best is None or sum(each[1] for each in sums.values()) != day.best:
            continue
        parts += [
            ReportedToll(day.id, day.title, "", frozenset({place}), day.first, day.last,
                         float(low), float(best), float(high))
            for place, (low, best, high) in sums.items()
        ]  # fmt: skip
    return parts


def _hours(moment: datetime, start: datetime) -> float:
    return (moment - start).total_seconds() / 3600


@dataclass(frozen=True)
class DailyDead:
    """Simulated dead by calendar day: ``days`` [D], their first moments; ``dead`` f8[R, D, P]."""

    days: pd.DatetimeIndex
    dead: Array


def daily_dead(ensemble: Ensemble) -> DailyDead:
    """Dead by day of the clock's own offset, replicate and place."""
    midnights = ensemble.times.normalize()
    days, which = np.unique(midnights.asi8, return_inverse=True)
    hourly = np.asarray(ensemble.hourly["dead"], dtype=np.float64)
    starts = np.searchsorted(which, np.arange(len(days)))
    return DailyDead(
        pd.DatetimeIndex(midnights[starts]), np.add.reduceat(hourly, starts, axis=1)
    )  # fmt: skip


def counted(toll: ReportedToll, tolls: Sequence[ReportedToll]) -> tuple[float, float]:
    """The toll upon what ``tolls`` of the same places reported of the time before: (low, high).

    Deaths that nobody reported are not in it; the high end is inf where the toll's own is open.
    """
    if toll.outlet:
        return toll.low, toll.high
    low, high = _reported_until(tolls, toll.first)
    return low + toll.low, (low if math.isinf(high) else high) + toll.high


def _reported_until(tolls: Sequence[ReportedToll], time: float) -> tuple[float, float]:
    """What the tolls of one set of places leave to their running count at a time (hours)."""
    ranges: dict[tuple[str, float], list[ReportedToll]] = defaultdict(list)
    for toll in tolls:
        if not toll.one_side:
            ranges[toll.id, toll.first].append(toll)
    bounds = [
        Bound(
            each[0].first, each[0].last, min(t.low for t in each),
            math.inf if each[0].outlet else max(t.high for t in each), each[0].id,
        )
        for each in ranges.values()
    ]  # fmt: skip
    bounds = [bound for bound in bounds if bound.last > bound.first >= 0]
    low, high = cumulative_bounds(bounds, np.array([time]))
    return float(low[0]), float(high[0])


def episode_span(ensemble: Ensemble, tolls: Sequence[ReportedToll]) -> tuple[float, float]:
    """First and last hour worth showing, at midnights of the clock or its ends.

    In it lie all reported tolls of less than the whole clock, the triggers, and all but a hundredth
    of the simulated deaths at either end.
    """
    clock = ensemble.scenario.clock
    whole = clock.steps * clock.step_h
    per_step = np.asarray(ensemble.hourly["dead"], dtype=np.float64).sum(axis=(0, 2))
    ends: list[float] = []
    if per_step.sum() > 0:
        share = np.cumsum(per_step) / per_step.sum()
        before = share - per_step / per_step.sum()
        inside = np.flatnonzero((share > TELLING) & (before < 1 - TELLING))
        ends += [float(inside[0]) * clock.step_h, float(inside[-1] + 1) * clock.step_h]
    short = [t for t in tolls if t.last - t.first < whole - 1e-6]
    ends += [t.first for t in short if not t.outlet and (t.first > 0 or t.is_daily)]
    ends += [t.last for t in short]
    for trigger in ensemble.scenario.triggers:
        ends.append(_hours(trigger.at.earliest, clock.start))
    ends = [min(max(end, 0.0), whole) for end in ends]
    if not ends or max(ends) <= min(ends):
        return 0.0, whole
    midnight = (ensemble.times[0].normalize() - ensemble.times[0]).total_seconds() / 3600
    first = max(0.0, midnight + DAY * math.floor((min(ends) - midnight) / DAY))
    last = min(whole, midnight + DAY * math.ceil((max(ends) - midnight + 3) / DAY))
    return (first, last) if last - first < WORTH * whole else (0.0, whole)
