"""A sweep: started, stopped, resumed and read back; the same bytes whatever happened between."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds

from sim.ensemble.manifest import versions
from sim.ensemble.parameter_draws import Posterior, parameters_line, read_posterior
from sim.ensemble.simulation import available_cores
from sim.ensemble.store import DAMAGED, ROWS, Failure, Store, unit_status
from sim.explore.axis import Axis
from sim.explore.crew import Cluster, Crew, Task, Threads, check_scheduler
from sim.explore.plan import Plan, read_plan
from sim.explore.request import Request, make_plan
from sim.explore.unchanged import MANIFEST, check_manifest, check_unchanged
from sim.explore.work import Worker
from sim.inputs import InputError, Problem
from sim.inputs.program import command_text
from sim.scenario import Scenario

Progress = Callable[[int], None]
Say = Callable[[str], None]


@dataclass(frozen=True, repr=False)
class Sweep:
    """A sweep on disk, finished or not."""

    folder: Path
    plan: Plan

    @property
    def store(self) -> Store:
        return Store(self.folder)

    @property
    def failures(self) -> list[Failure]:
        return self.store.failures()

    @property
    def status(self) -> Mapping[str, int]:
        """Units ``done``, ``failed`` and ``pending``."""
        store = self.store
        return unit_status(
            store.failures(), store.over(), self.plan.unit_count, self.plan.units_per_part
        )

    @property
    def scenarios(self) -> list[Scenario]:
        return [source.scenario for source in self.plan.sources]

    @property
    def id(self) -> str:
        return self.plan.id[:10]

    @property
    def drawn_from(self) -> str:
        """Which parameters were drawn, but for what the sweep varies, in a sentence."""
        return parameters_line(self.plan.posterior)

    def __repr__(self) -> str:
        return f"{self.drawn_from}\nSweep in {self.folder}: {dict(self.status)}"

    def dataset(self) -> ds.Dataset:
        """The rows as one Arrow dataset, larger than memory if need be.

        Raises InputError where a part is not what was written.
        """
        self.store.check(self.plan.part_count)
        files = [str(path) for path in self.store.row_files()]
        return ds.dataset(files, format="parquet")

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """All rows (or some columns of them), in the order of points and replicates."""
        if not self.store.row_files():
            return pd.DataFrame()
        frame = self.dataset().to_table(columns=columns).to_pandas()
        keys = [key for key in ("point", "replicate") if key in frame]
        if any("_retry" in path.name for path in self.store.row_files()) and keys:
            frame = frame.sort_values(keys, kind="stable", ignore_index=True)
        return frame


def sweep(
    request: Request,
    out: str | Path = "results",
    *,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    command: list[str] | None = None,
) -> Sweep:
    """Plan, start and finish a sweep. A crash leaves a folder that `resume` finishes.

    Args:
        threads: None = one per core. No number depends on it.
        cluster: address of a Dask scheduler to use instead.
        progress: called with the number of runs just done.

    Raises:
        InputError: what is asked for cannot be run; no folder is made then.
        OSError: it cannot be written, or the scheduler has gone (`SchedulerLostError`).
    """
    plan = make_plan(request)
    if cluster is not None:
        check_scheduler(cluster, plan)
    begun = begin(plan, out, command)
    return carry_on(begun, threads=threads, cluster=cluster, progress=progress,
                    agents=request.agents)  # fmt: skip


def begin(plan: Plan, out: str | Path, command: list[str] | None = None) -> Sweep:
    """Make the folder ``out/<scenario>/<time>-<id>`` with the plan in it; nothing is run."""
    created = datetime.now(UTC).replace(microsecond=0)
    name = f"{created:%Y%m%d-%H%M%S}-{plan.id[:10]}-sweep"
    folder = plan.sources[0].name if len({s.name for s in plan.sources}) == 1 else "several"
    with Store.created(Path(out) / folder / name) as new:
        _write_plan(plan, new.hidden, created, command)
    return Sweep(new.final, plan)


def begin_in(plan: Plan, folder: Path) -> Sweep:
    """Make exactly this folder, or take up the same plan in it."""
    if folder.exists():
        return open_sweep(folder)
    with Store.created(folder) as new:
        _write_plan(plan, new.hidden, datetime.now(UTC).replace(microsecond=0), None)
    return Sweep(new.final, plan)


def _write_plan(plan: Plan, hidden: Path, created: datetime, command: list[str] | None) -> None:
    plan.write(hidden)
    for number, source in enumerate(plan.sources):
        text = json.dumps(source.data, indent=1, ensure_ascii=False)
        (hidden / f"scenario_{number}.yaml").write_text(text + "\n", encoding="utf-8")
    manifest = {
        "id": plan.id[:10],
        "kind": "sweep",
        "created": created.isoformat(),
        "command": command_text(command) if command else "",
        "scenarios": ", ".join(sorted({s.path for s in plan.sources})),
        "scenario_hashes": ", ".join(s.hash for s in plan.sources),
        "code_hash": plan.code_hash,
        "posterior": plan.posterior,
        "seed": plan.seed, "points": len(plan.points), "replicates": plan.replicates,
        "engine": plan.engine, "versions": versions(),
    }  # fmt: skip
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (hidden / MANIFEST).write_text(text + "\n", encoding="utf-8")


def open_sweep(folder: str | Path) -> Sweep:
    """A sweep from its folder, finished or not; raises InputError if there is none."""
    data = Store(folder).plan()
    found = Sweep(Path(folder), read_plan(Path(folder), data))
    check_manifest(found.folder, found.plan)
    return found


def resume(
    folder: str | Path,
    *,
    retry_failed: bool = False,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    agents: Mapping[str, type] | None = None,
    say: Say | None = None,
) -> Sweep:
    """Do what is missing of a sweep, and with `retry_failed` what failed.

    A part that is not what was written is done again; `say` is called with its name.

    Raises:
        InputError: code, libraries, scenario, posterior or agents are not those it began with;
            says what changed. Nothing is run then.
    """
    found = open_sweep(folder)
    check_unchanged(found.folder, found.plan, agents or {})
    return carry_on(
        found,
        retry_failed=retry_failed,
        threads=threads,
        cluster=cluster,
        progress=progress,
        agents=agents or {},
        say=say,
    )


def carry_on(
    begun: Sweep,
    *,
    retry_failed: bool = False,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    agents: Mapping[str, type] | None = None,
    say: Say | None = None,
) -> Sweep:
    """Do the parts that are not over and put each in place; the caller has checked the code."""
    with begun.store.locked():
        for line in mend(begun):
            if say is not None:
                say(line)
        work_on(
            begun,
            retry_failed=retry_failed,
            threads=threads,
            cluster=cluster,
            progress=progress,
            agents=agents,
        )
    return begun


def mend(begun: Sweep) -> list[str]:
    """Set aside the parts that are not what was written, so that they are done again.

    The caller holds the store's lock. Returns a line for each.
    """
    lines = []
    for part, wrong in begun.store.damaged(begun.plan.part_count).items():
        begun.store.set_aside(part)
        again = "done again" if part < begun.plan.part_count else "left out"
        lines.append(f"{'; '.join(wrong)}: {again}; what was there is in {DAMAGED}/")
    return lines


def work_on(
    begun: Sweep,
    *,
    retry_failed: bool = False,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    agents: Mapping[str, type] | None = None,
) -> None:
    """As `carry_on`, for a caller that holds the store's lock and has called `mend`."""
    plan, store = begun.plan, begun.store
    tasks, retries = _tasks(plan, store, retry_failed)
    if not tasks:
        return
    posterior = read_posterior(plan.posterior) if plan.posterior else None
    crew = _crew(plan, posterior, threads, cluster, agents or {})
    results = crew.work(tasks)
    try:
        for done in results:
            retry = retries.get(done.part, 0)
            store.put(done.part, done.rows, done.failures, retry)
            if progress is not None:
                progress(done.runs)
    finally:
        if isinstance(results, Iterator) and hasattr(results, "close"):
            results.close()


def _tasks(plan: Plan, store: Store, retry_failed: bool) -> tuple[list[Task], dict[int, int]]:
    over = store.over()
    tasks: list[Task] = [(part, None) for part in range(plan.part_count) if part not in over]
    retries: dict[int, int] = {}
    if retry_failed:
        failed: dict[int, list[int]] = {}
        for failure in store.failures():
            failed.setdefault(failure.unit // plan.units_per_part, []).append(failure.unit)
        tasks += [(part, tuple(units)) for part, units in failed.items()]
        retries = {part: store.next_retry(part) for part in failed}
    return tasks, retries


def _crew(
    plan: Plan, posterior: Posterior | None, threads: int | None, cluster: str | None,
    agents: Mapping[str, type],
) -> Crew:  # fmt: skip
    if cluster is None:
        return Threads(Worker(plan, posterior, dict(agents)), threads or available_cores())
    if agents:
        problem = Problem("--cluster", None, None, "agents of your own run on threads only")
        raise InputError([problem])
    return Cluster(cluster, plan, posterior)


__all__ = ["MANIFEST", "ROWS", "Axis", "Sweep", "begin", "begin_in", "carry_on", "check_unchanged",
           "open_sweep", "resume", "sweep"]  # fmt: skip
