"""A bank: simulations from the prior of one scenario, and what its facts say of each.

Random numbers are counted, not streamed: a run whose one parameter is changed keeps every draw that
the change does not touch. So where an observable stays the same to the last bit in every pair of
runs, no path leads from the parameter to it, or none that is walked once in a thousand runs; a
report of it can teach nothing about the parameter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.bank_store import BankStore
from sim.ensemble.parameter_draws import entity_of, uniforms
from sim.ensemble.simulation import available_cores
from sim.inputs.code_identity import model_hash
from sim.model import build_world, simulate_block
from sim.model.draws import PRIOR
from sim.scenario import RuleFile, Scenario, effective_priors, scenario_hash
from sim.scenario.parameters import vector_names
from sim.scenario.priors import Prior

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


OWN = "@"
"""Joins a parameter's name and a scenario's where scenarios disagree on its prior."""
CHUNK = 8192
"""Replicates per thread between two looks at Ctrl-C; no number depends on it."""

Progress = Callable[[int], None]
Runner = Callable[..., NDArray[np.float64]]
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
        probes: pairs of runs by which influence was looked for; 0: it was not.
        moved: scenario name to counts [P, K], see `influence_of`.
    """

    priors: dict[str, Prior]
    unit: NDArray[np.float64]
    values: dict[str, NDArray[np.float64]]
    scenarios: dict[str, Scenario]
    seed: int
    probes: int = 0
    moved: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return list(self.priors)

    @property
    def rules(self) -> RuleFile | None:
        """The rules of the user's own that every scenario ran under; None for the model's."""
        return next((s.rules for s in self.scenarios.values()), None)

    def __len__(self) -> int:
        return len(self.unit)

    def observable(self, scenario: str, name: str) -> NDArray[np.float64]:
        """One observable's simulated values [N]."""
        return self.values[scenario][:, self._position(scenario, name)]

    def reaches(self, observables: Iterable[tuple[str, str]]) -> NDArray[np.bool_]:
        """Whether each parameter [P] ever moved one of some (scenario, observable) pairs.

        True of all where influence was not looked for.
        """
        if not self.probes:
            return np.ones(len(self.priors), np.bool_)
        found = np.zeros(len(self.priors), np.bool_)
        for scenario, name in observables:
            found |= self.moved[scenario][:, self._position(scenario, name)] > 0
        return found

    def _position(self, scenario: str, name: str) -> int:
        return [o.id for o in self.scenarios[scenario].observables].index(name)

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

    Raises ValueError for two scenarios of one name, or under different rules.
    """
    if len({None if s.rules is None else s.rules.hash for s in scenarios}) > 1:
        raise ValueError("the scenarios do not run under the same rules")
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
    probes: int = PROBES,
    store: BankStore | None = None,
) -> Bank:
    """Draw ``simulations`` rows from the prior and run every scenario on each of them.

    The same numbers for any number of threads. Interrupted, it leaves nothing behind but what
    ``store`` keeps, from which it goes on.
    ``progress`` is called with the number of runs just done, of simulations times scenarios.
    ``redraw`` may replace the prior's draws, given [N, P] and the columns' names. ``probes``: pairs
    of runs per parameter that look for what it can move; 0 looks for nothing. A redrawn bank is not
    kept.
    """
    columns = columns_of(scenarios)
    rows = np.arange(simulations, dtype=np.int64)
    entities = np.array([entity_of(name) for name in columns], dtype=np.int64)
    unit = uniforms(seed, rows, PRIOR, entities)
    if redraw is not None:
        unit = redraw(unit, list(columns))
    values, moved = {}, {}
    for scenario in scenarios:
        run = _runner(scenario, columns, seed, threads or available_cores())
        key = _key(scenario, columns, seed)
        width = len(scenario.observables)
        keeps = store if redraw is None else None
        kept = np.empty((0, width)) if keeps is None else keeps.read(key, width)[:simulations]
        if progress is not None:
            progress(len(kept))
        out = np.empty((simulations, width))
        out[: len(kept)] = kept
        for part in _chunks(len(kept), simulations, CHUNK * (threads or available_cores())):
            out[part] = run(unit[part], rows[part], progress)
            if keeps is not None:
                keeps.keep(key, part.start, out[part])
        values[scenario.name] = out
        if probes:
            used = [
                k
                for k, name in enumerate(columns)
                if column_for(name.split(OWN)[0], scenario.name, columns) == name
            ]
            moved[scenario.name] = influence_of(run, unit, out, used, probes)
    return Bank(
        columns, unit, values, {s.name: s for s in scenarios}, seed, min(probes, simulations), moved
    )


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


def _runner(scenario: Scenario, columns: dict[str, Prior], seed: int, threads: int) -> Runner:
    """What runs a scenario on unit-cube draws [n, P] as the replicates [n]."""
    world = build_world(scenario)
    own = scenario_seed(seed, scenario.name)

    def run(
        unit: NDArray[np.float64], numbers: NDArray[np.int64], progress: Progress | None = None
    ) -> NDArray[np.float64]:
        theta = parameters_of(scenario, columns, unit)
        return simulate_block(
            scenario, theta, own, numbers, threads=threads, world=world, progress=progress
        ).observables

    return run


def _key(scenario: Scenario, columns: dict[str, Prior], seed: int) -> str:
    """The name of all that decides a scenario's observables, row by row."""
    used = [
        column_for(name, scenario.name, columns) or "" for name in vector_names(scenario.leaders)
    ]
    text = json.dumps([scenario.name, scenario_hash(scenario), used, seed, model_hash()])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _chunks(start: int, stop: int, size: int) -> Iterator[slice]:
    for first in range(start, stop, size):
        yield slice(first, min(first + size, stop))
