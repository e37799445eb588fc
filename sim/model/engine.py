"""The engine: runs a batch of replicates on the kernel or on Mesa, and keeps what is asked for."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model.compiled import IS_COMPILED, announce, say
from sim.model.job import FIRST_LOG_ROWS, Fork, Job, make_job
from sim.model.layout import SERIES, World, allocate
from sim.model.output import KEEPS, Output, name_events
from sim.model.rule_errors import errors_of
from sim.scenario.schema import Scenario

BLOCK = 64  # replicates that a thread takes at a time
ENGINES = ("kernel", "mesa")


def default_threads() -> int:
    return max(1, os.cpu_count() or 1)


def simulate_block(
    scenario: Scenario,
    theta: NDArray[np.float64],
    seed: int,
    replicates: Sequence[int] | NDArray[np.int64],
    keep: str = "totals",
    engine: str = "kernel",
    threads: int | None = None,
    fork: Fork | None = None,
    agents: dict[str, type] | None = None,
    world: World | None = None,
    progress: Callable[[int], None] | None = None,
) -> Output:
    """Run a batch of R replicates.

    ``keep``: ``totals`` (observables and order times), ``hourly`` (and the series) or ``log`` (and
    every event). ``agents`` replaces agent classes by name and needs the Mesa engine. The result
    does not depend on ``threads`` nor on ``engine``. ``progress`` is called with the number of
    replicates just done.
    """
    if keep not in KEEPS:
        raise ValueError(f"keep is {keep!r}, expected one of {', '.join(KEEPS)}")
    if engine not in ENGINES:
        raise ValueError(f"engine is {engine!r}, expected one of {', '.join(ENGINES)}")
    if agents and engine != "mesa":
        raise ValueError("agents of your own run on the Mesa engine: engine='mesa'")
    if agents and scenario.rules is not None:
        raise ValueError("agents of your own do not follow rules of your own: give one of the two")
    job = make_job(scenario, theta, seed, replicates, fork, world)
    if engine == "kernel" and not IS_COMPILED:
        _say_once(
            "NUMBA_DISABLE_JIT is set: runs go on Mesa, in plain Python; the same numbers, slowly"
        )
        engine = "mesa"
    with errors_of(scenario.rules):
        if engine == "mesa":
            from sim.model.mesa_engine import run_mesa

            return run_mesa(job, keep, agents or {}, progress)
        if keep == "log":
            return _run_logged(job, progress)
        return _run_kernel(job, keep, threads or default_threads(), progress)


@cache
def _say_once(line: str) -> None:
    say(line)


def _run_kernel(
    job: Job, keep: str, threads: int, progress: Callable[[int], None] | None
) -> Output:
    count = len(job.replicates)
    steps, places = int(job.world.run[0]["steps"]), len(job.world.places)
    rows = count if keep == "hourly" else 0
    output = Output(
        observables=np.empty((count, len(job.specs.rows))),
        orders=np.empty((count, len(job.world.decisions))),
        series=np.empty((rows, steps, places, len(SERIES)), np.float32),
    )
    compile_once(job, output)

    def work(first: int, last: int) -> None:
        state = allocate(job.world)
        for start in range(first, last, BLOCK):
            end = min(start + BLOCK, last)
            _call(job, state, start, end, output)
            if progress is not None:
                progress(end - start)

    threads = max(1, min(threads, -(-count // BLOCK)))
    if threads == 1:
        work(0, count)
    else:
        bounds = [count * i // threads for i in range(threads + 1)]
        with ThreadPoolExecutor(threads) as pool:
            for future in [pool.submit(work, bounds[i], bounds[i + 1]) for i in range(threads)]:
                future.result()
    output.orders[output.orders < 0] = np.nan
    return output


def _call(job: Job, state: Any, first: int, last: int, output: Output) -> int:
    return int(
        job.rulebook.run_block(
            job.world, job.after, job.fork_step, state, job.specs, job.theta, job.theta_after,
            job.seed, job.replicates, first, last, output.observables, output.orders,
            output.series,
        )
    )  # fmt: skip


def _run_logged(job: Job, progress: Callable[[int], None] | None) -> Output:
    count = len(job.replicates)
    steps, places = int(job.world.run[0]["steps"]), len(job.world.places)
    output = Output(
        observables=np.empty((count, len(job.specs.rows))),
        orders=np.empty((count, len(job.world.decisions))),
        series=np.empty((count, steps, places, len(SERIES)), np.float32),
    )
    compile_once(job, output)
    frames = []
    state = allocate(job.world, FIRST_LOG_ROWS)
    for r in range(count):
        events = _call(job, state, r, r + 1, output)
        if events > len(state.log):
            state = allocate(job.world, events)
            _call(job, state, r, r + 1, output)
        frames.append(name_events(job.scenario, int(job.replicates[r]), state.log[:events]))
        if progress is not None:
            progress(1)
    output.orders[output.orders < 0] = np.nan
    output.events = pd.concat(frames, ignore_index=True) if frames else None
    return output


def compile_once(job: Job, output: Output) -> None:
    """Compile the kernel or fetch it from the cache before any run; say so where it takes long.

    The collector pauses meanwhile: it would go through the compiler's trees again and again and
    find nothing, for a tenth of the time.
    """
    if job.rulebook.run_block.signatures:
        return
    rules = job.rulebook.rules
    announce(job.rulebook.cache, rules.name if rules is not None else "")
    collecting = gc.isenabled()
    gc.disable()
    try:
        _call(job, allocate(job.world), 0, 0, output)
    finally:
        if collecting:
            gc.enable()
