"""Scores of a forecast given as draws, in the definitions of the VIEWS prediction challenge.

Hegre et al. 2023/24, "The 2023/24 VIEWS prediction challenge": CRPS, ignorance score over fixed
bins, and interval score. Smaller is better for all of them; coverage should equal its level.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Left-closed lower edges of the ignorance score's bins; the last is open above."""


def crps(draws: ArrayLike, observed: float) -> float:
    """Continuous ranked probability score of draws [S], in the unit of the draws.

    mean|x - y| - sum_ij|x_i - x_j| / (2 S^2), not the version corrected for finite S; by sorting,
    in O(S log S): the double sum is 2 * sum_i (2 i - S + 1) x_(i) with i from 0.
    """
    x = np.sort(_draws(draws))
    count = len(x)
    weights = 2.0 * np.arange(count) - count + 1.0
    return float(np.mean(np.abs(x - observed)) - np.dot(weights, x) / count**2)


def ignorance(draws: ArrayLike, observed: float) -> float:
    """Ignorance score of draws [S] in bits: -log2((c + 1) / (S + 11)).

    ``c`` counts the draws in the observed value's bin; each of the 11 bins gets one more.

    Raises:
        ValueError: a value below 0, which lies in no bin.
    """
    x = _draws(draws)
    if observed < 0 or x.min() < 0:
        raise ValueError("the ignorance score is for counts: a value is below 0")
    bins = np.searchsorted(BINS, x, side="right")
    own = np.searchsorted(BINS, observed, side="right")
    return float(-math.log2((np.count_nonzero(bins == own) + 1) / (len(x) + len(BINS))))


def interval_score(draws: ArrayLike, observed: float, level: float = 0.90) -> float:
    """Interval score (MIS for one observation) of the central interval of draws [S].

    Width of the interval plus 2 / alpha times the distance by which the observed value misses it,
    alpha = 1 - level; quantiles of type 7.
    """
    alpha = 1.0 - level
    low, high = central_interval(draws, level)
    miss = max(0.0, low - observed) + max(0.0, observed - high)
    return float(high - low + 2.0 / alpha * miss)


def log_score(probability: float, draws: int) -> float:
    """Minus log2 of the probability that a forecast of `draws` draws gave to what was reported.

    In bits; a probability of 0 counts as half a draw, so that one surprise is not infinite.
    """
    return -math.log2(max(probability, 0.5 / draws))


def coverage(draws: ArrayLike, observed: ArrayLike, level: float = 0.90) -> float:
    """Share of N observed values [N] within the central interval of their draws [N, S]."""
    x, y = np.asarray(draws, dtype=np.float64), np.asarray(observed, dtype=np.float64)
    if x.ndim != 2 or y.shape != x.shape[:1] or not len(y):
        raise ValueError(f"draws of shape {x.shape} do not go with observed of shape {y.shape}")
    low, high = np.quantile(x, [(1.0 - level) / 2, (1.0 + level) / 2], axis=1)
    return float(np.mean((low <= y) & (y <= high)))


def central_interval(draws: ArrayLike, level: float) -> tuple[float, float]:
    """Ends of the central interval that holds `level` of the draws [S]; quantiles of type 7."""
    low, high = np.quantile(_draws(draws), [(1.0 - level) / 2, (1.0 + level) / 2])
    return float(low), float(high)


def _draws(draws: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(draws, dtype=np.float64)
    if x.ndim != 1 or not len(x) or not np.all(np.isfinite(x)):
        raise ValueError("a score needs at least one draw, in one row, none missing")
    return x
