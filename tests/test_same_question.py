"""One default for parameters: the same question has the same numbers by every road."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibrate.posterior_file import default_posterior, posterior_for
from sim.cli import main
from sim.explore import what_if
from sim.explore.request import Request, with_parameters
from sim.explore.sweep import sweep
from sim.scenario import load_checked, load_scenario
from sim.show.explorer.answers import Answers
from sim.show.explorer.futures import Query, Shelf

ROOT = Path(__file__).parents[1]
SCENARIO = str(ROOT / "scenarios" / "baghdad_2022_08.yaml")
TWO_FACTIONS = str(ROOT / "tests" / "data" / "two_factions.yaml")
RUNS, OBSERVABLE = 20, "dead_baghdad"


def by_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[np.ndarray, str]:
    words = ["--replicates", str(RUNS), "--no-figures", "--out", str(folder), "--format", "json"]
    assert main(["run", SCENARIO, *words]) == 0
    answer = json.loads(capsys.readouterr().out)
    table = pd.read_parquet(Path(answer["written"]) / "replicates.parquet")
    return table[f"observable.{OBSERVABLE}"].to_numpy(), answer["parameters"]


def by_sweep(folder: Path) -> tuple[np.ndarray, str]:
    asked = Request([SCENARIO], ["decisions.sadr_withdrawal.shift_h=0"], replicates=RUNS)
    frame = sweep(asked, folder, threads=1).frame().sort_values("replicate")
    return frame[f"observable.{OBSERVABLE}"].to_numpy(), with_parameters(asked)[1]


def by_explorer() -> tuple[np.ndarray, str]:
    answers = Answers(Shelf([SCENARIO]), None, 1)
    query = Query(scenario="baghdad_2022_08", replicates=RUNS)
    ensemble = answers.futures.of(answers.shelf["baghdad_2022_08"], query)
    said = answers.scenario("baghdad_2022_08")["drawn_from"]
    return ensemble.observables[OBSERVABLE].to_numpy(), said


def test_five_roads_give_the_same_numbers_and_name_the_same_posterior(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = sim.run(SCENARIO, RUNS, threads=1)
    asked_if = what_if(load_checked(SCENARIO), ["late_24h"], RUNS)
    roads = {
        "run, the call": (ran.ensemble.observables[OBSERVABLE].to_numpy(), ran.drawn),
        "run, the command": by_command(tmp_path, capsys),
        "what_if": (asked_if.baseline.observables[OBSERVABLE].to_numpy(), ran.drawn),
        "sweep": by_sweep(tmp_path / "sweep"),
        "the explorer": by_explorer(),
    }
    wanted, line = roads["run, the call"]
    assert line.startswith("parameters: the posterior") and "shipped for this scenario" in line
    for road, (numbers, said) in roads.items():
        assert np.array_equal(numbers, wanted), road
        assert said == line, road
    priors = sim.run(SCENARIO, RUNS, posterior="prior", threads=1).ensemble.observables
    assert not np.array_equal(priors[OBSERVABLE].to_numpy(), wanted), "the question matters"


def test_the_explorer_s_switch_is_run_with_the_priors() -> None:
    answers = Answers(Shelf([SCENARIO]), None, 1)
    query = Query(scenario="baghdad_2022_08", replicates=RUNS, prior=True)
    shelved = answers.shelf["baghdad_2022_08"]
    ran = sim.run(SCENARIO, RUNS, posterior="prior", threads=1)
    seen = answers.futures.of(shelved, query).observables[OBSERVABLE]
    assert np.array_equal(seen, ran.ensemble.observables[OBSERVABLE])
    assert not np.array_equal(
        seen, answers.futures.of(shelved, query.model_copy(update={"prior": False})).observables
        [OBSERVABLE],
    )  # fmt: skip
    assert answers.command(shelved, query).endswith("--posterior prior")
    page = answers.scenario("baghdad_2022_08")
    assert page["has_posterior"] and page["drawn_from_prior"] == ran.drawn


def test_several_scenarios_that_share_no_posterior_are_drawn_from_their_priors() -> None:
    request, line = with_parameters(Request([SCENARIO, TWO_FACTIONS], ["compliance=0.5,1"]))
    assert request.posterior == "prior" and "which share no posterior" in line


def test_the_newest_calibration_of_one_s_own_is_the_default_where_none_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(TWO_FACTIONS, tmp_path / "mine.yaml")
    scenario = load_scenario("mine.yaml")
    assert default_posterior(scenario).path is None
    assert main(["calibrate", "mine.yaml", "--simulations", "2000", "--no-figures"]) == 0
    capsys.readouterr()
    (folder,) = (tmp_path / "results" / "calibration").iterdir()
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    record["cannot_give"] = None  # whatever so few simulations found
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    chosen, line = posterior_for(None, scenario)
    assert chosen is not None and "the newest calibration here" in line
    for name, value in (("fingerprint", "0" * 16), ("cannot_give", "The model cannot"),
                        ("posterior_sha256", "0" * 64)):  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(record | {name: value}))
        assert posterior_for(None, scenario)[0] is None, f"{name} says that it does not fit"
