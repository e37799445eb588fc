"""How well a simulated curve agrees, step by step, with the band that reports leave to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class HourlyScore:
    """Scores of one curve.

    Attributes:
        steps: [T] f8, ranked probability score of each step, 0 (right and sure) to 1; NaN in steps
            of which the reports decide nothing.
        decided: [T] f8, share of the thresholds that the reports decide in each step.
    """

    steps: NDArray[np.float64]
    decided: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean over the decided steps, each counted by its share decided; NaN if none is."""
        total = self.decided.sum()
        if total == 0:
            return math.nan
        seen = np.where(self.decided > 0, self.steps, 0.0)
        return float(np.dot(seen, self.decided) / total)


def hourly_score(
    exceeds: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    thresholds: Sequence[float],
) -> HourlyScore:
    """Ranked probability score of a forecast against a reported band, step by step.

    A threshold is decided in a step where the whole band lies at or above it, or below it; there
    the score is the Brier score of "at or above", and a step's score is the mean over its decided
    thresholds. What a band leaves open is not scored, whatever is forecast there, so the score
    stays proper: no forecast does better than one's own probabilities (Epstein 1969; Gneiting and
    Raftery 2007, for each threshold).

    Args:
        exceeds: [C, T] f8, forecast probability of being at or above each threshold.
        low, high: [T] f8, the band; NaN = unreported, infinite = open.
        thresholds: [C], rising.
    """
    levels = np.asarray(thresholds, dtype=np.float64)[:, None]
    if exceeds.shape != (len(levels), len(low)) or low.shape != high.shape:
        raise ValueError(f"forecast {exceeds.shape} does not go with {len(levels)} x {len(low)}")
    with np.errstate(invalid="ignore"):
        above, below = low[None, :] >= levels, high[None, :] < levels
    known = above | below
    brier = np.where(above, (1.0 - exceeds) ** 2, exceeds**2)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.where(known, brier, 0.0).sum(axis=0) / count
    return HourlyScore(steps, count / len(levels))


def exceedance(values: NDArray[np.floating], thresholds: Sequence[float]) -> NDArray[np.float64]:
    """Share of runs at or above each threshold: values [R, T] to f8[C, T]."""
    return np.stack([np.mean(values >= level - 1e-9, axis=0) for level in thresholds])


def best_constant(
    low: NDArray[np.float64], high: NDArray[np.float64], thresholds: Sequence[float]
) -> NDArray[np.float64]:
    """The constant forecast that scores best in hindsight, f8[C, T]: a generous baseline.

    Per threshold, the share of its decided steps in which the band lies above it.
    """
    rows = []
    for level in thresholds:
        with np.errstate(invalid="ignore"):
            above, below = (low >= level).sum(), (high < level).sum()
        share = above / (above + below) if above + below else 0.5
        rows.append(np.full(len(low), share))
    return np.stack(rows)


def straight_line(
    times: NDArray[np.float64], begins: float, ends: float, total: float
) -> NDArray[np.float64]:
    """A count that rises evenly from 0 at ``begins`` to ``total`` at ``ends`` (hours): f8[T]."""
    if ends <= begins:
        return np.where(times >= ends, total, 0.0)
    return total * np.clip((times - begins) / (ends - begins), 0.0, 1.0)
