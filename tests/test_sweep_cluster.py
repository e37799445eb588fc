"""A sweep on a Dask cluster: the bytes of the threads, whatever the workers go through."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sweep_case as case

from sim.explore.request import make_plan
from sim.explore.sweep import begin, carry_on, resume, sweep
from sim.inputs import InputError

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
