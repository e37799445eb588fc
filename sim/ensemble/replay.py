"""Replaying one replicate of a result: run again from its row, and proven to be the same run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.manifest import versions
from sim.ensemble.parameter_draws import as_vectors
from sim.ensemble.result import BASELINE, Result, read_result
from sim.inputs import InputError, Problem
from sim.inputs.code_identity import code_hash
from sim.model import Fork, simulate_block

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Replay:
    """One replicate run again.

    Attributes:
        replicate: its number.
        events: its log, one row per event in order.
        observables: [K] values, now.
        differing: names of the observables and orders whose value is not the stored one to the
            bit; empty when the replay is the run.
        changed: what differs from the manifest: ``code``, or a library's name with its versions.
    """

    replicate: int
    events: pd.DataFrame
    observables: pd.Series
    differing: list[str]
    changed: list[str]

    @property
    def is_same(self) -> bool:
        return not self.differing


def replay(result: Result, replicate: int, engine: str | None = None) -> Replay:
    """Run one replicate of a result again, with the engine of the result if none is given.

    Raises:
        InputError: the result has no such replicate, or its parts do not fit together.
    """
    _check_replicate(result, replicate)
    theta = as_vectors(result.parameters.loc[[replicate]])
    scenario, fork = result.scenario, None
    if result.manifest.fork_at is not None:
        before = read_result(result.folder.parent / BASELINE)
        _check_replicate(before, replicate)
        fork = Fork(datetime.fromisoformat(result.manifest.fork_at), scenario, theta)
        scenario, theta = before.scenario, as_vectors(before.parameters.loc[[replicate]])
    try:
        output = simulate_block(
            scenario,
            theta,
            result.manifest.seed,
            [replicate],
            keep="log",
            engine=engine or result.manifest.engine,
            threads=1,
            fork=fork,
        )
    except ValueError as error:
        problem = Problem(str(result.folder), None, None, f"cannot be run again: {error}")
        raise InputError([problem]) from error
    if output.events is None:
        raise RuntimeError("the engine kept no log")
    names = list(result.observables.columns)
    row = result.parameters.index.get_loc(replicate)
    differing = _differing(names, output.observables[0], result.observables.to_numpy()[row])
    orders = _differing(
        list(result.orders.columns), output.orders[0], result.orders.to_numpy()[row]
    )
    return Replay(
        replicate,
        output.events,
        pd.Series(output.observables[0], names),
        differing + [f"order {name}" for name in orders],
        _changed(result),
    )


def _check_replicate(result: Result, replicate: int) -> None:
    known = result.parameters.index
    if replicate not in known:
        expected = f"a whole number from {known.min()} to {known.max()}"
        message = f"the result has no replicate {replicate}"
        raise InputError([Problem(str(result.folder), None, None, message, expected)])


def _differing(names: list[str], now: Values, then: Values) -> list[str]:
    """Names whose values differ in any bit; a missing value equals a missing value."""
    same = (_bits(now) == _bits(then)) | (np.isnan(now) & np.isnan(then))
    return [name for name, equal in zip(names, same, strict=True) if not equal]


def _bits(values: Values) -> NDArray[np.uint64]:
    return np.ascontiguousarray(values, dtype=np.float64).view(np.uint64)


def _changed(result: Result) -> list[str]:
    changed = [] if code_hash() == result.manifest.code_hash else ["code"]
    for name, version in versions().items():
        before = result.manifest.versions.get(name)
        if before != version:
            changed.append(f"{name} {before} then, {version} now")
    return changed
