"""Whatever the streams, the terminal and the signals: what is said of the disk is so."""

from __future__ import annotations

import io
import os
import runpy
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from made_up import TWO_FACTIONS

from sim.cli import main
from sim.cli.entry import stopped_politely

ROOT = Path(__file__).parent.parent
FEW = ["--replicates", "20", "--no-figures", "--threads", "1"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="streams and signals of POSIX")


def the_result(out: Path) -> Path:
    (folder,) = (out / "two_factions").iterdir()
    assert (folder / "manifest.json").is_file()
    return folder


def test_a_full_standard_output_is_named_with_the_result_that_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path)]) == 1
        monkeypatch.undo()
    said = capsys.readouterr().err
    assert f"standard output: the disk is full; this stands: {the_result(tmp_path)}" in said
    assert "nothing was written" not in said


def test_a_full_standard_output_of_a_command_that_writes_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["check", TWO_FACTIONS]) == 1
        monkeypatch.undo()
    assert "standard output: the disk is full; nothing was written" in capsys.readouterr().err


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_standard_output_is_named_even_where_python_keeps_nothing_back(
    unbuffered: str,
) -> None:
    words = [sys.executable, str(ROOT / "run.py"), "check", TWO_FACTIONS]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            words, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=300,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "standard output: the disk is full; nothing was written\n"


def test_closed_streams_lose_neither_the_result_nor_a_file(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "run.py"), "run", TWO_FACTIONS, *FEW, "--out", "here"]
    line = " ".join(f"'{word}'" for word in words) + " >&- 2>&- <&-"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, check=False, timeout=300)
    assert done.returncode == 0
    the_result(tmp_path / "here")


@pytest.mark.parametrize(
    ("encoding", "errors"),
    [("ascii", "strict"), ("latin-1", "strict"), ("ascii", "surrogateescape")],  # last: locale C
)
def test_letters_that_the_output_does_not_have_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, errors: str
) -> None:
    poor = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=errors, write_through=True)
    monkeypatch.setattr(sys, "stdout", poor)
    monkeypatch.setenv("COLUMNS", "50")  # titles are cut with an ellipsis
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path)]) == 0
    said = poor.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert f"written: {the_result(tmp_path)}" in said


@pytest.mark.parametrize("columns", [1, 2, 11, 12, 30])
def test_a_terminal_of_any_width_is_written_to(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path)]) == 0
    assert f"written: {the_result(tmp_path)}" in capsys.readouterr().out


def test_stopped_after_the_result_is_in_place_it_says_that_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.rename

    def renamed(self: Path, target: Any) -> Path:
        found = real(self, target)
        signal.raise_signal(signal.SIGINT)  # between the rename and the note of it
        return found

    monkeypatch.setattr(Path, "rename", renamed)
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path)]) == 130
    said = capsys.readouterr().err
    assert f"stopped; this stands: {the_result(tmp_path)}" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_way_of_stopping_cleans_up_once_and_the_next_leaves_it_in_peace(
    number: signal.Signals,
) -> None:
    cleaned = []
    with pytest.raises(KeyboardInterrupt), stopped_politely():
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(number)
            cleaned.append(number)
    assert cleaned == [number]


def test_a_signal_that_was_ignored_from_the_start_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopped_politely():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_ctrl_c_while_the_program_is_loaded_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Loading(types.ModuleType):
        def __getattr__(self, name: str) -> None:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "sim.cli", Loading("sim.cli"))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "run.py"), run_name="__main__")
    assert ended.value.code == 130
