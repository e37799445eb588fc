"""Conditioning: the bank's rows that report most like the facts, adjusted for what still differs.

Nearest rows by learned summaries, then local-linear regression adjustment (Beaumont, Zhang and
Balding 2002, Genetics 162:2025-2035) on the logit of the unit cube, so that an adjusted draw can
never leave its prior's support.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.summaries import Summaries, logit, unlogit

NEAREST = 1_000
FEWEST = 100


@dataclass(frozen=True)
class Conditioned:
    """Draws given one reading of all facts.

    Attributes:
        unit: [n, P] adjusted draws on the unit cube.
        weights: [n], sum 1 (Epanechnikov in the distance).
        rows: [n] rows of the bank they came from.
        radius: the largest distance, in units of a logit.
    """

    unit: NDArray[np.float64]
    weights: NDArray[np.float64]
    rows: NDArray[np.int64]
    radius: float


def nearest_count(simulations: int) -> int:
    """1,000 rows, or a twentieth of a bank too small for that, but 100 at least."""
    return min(simulations, max(FEWEST, min(NEAREST, simulations // 20)))


def condition(
    simulated: NDArray[np.float32],
    target: NDArray[np.float32],
    unit: NDArray[np.float64],
    without: int | None = None,
) -> Conditioned:
    """Condition unit-cube draws [N, P] on summaries [P], given the summaries [N, P] of all rows.

    ``without``: a row to leave out, when the target is that row's own report.
    """
    distance = np.einsum("np,np->n", simulated - target, simulated - target)
    if without is not None:
        distance[without] = np.inf
    count = nearest_count(len(simulated))
    rows = np.argpartition(distance, count - 1)[:count]
    rows.sort()
    near = np.sqrt(distance[rows].astype(np.float64))
    radius = float(near.max())
    weights = 1.0 - (near / radius) ** 2 if radius > 0 else np.ones(count)
    if weights.sum() <= 0:  # all at the same distance
        weights = np.ones(count)
    weights /= weights.sum()
    gaps = simulated[rows].astype(np.float64) - target
    return Conditioned(_adjusted(logit(unit[rows]), gaps, weights), weights, rows, radius)


def _adjusted(
    draws: NDArray[np.float64], gaps: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draws [n, P] moved along the regression on the gaps [n, P] to where the gaps are zero."""
    centred = gaps - weights @ gaps
    moved = draws - weights @ draws
    gram = centred.T @ (centred * weights[:, None])
    # a summary that hardly moves must not be divided by
    gram += np.eye(len(gram)) * (1e-6 * np.trace(gram) / max(len(gram), 1) + 1e-12)
    slope = np.linalg.solve(gram, centred.T @ (moved * weights[:, None]))
    return unlogit(draws - gaps @ slope)


__all__ = ["Conditioned", "Summaries", "condition", "nearest_count"]
