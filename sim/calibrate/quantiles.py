"""Prior quantiles by the million: closed forms as they are, the others from a table."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.scenario.priors import Prior

NODES = 1 << 17
EDGE = 5e-3
"""Outside EDGE and 1 - EDGE the exact quantile is taken: there it bends too much for a table."""
CLOSED = ("fixed", "uniform", "log_uniform")


def fast_quantile(prior: Prior, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """``prior.quantile(u)`` for u [n] in [0, 1), to a relative error below 1e-6.

    Inverting a Beta or Gamma distribution costs some 10 microseconds a draw, as much as a tenth of
    a run of the model; linear interpolation between 131,072 nodes costs nothing.
    """
    if prior.family in CLOSED:
        return prior.quantile(u)
    grid, values = _table(prior)
    out = np.interp(u, grid, values)
    outside = (u < EDGE) | (u > 1.0 - EDGE)
    out[outside] = prior.quantile(u[outside])
    return out


@lru_cache(maxsize=64)
def _table(prior: Prior) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    grid = np.linspace(EDGE, 1.0 - EDGE, NODES)
    return grid, prior.quantile(grid)
