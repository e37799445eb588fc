"""A crew: who does the parts of a plan, threads of this machine or an existing Dask cluster."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any, Protocol

from sim.ensemble.parameter_draws import Posterior
from sim.ensemble.store import Failure
from sim.explore.plan import Plan
from sim.explore.work import Done, Worker
from sim.inputs import InputError, Problem
from sim.inputs.code_identity import changed_code, code_files

Task = tuple[int, tuple[int, ...] | None]
"""A part, and which of its units (None: all)."""

ANSWER_S = 15.0
"""Seconds in which a scheduler has to answer."""

SMALL = 1_000_000
"""Bytes of points up to which a plan travels with every task."""

GONE_S = 15.0
"""Seconds without the scheduler after which it counts as gone; the client tries meanwhile."""

LOOK_S = 1.0
"""Seconds between two looks at whether it is there."""

LOST_OFTEN = 3
"""So many times a part may lose the worker that does it before its units count as failed."""


class SchedulerLostError(OSError):
    """The scheduler of a cluster has gone; what was done until then is kept."""


class Crew(Protocol):
    """Does tasks in any order; what a task gives depends on nothing but the plan."""

    def work(self, tasks: Sequence[Task]) -> Iterator[Done]: ...


class Threads:
    """Threads on the compiled engine, which runs outside the interpreter's lock."""

    def __init__(self, worker: Worker, threads: int) -> None:
        self.worker, self.threads = worker, threads

    def work(self, tasks: Sequence[Task]) -> Iterator[Done]:
        """Never more than two parts per thread are held, however many there are."""
        inner = max(1, self.threads // max(1, len(tasks)))
        ahead = iter(tasks)
        pool = ThreadPoolExecutor(self.threads)
        pending: set[Future[Done]] = set()
        try:
            while True:
                for part, only in ahead:
                    pending.add(pool.submit(self.worker.part, part, only, inner))
                    if len(pending) >= 2 * self.threads:
                        break
                if not pending:
                    return
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:  # Ctrl-C and a full disk end here too: what is under way is let go
            pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """A Dask cluster that stands already, by its scheduler's address.

    Workers return bytes; the coordinator alone writes. They need the same code and libraries.
    """

    def __init__(self, address: str, plan: Plan, posterior: Posterior | None) -> None:
        self.address, self.client = address, _connected(address)
        self.plan, self.posterior = plan, posterior
        _check_workers(self.client, plan)

    def work(self, tasks: Sequence[Task]) -> Iterator[Done]:
        """A bounded number of parts is on its way at any time, so memory stays flat.

        Raises:
            SchedulerLostError: the scheduler has gone for longer than ``GONE_S``.
        """
        from distributed.scheduler import KilledWorker

        ahead = iter(tasks)
        over: queue.Queue[Any] = queue.Queue()
        task_of: dict[str, Task] = {}
        held: dict[str, Any] = {}  # Dask forgets a task to whose result nobody holds on
        lost: dict[int, int] = {}
        carried = self._carried()

        def submit(task: Task) -> None:
            part, only = task
            future = self.client.submit(
                do_part, carried, self.posterior, part, only, pure=False, retries=0,
                key=f"standdown-{self.plan.id}-{part}-{lost.get(part, 0)}-{time.monotonic_ns()}",
            )  # fmt: skip
            task_of[str(future.key)] = task
            future.add_done_callback(over.put)
            held[str(future.key)] = future

        try:
            for task in ahead:
                submit(task)
                if len(task_of) >= self._room():
                    break
            while task_of:
                future = self._next(over)
                held.pop(str(future.key))
                task = task_of.pop(str(future.key))
                error = future.exception(ANSWER_S) if future.status == "error" else None
                if future.status == "cancelled" or isinstance(error, KilledWorker):
                    lost[task[0]] = lost.get(task[0], 0) + 1
                    if lost[task[0]] < LOST_OFTEN:
                        carried = self._carried()  # what was lost may have been the plan itself
                        submit(task)
                        continue
                    yield _lost(self.plan, self.posterior, task)
                elif error is not None:
                    raise error
                else:
                    yield self._result(future)
                del future
                following = next(ahead, None)
                if following is not None:
                    submit(following)
        finally:
            held.clear()
            with suppress(Exception):
                self.client.close(timeout=5)

    def _next(self, over: queue.Queue[Any]) -> Any:
        """The next future that is over, whatever came of it; looks after the scheduler meanwhile.

        A client whose scheduler dies tries to reach it again and then closes, but nobody who waits
        for a result is told.
        """
        gone_since: float | None = None
        while True:
            with suppress(queue.Empty):
                future = over.get(timeout=LOOK_S)
                if future.status != "cancelled" or self.client.status == "running":
                    return future
            if self.client.status == "running":
                gone_since = None
                continue
            gone_since = gone_since or time.monotonic()
            if self.client.status == "closed" or time.monotonic() - gone_since > GONE_S:
                raise SchedulerLostError(f"the scheduler at {self.address} has gone")

    def _result(self, future: Any) -> Done:
        try:
            return future.result(timeout=GONE_S + ANSWER_S)
        except Exception as error:  # whatever Dask says when the scheduler dies amid the transfer
            if self.client.status == "running":
                raise
            raise SchedulerLostError(f"the scheduler at {self.address} has gone") from error

    def _carried(self) -> Any:
        """The plan as tasks carry it: in each if it is small, else once on every worker."""
        if self.plan.points.nbytes < SMALL:
            return self.plan
        return self.client.scatter(self.plan, broadcast=True, hash=False)

    def _room(self) -> int:
        cores = sum(self.client.nthreads().values())
        return 2 * max(1, cores)


def check_scheduler(address: str, plan: Plan) -> None:
    """Raises InputError unless a scheduler answers whose workers run this code."""
    client = _connected(address)
    _check_workers(client, plan)
    client.close(timeout=5)


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        problem = Problem(
            "--cluster", None, None, "Dask is not installed", "pip install 'standdown[cluster]'"
        )
        raise InputError([problem]) from None
    try:
        return Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        message = f"no scheduler answers: {reason}"
        problem = Problem(f"--cluster {address}", None, None, message, "tcp://HOST:PORT")
        raise InputError([problem]) from error


def _check_workers(client: Any, plan: Plan) -> None:
    """Refuse workers whose code or libraries would give other numbers."""
    for worker, files in client.run(code_files).items():
        changed = changed_code(plan.code, files)
        if changed:
            client.close(timeout=5)
            message = f"runs other code: {_few(changed)}"
            problem = Problem(f"worker {worker}", None, None, message, "the same versions")
            raise InputError([problem])


_WORKERS: dict[str, Worker] = {}


def do_part(plan: Plan, posterior: Posterior | None, part: int, only: Any) -> Done:
    """What a Dask worker does; one that came later checks its own code."""
    worker = _WORKERS.get(plan.id)
    if worker is None:
        changed = changed_code(plan.code, code_files())
        if changed:
            raise RuntimeError(f"a worker runs other code: {_few(changed)}")
        _WORKERS.clear()
        worker = _WORKERS.setdefault(plan.id, Worker(plan, posterior))
    return worker.part(part, only)


def _lost(plan: Plan, posterior: Posterior | None, task: Task) -> Done:
    """A part whose workers died again and again, as failures."""
    part, only = task
    message = f"{LOST_OFTEN} workers died while they did this part (out of memory?)"
    units = [u for u in plan.units_of(part) if only is None or u.number in only]
    failures = [
        Failure(unit.number, unit.point, -1, "worker", "KilledWorker", message, message,
                plan.seed, plan.labels_of(unit.point) | plan.values_of(unit.point))
        for unit in units
    ]  # fmt: skip
    return Done(part, Worker(plan, posterior).rows.joined([]), failures, 0)


def _few(items: list[str]) -> str:
    return ", ".join(items[:5]) + (f" and {len(items) - 5} more" if len(items) > 5 else "")
