"""The store: the same bytes whatever happened between, and one that fails fails alone."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import sweep_case as case

from sim.ensemble.store import Store
from sim.explore.request import make_plan
from sim.explore.sweep import begin, carry_on, open_sweep, resume, sweep
from sim.explore.sweep_replay import replay_point
from sim.explore.work import StageError
from sim.inputs import InputError
from sim.model.agents import LeaderAgent
from sim.scenario.parameters import INDEX


class StopError(Exception):
    """Stands for whatever stops a sweep from outside."""


def stop_after(parts: int) -> Any:
    left = [parts]

    def progress(_: int) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise StopError

    return progress


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    return case.write(tmp_path)


@pytest.fixture
def whole(tmp_path: Path, twins: Path) -> dict[str, bytes]:
    return case.contents(sweep(case.request(twins), tmp_path / "whole", threads=1).folder)


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_stopped_after_any_part_and_resumed_gives_the_bytes_of_one_go(
    tmp_path: Path, twins: Path, whole: dict[str, bytes], workers: int
) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    for parts in (1, 1, 2):
        with pytest.raises(StopError):
            carry_on(begun, threads=workers, progress=stop_after(parts))
    before = {name: file for name, file in case.contents(begun.folder).items() if "rows/" in name}
    done = resume(begun.folder, threads=workers)
    assert len(before) >= 3
    assert case.contents(done.folder) == whole
    assert before.items() <= whole.items()  # what was in place was not changed
    assert done.status == {"done": 12, "failed": 0, "pending": 0}


def test_a_finished_sweep_is_left_alone_by_a_resume(tmp_path: Path, twins: Path) -> None:
    done = sweep(case.request(twins), tmp_path / "out")
    times = {p: p.stat().st_mtime_ns for p in done.store.row_files()}
    resume(done.folder)
    assert {p: p.stat().st_mtime_ns for p in done.store.row_files()} == times


def test_what_a_killed_writer_left_half_written_counts_for_nothing(
    tmp_path: Path, twins: Path, whole: dict[str, bytes]
) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    (begun.folder / "rows" / ".part_000001.parquet.abcd.partial").write_bytes(b"half")
    (begun.folder / "failed" / "part_000002.json").write_text(
        json.dumps({"part": 2, "failures": [{"unit": 6}]})  # its rows never came
    )
    assert begun.status == {"done": 0, "failed": 0, "pending": 12}
    resume(begun.folder)
    assert case.contents(begun.folder) == whole


def test_two_at_a_time_are_refused(tmp_path: Path, twins: Path) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    with begun.store.locked(), pytest.raises(InputError, match="another process"):
        carry_on(begun)


def refusal(folder: Path, **how: Any) -> str:
    with pytest.raises(InputError) as caught:
        resume(folder, **how)
    return str(caught.value)


def test_a_changed_scenario_is_refused_and_the_change_is_named(tmp_path: Path, twins: Path) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    data = case.data()
    data["dyads"][0]["hostility"] = 0.7
    twins.write_text(json.dumps(data))
    said = refusal(begun.folder)
    assert "dyads.reds-blues.hostility (0.8 then, 0.7 now)" in said
    assert begun.status["pending"] == 12


def test_a_scenario_that_is_gone_does_no_harm(
    tmp_path: Path, twins: Path, whole: dict[str, bytes]
) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    twins.unlink()
    assert case.contents(resume(begun.folder).folder) == whole


def test_changed_code_is_refused_and_the_files_are_named(
    tmp_path: Path, twins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    now = {**begun.plan.code, "sim/model/rules.py": "0" * 16, "numpy": "0.1"}
    monkeypatch.setattr("sim.explore.unchanged.code_files", lambda: now)
    said = refusal(begun.folder)
    assert "sim/model/rules.py" in said
    assert "numpy" in said and "0.1 now" in said
    assert "sim/model/kernel.py" not in said


@pytest.mark.parametrize("key", ["seed", "replicates", "axes"])
def test_a_plan_that_was_edited_is_refused(tmp_path: Path, twins: Path, key: str) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    path = begun.folder / "plan.json"
    data = json.loads(path.read_text())
    data[key] = data[key][::-1] if key == "axes" else data[key] + 1
    path.write_text(json.dumps(data))
    assert "not those that were written" in refusal(begun.folder)


def test_a_folder_that_is_no_sweep_is_named(tmp_path: Path) -> None:
    assert "no such folder" in refusal(tmp_path / "nowhere")
    assert "no plan.json" in refusal(tmp_path)


class Brittle(LeaderAgent):
    """Breaks in one replicate of one point, as an agent of one's own may."""

    broken = True

    def __init__(self, model: Any, *others: Any) -> None:
        super().__init__(model, *others)
        compliance = float(model.state.parameters[INDEX["compliance"]])
        replicate = int(model.state.run[0]["replicate"])
        if Brittle.broken and compliance == 0.6 and replicate == 1:
            raise RuntimeError("a leader breaks")


