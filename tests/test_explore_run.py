"""A run as one call: what it returns is what the command prints and writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import run
from sim.cli import main
from sim.compare.baselines import without_reprisals
from sim.show.explorer.answers import Answers
from sim.show.explorer.futures import Query, Shelf

SCENARIO = Path(__file__).parent / "data" / "two_factions.yaml"
SETTING = {"compliance": 0.5}


def test_the_call_returns_what_the_command_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # a pipe: no line is broken
    words = ["--set", "compliance=0.5", "--replicates", "30", "--seed", "4", "--threads", "1"]
    assert main(["run", str(SCENARIO), *words, "--no-figures", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    found = run(SCENARIO, 30, 4, settings=SETTING, threads=1)
    (written,) = tmp_path.rglob("comparison.csv")
    table = pd.read_csv(written)
    assert list(table.columns) == list(found.comparison.table.columns)
    for name in found.comparison.table.select_dtypes("number"):
        ours = found.comparison.table[name].to_numpy(float)
        assert np.allclose(table[name], ours, rtol=1e-12, equal_nan=True), name
    assert found.drawn in printed and str(found.comparison.summary)[1:] in printed
    first, *others = found.notes
    assert f"caveat: {first}" in printed and all(f"note: {note}" in printed for note in others)


def test_without_reprisals_is_the_variant_of_that_setting_on_the_same_chance() -> None:
    ensemble = run(SCENARIO, 40, 2, posterior="prior", threads=1).ensemble
    other = run(SCENARIO, 40, 2, posterior="prior", settings={"reprisal_ratio": 0.0}, threads=1)
    pd.testing.assert_frame_equal(
        without_reprisals(ensemble, threads=1).observables, other.ensemble.observables
    )


def test_the_explorer_shows_the_baselines_of_a_run() -> None:
    found = run(SCENARIO, 50, 3, posterior="prior", settings=SETTING, threads=1)
    query = Query(scenario="two_factions", replicates=50, seed=3, settings=SETTING)
    rows = Answers(Shelf([SCENARIO]), None, 1).table(query)["rows"]
    ending = "_probability"
    names = [
        c.removeprefix("baseline_").removesuffix(ending).replace("_", " ")
        for c in found.comparison.table
        if c.startswith("baseline_") and c.endswith(ending)
    ]
    assert "no reprisals" in names
    assert all([cell["name"] for cell in row["baselines"]] == names for row in rows)
