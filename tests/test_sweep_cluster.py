"""A sweep on a Dask cluster: the bytes of the threads, whatever the workers go through."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sweep_case as case

from sim.cli import main
from sim.explore.crew import Cluster, SchedulerLostError
from sim.explore.request import make_plan
from sim.explore.sweep import begin, carry_on, resume, sweep
from sim.inputs import InputError

ROOT = Path(__file__).parent.parent
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as running:
        yield running


def test_a_worker_killed_in_the_middle_changes_nothing(cluster: Any, tmp_path: Path) -> None:
    request = case.request(case.write(tmp_path), vary=["compliance=0.3:1:60"], replicates=500)
    here = sweep(request, tmp_path / "threads", threads=2)
    begun = begin(make_plan(request), tmp_path / "cluster")
    killed: list[int] = []

    def progress(_: int) -> None:
        if not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    there = carry_on(begun, cluster=cluster.scheduler_address, progress=progress)
    assert killed
    assert there.status == {"done": 60, "failed": 0, "pending": 0}
    assert case.contents(there.folder) == case.contents(here.folder)


def test_begun_on_threads_and_finished_on_the_cluster(cluster: Any, tmp_path: Path) -> None:
    request = case.request(case.write(tmp_path), per="point")
    whole = sweep(request, tmp_path / "whole", threads=1)
    begun = begin(make_plan(request), tmp_path / "out")

    def stop(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        carry_on(begun, threads=1, progress=stop)
    done = resume(begun.folder, cluster=cluster.scheduler_address)
    assert case.contents(done.folder) == case.contents(whole.folder)


def test_workers_with_other_code_are_refused(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(case.request(case.write(tmp_path)))
    begun = begin(plan, tmp_path / "out")
    monkeypatch.setitem(plan.code, "sim/model/rules.py", "0" * 16)
    with pytest.raises(InputError, match=r"runs other code: sim/model/rules\.py"):
        carry_on(begun, cluster=cluster.scheduler_address)
    assert begun.status["pending"] == 12


def test_no_scheduler_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.explore.crew.ANSWER_S", 0.5)
    begun = begin(make_plan(case.request(case.write(tmp_path))), tmp_path / "out")
    with pytest.raises(InputError, match="no scheduler answers"):
        carry_on(begun, cluster="tcp://127.0.0.1:9")


def test_no_scheduler_leaves_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.explore.crew.ANSWER_S", 0.5)
    words = ["--vary", "compliance=0.3,1", "--replicates", "5", "--out", str(tmp_path / "out")]
    twins = str(case.write(tmp_path))
    assert main(["sweep", twins, *words, "--cluster", "tcp://127.0.0.1:9"]) == 2
    said = capsys.readouterr().err
    assert "no scheduler answers" in said and "nothing was written" in said
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="no scheduler answers"):
        sweep(case.request(Path(twins)), tmp_path / "out", cluster="tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()


class Silent:
    """A client whose futures never end, as Dask leaves them when the scheduler dies."""

    def __init__(self, states: list[str]) -> None:
        self.states = states

    @property
    def status(self) -> str:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


def waiting(states: list[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("sim.explore.crew.LOOK_S", 0.01)
    monkeypatch.setattr("sim.explore.crew.GONE_S", 0.05)
    crew = Cluster.__new__(Cluster)
    crew.client, crew.address = Silent(states), "tcp://there:1"
    return crew


@pytest.mark.parametrize("states", [["running", "closed"], ["running", "connecting"]])
def test_a_scheduler_that_has_gone_ends_the_wait(
    monkeypatch: pytest.MonkeyPatch, states: list[str]
) -> None:
    crew = waiting(states, monkeypatch)
    with pytest.raises(SchedulerLostError, match="the scheduler at tcp://there:1 has gone"):
        crew._next(queue.Queue())


def test_a_scheduler_that_comes_back_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = waiting(["running", *["connecting"] * 2, "running"], monkeypatch)
    over: queue.Queue[Any] = queue.Queue()
    done = SimpleNamespace(status="finished")
    timer = threading.Timer(0.3, over.put, [done])
    timer.start()
    assert crew._next(over) is done
    timer.join()


def quietly(command: list[str]) -> subprocess.Popen[bytes]:
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, stdout=nowhere, stderr=nowhere)


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_scheduler_killed_in_the_middle_ends_the_sweep_with_what_goes_on(tmp_path: Path) -> None:
    address = "tcp://127.0.0.1:18787"
    dask = [sys.executable, "-m", "dask"]
    where = ["--host", "127.0.0.1", "--port", "18787", "--no-dashboard"]
    scheduler = quietly([*dask, "scheduler", *where])
    worker = quietly([*dask, "worker", address, "--nthreads", "1", "--no-dashboard"])
    words = ["sweep", str(case.write(tmp_path)), "--vary", "compliance=0.3:1:300"]
    words += ["--replicates", "3000", "--out", str(tmp_path / "out"), "--no-figures"]
    command = [sys.executable, "run.py", *words, "--cluster", address]
    try:
        with distributed.Client(address, timeout=60) as client:
            client.wait_for_workers(1, timeout=60)
        running = subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)
        while running.poll() is None and len(list(tmp_path.rglob("part_*.parquet"))) < 2:
            time.sleep(0.05)
        scheduler.kill()
        said = running.communicate(timeout=60)[1]
    finally:
        scheduler.kill()
        worker.kill()
    assert running.returncode == 1
    assert f"the scheduler at {address} has gone" in said
    assert "run.py sweep --resume" in said
    assert "Traceback" not in said
