"""One replicate run again from its row is the same run, and a changed row is found out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up import TWO_FACTIONS, two_factions

from sim.ensemble import Ensemble, manifest_of, read_result, replay, simulate, write_result
from sim.inputs import InputError

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return simulate(two_factions(), 12, seed=2)


@pytest.fixture(scope="module")
def folder(ensemble: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    manifest = manifest_of(ensemble, "run.py run", TWO_FACTIONS)
    return write_result(ensemble, manifest, tmp_path_factory.mktemp("results"))


@pytest.mark.parametrize("replicate", [0, 7, 11])
def test_replay_equals_the_stored_row(folder: Path, ensemble: Ensemble, replicate: int) -> None:
    again = replay(read_result(folder), replicate)
    assert again.is_same and again.differing == [] and again.changed == []
    assert again.observables.equals(ensemble.observables.loc[replicate].rename(None))
    dead = again.events[["dead_a", "dead_b"]].sum(axis=None)
    assert dead == ensemble.hourly["dead"][replicate].sum()


def test_replay_on_mesa_equals_the_row_of_the_kernel(folder: Path) -> None:
    assert replay(read_result(folder), 3, engine="mesa").differing == []


def test_row_that_was_tampered_with_is_found_out(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    table = pq.read_table(copy / "replicates.parquet")
    name = "observable.dead_upper"
    values = table[name].to_numpy().copy()
    values[7] = np.nextafter(values[7], np.inf)
    position = table.schema.get_field_index(name)
    table = table.set_column(position, table.schema.field(name), pa.array(values))
    pq.write_table(table, copy / "replicates.parquet")
    again = replay(read_result(copy), 7)
    assert not again.is_same
    assert again.differing == ["dead_upper"]
    assert replay(read_result(copy), 6).is_same


def test_result_of_other_code_says_so(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    text = (copy / "manifest.json").read_text()
    stored = read_result(folder).manifest
    text = text.replace(stored.code_hash, "0" * 64)
    text = text.replace(f'"numpy": "{stored.versions["numpy"]}"', '"numpy": "0.1"')
    (copy / "manifest.json").write_text(text)
    changed = replay(read_result(copy), 0).changed
    assert changed[0] == "code"
    assert changed[1].startswith("numpy 0.1 then")


def test_replicate_that_is_not_there_is_an_input_error(folder: Path) -> None:
    with pytest.raises(InputError, match="no replicate 12; expected a whole number from 0 to 11"):
        replay(read_result(folder), 12)


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "copy")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("seed", -1, r"'seed' is -1; expected a whole number from 0 to 2\^63 - 1"),
        ("seed", "x", "'seed' is 'x'; expected a whole number"),
        ("seed", None, "'seed' is empty; expected a whole number"),
        ("seed", True, "'seed' is true; expected a whole number"),
        ("engine", "gpu", "'engine' is 'gpu'; expected kernel or mesa"),
        ("engine", [], "'engine' is a list; expected kernel or mesa"),
        ("versions", [], "'versions' is a list; expected a mapping"),
        ("fork_at", "soon", "'fork_at' is 'soon'; expected a time"),
        ("created", "", "'created' is ''; expected a time"),
    ],
)
def test_manifest_out_of_shape_is_named_with_its_line(
    copied: Path, name: str, value: object, expected: str
) -> None:
    path = copied / "manifest.json"
    data = json.loads(path.read_text()) | {name: value}
    path.write_text(json.dumps(data, indent=2))
    lines = path.read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith(f'  "{name}"'))
    with pytest.raises(InputError, match=rf"manifest\.json:{line}: {expected}"):
        read_result(copied)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", r"manifest\.json:1:1: holds a list; expected a mapping"),
        ("null", r"manifest\.json:1:1: holds empty; expected a mapping"),
        ("{}", r"manifest\.json: 'form' is missing"),
        ('{"form": 1}', "'engine' is missing; expected kernel or mesa"),
        ('{\n"form": 1,,}', r"manifest\.json:2:11: no JSON"),
        ("[" * 100_000, r"manifest\.json: cannot be read"),
        ("\udcff", r"manifest\.json: cannot be read"),
    ],
)
def test_manifest_that_is_no_mapping_is_named(copied: Path, text: str, expected: str) -> None:
    (copied / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=expected):
        read_result(copied)


def test_rows_that_are_doubled_missing_or_words_are_named(copied: Path) -> None:
    path = copied / "replicates.parquet"
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table, table.slice(4, 1)]), path)
    with pytest.raises(InputError, match="replicate 4 stands there more than once"):
        read_result(copied)
    pq.write_table(table.slice(0, 11), path)
    with pytest.raises(InputError, match=r"has 11 rows; manifest\.json says 12"):
        read_result(copied)
    pq.write_table(table.drop_columns(["compliance"]), path)
    with pytest.raises(InputError, match=r"cannot be read: .*compliance"):
        read_result(copied)
    at = table.schema.get_field_index("compliance")
    pq.write_table(table.set_column(at, "compliance", pa.array(["x"] * 12)), path)
    with pytest.raises(InputError, match="cannot be read: could not convert"):
        read_result(copied)


def test_manifest_names_the_folder_that_its_paths_start_from(folder: Path) -> None:
    named = Path(read_result(folder).manifest.working_folder)
    assert (ROOT / named).resolve() == Path.cwd()
