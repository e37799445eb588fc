"""A profile likelihood: which values of one number the counts can and cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from sim.intake.priors.hawkes import HIGHEST_RATIO, LOWEST_RATIO, HawkesFit, log_likelihood

DROP = 1.920729
"""Fall of the log likelihood at the ends of a 95 % interval: half the chi-square quantile."""

HALVINGS = 5

WIDE = 10.0
"""An interval whose ends lie further apart than this factor cannot tell the value."""


@dataclass(frozen=True)
class Profile:
    """The profile of `ratio` or `delay_h`.

    Attributes:
        name: which number.
        values: where it was taken, f8[N], logarithmic steps over the range searched.
        log_likelihoods: best with the number held there, f8[N].
        low, high: ends of the 95 % interval.
        open_low, open_high: whether the interval runs into the end of the range searched.
    """

    name: str
    values: NDArray[np.float64]
    log_likelihoods: NDArray[np.float64]
    low: float
    high: float
    open_low: bool
    open_high: bool

    @property
    def tells(self) -> bool:
        """Whether the counts bound the number on both sides, to within a factor of `WIDE`."""
        return not (self.open_low or self.open_high) and self.high / self.low < WIDE


def profile(
    counts: ArrayLike,
    step_h: float,
    fit: HawkesFit,
    name: str = "delay_h",
    values: ArrayLike | None = None,
    shape: ArrayLike | None = None,
) -> Profile:
    """The profile likelihood of one number of a fit.

    Args:
        counts, step_h: what was fitted, [T] per bin and hours.
        name: `delay_h` or `ratio`.
        values: where to take it; left out: 15 values over two decades below a bin to a quarter of
            the series (delay), or from 0.003 to 3 (ratio).

        shape: how the base rate varies, as in `fit_hawkes`.

    Raises:
        ValueError: another name.
    """
    if name not in ("delay_h", "ratio"):
        raise ValueError(f"no profile of {name!r}; there are delay_h and ratio")
    numbers = np.asarray(counts, dtype=np.float64)
    form = None if shape is None else np.asarray(shape, dtype=np.float64)
    hours = len(numbers) * step_h
    if values is None:
        ends = (step_h / 100, hours / 4) if name == "delay_h" else (0.003, HIGHEST_RATIO)
        values = np.geomspace(*ends, 15)
    # The fit itself is one of the values, so that some value always lies inside.
    best = float(np.clip(getattr(fit, name), np.min(values), np.max(values)))
    grid = np.union1d(np.asarray(values, dtype=np.float64), [best])
    rate = max(numbers.sum(), 1.0) / hours
    base = (float(np.log(rate * 1e-4)), float(np.log(rate * 2)))
    other_range = (LOWEST_RATIO, HIGHEST_RATIO) if name == "delay_h" else (step_h / 100, hours / 2)
    other = (float(np.log(other_range[0])), float(np.log(other_range[1])))
    middle = fit.ratio if name == "delay_h" else fit.delay_h

    def height(value: float) -> float:
        def cost(x: NDArray[np.float64]) -> float:
            first, second = np.exp(x)
            pair = (second, value) if name == "delay_h" else (value, second)
            return -log_likelihood(numbers, step_h, fit.kernel, first, pair[0], pair[1], form)

        starts = [(rate * 0.5, middle), (rate * 0.9, float(np.exp(other[0]) * 10))]
        lows, highs = [base[0], other[0]], [base[1], other[1]]
        return max(
            -optimize.minimize(
                cost, np.clip(np.log(s), lows, highs), method="L-BFGS-B", bounds=[base, other]
            ).fun
            for s in starts
        )

    heights = [height(float(value)) for value in grid]
    found = np.array(heights)
    top = max(fit.log_likelihood, float(found.max()))
    inside = np.flatnonzero(found > top - DROP)
    if len(inside) == 0:
        inside = np.array([int(found.argmax())])
    first, last = int(inside[0]), int(inside[-1])
    open_low, open_high = first == 0, last == len(grid) - 1
    bar = top - DROP
    low = grid[0] if open_low else _crossing(height, grid[first - 1], grid[first], bar)
    high = grid[-1] if open_high else _crossing(height, grid[last + 1], grid[last], bar)
    return Profile(name, grid, found, float(low), float(high), open_low, open_high)


def _crossing(height: Callable[[float], float], outside: float, inside: float, bar: float) -> float:
    """Where the profile falls through the bar between two values, by halving on log scale."""
    a, b = float(np.log(outside)), float(np.log(inside))
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        if height(float(np.exp(middle))) > bar:
            b = middle
        else:
            a = middle
    return float(np.exp(a))
