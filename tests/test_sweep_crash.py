"""A sweep under what happens to long computations: kill -9, a full disk, a locked one, Ctrl-C."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sweep_case as case

from sim.explore.request import make_plan
from sim.explore.sweep import begin, open_sweep, sweep

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    return case.write(tmp_path)


def command(*words: str | Path, **how: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, **how,  # type: ignore[call-overload]
    )  # fmt: skip


def finished(*words: str | Path, **how: object) -> tuple[int, str, str]:
    process = command(*words, **how)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def wait_for_parts(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        if len(list((folder / "rows").glob("part_*.parquet"))) >= count:
            return
        time.sleep(0.002)


def test_killed_at_ten_random_moments_and_resumed_it_ends_with_the_bytes_of_one_go(
    tmp_path: Path, twins: Path
) -> None:
    request = case.request(
        twins, vary=["compliance=0.3:1:40", "decisions.stop.shift_h=-4,4"], replicates=1200
    )
    whole = case.contents(sweep(request, tmp_path / "whole").folder)
    folder = begin(make_plan(request), tmp_path / "out").folder
    parts = len(list((tmp_path / "whole").rglob("part_*.parquet")))
    assert parts >= 20
    clock = random.Random(1)
    over = []
    for _ in range(10):
        process = command("sweep", "--resume", folder, "--no-figures", "--threads", "2")
        wait_for_parts(folder, len(open_sweep(folder).store.over()) + 1, process)
        time.sleep(clock.uniform(0, 0.12))  # amid runs, writes and renames
        process.kill()
        process.communicate()
        over.append(len(open_sweep(folder).store.over()))
    assert over == sorted(over)
    assert over[0] < parts  # it was killed in the middle
    code, _, err = finished("sweep", "--resume", folder, "--no-figures")
    assert code == 0, err
    (folder / "effects.csv").unlink()
    assert case.contents(folder) == whole


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path, twins: Path) -> None:
    request = case.request(twins, vary=["compliance=0.3:1:300"], replicates=1000)
    folder = begin(make_plan(request), tmp_path).folder
    process = command("sweep", "--resume", folder, "--threads", "2")
    wait_for_parts(folder, 2, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert f"run.py sweep --resume {folder}" in err
    assert "Traceback" not in err
    status = open_sweep(folder).status
    assert status["done"] > 0 and status["pending"] > 0
    assert not list(folder.rglob("*.partial"))


def test_who_presses_ctrl_c_again_and_again_is_told_how_to_go_on_too(
    tmp_path: Path, twins: Path
) -> None:
    request = case.request(twins, vary=["compliance=0.3:1:300"], replicates=1000)
    folder = begin(make_plan(request), tmp_path).folder
    process = command("sweep", "--resume", folder, "--threads", "2")
    wait_for_parts(folder, 2, process)
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "--resume" in err and str(folder) in err
    assert "Traceback" not in err


def test_a_disk_that_fills_up_is_named_and_nothing_half_written_stays(
    tmp_path: Path, twins: Path
) -> None:
    import resource

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    folder = begin(make_plan(case.request(twins)), tmp_path).folder
    code, _, err = finished(
        "sweep", "--resume", folder, "--no-figures", "--threads", "1", preexec_fn=little_room,
        env={**os.environ, "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", "")},
    )  # fmt: skip
    assert code == 1, err
    assert "the disk is full" in err and "--resume" in err
    assert "Traceback" not in err
    assert not list(folder.rglob("*.partial"))
    code, _, err = finished("sweep", "--resume", folder, "--no-figures")
    assert code == 0, err
    whole = sweep(case.request(twins), tmp_path / "whole").folder
    (folder / "effects.csv").unlink()
    assert case.contents(folder) == case.contents(whole)


NOBODY = """
import os, sys
sys.path.insert(0, {root!r})
from sim.cli import main
main(["sweep", "--resume", {warm!r}, "--no-figures"])
if os.geteuid() == 0:
    os.seteuid(65534)  # root may write everywhere
sys.exit(main({words!r}))
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder into which everybody can look; pytest's own is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def others_can_read_the_sources() -> bool:
    folders = [ROOT, *ROOT.parents]
    return all(folder.stat().st_mode & 0o001 for folder in folders)


@pytest.mark.skipif(
    os.geteuid() == 0 and not others_can_read_the_sources(),
    reason="run by root from a folder closed to the unprivileged user that the test becomes",
)
def test_a_folder_that_cannot_be_written_to_is_named(open_folder: Path) -> None:
    twins = case.write(open_folder)
    warm = sweep(case.request(twins, replicates=2), open_folder / "warm").folder
    folder = begin(make_plan(case.request(twins)), open_folder / "out").folder
    rows = folder / "rows"
    for locked in (folder, rows):
        locked.chmod(0o555)
    script = NOBODY.format(
        root=str(ROOT), warm=str(warm), words=["sweep", "--resume", str(folder), "--no-figures"]
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT,
                          timeout=120, check=False)  # fmt: skip
    for locked in (folder, rows):
        locked.chmod(0o755)
    assert done.returncode == 1, done.stderr
    assert "ermission denied" in done.stderr and str(folder) in done.stderr
    assert "Traceback" not in done.stderr
    assert open_sweep(folder).status["pending"] == 12
    assert finished("sweep", "--resume", folder, "--no-figures")[0] == 0


def test_a_result_folder_that_is_a_file_is_named_and_nothing_is_run(
    tmp_path: Path, twins: Path
) -> None:
    (tmp_path / "results").write_text("not a folder")
    code, _, err = finished(
        "sweep", twins, "--vary", "compliance=0.5,1", "--out", tmp_path / "results"
    )
    assert code == 2
    assert "not a folder" in err and "nothing was written" in err
