"""Simulating an ensemble: blocks of replicates over threads, the same numbers for any of either."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.ensemble import Ensemble, step_times
from sim.ensemble.parameter_draws import Posterior, as_vectors, draw_parameters, read_posterior
from sim.model import Fork, Output, build_world, simulate_block
from sim.model.own_rules import Rules, read_rules
from sim.scenario.parameters import vector_names
from sim.scenario.schema import Scenario

BLOCK = {"kernel": 4096, "mesa": 16}
"""Replicates per thread between two looks at Ctrl-C; no result depends on it."""

Progress = Callable[[int], None]


def simulate(
    scenario: Scenario,
    replicates: int | Sequence[int] = 500,
    seed: int = 1,
    engine: str = "kernel",
    *,
    threads: int | None = None,
    keep: str = "hourly",
    posterior: Posterior | str | None = None,
    theta: pd.DataFrame | None = None,
    progress: Progress | None = None,
    logs: int = 3,
    variant: str | None = None,
    fork: Fork | None = None,
    agents: dict[str, type] | None = None,
    rules: Rules | None = None,
) -> Ensemble:
    """Run a scenario many times.

    Every replicate is a pure function of (scenario, seed, its number, its parameters); the number
    of threads, the blocks and the other replicates do not matter.

    Args:
        scenario: as `load_scenario` returns it.
        replicates: how many (numbered from 0), or the numbers themselves.
        seed: 0 or above.
        engine: ``kernel`` (compiled) or ``mesa`` (to read and to watch; the same numbers).
        threads: None = one per core.
        keep: ``hourly``, or ``totals`` for observables and orders only.
        posterior: draws to resample instead of the priors, or the path of their Parquet file.
        theta: [R x NP] parameters to use as they are instead of any draw.
        progress: called with the number of replicates done since it was last called.
        logs: of how many replicates, from the first, the event log is kept.
        variant: label of the variant that was applied to `scenario`.
        fork: another future from an hour on; the ensemble is then the other scenario's, with the
            history of `scenario` up to that hour.
        agents: agent classes of one's own by name; they run on ``mesa`` only.
        rules: a file of rules of one's own, for both engines; None for those that `scenario` runs
            under already, the model's if none.

    Raises:
        ValueError: an impossible argument.
        InputError: a posterior or a file of rules that cannot be used.
    """
    numbers = (
        np.arange(replicates, dtype=np.int64)
        if isinstance(replicates, int)
        else np.array([int(r) for r in replicates], dtype=np.int64)
    )
    _check(numbers, seed, engine, keep)
    if rules is not None:
        scenario = scenario.under(read_rules(rules))
    if isinstance(posterior, (str, os.PathLike)):
        posterior = read_posterior(posterior)
    if theta is None:
        theta = draw_parameters(scenario, seed, numbers, posterior)
    else:
        theta = _as_drawn(theta, scenario, numbers)
    threads = threads or available_cores()
    world = build_world(scenario)
    # filled block by block, so that a million runs of totals stay below a gigabyte
    observables = np.empty((len(numbers), len(scenario.observables)))
    orders = np.empty((len(numbers), len(scenario.decisions)))
    parts = []
    for block in _blocks(len(numbers), BLOCK[engine] * threads):
        part = simulate_block(
            scenario,
            as_vectors(theta.iloc[block]),
            seed,
            numbers[block],
            keep=keep,
            engine=engine,
            threads=threads,
            world=world,
            progress=progress,
            fork=_part_of(fork, block),
            agents=agents,
        )
        observables[block], orders[block] = part.observables, part.orders
        if keep == "hourly":
            parts.append(part)
    events = None
    if logs > 0:
        events = simulate_block(
            scenario,
            as_vectors(theta.iloc[:logs]),
            seed,
            numbers[:logs],
            keep="log",
            engine=engine,
            threads=1,
            world=world,
            fork=_part_of(fork, slice(0, logs)),
            agents=agents,
        ).events
    index = theta.index
    if fork is not None:
        scenario, theta = fork.scenario, pd.DataFrame(fork.theta, theta.index, theta.columns)
    return Ensemble(
        scenario=scenario,
        variant=variant,
        seed=seed,
        parameters=theta,
        observables=pd.DataFrame(
            observables, index, [o.id for o in scenario.observables], copy=False
        ),
        orders=pd.DataFrame(orders, index, [d.id for d in scenario.decisions], copy=False),
        hourly=_joined(parts) if keep == "hourly" else {},
        times=step_times(scenario.clock),
        places=[place.id for place in scenario.places],
        events=events,
        engine=engine,
        posterior=posterior.path if posterior is not None else None,
        fork_at=fork.at if fork is not None else None,
    )


def _part_of(fork: Fork | None, rows: slice) -> Fork | None:
    return None if fork is None else replace(fork, theta=fork.theta[rows])


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check(numbers: NDArray[np.int64], seed: int, engine: str, keep: str) -> None:
    if not len(numbers) or numbers.min() < 0 or numbers.max() >= 2**32:
        raise ValueError("give at least one replicate, numbered from 0 to 2^32 - 1")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed} is not from 0 to 2^63 - 1")
    if engine not in BLOCK:
        raise ValueError(f"engine {engine!r} is none of {', '.join(BLOCK)}")
    if keep not in ("hourly", "totals"):
        raise ValueError(f"keep {keep!r} is neither 'hourly' nor 'totals'")


def _as_drawn(theta: pd.DataFrame, scenario: Scenario, numbers: NDArray[np.int64]) -> pd.DataFrame:
    names = vector_names(scenario.leaders)
    if sorted(theta.columns) != sorted(names):
        raise ValueError("the columns of theta are not the scenario's parameters")
    if len(theta) != len(numbers):
        raise ValueError(f"theta has {len(theta)} rows for {len(numbers)} replicates")
    return theta[names].set_axis(pd.Index(numbers, name="replicate")).astype(np.float64)


def _blocks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def _joined(parts: list[Output]) -> dict[str, NDArray[np.float32]]:
    """The series of all blocks, one block after another."""
    if len(parts) == 1:
        return parts[0].hourly
    series = [part.hourly for part in parts]
    return {name: np.concatenate([one[name] for one in series]) for name in series[0]}
