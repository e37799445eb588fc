"""Result folders made by many processes at once: none lost, none taken by another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_up import TWO_FACTIONS

from sim.ensemble import folder as folders
from sim.ensemble.addition import added_files
from sim.ensemble.folder import LOCK, lock_file, new_folder, whole_folder

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are forked")
YEARS_AGO = (1e8, 1e8)

WRITERS = """
import os, sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from sim.ensemble.folder import new_folder
parent = Path({parent!r})
def work(number):
    for turn in range({turns}):
        while time.time() < {start} + 0.02 * turn:
            pass
        with new_folder(parent / {name}) as folder:
            for part in range(3):
                (folder.hidden / f"part_{{part}}").write_text(f"{{number}} {{turn}}")
            (folder.hidden / "log").mkdir()
children = []
for number in range({writers}):
    child = os.fork()
    if not child:
        try:
            work(number)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    children.append(child)
failed = [child for child in children if os.waitpid(child, 0)[1]]
sys.exit(len(failed))
"""


def written(parent: Path, name: str, writers: int, turns: int) -> set[str]:
    """What the folders hold after so many writers; fails where one of them did."""
    program = WRITERS.format(
        root=str(ROOT), parent=str(parent), name=name, writers=writers, turns=turns, start=0
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return {(folder / "part_2").read_text() for folder in parent.iterdir()}


@pytest.mark.parametrize("name", ["'same'", "f'own_{number}_{turn}'"])
def test_sixteen_writers_at_once_each_get_every_folder(tmp_path: Path, name: str) -> None:
    parent = tmp_path / "deep" / "results"
    found = written(parent, name, 16, 20)
    assert found == {f"{number} {turn}" for number in range(16) for turn in range(20)}
    assert not list(parent.glob(".*"))
    assert not list(parent.glob(f"*/{LOCK}"))


RUNS = """
import os, sys
sys.path.insert(0, {root!r})
from sim.cli import main
words = ["run", {scenario!r}, "--replicates", "4", "--no-figures", "--threads", "1"]
main([*words, "--out", {warm!r}])
children = []
for number in range(200):
    child = os.fork()
    if not child:
        sys.stdout = open(os.devnull, "w")
        seed = str(number % 2 and number)
        os._exit(main([*words, "--seed", seed, "--out", {out!r}]))
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


@pytest.mark.long
def test_two_hundred_runs_at_once_all_finish_half_of_them_identical(tmp_path: Path) -> None:
    out = tmp_path / "results"
    program = RUNS.format(
        root=str(ROOT), scenario=TWO_FACTIONS, out=str(out), warm=str(tmp_path / "warm")
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stderr
    folders_made = list((out / "two_factions").iterdir())
    assert len(folders_made) == 200
    assert all((folder / "manifest.json").is_file() for folder in folders_made)


def test_what_lives_stays_however_old_its_clock_says_it_is(tmp_path: Path) -> None:
    with new_folder(tmp_path / "long") as slow:
        os.utime(slow.hidden, YEARS_AGO)  # as from a machine whose clock stands still
        with whole_folder(tmp_path / "quick"):
            pass
        assert slow.hidden.is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long", "quick"]


def test_what_a_killed_run_held_goes_a_day_later(tmp_path: Path) -> None:
    dead = tmp_path / ".dead.0123abcd.partial"
    dead.mkdir()
    (dead / LOCK).touch()
    os.utime(dead, YEARS_AGO)
    with whole_folder(tmp_path / "next"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["next"]


def test_where_locks_cannot_be_asked_for_nothing_of_others_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / ".other.0123abcd.partial"
    other.mkdir()
    (other / LOCK).touch()
    os.utime(other, YEARS_AGO)
    monkeypatch.setattr(folders, "lock_file", lambda *_, **__: None)
    with whole_folder(tmp_path / "next"):
        pass
    assert other.is_dir()


def test_a_hidden_folder_that_vanishes_while_others_are_looked_at_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (tmp_path / f".gone.0000000{number}.partial").symlink_to(tmp_path / "nowhere")
    with whole_folder(tmp_path / "next"):
        pass
    assert (tmp_path / "next").is_dir()


def test_a_fixed_name_that_is_taken_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    final = tmp_path / "export"
    with pytest.raises(FileExistsError) as caught, whole_folder(final):
        final.mkdir()
        (final / "mine").write_text("kept")
    assert caught.value.filename == str(final)
    assert [path.name for path in tmp_path.rglob("*")] == ["export", "mine"]


def test_the_lock_of_a_folder_in_the_making_is_held(tmp_path: Path) -> None:
    with new_folder(tmp_path / "a") as folder, open(folder.hidden / LOCK, "wb") as file:
        assert lock_file(file.fileno()) is False


class Stop(Exception):
    """Whatever goes wrong."""


def test_files_added_to_a_folder_are_all_there_or_none(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "phase.svg").write_text("mine")
    (tmp_path / "report.html").write_text("before")
    with pytest.raises(Stop), added_files(tmp_path) as hidden:
        (hidden / "report.html").write_text("half")
        raise Stop
    assert (tmp_path / "report.html").read_text() == "before"
    with added_files(tmp_path) as hidden:
        (hidden / "figures").mkdir()
        (hidden / "figures" / "effects.svg").write_text("new")
        (hidden / "report.html").write_text("after")
    found = {str(p.relative_to(tmp_path)): p.read_text() for p in tmp_path.rglob("*.*")}
    assert found == {
        "figures/phase.svg": "mine",
        "figures/effects.svg": "new",
        "report.html": "after",
    }


def test_files_that_cannot_all_be_added_leave_those_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("before")
    (tmp_path / "z.csv").mkdir()
    (tmp_path / "z.csv" / "held").write_text("before")
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "z.csv" and self.is_file():
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="No space"), added_files(tmp_path) as hidden:
        for name in ("a.csv", "b.csv", "z.csv"):
            (hidden / name).write_text("after")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "z.csv"]
    assert (tmp_path / "a.csv").read_text() == "before"
    assert (tmp_path / "z.csv" / "held").read_text() == "before"
