"""The compiler's cache: damaged, closed, foreign or absent, runs go on and say what they did."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba
import pandas as pd
import pytest
from made_up import TWO_FACTIONS

from sim.cli import main
from sim.model import compiled as compiling
from sim.model.cache import CheckedCache, CheckedFile, cache_root, open_cache

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="owners and rights of POSIX")


def add_three(x):  # type: ignore[no-untyped-def]
    return x + 3


def called(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Compile `add_three` or fetch it from the cache, in a dispatcher of its own; it is right."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))
    dispatcher = numba.njit(add_three)
    dispatcher._cache = CheckedCache(add_three)
    assert dispatcher(4) == 7
    return dispatcher.stats


def emptied(content: bytes) -> bytes:
    return b""


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def garbage(content: bytes) -> bytes:
    return b"no such thing " * 100


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [emptied, cut, garbage, flipped])
def test_a_damaged_file_is_named_compiled_anew_and_mended(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    damage: Callable[[bytes], bytes],
) -> None:
    assert called(tmp_path, monkeypatch).cache_misses
    assert called(tmp_path, monkeypatch).cache_hits
    (path,) = tmp_path.rglob(f"*.{ending}")
    path.write_bytes(damage(path.read_bytes()))
    capsys.readouterr()
    assert called(tmp_path, monkeypatch).cache_misses
    assert f"cache is damaged ({path})" in capsys.readouterr().err
    assert called(tmp_path, monkeypatch).cache_hits
    assert not capsys.readouterr().err


def test_a_file_that_is_gone_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ending in ("nbi", "nbc"):
        called(tmp_path, monkeypatch)
        next(tmp_path.rglob(f"*.{ending}")).unlink()
        assert called(tmp_path, monkeypatch).cache_misses


def test_a_disk_without_room_for_the_compiled_code_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(CheckedFile, "_write", full)
    called(tmp_path, monkeypatch)
    assert "not kept for the next time: No space left" in capsys.readouterr().err


def test_no_home_at_all_is_no_cache_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    found = open_cache(cache_root(), "kernel-0")
    assert (found.path, found.why) == (None, "no home folder is known")
    assert not found.is_warm()


def test_a_folder_that_is_absent_or_a_file_in_its_place(tmp_path: Path) -> None:
    made = open_cache(tmp_path / "absent" / "root", "kernel-0")
    assert made.path is not None and made.path.is_dir()
    (tmp_path / "file").write_text("no folder")
    for root in (tmp_path / "file", tmp_path / "file" / "below"):
        found = open_cache(root, "kernel-0")
        assert found.path is None and str(tmp_path / "file") in found.why


def test_a_folder_that_others_can_write_to_is_passed_over(tmp_path: Path) -> None:
    kernel = tmp_path / "root" / "kernel-0"
    kernel.mkdir(parents=True)
    inner = kernel / "model_0"
    inner.mkdir()
    for path, mode in ((inner, 0o777), (kernel, 0o757), (kernel.parent, 0o777)):
        path.chmod(mode)
        found = open_cache(kernel.parent, "kernel-0")
        assert (found.path, found.why) == (None, f"others can write to {path}")
        path.chmod(0o755)
    kernel.parent.chmod(0o1777)  # as /tmp: nobody can rename what is another's
    assert open_cache(kernel.parent, "kernel-0").path == kernel


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_folder_of_another_user_is_passed_over(tmp_path: Path) -> None:
    kernel = tmp_path / "root" / "kernel-0"
    kernel.mkdir(parents=True)
    data = kernel / "data.nbc"
    data.touch()
    for path in (data, kernel, kernel.parent):
        os.chown(path, 12345, 12345)
        found = open_cache(kernel.parent, "kernel-0")
        assert (found.path, found.why) == (None, f"{path} belongs to another user")
        os.chown(path, 0, 0)


def test_a_cache_is_warm_when_it_holds_the_kernel_and_not_before(tmp_path: Path) -> None:
    found = open_cache(tmp_path, "kernel-0")
    assert found.path is not None
    (found.path / "draws.uniform-93.py311.1.nbc").touch()
    assert not found.is_warm()
    (found.path / "kernel.run_block-40.py311.1.nbc").touch()
    assert found.is_warm()


def test_old_states_of_the_sources_go_and_the_one_in_use_stays(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"kernel-{number}").mkdir()
        os.utime(tmp_path / f"kernel-{number}", (number, number))
    found = open_cache(tmp_path, "kernel-0")
    assert found.path is not None and found.path.is_dir()
    assert len(list(tmp_path.iterdir())) == 16


STRANGER = """
import os, sys
sys.path.insert(0, {root!r})
from sim.model.cache import cache_root, open_cache
os.setgroups([]); os.setegid(12345); os.seteuid(12345)
found = open_cache(cache_root(), "kernel-0")
print(found.path, "|", found.why)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(
    os.geteuid() != 0 or not all(f.stat().st_mode & 1 for f in (ROOT, *ROOT.parents)),
    reason="needs root's right to become somebody else, and sources that anybody can read",
)
def test_a_home_that_may_not_be_entered_is_named(open_folder: Path) -> None:
    locked = open_folder / "locked"
    locked.mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, "-c", STRANGER.format(root=str(ROOT))],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(locked), "NUMBA_CACHE_DIR": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"None | {locked / 'standdown'}: Permission denied"


def test_without_a_cache_the_reason_is_said_before_the_kernel_is_compiled(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    monkeypatch.setattr(compiling, "CACHE", open_cache(tmp_path, "kernel-0"))
    compiling.announce()
    said = capsys.readouterr().err
    assert f"it cannot be kept: others can write to {tmp_path}" in said


def test_with_the_compiler_switched_off_runs_go_on_with_the_same_numbers(tmp_path: Path) -> None:
    words = ["run", TWO_FACTIONS, "--replicates", "3", "--no-figures", "--threads", "1"]
    assert main([*words, "--out", str(tmp_path / "on")]) == 0
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words, "--out", str(tmp_path / "off")],
        capture_output=True,
        text=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("NUMBA_DISABLE_JIT is set") == 1
    tables = [
        pd.read_parquet(next((tmp_path / name).rglob("replicates.parquet")))
        for name in ("on", "off")
    ]
    pd.testing.assert_frame_equal(*tables, check_exact=True)


@pytest.mark.long
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [emptied, cut, garbage, flipped])
def test_a_run_with_a_damaged_kernel_compiles_it_anew_and_gives_the_same(
    tmp_path: Path, ending: str, damage: Callable[[bytes], bytes]
) -> None:
    words = ["run", TWO_FACTIONS, "--replicates", "4", "--no-figures", "--threads", "1"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "NUMBA_CACHE_DIR": ""}
    said = []
    for name in ("before", "after"):
        done = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), *words, "--out", str(tmp_path / name)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stderr)
        for path in (tmp_path / "cache").rglob(f"*.{ending}"):
            path.write_bytes(damage(path.read_bytes()))
    assert "compiling the kernel, once" in said[0] and "cache is damaged" in said[1]
    tables = [
        next((tmp_path / name).rglob("replicates.parquet")).read_bytes()
        for name in ("before", "after")
    ]
    assert tables[0] == tables[1]
