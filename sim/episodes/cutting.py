"""Cutting: where episodes begin in a dyad's series, by the documented rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

QUIET_BEFORE = 14
"""Days without a death before a burst."""

LOOK = 7
"""Days from day 0 on that have to hold `FEWEST_DEAD`. A forecast made before day 7 would be
conditioned on its outcome."""

FEWEST_DEAD = 10
APART = 22
"""Days between two bursts of a group, at least."""

ORDER_DEAD, ORDER_DAYS, ORDER_BEFORE = 5, 2, 14
"""Dead, and days with dead, that an order needs in the days before it."""

WINDOWS = {"burst": (7, 21), "local": (7, 21), "order": (28, 28)}
"""Days before and after day 0 that an episode holds, by kind."""

GAP = 7
LOOK_ON = 60
"""An episode is over before a gap of more than `GAP` days; it is followed for `LOOK_ON` days."""


def burst_days(best: NDArray[np.float64]) -> list[int]:
    """Positions of the first days of bursts in a series of dead per day [T].

    A first day has a death and none in `QUIET_BEFORE` days before; days 0 to 6 hold `FEWEST_DEAD`.
    """
    total = np.concatenate([[0.0], np.cumsum(best)])
    found: list[int] = []
    for day in np.nonzero(best > 0)[0].tolist():
        if total[day] - total[int(max(day - QUIET_BEFORE, 0))] > 0:
            continue
        if total[int(min(day + LOOK, len(best)))] - total[day] < FEWEST_DEAD:
            continue
        if found and day - found[-1] < APART:
            continue
        found.append(day)
    return found


def order_qualifies(best: NDArray[np.float64], events: NDArray[np.float64], day: int) -> bool:
    """Whether there was fighting before a day: what an order needs to be an episode.

    Args:
        best, events: dead and events per day [T]; a day with events counts, whatever its best
            estimate (8 % of events have a best estimate of 0 and a high one above it).
    """
    before = slice(max(day - ORDER_BEFORE, 0), max(day, 0))
    enough_days = np.count_nonzero(events[before] > 0) >= ORDER_DAYS
    return bool(best[before].sum() >= ORDER_DEAD and enough_days)


def duration(events: NDArray[np.float64], day: int) -> int:
    """Days from `day` to the last event-day before a gap; 0 where no event follows.

    A gap is one event-day more than `GAP` days after another. At most `LOOK_ON` + 1.
    """
    ahead = np.nonzero(events[day : day + LOOK_ON + 1] > 0)[0]
    if not len(ahead):
        return 0
    gaps = np.nonzero(np.diff(ahead) > GAP)[0]
    last = ahead[gaps[0]] if len(gaps) else ahead[-1]
    return int(last) + 1
