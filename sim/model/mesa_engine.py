"""The Mesa engine: the same batch as the kernel's, one model after the other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sim.model.escalation import EscalationModel
from sim.model.job import FIRST_LOG_ROWS, Job
from sim.model.layout import SERIES
from sim.model.measures import measure
from sim.model.output import Output, name_events


def run_mesa(
    job: Job, keep: str, agents: dict[str, type], progress: Callable[[int], None] | None = None
) -> Output:
    """Run a batch on Mesa; the output equals the kernel's to the last bit."""
    count = len(job.replicates)
    steps, places = int(job.world.run[0]["steps"]), len(job.world.places)
    rows = 0 if keep == "totals" else count
    output = Output(
        observables=np.empty((count, len(job.specs.rows))),
        orders=np.empty((count, len(job.world.decisions))),
        series=np.empty((rows, steps, places, len(SERIES)), np.float32),
    )
    frames = []
    for r in range(count):
        log_rows = FIRST_LOG_ROWS if keep == "log" else 0
        model = run_one(job, r, agents, log_rows)
        events = int(model.state.run[0]["events"])
        if log_rows and events > log_rows:
            model = run_one(job, r, agents, events)
        measure(job.world, model.state, job.specs, output.observables[r])
        output.orders[r] = model.state.decisions["issued"]
        if rows:
            output.series[r] = model.state.series
        if keep == "log":
            frames.append(
                name_events(job.scenario, int(job.replicates[r]), model.state.log[:events])
            )
        if progress is not None:
            progress(1)
    output.orders[output.orders < 0] = np.nan
    if frames:
        output.events = pd.concat(frames, ignore_index=True)
    return output


def run_one(job: Job, row: int, agents: dict[str, type], log_rows: int) -> EscalationModel:
    """One finished replicate: row ``row`` of the batch."""
    model = EscalationModel(
        job.scenario, job.world, job.theta[row], job.seed, int(job.replicates[row]), agents,
        log_rows,
    )  # fmt: skip
    for step in range(int(job.world.run[0]["steps"])):
        if step == job.fork_step:
            model.enter(job.after, job.theta_after[row])
        model.step()
    model.dispose()
    return model
