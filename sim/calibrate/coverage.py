"""Coverage: does the calibrator, in this very set-up, cover what it should?

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): take a row of the bank, treat
its report as if it were what was reported, calibrate on all other rows, and see where the row's
own parameters fall in the posterior. Over many rows these positions must be uniform.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.calibrate.calibration import Calibration, Conditioned, Piece, condition

SETS = 400
BINS = 20
LEVELS = (0.5, 0.9)


@dataclass(frozen=True)
class Coverage:
    """Positions of the true parameters in their posteriors.

    Attributes:
        names: the P parameters.
        positions: [S, P] cumulative posterior weight below the true value.
        near: whether the data sets were drawn among those that look like the reported one.
    """

    names: list[str]
    positions: NDArray[np.float64]
    near: bool

    def share(self, level: float) -> NDArray[np.float64]:
        """Share [P] of data sets whose central interval of this level holds the truth."""
        return np.mean(np.abs(self.positions - 0.5) <= level / 2, axis=0)

    def overall(self, level: float) -> float:
        return float(self.share(level).mean())

    def histogram(self) -> NDArray[np.int64]:
        """Counts [P, BINS] of the positions."""
        edges = np.linspace(0, 1, BINS + 1)
        return np.array([np.histogram(column, edges)[0] for column in self.positions.T])

    def p_values(self) -> NDArray[np.float64]:
        """Chi-square p-value [P] of uniform positions, times P (Bonferroni), at most 1."""
        counts = self.histogram()
        plain = np.array([stats.chisquare(row).pvalue for row in counts])
        return np.minimum(1.0, plain * len(self.names))


def coverage_of(
    calibration: Calibration, sets: int = SETS, seed: int = 1, near: bool = False
) -> Coverage:
    """Calibrate on ``sets`` synthetic data sets drawn from the bank.

    Where sources disagree, each data set is reported in one of the ways of reading them, in
    proportion to their weights. ``near``: draw the data sets among those nearest to what was
    reported; choosing them by data alone leaves the positions uniform if the method is right.
    """
    bank = calibration.bank
    generator = _generator(seed, near)
    shares = np.array([piece.world.weight for piece in calibration.pieces])
    pieces = generator.choice(len(shares), size=sets, p=shares / shares.sum())
    u = generator.random(sets)
    positions = np.empty((sets, bank.unit.shape[1]))
    for s, which in enumerate(pieces):
        piece = calibration.pieces[which]
        pool = _pool(piece, len(bank), near)
        row = int(pool[int(u[s] * len(pool))])
        target = piece.summaries[row]
        given = condition(piece.summaries, target, bank.unit, row, calibration.reached)
        positions[s] = _positions(given, bank.unit[row])
    return Coverage(bank.names, positions, near)


def binomial_bounds(sets: int, level: float, alpha: float) -> tuple[float, float]:
    """Shares between which coverage of ``level`` over ``sets`` falls but for probability alpha."""
    low, high = (stats.binom.ppf(q, sets, level) for q in (alpha / 2, 1 - alpha / 2))
    return float(low / sets), float(high / sets)


def _pool(piece: Piece, rows: int, near: bool) -> NDArray[np.int64]:
    return piece.given.rows if near else np.arange(rows)


def _positions(given: Conditioned, truth: NDArray[np.float64]) -> NDArray[np.float64]:
    return given.weights @ (given.unit < truth)


def _generator(seed: int, near: bool) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}/coverage/{near}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")))
