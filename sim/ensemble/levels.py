"""Quantile levels: the five at which every result is summed up, and the one routine for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}
"""Column name to level: the median, the 50 % and the 90 % interval."""

INTERVAL = (0.05, 0.50, 0.95)
"""The ends of the 90 % interval and the median between them."""


def quantiles(
    values: ArrayLike, levels: Sequence[float] = tuple(LEVELS.values())
) -> NDArray[np.float64]:
    """Quantiles of type 7 over the first axis, f8[R, ...] to f8[len(levels), ...].

    Missing values (NaN) are left out; NaN where none is there. To the bit what `numpy.quantile`
    gives, by one sort of each column: a sweep and a moved slider wait for this.
    """
    columns = np.moveaxis(np.asarray(values, dtype=np.float64), 0, -1)
    ordered = np.sort(np.ascontiguousarray(columns), axis=-1)  # NaN last
    if not ordered.shape[-1]:
        return np.full((len(levels), *ordered.shape[:-1]), np.nan)
    last = np.maximum((~np.isnan(ordered)).sum(axis=-1) - 1, 0)
    found = np.empty((len(levels), *ordered.shape[:-1]))
    for number, level in enumerate(levels):
        at = level * last
        below = np.floor(at).astype(np.intp)
        share = at - below
        low, high = (
            np.take_along_axis(ordered, np.asarray(rank)[..., None], axis=-1)[..., 0]
            for rank in (below, np.minimum(below + 1, last))
        )
        step = high - low
        found[number] = np.where(share >= 0.5, high - step * (1 - share), low + step * share)
    return found


def quantile_row(values: NDArray[np.float64], prefix: str = "") -> dict[str, float]:
    """The five quantiles of values f8[R] by column name."""
    names = (f"{prefix}{name}" for name in LEVELS)
    return dict(zip(names, map(float, quantiles(values)), strict=True))
