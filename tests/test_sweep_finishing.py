"""The last step of a sweep: effects, figures and report, all in place or none, and said so."""

from __future__ import annotations

import errno
import io
import signal
from pathlib import Path
from typing import Any

import pytest
import sweep_case as case

from sim.cli import main
from sim.explore.request import make_plan
from sim.explore.sweep import begin, open_sweep
from sim.show.reports import sweep_report

FINISHED = ("effects.csv", "report.html", "figures")


def full_disk(path: Path) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


def ctrl_c(_: Path) -> None:
    signal.raise_signal(signal.SIGINT)


def polite_kill(_: Path) -> None:
    signal.raise_signal(signal.SIGTERM)


def closed_terminal(_: Path) -> None:
    signal.raise_signal(signal.SIGHUP)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "with space"
    twins = case.write(tmp_path)
    return begin(make_plan(case.request(twins, vary=["compliance=0.3,1"])), out).folder


def interrupted_after_some_files(monkeypatch: pytest.MonkeyPatch, stop: Any) -> None:
    def writing(_: object, table: object, target: Path) -> None:
        (target / "figures").mkdir()
        (target / "figures" / "effects.svg").write_text("<svg half")
        stop(target)

    monkeypatch.setattr(sweep_report, "write_sweep_report", writing)


@pytest.mark.parametrize(
    ("stop", "code", "why"),
    [
        (full_disk, 1, "the disk is full"),
        (ctrl_c, 130, "stopped"),
        (polite_kill, 130, "stopped"),
        (closed_terminal, 130, "stopped"),
    ],
)
def test_stopped_in_the_last_step_it_leaves_none_of_it_and_says_what_is_kept(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    stop: Any,
    code: int,
    why: str,
) -> None:
    with monkeypatch.context() as patched:
        interrupted_after_some_files(patched, stop)
        assert main(["sweep", "--resume", str(folder)]) == code
    said = capsys.readouterr().err
    assert f"{why}; 2 of 2 units are done and kept" in said
    assert f"run.py sweep --resume '{folder}'" in said
    assert "nothing was written" not in said
    assert not [name for name in FINISHED if (folder / name).exists()]
    assert not list(folder.glob(".*.partial"))
    assert open_sweep(folder).status == {"done": 2, "failed": 0, "pending": 0}
    assert main(["sweep", "--resume", str(folder), "--no-figures"]) == 0
    assert (folder / "effects.csv").is_file()


def test_stopped_while_it_finishes_anew_what_stood_before_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["sweep", "--resume", str(folder), "--no-figures"]) == 0
    before = case.contents(folder)
    interrupted_after_some_files(monkeypatch, full_disk)
    assert main(["sweep", "--resume", str(folder)]) == 1
    assert case.contents(folder) == before


class FillsUp(io.StringIO):
    """An output whose disk is full by the time the last line is printed."""

    is_full = False

    def write(self, text: str) -> int:
        self.is_full = self.is_full or text.startswith("written:")
        self.flush()
        return super().write(text)

    def flush(self) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_standard_output_after_the_last_step_is_named_as_such(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", FillsUp())
        assert main(["sweep", "--resume", str(folder), "--no-figures"]) == 1
    said = capsys.readouterr().err
    assert "standard output: the disk is full; 2 of 2 units are done and kept" in said
    assert (folder / "effects.csv").is_file()


def test_what_a_killed_process_left_of_the_last_step_goes_with_the_next_one(
    folder: Path,
) -> None:
    half = folder / ".added.0123abcd.partial"
    half.mkdir()
    (half / ".held").touch()
    (half / "effects.csv").write_text("half")
    assert main(["sweep", "--resume", str(folder), "--no-figures"]) == 0
    assert not half.exists()
