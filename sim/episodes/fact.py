"""A fact: one number learned from a library, with its interval and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.90


@dataclass(frozen=True)
class Fact:
    """One learned number.

    Attributes:
        name: short name, unique in a study.
        group: what it is about: `salvo`, `day`, `order`, `toll`, `incident`, `sides`, `place`.
        value: point estimate; NaN where there were too few.
        low, high: ends of its 90 % interval; NaN where none was worked out.
        unit: of all three.
        count: how many units (events, dyads, orders) it rests on.
        what: one sentence that says what was measured and how the interval was made.
        source: key of the study's list of sources.
    """

    name: str
    group: str
    value: float
    low: float
    high: float
    unit: str
    count: int
    what: str
    source: str


def interval(values: NDArray[np.float64], level: float = LEVEL) -> tuple[float, float]:
    """Central interval of bootstrap values [B], those that are missing left out."""
    known = values[np.isfinite(values)]
    if len(known) < 20:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bootstrap(
    units: int,
    statistic: Callable[[NDArray[np.int64]], float],
    seed: int,
    times: int = 1000,
) -> tuple[float, float, float]:
    """Value, low and high of a statistic by resampling whole units (dyads, conflicts, blocks).

    Args:
        units: how many there are.
        statistic: of an array of unit numbers, repeats included.
    """
    rng = np.random.default_rng(seed)
    value = float(statistic(np.arange(units)))
    again = np.array([statistic(rng.integers(0, units, units)) for _ in range(times)])
    low, high = interval(again)
    return value, low, high
