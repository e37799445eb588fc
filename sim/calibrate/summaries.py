"""Learned summaries: for each parameter, what a regression makes of the reports.

Semi-automatic approximate Bayesian computation (Fearnhead and Prangle 2012,
doi:10.1111/j.1467-9868.2011.01010.x): the best single number to compare two data sets by, for a
parameter, is its posterior mean; a regression on simulations estimates it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from sim.calibrate.reporting import Told

PILOT = 60_000
"""Rows that the regression learns from; more move its coefficients by less than their noise."""
PENALTY = 1.0
BLOCK = 16_384
MOST_PAIRS = 3_000
"""Products of columns beyond which only squares are features: memory grows with their number."""
TINY = 1e-6
"""Distance from 0 and 1 at which a unit-cube draw is held before its logit is taken."""


@dataclass(frozen=True)
class Summaries:
    """Ridge regression of every parameter's logit on linear and quadratic features of C columns.

    Attributes:
        centre, scale: [C], standardisation of the columns.
        pairs: [2, Q] columns whose products are features, squares included.
        weights: [C + Q, P]; offset: [P].
    """

    centre: NDArray[np.float32]
    scale: NDArray[np.float32]
    pairs: NDArray[np.int64]
    weights: NDArray[np.float32]
    offset: NDArray[np.float32]

    def of(self, told: NDArray[np.float32]) -> NDArray[np.float32]:
        """Summaries [N, P] of reports [N, C]."""
        out = np.empty((len(told), len(self.offset)), np.float32)

        def work(start: int) -> None:
            part = slice(start, start + BLOCK)
            out[part] = self.features(told[part]) @ self.weights + self.offset

        starts = range(0, len(told), BLOCK)
        if len(starts) == 1:
            work(0)
        else:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(work, starts))
        return out

    def features(self, told: NDArray[np.float32]) -> NDArray[np.float32]:
        """[n, C + Q] features of reports [n, C]."""
        z = (told - self.centre) / self.scale
        features = np.empty((len(z), z.shape[1] + self.pairs.shape[1]), np.float32)
        features[:, : z.shape[1]] = z
        np.multiply(z[:, self.pairs[0]], z[:, self.pairs[1]], out=features[:, z.shape[1] :])
        return features


def learn(told: Told, unit: NDArray[np.float64]) -> Summaries:
    """Learn summaries from the first rows of reports [N, C] and unit-cube draws [N, P]."""
    rows = told.simulated[:PILOT]
    # not by the deviation: that of equal numbers is not zero in single precision
    moving = np.any(rows[1:] != rows[:-1], axis=0)
    scale = np.where(moving, rows.std(axis=0, dtype=np.float64), 1.0).astype(np.float32)
    first, second = np.triu_indices(rows.shape[1])
    # the square of a flag is the flag again; a column that never moves teaches nothing
    new = ~((first == second) & told.flag[first]) & moving[first] & moving[second]
    if new.sum() > MOST_PAIRS:
        new &= first == second
    pairs = np.stack([first[new], second[new]])
    count = rows.shape[1] + pairs.shape[1]
    empty = np.zeros((count, unit.shape[1]), np.float32)
    blank = Summaries(
        rows.mean(axis=0, dtype=np.float64).astype(np.float32), scale, pairs, empty,
        np.zeros(unit.shape[1], np.float32),
    )  # fmt: skip
    if not moving.any():
        return blank
    features = blank.features(rows).astype(np.float64)
    spread = features.std(axis=0)
    spread[spread < 1e-9] = np.inf
    if not unit.shape[1]:
        return blank
    model = Ridge(alpha=PENALTY, solver="cholesky").fit(features / spread, logit(unit[:PILOT]))
    weights = np.atleast_2d(model.coef_).T / spread[:, None]
    return Summaries(
        blank.centre, scale, pairs, weights.astype(np.float32),
        np.asarray(model.intercept_, np.float32).reshape(-1),
    )  # fmt: skip


def logit(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logit of unit-cube draws, any shape; 0 and 1 are held at a distance of 1e-6."""
    held = np.clip(unit, TINY, 1.0 - TINY)
    return np.log(held / (1.0 - held))


def unlogit(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Back to the unit cube, strictly inside."""
    return np.clip(1.0 / (1.0 + np.exp(-x)), 1e-12, 1.0 - 1e-12)
