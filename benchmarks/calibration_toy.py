"""A toy of a calibration's shape: 6 parameters, 10 facts told as ranges; used by the comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PARAMETERS, FACTS = 6, 10
WIDTH = np.log(1.5)
"""Width of a reported range on the scale log(1 + count)."""

_design = np.random.default_rng(2022)
SLOPES = _design.normal(0, 1.2, (PARAMETERS, FACTS)) * (_design.random((PARAMETERS, FACTS)) < 0.5)
LEVELS = _design.uniform(0.5, 3.0, FACTS)


def simulate(
    unit: NDArray[np.float64], generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts [N, 10] for unit-cube parameters [N, 6], and the same as reported.

    Each count is Poisson with a log-linear mean and a Gamma (shape 2) excess; each report is
    log(1 + count) with an error uniform over the range's width.
    """
    mean = np.exp(np.clip(LEVELS + 2.0 * (unit - 0.5) @ SLOPES, -5, 7))
    counts = generator.poisson(mean * generator.gamma(2.0, 0.5, mean.shape)).astype(float)
    return counts, np.log1p(counts) + WIDTH * (generator.random(counts.shape) - 0.5)


def interval_and_score(
    draws: NDArray[np.float64], weights: NDArray[np.float64], truth: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Whether 90 % intervals hold the truth, and the CRPS, [P] each, of weighted draws [n, P]."""
    inside = np.abs(weights @ (draws < truth) - 0.5) <= 0.45
    scores = np.empty(draws.shape[1])
    for k in range(draws.shape[1]):
        order = np.argsort(draws[:, k])
        x, w = draws[order, k], weights[order]
        cumulative = np.cumsum(w) - w / 2
        spread = 2 * np.sum(w * x * (2 * cumulative - 1))
        scores[k] = np.sum(w * np.abs(x - truth[k])) - spread / 2
    return inside, scores
