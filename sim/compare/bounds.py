"""Bounds on a running count: what reported totals, floors and quiet spans leave it by the hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compare.reading import readings_of
from sim.scenario.schema import Observable, Scenario
from sim.scenario.vocabulary import Measure, Role, Statistic


@dataclass(frozen=True)
class Bound:
    """Between two instants (hours from the clock's start) the count grew by ``low`` to ``high``."""

    first: float
    last: float
    low: float
    high: float
    fact: str


def toll_bounds(
    scenario: Scenario, place: str, roles: frozenset[Role] = frozenset(Role)
) -> list[Bound]:
    """What the scenario's reported values say of the dead at one place, over all sides.

    Read are totals of this place alone, tolls that an outlet could print of it alone (a floor or a
    value at its hour of publication) and spans without any clash: reported ones, those before the
    earliest first and after the latest last clash. A disputed number reaches from its lowest to
    its highest reading.
    """
    clock = scenario.clock
    whole = clock.steps * clock.step_h
    outlets = {outlet.id: outlet for outlet in scenario.outlets}
    bounds = []
    for o in scenario.observables:
        readings = readings_of(o, clock)
        outlet = outlets.get(o.outlet or "")
        places = outlet.places if outlet else o.places
        if readings.missing or o.role not in roles or o.factions is not None:
            continue
        if (places or [p.id for p in scenario.places]) != [place]:
            continue
        low, high = readings.ends
        if any(math.isinf(reading.high) for reading in readings.known):
            high = math.inf  # one reading leaves the top open, so the whole does
        first, last = _span(o, scenario)
        if o.measure is Measure.DEAD and o.statistic is Statistic.TOTAL:
            bounds.append(Bound(first, last, max(0.0, _or(low, 0.0)), _or(high, math.inf), o.id))
        elif o.measure is Measure.REPORT and outlet and outlet.counts is Measure.DEAD:
            at = (outlet.publishes - clock.start).total_seconds() / 3600
            # what is printed was counted some hours before, so it closes nothing at the top
            bounds.append(Bound(0.0, at, max(0.0, _or(low, 0.0)), math.inf, o.id))
        elif o.measure is Measure.CLASHES and o.statistic is Statistic.ANY and high == 0.0:
            bounds.append(Bound(first, last, 0.0, 0.0, o.id))
        elif o.measure is Measure.CLASHES and o.statistic is Statistic.FIRST and low > first:
            bounds.append(Bound(first, low, 0.0, 0.0, o.id))
        elif o.measure is Measure.CLASHES and o.statistic is Statistic.LAST and high < last:
            bounds.append(Bound(high, last, 0.0, 0.0, o.id))
    return [bound for bound in bounds if bound.last > bound.first >= 0 and bound.first < whole]


def cumulative_bounds(
    bounds: Sequence[Bound], times: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest value of a count from 0, at ``times`` [T] in hours: two f8[T].

    The count never falls. The low is the largest sum of floors over spans that do not overlap and
    end by then; the high the smallest sum of tops over spans that together cover all until then,
    infinite where they leave a gap.
    """
    ends = sorted({0.0, *(b.first for b in bounds), *(b.last for b in bounds)})
    place = {end: i for i, end in enumerate(ends)}
    floor = np.zeros(len(ends))
    for i in range(1, len(ends)):
        floor[i] = floor[i - 1]
        for b in bounds:
            if place[b.last] == i:
                floor[i] = max(floor[i], floor[place[b.first]] + b.low)
    # tops: what is covered up to an end costs no less than what is covered up to an earlier one
    top = np.full(len(ends), math.inf)
    top[0] = 0.0
    for i in range(1, len(ends)):
        for b in bounds:
            if b.last >= ends[i] and b.first < ends[i]:
                top[i] = min(top[i], top[: place[b.first] + 1].max() + b.high)
    low = floor[np.searchsorted(ends, times + 1e-9, side="right") - 1]
    after = np.searchsorted(ends, times - 1e-9)
    high = np.append(top, math.inf)[after]
    return low, high


def _span(observable: Observable, scenario: Scenario) -> tuple[float, float]:
    clock = scenario.clock
    if observable.span is None:
        return 0.0, clock.steps * clock.step_h
    return (
        (observable.span.start - clock.start).total_seconds() / 3600,
        (observable.span.end - clock.start).total_seconds() / 3600,
    )


def _or(value: float, otherwise: float) -> float:
    return otherwise if math.isnan(value) else value
