"""The commands calibrate, validate and compare-models, as a user meets them."""

from __future__ import annotations

import json

import pytest
from made_up import TWO_FACTIONS

from sim.cli import main


def calibrated(folder, *more):
    code = main(["calibrate", TWO_FACTIONS, "--simulations", "2000", "--out", str(folder), *more])
    assert code == 0
    (result,) = (folder / "calibration").iterdir()
    return result


def test_the_table_and_the_report_open_with_what_was_not_learned(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # a narrow terminal breaks rows
    result = calibrated(tmp_path)
    said = capsys.readouterr().out
    assert "Not learned:" in said and "spillover" in said
    page = (result / "report.html").read_text(encoding="utf-8")
    answer = page.index("Not learned:")
    assert answer < page.index("Strongest correlations")
    row = next(line for line in said.splitlines() if line.startswith("spillover"))
    assert row.rstrip().endswith("prior"), "no estimate stands beside what was not learned"


def test_the_same_command_gives_the_same_bytes(tmp_path):
    first = calibrated(tmp_path / "a", "--no-figures")
    second = calibrated(tmp_path / "b", "--no-figures", "--threads", "1")
    one, two = ((result / "posterior.parquet").read_bytes() for result in (first, second))
    assert one == two
    ids = [json.loads((r / "manifest.json").read_text())["id"] for r in (first, second)]
    assert ids[0] == ids[1]


def test_run_takes_the_posterior(tmp_path, capsys):
    posterior = calibrated(tmp_path, "--no-figures") / "posterior.parquet"
    words = ["run", TWO_FACTIONS, "--posterior", str(posterior), "--replicates", "20",
             "--no-figures", "--out", str(tmp_path)]  # fmt: skip
    assert main(words) == 0
    capsys.readouterr()


def test_validate_prints_the_hash_before_the_scores(tmp_path, capsys):
    assert main(["validate", TWO_FACTIONS, "--simulations", "2000", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    (result,) = (tmp_path / "validation").iterdir()
    digest = json.loads((result / "manifest.json").read_text())["predictions_sha256"]
    assert said.index(digest) < said.index("Held out observables, log score")
    page = (result / "report.html").read_text(encoding="utf-8")
    assert page.index("The model is worse") < page.index("Scores of every forecast")


def test_compare_models_names_a_misspelt_variant(tmp_path, capsys):
    words = ["compare-models", TWO_FACTIONS, "--variants", "no_reprisal", "--out", str(tmp_path)]
    assert main(words) == 2
    assert "did you mean 'no_reprisals'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("count", ["10", "many", "1e99", "2000.5"])
def test_an_impossible_number_of_simulations_is_refused(count, capsys):
    assert main(["calibrate", TWO_FACTIONS, "--simulations", count]) == 2
    assert "whole number" in capsys.readouterr().err


def test_a_scenario_given_twice_is_refused(capsys):
    assert main(["calibrate", TWO_FACTIONS, TWO_FACTIONS, "--simulations", "2000"]) == 2
    assert "given twice" in capsys.readouterr().err
