"""Conditioning: the bank's rows that report most like the facts, adjusted for what still differs.

Nearest rows by learned summaries, then local-linear regression adjustment (Beaumont, Zhang and
Balding 2002, Genetics 162:2025-2035) on the logit of the unit cube, so that an adjusted draw can
never leave its prior's support.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.summaries import TINY, Summaries, logit, unlogit

NEAREST = 1_000
FEWEST = 100
WIDE = 20


@dataclass(frozen=True)
class Conditioned:
    """Draws given one reading of all facts.

    Attributes:
        unit: [n, P] draws on the unit cube, adjusted unless asked for wide.
        weights: [n], sum 1 (Epanechnikov in the distance, or equal).
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
    reached: NDArray[np.bool_] | None = None,
    wide: bool = False,
) -> Conditioned:
    """Condition unit-cube draws [N, P] on summaries [Q], given the summaries [N, Q] of all rows.

    ``without``: a row to leave out, when the target is that row's own report. ``reached`` [P]: the
    parameters that the target can tell of (default: all); the others get their prior exactly.
    ``wide``: the target is nothing that the model gives, so nothing is adjusted to it, and of the
    nearest twentieth of all rows as many as otherwise are taken, evenly and equally: more
    simulations must not make a wrong model surer.
    """
    distance = np.einsum("np,np->n", simulated - target, simulated - target)
    if without is not None:
        distance[without] = np.inf
    count = nearest_count(len(simulated))
    if wide:
        pool = max(count, len(simulated) // WIDE)
        nearest = np.argpartition(distance, pool - 1)[:pool]
        nearest = nearest[np.lexsort((nearest, distance[nearest]))]
        rows = nearest[np.arange(count) * pool // count]
    else:
        rows = np.argpartition(distance, count - 1)[:count]
    rows.sort()
    near = np.sqrt(distance[rows].astype(np.float64))
    radius = float(near.max())
    weights = 1.0 - (near / radius) ** 2 if radius > 0 and not wide else np.ones(count)
    if weights.sum() <= 0:  # all at the same distance
        weights = np.ones(count)
    weights /= weights.sum()
    drawn = unit[rows]
    reached = np.ones(unit.shape[1], np.bool_) if reached is None else reached
    if not wide:
        gaps = simulated[rows].astype(np.float64) - target
        drawn[:, reached] = _adjusted(logit(drawn[:, reached]), gaps, weights)
    for column in np.flatnonzero(~reached):
        drawn[:, column] = _levelled(drawn[:, column], weights)
    return Conditioned(drawn, weights, rows, radius)


def _levelled(draws: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws [n] of a uniform in their own order, moved so that with their weights they are one.

    Rows chosen by facts that a parameter cannot touch hold draws of its prior anyway; this takes
    away what chance of the choice is left in them.
    """
    order = np.argsort(draws, kind="stable")
    levelled = np.empty(len(draws))
    levelled[order] = np.cumsum(weights[order]) - weights[order] / 2
    return np.clip(levelled, TINY, 1.0 - TINY)


def _adjusted(
    draws: NDArray[np.float64], gaps: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draws [n, P] moved along the regression on the gaps [n, Q] to where the gaps are zero."""
    if not gaps.shape[1]:
        return unlogit(draws)
    centred = gaps - weights @ gaps
    moved = draws - weights @ draws
    gram = centred.T @ (centred * weights[:, None])
    # a summary that hardly moves must not be divided by
    gram += np.eye(len(gram)) * (1e-6 * np.trace(gram) / max(len(gram), 1) + 1e-12)
    slope = np.linalg.solve(gram, centred.T @ (moved * weights[:, None]))
    return unlogit(draws - gaps @ slope)


__all__ = ["Conditioned", "Summaries", "condition", "nearest_count"]
