"""A forecast: draws of what happens day by day after what is known, one set per episode."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.task import Task

DRAWS = 200
SIDES = ("deaths_a", "deaths_b", "deaths_civ")


def horizon(panel: DayPanel, task: Task) -> int:
    """Days of a path: from the first day to forecast to the end of the window."""
    return int(panel.day[-1]) - task.first + 1


@dataclass(frozen=True)
class Forecast:
    """Draws for N episodes.

    Attributes:
        name: of the forecaster.
        paths: dead per day, f8[N, S, H]; H days from the first that is to be forecast.
        days: of these, the days of the task's total.
        places: places with events summed over the days of a path, f8[N, S]; None: says nothing.
        sides: dead of side a, side b and civilians over the path, f8[N, S, 3], NaN in all three
            where a draw does not say; None: says nothing.
    """

    name: str
    paths: NDArray[np.float64]
    days: int
    places: NDArray[np.float64] | None = None
    sides: NDArray[np.float64] | None = None

    @property
    def total(self) -> NDArray[np.float64]:
        """Dead in the days of the task, f8[N, S]."""
        return np.asarray(self.paths[:, :, : self.days].sum(axis=2))

    def chosen(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Forecast:
        """Of some of the episodes."""
        return replace(
            self,
            paths=self.paths[rows],
            places=None if self.places is None else self.places[rows],
            sides=None if self.sides is None else self.sides[rows],
        )


def assembled(name: str, parts: list[tuple[NDArray[np.int64], Forecast]], count: int) -> Forecast:
    """One forecast of `count` episodes from parts for some of them each."""
    first = parts[0][1]

    def whole(pieces: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        out = np.empty((count, *pieces[0].shape[1:]))
        for (rows, _), piece in zip(parts, pieces, strict=True):
            out[rows] = piece
        return out

    optional: dict[str, NDArray[np.float64] | None] = {}
    for field in ("places", "sides"):
        pieces = [getattr(part, field) for _, part in parts]
        optional[field] = None if any(p is None for p in pieces) else whole(pieces)
    return Forecast(name, whole([part.paths for _, part in parts]), first.days, **optional)


def from_donors(
    name: str,
    task: Task,
    donors: DayPanel,
    weights: NDArray[np.float64],
    scale: NDArray[np.float64] | None,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Forecast:
    """Paths of other episodes, as often as their weight says, scaled and kept whole numbers.

    Donors are sorted by what they would bring and taken at even steps of their weight, so that the
    draws lie as the weighted outcomes do. A scaled path is rounded along its running total from a
    random start: its days stay whole, and its expected total is the scaled one.

    Args:
        weights: of donors, f8[N, M], rows with a sum above 0.
        scale: by which a donor's dead are multiplied, f8[N, M]; None: 1.
    """
    end = int(donors.day[-1])
    paths = donors.days(task.first, end)
    outcome = task.outcome(donors)
    size = np.ones_like(weights) if scale is None else scale
    value = outcome[None, :] * size
    # ties are broken by the draw, or the first donors of equal outcomes would always be taken
    value = value + rng.random(value.shape) * 1e-6
    order = np.argsort(value, axis=1)
    running = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    steps = (np.arange(draws) + rng.random((len(weights), 1))) / draws * running[:, -1:]
    index = np.empty((len(weights), draws), dtype=np.int64)
    for row in range(len(weights)):
        at = np.searchsorted(running[row], steps[row], side="right")
        index[row] = order[row, np.minimum(at, weights.shape[1] - 1)]
    factor = np.take_along_axis(size, index, axis=1)
    start = np.where(factor == 1.0, 0.5, rng.random(index.shape))
    whole = np.floor(np.cumsum(paths[index] * factor[:, :, None], axis=2) + start[:, :, None])
    whole = np.diff(whole, axis=2, prepend=0.0)
    sides = np.stack([donors.total(task.first, end, side) for side in SIDES], axis=1)
    sides[donors.table["has_sides"].to_numpy() != 1] = np.nan
    return Forecast(
        name,
        whole,
        task.days,
        places=donors.total(task.first, end, "n_places")[index],
        sides=np.round(sides[index] * factor[:, :, None]),
    )