@pytest.fixture
def brittle(twins: Path) -> Any:
    Brittle.broken = True
    return case.request(
        twins, vary=["compliance=0.3,0.6,1"], replicates=3, engine="mesa",
        agents={"leader": Brittle},
    )  # fmt: skip


def test_one_that_fails_fails_alone_and_is_listed_with_what_repeats_it(
    tmp_path: Path, brittle: Any
) -> None:
    done = sweep(brittle, tmp_path / "out")
    assert done.status == {"done": 2, "failed": 1, "pending": 0}
    one = done.failures[0]
    assert (one.point, one.replicate, one.stage, one.seed) == (1, 1, "run", 1)
    assert (one.error, one.message) == ("RuntimeError", "a leader breaks")
    assert "in __init__" in one.traceback
    assert one.values["compliance"] == 0.6
    assert sorted(set(done.frame()["point"])) == [0, 2]
    with pytest.raises(StageError) as caught:
        replay_point(done, one.point, one.replicate, brittle.agents)
    assert str(caught.value.__cause__) == "a leader breaks"


def test_what_failed_is_done_again_on_request_and_nothing_else(
    tmp_path: Path, brittle: Any
) -> None:
    done = sweep(brittle, tmp_path / "out")
    before = case.contents(done.folder)
    again = resume(done.folder, agents=brittle.agents, retry_failed=True)
    assert again.status["failed"] == 1
    Brittle.broken = False
    healed = resume(done.folder, agents=brittle.agents, retry_failed=True)
    assert healed.status == {"done": 3, "failed": 0, "pending": 0}
    assert before.items() <= case.contents(done.folder).items()
    frame = healed.frame()
    assert list(frame["point"]) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    Brittle.broken = True
    assert resume(done.folder, agents=brittle.agents).status["failed"] == 0


def test_agents_must_be_the_same_on_resume(tmp_path: Path, brittle: Any) -> None:
    done = sweep(brittle, tmp_path / "out")
    assert "agents" in refusal(done.folder)


def test_a_point_that_cannot_be_built_fails_alone(
    tmp_path: Path, twins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.explore import work

    real = work.build_world

    def build(scenario: Any) -> Any:
        if scenario.decisions[0].shift_h == 4:
            raise ValueError("no such world")
        return real(scenario)

    monkeypatch.setattr("sim.explore.work.build_world", build)
    done = sweep(case.request(twins), tmp_path / "out")
    assert {failure.stage for failure in done.failures} == {"scenario"}
    assert [failure.point for failure in done.failures] == [6, 7, 8]
    assert set(done.frame()["point"]) == set(range(12)) - {6, 7, 8}


def test_a_disk_that_cannot_be_written_to_leaves_the_store_whole(
    tmp_path: Path, twins: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    real, puts = Store.put, []

    def put(self: Store, *arguments: Any) -> None:
        puts.append(1)
        if len(puts) > 2:
            raise OSError(28, "No space left on device")
        real(self, *arguments)

    monkeypatch.setattr(Store, "put", put)
    with pytest.raises(OSError, match="No space"):
        carry_on(begun)
    monkeypatch.undo()
    assert len(open_sweep(begun.folder).store.over()) == 2
    assert not list(begun.folder.rglob("*.partial"))
    assert case.contents(resume(begun.folder).folder) == whole


def test_threads_are_let_go_when_a_sweep_is_stopped(tmp_path: Path, twins: Path) -> None:
    begun = begin(make_plan(case.request(twins)), tmp_path / "out")
    before = threading.active_count()
    with pytest.raises(StopError):
        carry_on(begun, threads=4, progress=stop_after(1))
    assert threading.active_count() == before
