"""Sensitivity: a known function through the whole path, and chance told apart from parameters."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sweep_case as case
from numpy.typing import NDArray

from sim.explore.sensitivity import Sensitivity, SensitivityStudy, study_sensitivity
from sim.inputs import InputError
from sim.model import Output
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import INDEX, REGISTRY
from sim.show.reports.sensitivity_report import verdicts

FACTORS = ("compliance", "order_reach", "spillover")
CHANCE = 2.0
"""Standard deviation of the chance put onto the known function."""

# Ishigami and Homma (1990), a = 7, b = 0.1: variances of the parts, by integration
V1 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
V2 = 7**2 / 8
V13 = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
TOTAL = V1 + V2 + V13


def ishigami(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y, z = (-np.pi + 2 * np.pi * theta[:, INDEX[name]] for name in FACTORS)
    return np.asarray(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


def known(scenario: Any, theta: Any, seed: int, replicates: Any, **_: Any) -> Output:
    """In the place of the model: the function plus chance that belongs to the replicate alone."""
    drawn = np.random.default_rng(seed).normal(0, 1, 20)
    drawn = (drawn - drawn.mean()) / drawn.std(ddof=1) * CHANCE  # no luck of the draw
    noise = drawn[np.asarray(replicates)]
    values = np.full((len(theta), 3), 1.0)
    values[:, 0] = ishigami(theta) + noise
    values[:, 1] = np.where(noise > 5 * theta[:, INDEX["compliance"]], np.nan, 1.0)
    return Output(values, np.zeros((len(theta), 1)), np.empty((0, 0, 0, 0), np.float32))


def only_three_uncertain(folder: Path) -> Path:
    parameters: dict[str, Any] = {
        name: {"value": row.prior.mean(), "source": case.WHY}
        for name, row in REGISTRY.items()
        if not row.prior.is_fixed and name not in FACTORS and not row.per_leader
    }
    parameters |= {f"restraint_threshold.l_{s}": {"value": 5, "source": case.WHY}
                   for s in ("reds", "blues")}  # fmt: skip
    parameters |= {name: {"uniform": [0, 1], "source": case.WHY} for name in FACTORS}
    return case.write(folder, parameters=parameters)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    folder = tmp_path_factory.mktemp("ishigami")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.explore.work.simulate_block", known)
        study = SensitivityStudy(str(only_three_uncertain(folder)), base=1024, replicates=20)
        return study_sensitivity(study, folder / "out", threads=1)


def indices(found: Sensitivity, output: str = "dead") -> pd.DataFrame:
    return found.variance[found.variance["output"] == output].set_index("factor")


@pytest.mark.parametrize(
    ("factor", "first", "total"),
    [
        ("compliance", V1 / TOTAL, (V1 + V13) / TOTAL),
        ("order_reach", V2 / TOTAL, V2 / TOTAL),
        ("spillover", 0.0, V13 / TOTAL),
    ],
)
def test_the_known_indices_lie_in_their_intervals(
    found: Sensitivity, factor: str, first: float, total: float
) -> None:
    row = indices(found).loc[factor]
    assert row["first_low"] <= first <= row["first_high"]
    assert row["total_low"] <= total <= row["total_high"]
    assert row["total"] == pytest.approx(total, abs=0.06)
    assert row["total_high"] - row["total_low"] < 0.2


def test_the_share_of_chance_is_the_known_one(found: Sensitivity) -> None:
    noise = found.noise.set_index("output").loc["dead"]
    assert noise["process"] == pytest.approx(CHANCE**2 / (CHANCE**2 + TOTAL), rel=0.1)
    assert noise["left"] == pytest.approx(CHANCE**2 / 20 / TOTAL, rel=0.1)


def test_screening_finds_the_interaction_that_has_no_effect_by_itself(found: Sensitivity) -> None:
    rows = found.screening.set_index(["output", "factor"]).loc["dead"]
    assert rows.loc["spillover", "mu_star"] > 1
    assert abs(rows.loc["spillover", "mu"]) < rows.loc["spillover", "mu_star"] / 2
    assert rows.loc["spillover", "sigma"] > 1


def test_never_happening_is_an_output_of_its_own(found: Sensitivity) -> None:
    rows = indices(found, "first.never")
    assert rows["total"].idxmax() == "compliance"
    assert rows.loc["spillover", "total"] < 0.02


def test_the_sentences_name_what_matters_and_what_does_not(found: Sensitivity) -> None:
    said = verdicts(found)
    about = next(line for line in said if line.startswith("Dead:"))
    assert about.index("compliance") < about.index("order_reach") < about.index("spillover")
    assert "chance alone makes" in about
    assert said[-1] == "No assumption's effect reaches a quarter of the strongest parameter's."


def test_only_assumptions_that_weigh_are_named(found: Sensitivity) -> None:
    effects = [("first", 0.3), ("second", 4.0), ("third", 0.1)]
    table = pd.DataFrame(
        [("dead", name, size, 0.05, size, 0.0) for name, size in effects],
        columns=["output", "factor", "mu_star", "confidence", "mu", "sigma"],
    )
    strongest = found.screening.groupby("output")["mu_star"].max()["dead"]
    said = verdicts(replace(found, assumptions=table))[-1]
    assert said.endswith(f"(their effect as a share of the strongest parameter's): second "
                         f"({4 / strongest:.0%}).")  # fmt: skip
    small = verdicts(replace(found, assumptions=table.assign(mu_star=0.1)))[-1]
    assert small.startswith("No assumption's effect")


def test_every_assumption_of_the_registry_is_screened(found: Sensitivity) -> None:
    off = {row.name for row in MECHANISMS}  # this scenario switches none of them on
    wanted = {n for n, row in REGISTRY.items() if row.sensitivity is not None and n not in off}
    assert {factor for factor in found.factors if factor in wanted} == wanted
    assert "cells_per_group" in wanted


def test_a_study_finished_again_runs_nothing_and_says_the_same(tmp_path: Path) -> None:
    study = SensitivityStudy(str(case.write(tmp_path)), trajectories=4, base=8, replicates=4)
    once = study_sensitivity(study, tmp_path / "out", threads=1)
    times = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("part_*.parquet")}
    again = study_sensitivity(study, tmp_path / "out", threads=2)
    pd.testing.assert_frame_equal(once.variance, again.variance)
    pd.testing.assert_frame_equal(once.assumptions, again.assumptions)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("part_*.parquet")} == times
    assert set(once.fixed) == set(dict.fromkeys(once.screening["factor"])) - set(
        once.variance["factor"]
    )


def test_a_study_of_another_scenario_is_not_continued(tmp_path: Path) -> None:
    path = case.write(tmp_path)
    study = SensitivityStudy(str(path), trajectories=4, base=8, replicates=4)
    study_sensitivity(study, tmp_path / "out", threads=1)
    data = case.data()
    data["dyads"][0]["hostility"] = 0.5
    path.write_text(json.dumps(data))
    with pytest.raises(InputError, match="has changed"):
        study_sensitivity(study, tmp_path / "out", threads=1)


def test_a_posterior_takes_the_place_of_the_priors(tmp_path: Path) -> None:
    draws = pd.DataFrame({"compliance": np.full(50, 0.9), "spillover": np.linspace(0, 0.5, 50)})
    draws.to_parquet(tmp_path / "posterior.parquet")
    study = SensitivityStudy(
        str(case.write(tmp_path)),
        posterior=str(tmp_path / "posterior.parquet"),
        trajectories=4,
        base=8,
        replicates=4,
    )
    found = study_sensitivity(study, tmp_path / "out", threads=1)
    assert found.factors["compliance"] == "posterior marginal"
    effects = found.screening[found.screening["factor"] == "compliance"]["mu_star"]
    assert (effects == 0).all()  # it is known: it cannot matter
