"""Influence: which parameters can move which observable, found by moving one and nothing else.

Random numbers are counted, not streamed: a run whose one parameter is changed keeps every draw that
the change does not touch. So where an observable stays the same to the last bit in every pair of
runs, no path leads from the parameter to it, or none that is walked once in a thousand runs; a
report of it can teach nothing about the parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

PROBES = 1_000
"""Pairs of runs per parameter; what moves nothing in 1,000 moves less than 3 in 1,000 (95 %)."""

Run = Callable[[NDArray[np.float64], NDArray[np.int64]], NDArray[np.float64]]


def influence_of(
    run: Run,
    unit: NDArray[np.float64],
    values: NDArray[np.float64],
    used: Sequence[int],
    probes: int = PROBES,
) -> NDArray[np.int64]:
    """In how many of the first ``probes`` runs each of P parameters moves each of K observables.

    Args:
        run: unit-cube draws [n, P] and replicate numbers [n] to observables [n, K].
        unit, values: the bank's draws [N, P] and observables [N, K], row r is replicate r.
        used: the columns that the scenario reads; the others move nothing and are not run.

    Returns:
        [P, K] counts. Each parameter goes half its prior's probability further, round the end.
    """
    count = min(probes, len(unit))
    moved = np.zeros((unit.shape[1], values.shape[1]), np.int64)
    numbers = np.arange(count, dtype=np.int64)
    for column in used:
        other = unit[:count].copy()
        other[:, column] = (other[:, column] + 0.5) % 1.0
        after, before = run(other, numbers), values[:count]
        same = (after == before) | (np.isnan(after) & np.isnan(before))
        moved[column] = np.sum(~same, axis=0)
    return moved
