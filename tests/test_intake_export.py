"""Simulated events in the columns of event data: out, in again, and nothing lost on the way."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.ensemble import manifest_of, read_result, simulate, write_result
from sim.ensemble.exporting import export, logs
from sim.ensemble.ged_form import daily_dead, ged_days, ged_events
from sim.ensemble.xarrays import to_xarray
from sim.evidence import load_evidence, timeline
from sim.intake import import_events
from sim.scenario import load_scenario

SCENARIO = Path(__file__).with_name("data") / "two_factions.yaml"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of 40 replicates on disk."""
    ensemble = simulate(load_scenario(SCENARIO), replicates=40, seed=3, threads=1)
    return write_result(ensemble, manifest_of(ensemble, "test"), tmp_path_factory.mktemp("r"))


def loudest(stored: Path) -> int:
    """The replicate with most dead."""
    result = read_result(stored)
    return int(result.observables["dead_upper"].idxmax())


def test_a_simulated_log_exported_as_ged_and_imported_again_is_the_same_timeline(
    stored: Path, tmp_path: Path
) -> None:
    result, number = read_result(stored), loudest(stored)
    export(result, "ged", tmp_path, replicate=number)
    (tmp_path / "in").mkdir()
    report = import_events(
        tmp_path / f"ged_replicate_{number}.csv", "ged", tmp_path / "in", utc_offset="+03:00"
    )
    table = timeline(load_evidence(tmp_path / "in"))
    log = next(logs(result, [number]))
    deadly = log[(log["dead_a"] + log["dead_b"]) > 0]
    assert len(deadly) > 5
    assert report.used == report.rows == len(table) == len(deadly)
    start = pd.Timestamp(result.scenario.clock.start)
    names = {p.id: p.name for p in result.scenario.places}
    evidence = load_evidence(tmp_path / "in")
    rows = table.set_index("event")
    for one in deadly.itertuples():
        row = rows.loc[f"ged_sim{number}_{one.event}"]
        assert row.earliest.date() == (start + pd.Timedelta(hours=one.time)).date()
        assert evidence.places[row.place].name == names[one.place]
        assert (row.actor, row.target) == (one.side_a, one.side_b)
        assert row.dead_low == row.dead_best == row.dead_high == one.dead_a + one.dead_b
    again = ged_events(log, result.scenario)
    assert int(again["best"].sum()) == int(table["dead_best"].sum())


def test_low_best_and_high_are_quantiles_over_all_replicates_those_without_dead_too(
    stored: Path,
) -> None:
    result = read_result(stored)
    numbers = list(result.parameters.index)
    dead = pd.concat([daily_dead(log, result.scenario) for log in logs(result, numbers)])
    days = ged_days(dead, result.scenario, len(numbers))
    one = days[(days["date_start"] == "2030-05-01") & (days["where_coordinates"] == "Upper Town")]
    assert len(one) == 1
    whole = dead[(dead["day"] == "2030-05-01") & (dead["place"] == "upper")]
    tolls = (whole.set_index("replicate")[["dead_a", "dead_b"]].sum(axis=1)).reindex(numbers)
    expected = np.quantile(tolls.fillna(0), [0.05, 0.5, 0.95], method="inverted_cdf")
    assert tuple(one[["low", "best", "high"]].to_numpy()[0]) == tuple(expected.astype(int))
    assert (days["low"] <= days["best"]).all()
    assert (days["best"] <= days["high"]).all()


def test_acled_like_rows_can_be_imported_too(stored: Path, tmp_path: Path) -> None:
    number = loudest(stored)
    export(read_result(stored), "acled", tmp_path, replicate=number)
    (tmp_path / "in").mkdir()
    report = import_events(tmp_path / f"acled_replicate_{number}.csv", "acled", tmp_path / "in")
    table = timeline(load_evidence(tmp_path / "in"))
    assert report.used == report.rows
    assert (table["plover_mode"] == "firearms").sum() > 5
    days = pd.read_csv(tmp_path / "acled_days.csv")
    assert (days["fatalities_low"] <= days["fatalities_high"]).all()


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_the_hourly_series_are_tidy_and_the_same_in_both_forms(
    stored: Path, tmp_path: Path, format: str
) -> None:
    result = read_result(stored)
    export(result, format, tmp_path)
    path = tmp_path / f"hourly.{format}"
    table = pd.read_csv(path) if format == "csv" else pd.read_parquet(path)
    assert len(table) == 40 * result.scenario.clock.steps * 2
    upper = table[(table["place"] == "upper")].groupby("replicate")["clashes"].sum()
    assert upper.to_numpy() == pytest.approx(result.observables["clashes_upper"].to_numpy())


def test_each_export_has_a_manifest_with_the_checksums_of_its_files(
    stored: Path, tmp_path: Path
) -> None:
    assert main(["export", str(stored), "--format", "ged", "--to-folder", str(tmp_path / "o")]) == 0
    manifest = json.loads((tmp_path / "o" / "manifest.json").read_text())
    assert sorted(manifest["files"]) == ["ged_days.csv", "ged_replicate_0.csv"]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((tmp_path / "o" / name).read_bytes()).hexdigest() == digest
    assert manifest["result"]["id"] == read_result(stored).manifest.id
    assert manifest["code_is_the_results"] is True


def test_a_replicate_that_does_not_exist_leaves_no_folder(stored: Path, tmp_path: Path) -> None:
    words = ["export", str(stored), "--format", "ged", "--replicate", "99"]
    assert main([*words, "--to-folder", str(tmp_path / "o")]) == 2
    assert not (tmp_path / "o").exists()


def test_xarray_holds_the_same_numbers_with_their_units() -> None:
    pytest.importorskip("xarray")
    ensemble = simulate(load_scenario(SCENARIO), replicates=5, seed=3, threads=1)
    data = to_xarray(ensemble)
    assert data["dead"].dims == ("replicate", "time", "place")
    upper = data["clashes"].sel(place="upper").sum("time")
    assert upper.to_numpy() == pytest.approx(ensemble.observables["clashes_upper"].to_numpy())
    assert data["crowd"].attrs["units"] == "people"
    assert data.attrs["utc_offset_h"] == 3
