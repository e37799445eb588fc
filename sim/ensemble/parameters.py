"""Parameter vectors of replicates: drawn from the priors, or resampled from a posterior."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.posterior import Posterior
from sim.model.compiled import compiled
from sim.model.draws import POSTERIOR, PRIOR, uniform
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import vector_names

ROWS_AT_A_TIME = 65536
"""Rows for which uniform numbers are held at once; moves no number."""


def draw_parameters(
    scenario: Scenario,
    seed: int,
    replicates: Sequence[int] | NDArray[np.int64],
    posterior: Posterior | None = None,
) -> pd.DataFrame:
    """One parameter vector per replicate.

    Each entry is a pure function of (seed, replicate, the parameter's name), so fixing one
    parameter or adding a leader changes no other draw. With a posterior, its free parameters come
    together from one resampled row; what the scenario as run fixes stays fixed.

    Returns:
        [R x NP], columns in the order of `vector_names`, index named ``replicate``.
    """
    priors = effective_priors(scenario)
    names = vector_names(scenario.leaders)
    numbers = np.asarray(replicates, dtype=np.int64)
    free = [name for name in names if not priors[name].is_fixed]
    entities = np.array([entity_of(name) for name in free], dtype=np.int64)
    values = np.empty((len(numbers), len(names)))
    for position, name in enumerate(names):
        if priors[name].is_fixed:
            values[:, position] = priors[name].mean()
    for start in range(0, len(numbers), ROWS_AT_A_TIME):
        rows = slice(start, start + ROWS_AT_A_TIME)
        u = uniforms(seed, numbers[rows], PRIOR, entities)
        for position, name in enumerate(free):
            values[rows, names.index(name)] = priors[name].quantile(u[:, position])
    if posterior is not None:
        u = uniforms(seed, numbers, POSTERIOR, np.zeros(1, np.int64))
        chosen = posterior.rows_at(u[:, 0])
        for name in free:
            if name in posterior.draws.columns:
                drawn = posterior.draws[name].to_numpy(np.float64)
                values[:, names.index(name)] = drawn[chosen]
    return pd.DataFrame(values, pd.Index(numbers, name="replicate"), names, copy=False)


def as_vectors(parameters: pd.DataFrame) -> NDArray[np.float64]:
    """The frame's numbers as the engine takes them, [R x NP].

    A copy: pandas hands out read-only views, for which the compiler would make another kernel.
    """
    return np.array(parameters.to_numpy(np.float64), order="C", copy=True)


def entity_of(name: str) -> int:
    """The number under which a parameter draws: 32 bits of its name's SHA-256.

    The name and not its position, so that another row in the registry moves no draw.
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def uniforms(
    seed: int, replicates: NDArray[np.int64], mechanism: int, entities: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Uniform numbers of one mechanism, shape [R, N], index 0 of each entity."""
    out = np.empty((len(replicates), len(entities)))
    if out.size:
        _fill(out, seed, replicates, mechanism, entities)
    return out


@compiled
def _fill(out, seed, replicates, mechanism, entities):  # type: ignore[no-untyped-def]
    for r in range(out.shape[0]):
        for n in range(out.shape[1]):
            out[r, n] = uniform(seed, replicates[r], mechanism, entities[n], 0)
