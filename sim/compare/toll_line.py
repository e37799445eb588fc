"""The toll line: the dead rise evenly from a place's first trigger to its reported toll.

A rule that knows how many died and nothing of how: it is told the largest reported total of the
place, and is no rival to a model on that very value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compare.bounds import Bound, toll_bounds
from sim.compare.hourly_score import straight_line
from sim.scenario.schema import Scenario
from sim.scenario.vocabulary import Measure, Statistic


@dataclass(frozen=True)
class KnownToll:
    """The largest reported total of a place: when it begins and ends (hours), and whose fact."""

    begins: float
    ends: float
    total: float
    fact: str

    def line(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """The dead counted up to ``times`` [T] in hours: f8[T]."""
        return straight_line(times, self.begins, self.ends, self.total)


def known_toll(
    scenario: Scenario, place: str, bounds: Sequence[Bound] | None = None
) -> KnownToll | None:
    """From the place's first trigger to the end of its largest reported total; None without one.

    ``bounds``: those of `toll_bounds`, where they are at hand.
    """
    totals = {
        o.id for o in scenario.observables
        if o.measure is Measure.DEAD and o.statistic is Statistic.TOTAL
    }  # fmt: skip
    if bounds is None:
        bounds = toll_bounds(scenario, place)
    told = [b for b in bounds if b.fact in totals and b.low > 0]
    if not told:
        return None
    toll = max(told, key=lambda b: b.low)
    total = toll.low if math.isinf(toll.high) else (toll.low + toll.high) / 2
    starts = [
        (t.at.earliest + (t.at.latest - t.at.earliest) / 2 - scenario.clock.start).total_seconds()
        / 3600
        for t in scenario.triggers
        if t.enabled and place in t.places
    ]
    begins = min([s for s in starts if s < toll.last], default=toll.first)
    return KnownToll(max(begins, 0.0), toll.last, total, toll.fact)
