"""A reading: one way to read what was reported of an observable, as a range with a weight."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.schema import Alternative, Clock, Observable, Reported
from sim.scenario.vocabulary import Statistic


@dataclass(frozen=True)
class Reading:
    """A closed range from `low` to `high` (infinite where open) and the single value, if stated.

    ``early`` and ``late`` widen a reported time on either side by what a simulated time leaves
    open, which is known to its step only.
    """

    weight: float
    low: float
    best: float | None
    high: float
    early: float = 0.0
    late: float = 0.0

    def holds(self, simulated: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which simulated values lie in the range; a missing value lies in none."""
        return (simulated >= self.low - self.early) & (simulated <= self.high + self.late)

    def meets(self, low: float, high: float) -> bool:
        """Whether the stated value, or else some value of the range, lies from `low` to `high`."""
        if self.best is not None:
            return low <= self.best <= high
        return self.low - self.early <= high and self.high + self.late >= low


@dataclass(frozen=True)
class Readings:
    """All readings of one observable.

    Attributes:
        known: those that give a range; weights sum to 1. Empty where nothing was reported.
        unknown: weight, before it was taken out, of the sides that know no number.
    """

    known: tuple[Reading, ...]
    unknown: float = 0.0

    @property
    def missing(self) -> bool:
        return not self.known

    def probability(self, simulated: NDArray[np.float64]) -> float:
        """Share of the simulated values [R] in the reported range, readings weighted.

        Values that are missing (it never happened) count as outside. NaN if nothing was reported.
        """
        if self.missing or not len(simulated):
            return math.nan
        return float(sum(r.weight * np.mean(r.holds(simulated)) for r in self.known))

    def inside(self, low: float, high: float) -> bool:
        """Whether readings of at least half the weight meet the interval; False if it is NaN."""
        met = sum(reading.weight for reading in self.known if reading.meets(low, high))
        return met >= 0.5 - 1e-9

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest end of any reading, NaN where open or missing."""
        if self.missing:
            return math.nan, math.nan
        return (
            _finite(min(reading.low for reading in self.known)),
            _finite(max(reading.high for reading in self.known)),
        )

    @property
    def best(self) -> float:
        """The stated value of the reading with the most weight; NaN where none leads or states."""
        ranked = sorted(self.known, key=lambda reading: -reading.weight)
        if not ranked or (len(ranked) > 1 and ranked[0].weight == ranked[1].weight):
            return math.nan
        return math.nan if ranked[0].best is None else ranked[0].best


def readings_of(observable: Observable, clock: Clock) -> Readings:
    """How an observable's report is read; times become hours since the clock's start."""
    reported = observable.reported
    if reported.missing:
        return Readings(())
    if reported.earliest is not None and reported.latest is not None:
        early, late = slack(observable.statistic, clock.step_h)
        low = (reported.earliest - clock.start).total_seconds() / 3600
        high = (reported.latest - clock.start).total_seconds() / 3600
        return Readings((Reading(1.0, low, None, high, early, late),))
    if reported.alternatives is not None:
        return _weighted(reported.alternatives)
    return Readings((_range(reported, 1.0),))


def slack(statistic: Statistic, step_h: float) -> tuple[float, float]:
    """Hours by which a simulated time may stand before and after the instant it means."""
    if statistic == Statistic.LAST:  # the end of the last step above zero
        return 0.0, step_h
    if statistic == Statistic.PEAK_TIME:  # the middle of its step
        return step_h / 2, step_h / 2
    return step_h, 0.0  # the start of its step


def _weighted(alternatives: list[Alternative]) -> Readings:
    """The sides that give a number, their weights scaled to sum to 1."""
    known = [side for side in alternatives if not side.unknown and side.weight > 0 and _says(side)]
    total = sum(side.weight for side in known)
    unknown = 1.0 - total
    return Readings(
        tuple(_range(side, side.weight / total) for side in known),
        0.0 if unknown < 1e-9 else unknown,
    )


def _says(side: Alternative) -> bool:
    return any(x is not None for x in (side.low, side.best, side.high, side.at_least))


def _range(side: Reported | Alternative, weight: float) -> Reading:
    """The range of a number: a point if only `best` is given, else open where no end is stated."""
    floors = [x for x in (side.low, side.at_least) if x is not None]
    if not floors and side.high is None and side.best is not None:
        return Reading(weight, side.best, side.best, side.best)
    low = max(floors) if floors else -math.inf
    high = side.high if side.high is not None else math.inf
    return Reading(weight, low, side.best, high)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.nan
