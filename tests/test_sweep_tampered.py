"""A sweep whose files were changed after the fact: named, and done again on resume."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import sweep_case as case

from sim.cli import main
from sim.explore.effects import effects
from sim.explore.sweep import open_sweep, resume, sweep
from sim.explore.sweep_replay import replay_point
from sim.inputs import InputError

FIRST, SECOND = "rows/part_000000.parquet", "rows/part_000001.parquet"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole")
    return sweep(case.request(case.write(out)), out, threads=1).folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "copy")


def edited(folder: Path) -> None:
    table = pq.read_table(folder / FIRST)
    at = table.schema.get_field_index("observable.dead")
    table = table.set_column(at, table.schema.field(at), pc.add(table.column(at), 100.0))
    pq.write_table(table, folder / FIRST, compression="zstd")


def short(folder: Path) -> None:
    pq.write_table(pq.read_table(folder / FIRST).slice(0, 5), folder / FIRST)


def flipped(folder: Path) -> None:
    content = bytearray((folder / FIRST).read_bytes())
    content[len(content) // 3] ^= 1
    (folder / FIRST).write_bytes(content)


def cut(folder: Path) -> None:
    (folder / FIRST).write_bytes((folder / FIRST).read_bytes()[:700])


def empty(folder: Path) -> None:
    (folder / FIRST).write_bytes(b"")


def replaced(folder: Path) -> None:
    shutil.copyfile(folder / SECOND, folder / FIRST)


def swapped(folder: Path) -> None:
    first, second = (folder / FIRST).read_bytes(), (folder / SECOND).read_bytes()
    (folder / FIRST).write_bytes(second)
    (folder / SECOND).write_bytes(first)


def swapped_with_its_checksums(folder: Path) -> None:
    swapped(folder)
    sums = [folder / f"sums/part_00000{n}.sha256" for n in (0, 1)]
    texts = [path.read_text() for path in sums]
    for path, text in zip(sums, reversed(texts), strict=True):
        path.write_text(text)


def a_pipe(folder: Path) -> None:
    (folder / FIRST).unlink()
    os.mkfifo(folder / FIRST)


def without_its_checksum(folder: Path) -> None:
    (folder / "sums/part_000000.sha256").unlink()


def with_failures_that_never_were(folder: Path) -> None:
    (folder / "failed/part_000000.json").write_text('{"part": 0, "failures": [{"unit": 1}]}')


@pytest.mark.parametrize(
    "tamper",
    [
        edited,
        short,
        flipped,
        cut,
        empty,
        replaced,
        swapped,
        swapped_with_its_checksums,
        pytest.param(a_pipe, marks=pytest.mark.skipif(os.name == "nt", reason="no FIFOs")),
        without_its_checksum,
        with_failures_that_never_were,
    ],
)
def test_a_part_that_is_not_what_was_written_is_named_and_done_again(
    folder: Path, whole: Path, tamper: Callable[[Path], None]
) -> None:
    tamper(folder)
    with pytest.raises(InputError, match=r"part_000000.*sweep --resume does the part again"):
        effects(open_sweep(folder))
    said: list[str] = []
    resume(folder, threads=1, say=said.append)
    assert "part_000000" in said[0] and "done again" in said[0]
    shutil.rmtree(folder / "damaged")
    assert case.contents(folder) == case.contents(whole)


def test_a_part_too_many_is_named_and_left_out(folder: Path, whole: Path) -> None:
    shutil.copyfile(folder / SECOND, folder / "rows/part_000099.parquet")
    with pytest.raises(InputError, match=r"part_000099\.parquet is none of its 4 parts"):
        open_sweep(folder).dataset()
    said: list[str] = []
    done = resume(folder, threads=1, say=said.append)
    assert "part_000099.parquet is none of its 4 parts: left out" in said[0]
    assert len(done.frame()) == 7200
    assert (folder / "damaged/rows/part_000099.parquet").is_file()


def test_what_was_changed_stays_to_be_looked_at(folder: Path) -> None:
    edited(folder)
    changed = (folder / FIRST).read_bytes()
    resume(folder, threads=1)
    assert (folder / "damaged" / FIRST).read_bytes() == changed


def test_the_command_names_the_part_and_its_effects_are_those_of_one_go(
    folder: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--resume", str(whole), "--no-figures"]) == 0
    edited(folder)
    assert main(["phase", str(folder), "--observable", "dead"]) == 2
    said = capsys.readouterr().err
    assert f"{FIRST} is not what was written" in said and "nothing was written" in said
    assert main(["sweep", "--resume", str(folder), "--no-figures"]) == 0
    assert f"{FIRST} is not what was written: done again" in capsys.readouterr().out
    assert (folder / "effects.csv").read_bytes() == (whole / "effects.csv").read_bytes()
    (whole / "effects.csv").unlink()


def test_replaying_a_point_of_a_changed_part_names_the_part(folder: Path) -> None:
    edited(folder)
    with pytest.raises(InputError, match=r"part_000000\.parquet is not what was written"):
        replay_point(open_sweep(folder), 0, 3)


def test_checksums_are_those_that_a_shell_can_check(whole: Path) -> None:
    sums = sorted((whole / "sums").iterdir())
    assert [path.name for path in sums] == [f"part_00000{n}.sha256" for n in range(4)]
    assert sums[0].read_text().endswith("  rows/part_000000.parquet\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", r"manifest\.json:1:1: holds a list; expected a mapping"),
        ("null", r"manifest\.json:1:1: holds empty"),
        ('{\n "id": }', r"manifest\.json:2:8: no JSON"),
        ("", r"manifest\.json:1:1: no JSON"),
        (None, r"manifest\.json: cannot be read: No such file"),
    ],
)
def test_a_manifest_out_of_shape_is_named_with_its_place(
    folder: Path, text: str | None, said: str
) -> None:
    path = folder / "manifest.json"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(InputError, match=said):
        resume(folder)


@pytest.mark.parametrize(
    ("name", "value"), [("seed", -1), ("replicates", "x"), ("engine", "gpu"), ("points", None)]
)
def test_a_manifest_that_says_other_than_the_plan_is_named_with_its_line(
    folder: Path, name: str, value: object
) -> None:
    path = folder / "manifest.json"
    data = json.loads(path.read_text()) | {name: value}
    path.write_text(json.dumps(data, indent=2))
    line = list(data).index(name) + 2
    with pytest.raises(InputError, match=rf"manifest\.json:{line}: '{name}' is .*as in plan\.json"):
        open_sweep(folder)


def test_a_list_of_failures_that_cannot_be_read_is_named(folder: Path) -> None:
    shutil.rmtree(folder / "sums")  # as a sweep that was made before there were checksums
    (folder / "failed/part_000000.json").write_text('{"part": 0, "failures": [{"unit": 1}]}')
    with pytest.raises(InputError, match=r"part_000000\.json: the list of failures cannot be read"):
        _ = open_sweep(folder).failures


def test_a_table_of_rows_in_another_shape_is_named(folder: Path) -> None:
    pq.write_table(pa.table({"other": [1]}), folder / FIRST)
    with pytest.raises(InputError, match="is not what was written"):
        open_sweep(folder).frame(["observable.dead"])
