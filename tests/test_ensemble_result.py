"""A result is whole or not there, and the same seed gives the same bytes."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_up import TWO_FACTIONS, two_factions

from sim.ensemble import (
    Ensemble,
    Manifest,
    manifest_of,
    read_result,
    result_folder,
    simulate,
    tables,
    write_result,
)
from sim.ensemble.acled_form import COLUMNS, acled_events
from sim.ensemble.folder import whole_folder
from sim.ensemble.levels import quantile_row, quantiles
from sim.inputs import InputError

NOON = datetime(2030, 6, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return simulate(two_factions(), 20, seed=5)


@pytest.fixture(scope="module")
def manifest(ensemble: Ensemble) -> Manifest:
    return manifest_of(ensemble, "run.py run", TWO_FACTIONS, created=NOON)


@pytest.fixture(scope="module")
def written(
    ensemble: Ensemble, manifest: Manifest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write_result(ensemble, manifest, tmp_path_factory.mktemp("results"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_gives_the_same_bytes_in_another_process(written: Path, tmp_path: Path) -> None:
    program = f"""
import sys
sys.path[:0] = {[str(Path(__file__).parent), *sys.path]!r}
from test_ensemble_result import NOON, TWO_FACTIONS
from made_up import two_factions
from sim.ensemble import manifest_of, simulate, write_result
ensemble = simulate(two_factions(), 20, seed=5, threads=1)
manifest = manifest_of(ensemble, "run.py run", TWO_FACTIONS, created=NOON)
write_result(ensemble, manifest, {str(tmp_path)!r})
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    again = files(tmp_path / "two_factions" / written.name)
    assert again == files(written)
    assert len(again) == 7  # manifest, scenario, replicates, hourly, three logs


def test_folder_is_named_after_time_and_id(written: Path, manifest: Manifest) -> None:
    assert written.name == f"20300601-120000-{manifest.id}"
    assert written.parent.name == "two_factions"


def test_manifest_says_what_it_was_made_from(written: Path) -> None:
    data = json.loads((written / "manifest.json").read_text())
    assert data["created"] == "2030-06-01T12:00:00+00:00"
    assert (data["seed"], data["replicates"], data["engine"]) == (5, 20, "kernel")
    assert len(data["code_hash"]) == len(data["scenario_sha256"]) == 64
    assert {"python", "numpy", "numba", "mesa"} <= set(data["versions"])


def test_id_changes_with_the_seed_and_with_nothing_idle(ensemble: Ensemble) -> None:
    same = simulate(two_factions(), 20, seed=5, threads=2, logs=0)
    other = simulate(two_factions(), 20, seed=6)
    assert manifest_of(same, "another command").id == manifest_of(ensemble, "run.py run").id
    assert manifest_of(other, "run.py run").id != manifest_of(ensemble, "run.py run").id


def test_result_reads_back_as_it_was(written: Path, ensemble: Ensemble) -> None:
    result = read_result(written)
    assert result.scenario == ensemble.scenario
    for name in ("parameters", "observables", "orders"):
        pd.testing.assert_frame_equal(
            getattr(result, name), getattr(ensemble, name), check_exact=True
        )
    hourly = result.hourly()
    dead = hourly[(hourly["replicate"] == 4) & (hourly["place"] == "upper")]["dead"]
    np.testing.assert_array_equal(dead, ensemble.hourly["dead"][4, :, 0])
    assert hourly["time"].iloc[0].isoformat() == "2030-05-01T06:00:00+03:00"


def test_every_column_carries_its_unit(written: Path) -> None:
    for name in ("replicates.parquet", "hourly.parquet"):
        for field in pq.read_schema(written / name):
            assert field.metadata[b"unit"] and field.metadata[b"title"], field.name
    schema = pq.read_schema(written / "replicates.parquet")
    assert schema.field("observable.first_clash").metadata[b"unit"] == b"h since clock start"
    assert schema.field("clash_rate").metadata[b"unit"] == b"clashes/h at full contact"


def test_many_replicates_leave_quantiles_by_the_hour(
    ensemble: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "EACH_UP_TO", 10)
    table = tables.hourly_table(ensemble).to_pandas()
    assert len(table) == 5 * 48 * 2
    chosen = table[(table["quantile"] == 0.75) & (table["place"] == "upper")]["cells"]
    wanted = np.quantile(ensemble.hourly["cells"][:, :, 0], 0.75, axis=0)
    np.testing.assert_array_equal(chosen, wanted.astype(np.float32))


