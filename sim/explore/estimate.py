"""An estimate: how many runs a sweep is, how long it takes and how much disk, from a few runs."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sim.ensemble.parameter_draws import Posterior, read_posterior
from sim.explore.plan import Plan, Unit
from sim.explore.work import StageError, Worker

TRIAL_RUNS = {"kernel": 512, "mesa": 4}


@dataclass(frozen=True)
class Estimate:
    """What finishing a sweep will take.

    Attributes:
        points, replicates, runs: how many.
        seconds: on this machine with these threads; NaN-free, 0 runs take 0.
        rate: runs per second of one thread.
        disk: bytes.
        free: bytes free where it goes.
    """

    points: int
    replicates: int
    runs: int
    seconds: float
    rate: float
    disk: int
    free: int

    def __str__(self) -> str:
        return (
            f"{self.points:,} points x {self.replicates:,} replicates = {self.runs:,} runs; "
            f"about {duration(self.seconds)} and {size(self.disk)} of disk "
            f"({size(self.free)} are free)"
        )


def estimate(plan: Plan, out: str | Path, threads: int, share: float = 1.0) -> Estimate:
    """Time a few runs of the first, middle and last point.

    Args:
        share: of the runs that are still to be done.
    """
    posterior: Posterior | None = read_posterior(plan.posterior) if plan.posterior else None
    worker = Worker(plan, posterior)
    with suppress(StageError):
        worker.run(Unit(0, 0, 0, 1))  # compiles, if that is still due
    runs, spent = 0, 0.0
    for part in sorted({0, plan.part_count // 2, plan.part_count - 1}):
        begun = time.perf_counter()
        runs += _trial(worker, part)
        spent += time.perf_counter() - begun
    rate = runs / spent
    left = round(plan.runs * share)
    return Estimate(
        len(plan.points), plan.replicates, left, left / rate / max(1, threads), rate,
        round(_disk(plan) * share), free_at(out),
    )  # fmt: skip


def _trial(worker: Worker, part: int) -> int:
    """Do a little of a part as it will be done; returns how many runs that were."""
    units = list(worker.plan.units_of(part))
    first = units[0]
    each = first.last - first.first
    most = TRIAL_RUNS[worker.plan.engine]
    if each > 4 * most:
        with suppress(StageError):  # it will be listed as failed; the others tell the time
            worker.run(Unit(first.number, first.point, first.first, first.first + most))
        return most
    some = units[: max(1, most // each)]
    return worker.part(part, [unit.number for unit in some]).runs


def _disk(plan: Plan) -> int:
    """Bytes: what differs from row to row hardly shrinks, what repeats takes next to nothing."""
    worker = Worker(plan)
    schema = worker.rows.schema
    drawn = {
        name
        for scenario in worker.rows.scenarios
        for name in worker.rows.parameters
        if name not in {axis.path for axis in plan.axes} and not _is_fixed(scenario, name)
    }
    rows = plan.runs if plan.per == "replicate" else len(plan.points)
    outputs = sum(1 for name in schema.names if name.startswith(("observable.", "order.")))
    # every point repeats the same draws, so beyond the dictionary a code per row is left
    different = rows if plan.per == "point" else min(rows, plan.replicates * plan.part_count)
    per_row = 3 * outputs + (2 * len(drawn) if plan.per == "replicate" else 0)
    fixed = plan.part_count * (len(schema) * 180 + 2000)
    return rows * per_row + different * 8 * len(drawn) + fixed + 16 * len(plan.points)


def _is_fixed(scenario: object, name: str) -> bool:
    from sim.scenario import Scenario, effective_priors

    assert isinstance(scenario, Scenario)
    priors = effective_priors(scenario)
    return name not in priors or priors[name].is_fixed


def free_at(out: str | Path) -> int:
    """Bytes free where a folder is or will be."""
    folder = Path(out).absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def duration(seconds: float) -> str:
    """Seconds in words that one would say."""
    if seconds < 1:
        return "a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def size(count: float) -> str:
    """Bytes in decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
