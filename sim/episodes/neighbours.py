"""Neighbours: the reported episodes whose days before look most alike, and what followed them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.task import Task

COUNT = 60

ALIKE = {
    "order": ((-28, -15), (-14, -8), (-7, -1), (0, 0)),
    "burst": ((0, 6), (3, 6), (5, 6), (6, 6)),
    "local": ((0, 6), (3, 6), (5, 6), (6, 6)),
}
"""Spans of days whose dead, on the log scale, say how alike two episodes are."""

SCALED_BY = {"order": (-28, 0), "burst": (0, 6), "local": (0, 6)}
ADDED = 2.0
"""Dead added to both before one is divided by the other, so that few dead make no giant scale.
Assumption; half or twice as many move the scores in the third digit."""


def likeness(panel: DayPanel, task: Task) -> NDArray[np.float64]:
    """What is compared: log of 1 + dead in the spans of `ALIKE`, f8[N, spans]."""
    return np.stack([np.log1p(panel.total(a, b)) for a, b in ALIKE[task.kind]], axis=1)


def nearest_weights(
    test: DayPanel, donors: DayPanel, task: Task, count: int = COUNT
) -> NDArray[np.float64]:
    """1 for each of the `count` donors nearest to each episode, f8[N, M]; the nearer in a tie."""
    a, b = likeness(test, task), likeness(donors, task)
    if task.kind != "order":
        # spans within one week: each counts as much as it differs between episodes
        spread = np.maximum(b.std(axis=0), 1e-9)
        a, b = a / spread, b / spread
    distance = ((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :count]
    weights = np.zeros(distance.shape)
    np.put_along_axis(weights, nearest, 1.0, axis=1)
    return weights


def scale_of(test: DayPanel, donors: DayPanel, task: Task) -> NDArray[np.float64]:
    """How many times more dead an episode had before than a donor, f8[N, M]."""
    a, b = (panel.total(*SCALED_BY[task.kind]) + ADDED for panel in (test, donors))
    return np.asarray(a[:, None] / b[None, :])
