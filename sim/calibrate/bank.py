"""A bank: parameters drawn from the prior and what the scenarios made of each draw, kept once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.quantiles import fast_quantile
from sim.ensemble.parameters import entity_of, uniforms
from sim.ensemble.simulation import available_cores
from sim.model import build_world, simulate_block
from sim.model.draws import PRIOR
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import vector_names
from sim.scenario.priors import Prior

OWN = "@"
"""Joins a parameter's name and a scenario's where scenarios disagree on its prior."""
CHUNK = 8192
"""Replicates per thread between two looks at Ctrl-C; no number depends on it."""

Progress = Callable[[int], None]
Redraw = Callable[[NDArray[np.float64], list[str]], NDArray[np.float64]]


@dataclass(frozen=True)
class Bank:
    """N rows of prior draws with their simulated observables.

    Attributes:
        priors: column to prior. A parameter that is free, with the same prior, in several
            scenarios is one column (pooled). Free with different priors, it is a column of each
            scenario, named ``name@scenario``. Fixed in a scenario, it is no column there.
        unit: [N, P] f8 in the order of ``priors``: each draw's cumulative prior probability.
        values: scenario name to observables [N, K] f8 in the scenario's order, NaN = missing.
        scenarios: name to scenario, as simulated.
        seed: every number above is a function of it, the row and the scenario.
    """

    priors: dict[str, Prior]
    unit: NDArray[np.float64]
    values: dict[str, NDArray[np.float64]]
    scenarios: dict[str, Scenario]
    seed: int

    @property
    def names(self) -> list[str]:
        return list(self.priors)

    def __len__(self) -> int:
        return len(self.unit)

    def observable(self, scenario: str, name: str) -> NDArray[np.float64]:
        """One observable's simulated values [N]."""
        column = [o.id for o in self.scenarios[scenario].observables].index(name)
        return self.values[scenario][:, column]

    def natural(self, unit: NDArray[np.float64] | None = None) -> pd.DataFrame:
        """Draws [n, P] in the parameters' own units, from unit-cube draws (default: all rows)."""
        unit = self.unit if unit is None else unit
        return pd.DataFrame(
            {
                name: prior.quantile(unit[:, k])
                for k, (name, prior) in enumerate(self.priors.items())
            }
        )


def columns_of(scenarios: Sequence[Scenario]) -> dict[str, Prior]:
    """The free parameters of some scenarios as columns with their priors, pooled where they agree.

    Raises ValueError for two scenarios of one name.
    """
    if len({s.name for s in scenarios}) != len(scenarios):
        raise ValueError("two scenarios have the same name")
    found: dict[str, dict[str, Prior]] = {}
    for scenario in scenarios:
        for name, prior in effective_priors(scenario).items():
            if not prior.is_fixed:
                found.setdefault(name, {})[scenario.name] = prior
    columns: dict[str, Prior] = {}
    for name, by_scenario in found.items():
        if len(set(by_scenario.values())) == 1:
            columns[name] = next(iter(by_scenario.values()))
        else:
            columns.update({f"{name}{OWN}{s}": prior for s, prior in by_scenario.items()})
    return columns


def column_for(name: str, scenario: str, columns: dict[str, Prior]) -> str | None:
    """The column that holds a scenario's parameter, or None where the scenario fixes it."""
    own = f"{name}{OWN}{scenario}"
    return own if own in columns else name if name in columns else None


def build_bank(
    scenarios: Sequence[Scenario],
    simulations: int = 1_000_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
    redraw: Redraw | None = None,
) -> Bank:
    """Draw ``simulations`` rows from the prior and run every scenario on each of them.

    The same numbers for any number of threads. Interrupted, it leaves nothing behind.
    ``progress`` is called with the number of runs just done, of simulations times scenarios.
    ``redraw`` may replace the prior's draws, given [N, P] and the columns' names.
    """
    columns = columns_of(scenarios)
    rows = np.arange(simulations, dtype=np.int64)
    entities = np.array([entity_of(name) for name in columns], dtype=np.int64)
    unit = uniforms(seed, rows, PRIOR, entities)
    if redraw is not None:
        unit = redraw(unit, list(columns))
    values = {
        s.name: _run(s, columns, unit, seed, threads or available_cores(), progress)
        for s in scenarios
    }
    return Bank(columns, unit, values, {s.name: s for s in scenarios}, seed)


def scenario_seed(seed: int, scenario: str) -> int:
    """The seed of a scenario's own chance: without it two episodes would share their luck."""
    digest = hashlib.sha256(f"{seed}/{scenario}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def parameters_of(
    scenario: Scenario, columns: dict[str, Prior], unit: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The engine's vectors [n, NP] of one scenario for unit-cube draws [n, P]."""
    priors = effective_priors(scenario)
    positions = {name: k for k, name in enumerate(columns)}
    theta = np.empty((len(unit), len(priors)))
    for j, name in enumerate(vector_names(scenario.leaders)):
        column = None if priors[name].is_fixed else column_for(name, scenario.name, columns)
        if column is None:
            theta[:, j] = priors[name].mean()
        else:
            theta[:, j] = fast_quantile(columns[column], unit[:, positions[column]])
    return theta


def _run(
    scenario: Scenario,
    columns: dict[str, Prior],
    unit: NDArray[np.float64],
    seed: int,
    threads: int,
    progress: Progress | None,
) -> NDArray[np.float64]:
    world = build_world(scenario)
    own = scenario_seed(seed, scenario.name)
    out = np.empty((len(unit), len(scenario.observables)))
    for part in _chunks(len(unit), CHUNK * threads):
        theta = parameters_of(scenario, columns, unit[part])
        numbers = np.arange(part.start, part.stop, dtype=np.int64)
        out[part] = simulate_block(
            scenario, theta, own, numbers, threads=threads, world=world, progress=progress
        ).observables
    return out


def _chunks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