def test_log_in_acled_columns_has_the_runs_deaths(written: Path, ensemble: Ensemble) -> None:
    log = pd.read_csv(written / "events" / "replicate_000002.csv")
    assert list(log.columns) == list(COLUMNS)
    assert log["fatalities"].sum() == ensemble.hourly["dead"][2].sum()
    assert log["event_id_cnty"].is_unique
    clashes = log[log["event_type"] == "Battles"]
    assert clashes["notes"].str.contains("cause=SIM2-").all(), "every clash names its cause"
    with pytest.raises(KeyError, match="no log"):
        acled_events(ensemble, 19)


class Stop(Exception):
    """A defect in the middle of writing."""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Stop(), OSError(errno.ENOSPC, "full")])
def test_stopped_while_writing_leaves_nothing(
    ensemble: Ensemble, manifest: Manifest, tmp_path: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)), result_folder(ensemble, manifest, tmp_path / "results"):
        raise error
    assert list(tmp_path.iterdir()) == []


def test_full_disk_in_the_middle_of_a_table_leaves_nothing(
    ensemble: Ensemble, manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_written(table: object, path: Path, **_: object) -> None:
        Path(path).write_bytes(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    neighbour = tmp_path / "two_factions" / "an_older_result"
    neighbour.mkdir(parents=True)
    monkeypatch.setattr(pq, "write_table", half_written)
    with pytest.raises(OSError, match="No space left"):
        write_result(ensemble, manifest, tmp_path)
    assert [path.name for path in (tmp_path / "two_factions").iterdir()] == ["an_older_result"]


def test_nothing_is_seen_before_the_result_is_whole(
    ensemble: Ensemble, manifest: Manifest, tmp_path: Path
) -> None:
    with result_folder(ensemble, manifest, tmp_path) as folder:
        hidden, final = folder.hidden, folder.final
        assert hidden.name.startswith(".") and hidden.parent == final.parent
        assert not final.exists()
        (hidden / "figure.svg").write_text("<svg/>")
    assert not hidden.exists()
    assert (final / "figure.svg").is_file() and (final / "manifest.json").is_file()


def test_two_results_of_one_second_stand_side_by_side(
    ensemble: Ensemble, manifest: Manifest, tmp_path: Path
) -> None:
    first, second = (write_result(ensemble, manifest, tmp_path) for _ in range(2))
    assert first != second
    assert files(first) == files(second)


def test_folder_that_is_no_result_is_an_input_error(written: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_result(tmp_path / "absent")
    with pytest.raises(InputError, match=r"no manifest\.json"):
        read_result(tmp_path)
    (tmp_path / "manifest.json").write_bytes((written / "manifest.json").read_bytes())
    with pytest.raises(InputError, match=r"cannot be read: .*scenario\.yaml"):
        read_result(tmp_path)
    (tmp_path / "manifest.json").write_text('{"form": 99}')
    with pytest.raises(InputError, match=r"manifest\.json:1: .form. is 99; expected 1, the layout"):
        read_result(tmp_path)


def test_what_a_killed_run_left_is_removed_a_day_later_and_a_running_one_is_not(
    tmp_path: Path,
) -> None:
    old, young, foreign = (
        tmp_path / name for name in (".a.0123abcd.partial", ".b.89ab4567.partial", ".keep")
    )
    for folder in (old, young, foreign):
        folder.mkdir()
        (folder / "manifest.json").write_text("{}")
    for path in (old, old / "manifest.json", foreign, foreign / "manifest.json"):
        os.utime(path, (1e9, 1e9))
    with whole_folder(tmp_path / "result") as folder:
        (folder / "table.csv").write_text("a\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, ".keep", "result"]


def test_quantiles_are_those_of_numpy_with_missing_values_left_out() -> None:
    values = np.random.default_rng(1).normal(size=(41, 3, 2))
    given = (0.05, 0.25, 0.5, 0.75, 0.95)
    assert np.array_equal(quantiles(values), np.quantile(values, given, axis=0))
    values[5:, 1, 1] = np.nan
    assert np.array_equal(quantiles(values)[:, 1, 1], np.quantile(values[:5, 1, 1], given))
    assert np.isnan(quantiles(np.full((4, 1), np.nan))).all()
    assert set(quantile_row(np.empty(0))) == {"q05", "q25", "q50", "q75", "q95"}
