"""A task: what is to be forecast for a kind of episode, and what may be known by then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel

FEWEST_EVENTS = 3


@dataclass(frozen=True)
class Task:
    """A forecast.

    Attributes:
        kind: of episode.
        given: last day that is known.
        first, last: days to forecast, both included.
    """

    kind: str
    given: int
    first: int
    last: int

    @property
    def days(self) -> int:
        """How many days are forecast."""
        return self.last - self.first + 1

    def outcome(self, panel: DayPanel) -> NDArray[np.float64]:
        """Dead in the days to forecast, f8[N]."""
        return panel.total(self.first, self.last)

    def scored(self, panel: DayPanel) -> NDArray[np.bool_]:
        """Which episodes count in the published totals, bool[N].

        All orders; of bursts those between a state and a group with at least three events on days
        0 to 7. (Day 7 is a day that is forecast: the subset was chosen so by those who published
        the scores to compare with.)
        """
        if self.kind == "order":
            return np.ones(len(panel), dtype=bool)
        state = panel.table["type_of_violence"].to_numpy() == 1
        return np.asarray(state & (panel.total(0, 7, "n_events") >= FEWEST_EVENTS))


TASKS = {
    "order": Task("order", 0, 1, 14),
    "burst": Task("burst", 6, 7, 20),
    "local": Task("local", 6, 7, 20),
}
"""By kind. Bursts are cut by what happened up to day 6, so nothing before day 7 is forecast."""
