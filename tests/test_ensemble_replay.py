"""One replicate run again from its row is the same run, and a changed row is found out."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up import TWO_FACTIONS, two_factions

from sim.ensemble import Ensemble, manifest_of, read_result, replay, simulate, write_result
from sim.inputs import InputError


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
