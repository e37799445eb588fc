"""Event logs of a result: its replicates run again, since only a few logs are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import pandas as pd

from sim.ensemble.parameters import as_vectors
from sim.ensemble.result import BASELINE, Result, read_result
from sim.inputs import InputError, Problem
from sim.model import Fork, simulate_block

BLOCK = 25
"""Replicates whose logs are in memory at once."""


def logs(result: Result, replicates: Sequence[int]) -> Iterator[pd.DataFrame]:
    """The logs of `replicates`, `BLOCK` of them at a time, as the engine gives them.

    Raises:
        InputError: the result has no such replicate.
    """
    missing = [number for number in replicates if number not in result.parameters.index]
    if missing:
        known = result.parameters.index
        raise InputError([Problem(str(result.folder), None, None,
                                  f"the result has no replicate {missing[0]}",
                                  f"a number from {known.min()} to {known.max()}")])  # fmt: skip
    fork_at = result.manifest.fork_at
    before = read_result(result.folder.parent / BASELINE) if fork_at is not None else None
    for start in range(0, len(replicates), BLOCK):
        block = list(replicates[start : start + BLOCK])
        scenario, theta, fork = result.scenario, as_vectors(result.parameters.loc[block]), None
        if before is not None and fork_at is not None:
            fork = Fork(datetime.fromisoformat(fork_at), scenario, theta)
            scenario, theta = before.scenario, as_vectors(before.parameters.loc[block])
        output = simulate_block(
            scenario, theta, result.manifest.seed, block, keep="log",
            engine=result.manifest.engine, threads=1, fork=fork,
        )  # fmt: skip
        if output.events is None:
            raise RuntimeError("the engine kept no log")
        yield output.events
