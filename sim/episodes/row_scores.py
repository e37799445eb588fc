"""Scoring: how good draws are, beside what was reported; totals and paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compare.scores import BINS

LEVELS = (0.5, 0.9)


def crps_rows(draws: NDArray[np.float64], observed: NDArray[np.float64]) -> NDArray[np.float64]:
    """CRPS of each row of draws [N, S], f8[N]; the definition of `sim.compare.scores.crps`."""
    x = np.sort(draws, axis=1)
    count = x.shape[1]
    weights = (2.0 * np.arange(count) - count + 1.0) / count**2
    return np.asarray(np.abs(x - observed[:, None]).mean(axis=1) - x @ weights)


def ignorance_rows(
    draws: NDArray[np.float64], observed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log score in bits over the bins of the VIEWS challenge, f8[N]; one draw more in each bin."""
    bins = np.searchsorted(BINS, draws, side="right")
    own = np.searchsorted(BINS, observed, side="right")
    hits = (bins == own[:, None]).sum(axis=1)
    return np.asarray(-np.log2((hits + 1) / (draws.shape[1] + len(BINS))))


def brier_rows(draws: NDArray[np.bool_], observed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Brier score of an event's share among draws [N, S], f8[N]."""
    return np.asarray((draws.mean(axis=1) - observed) ** 2)


def pit_rows(
    draws: NDArray[np.float64], observed: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Randomised probability integral transform, f8[N], uniform if the draws are right.

    F(y-) + v (F(y) - F(y-)) with v uniform: where many draws equal what was reported, as zeros do,
    its place among them is drawn (Czado, Gneiting and Held 2009). Half a draw is added at both
    ends: outside all draws is never certain.
    """
    below = (draws < observed[:, None]).sum(axis=1)
    equal = (draws == observed[:, None]).sum(axis=1)
    return np.asarray((below + rng.random(len(observed)) * (equal + 1.0)) / (draws.shape[1] + 1.0))


def held(pit: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Whether the central interval of `level` holds each value, f8[N] of 0 and 1.

    By its PIT: with counts an interval of whole numbers holds more than its level by its ends
    alone. Counted so, an end counts by the part of it that lies inside.
    """
    return np.asarray(np.abs(pit - 0.5) <= level / 2, dtype=np.float64)


def energy_rows(draws: NDArray[np.float64], observed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Energy score of draws [N, S, D] against [N, D], f8[N] (Gneiting and Raftery 2007)."""
    out = np.empty(len(draws))
    for row, (x, y) in enumerate(zip(draws, observed, strict=True)):
        miss = np.sqrt(((x - y) ** 2).sum(axis=1)).mean()
        squares = (x**2).sum(axis=1)
        apart = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * x @ x.T, 0.0)).mean()
        out[row] = miss - 0.5 * apart
    return out


@dataclass(frozen=True)
class Difference:
    """A mean with its 90 % interval by bootstrap over conflicts."""

    value: float
    low: float
    high: float


def by_conflict(
    values: NDArray[np.float64], conflicts: NDArray[np.object_], seed: int = 7, times: int = 2000
) -> Difference:
    """Mean of values [N] and its interval when whole conflicts are drawn again; NaN is left out."""
    known = np.isfinite(values)
    names, at = np.unique(conflicts[known].astype(str), return_inverse=True)
    if not len(names):
        return Difference(np.nan, np.nan, np.nan)
    sums = np.bincount(at, values[known])
    counts = np.bincount(at).astype(float)
    rng = np.random.default_rng(seed)
    pick = rng.integers(0, len(names), (times, len(names)))
    means = sums[pick].sum(axis=1) / counts[pick].sum(axis=1)
    low, high = np.quantile(means, [0.05, 0.95])
    return Difference(float(values[known].mean()), float(low), float(high))


def ratio_by_conflict(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    conflicts: NDArray[np.object_],
    seed: int = 7,
    times: int = 2000,
) -> Difference:
    """mean(a) / mean(b) - 1 and its interval when whole conflicts are drawn again."""
    known = np.isfinite(a) & np.isfinite(b)
    names, at = np.unique(conflicts[known].astype(str), return_inverse=True)
    if not len(names):
        return Difference(np.nan, np.nan, np.nan)
    top, bottom = np.bincount(at, a[known]), np.bincount(at, b[known])
    pick = np.random.default_rng(seed).integers(0, len(names), (times, len(names)))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = top[pick].sum(axis=1) / bottom[pick].sum(axis=1) - 1.0
    low, high = np.nanquantile(ratios, [0.05, 0.95])
    return Difference(float(top.sum() / bottom.sum() - 1.0), float(low), float(high))
