"""Bands over replicates: the 50 and 90 % intervals, the median and a few single runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.show.style import SIMULATED

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
SINGLES = 3

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fan:
    """Quantiles over replicates at each time: ``levels`` f8[5, T], first runs f8[<=3, T]."""

    x: Array
    levels: Array
    singles: Array
    steps: bool

    @property
    def top(self) -> float:
        return float(np.nanmax(self.levels[-1], initial=0.0))


def fan(values: NDArray[np.floating], x: Array, steps: bool) -> Fan:
    """The fan of ``values`` [R, T] at ``x`` [T]; the single runs are the first three, unchosen."""
    data = np.asarray(values, dtype=np.float64)
    return Fan(x, quantiles(data, LEVELS), data[:SINGLES], steps)


def quantiles(values: Array, levels: Sequence[float]) -> Array:
    """Type-7 quantiles over the first axis, as `numpy.quantile`, by one sort of each column.

    ``values`` f8[R, T] without NaN to f8[len(levels), T]; a moved slider waits for this.
    """
    ordered = np.sort(np.ascontiguousarray(values.T), axis=1)
    at = np.asarray(levels) * (ordered.shape[1] - 1)
    below = np.floor(at).astype(np.intp)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    low, high = ordered[:, below], ordered[:, above]
    return np.ascontiguousarray((low + (high - low) * (at - below)).T)


def draw_fan(axes: Axes, it: Fan) -> None:
    """90 % band, 50 % band, single runs and median, from back to front."""
    step: Literal["post"] | None = "post" if it.steps else None
    low, q25, median, q75, high = it.levels
    line = "steps-post" if it.steps else "default"
    axes.fill_between(it.x, low, high, step=step, color=SIMULATED, alpha=0.16, lw=0, zorder=1)
    axes.fill_between(it.x, q25, q75, step=step, color=SIMULATED, alpha=0.34, lw=0, zorder=1.1)
    for run in it.singles:
        axes.plot(it.x, run, drawstyle=line, color="#333333", lw=0.4, alpha=0.6, zorder=1.5)
    axes.plot(it.x, median, drawstyle=line, color=SIMULATED, lw=1.5, zorder=2)
