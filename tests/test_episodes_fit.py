"""Fitting a population: what orders do is found, nothing is lost to a kill, records carry over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.calibration_run import calibrate_files
from sim.calibrate.learned_priors import stages, with_population
from sim.cli import main
from sim.episodes.differences import TwinDifferences, learn_compliance, predicted_changes
from sim.episodes.ebb import ebb
from sim.episodes.episode_library import load_library
from sim.episodes.fitting import order_free_of
from sim.episodes.model_forecast import ModelForecaster
from sim.episodes.population import start
from sim.episodes.population_record import Lesson, PopulationRecord, as_setting, read_record
from sim.episodes.recovery import one_library, recovery
from sim.episodes.tested_orders import recorded_kinds, recorded_sentences
from sim.episodes.world_bank import BLOCK, build_worlds
from sim.model.cache import cache_root
from sim.scenario import effective_priors, load_checked
from sim.scenario.priors import log_uniform, uniform
from tests.test_episodes_forecast import INVENTED

ROOT = Path(__file__).parents[1]
BAGHDAD = ROOT / "scenarios" / "baghdad_2022_08.yaml"
NAMES = ("compliance", "relief", "reprisal_ratio")


def invented_twins(strength: float, seed: int, orders: int = 400) -> TwinDifferences:
    """Orders whose worlds fall by what is obeyed, told with noise, from a known strength."""
    rng = np.random.default_rng(seed)
    score = rng.standard_normal((2, orders, 300))
    change = -1.5 / (1 + np.exp(-1.5 * (score[0] + score[1])))
    own = strength + rng.standard_normal((2, orders))
    truth = -1.5 / (1 + np.exp(-1.5 * (own[0] + own[1])))
    table = pd.DataFrame(
        {
            "episode_id": [f"o-{i}" for i in range(orders)],
            "conflict": [f"c{i}" for i in range(orders)],
            "spread": 0.3,
            "effect": truth + 0.3 * rng.standard_normal(orders),
        }
    )
    shape = (orders, 300)
    return TwinDifferences(
        table, np.ones(shape), np.zeros(shape), score, change, np.zeros((orders, 0))
    )


@pytest.mark.parametrize("strength", [-1.0, 0.0, 0.8])
def test_how_strong_orders_are_is_found_from_differences(strength: float) -> None:
    twins = invented_twins(strength, 4)
    found = learn_compliance(twins, start(NAMES, ()))
    assert abs(found.mu[0] - strength) < 0.25 and found.mu[0] == found.mu[1]
    assert found.mu[2] == 0.0
    told = predicted_changes(twins, found)
    assert abs(told["difference"].mean() - twins.table["effect"].mean()) < 0.08


def test_the_ebb_after_order_free_days_is_that_of_the_tables_and_of_the_worlds() -> None:
    library = load_library(INVENTED)
    free = order_free_of(library)
    assert free is not None
    bank = build_worlds(3 * BLOCK)
    found = ebb(ModelForecaster(bank, library.orders, free))
    days = free.windows
    by_hand = np.log1p(days.dead[:, days.span(1, 3)].sum(axis=1) / 3) - np.log1p(
        days.dead[:, days.span(-14, -1)].sum(axis=1) / 14
    )
    assert np.isclose(found["reported"][0].value, np.exp(by_hand.mean()), rtol=1e-4)
    assert all(0.05 < one.value < 5 for one in found["model"])
    assert ebb(ModelForecaster(bank, library.orders)) == {}


def test_no_order_is_near_an_order_free_day_and_none_is_of_a_conflict_left_out() -> None:
    library = load_library(INVENTED)
    free = order_free_of(library)
    assert free is not None and len(free.conflicts) == len(free.windows)
    eve = free.windows.dead[:, free.windows.span(-14, -1)]
    assert (eve.sum(axis=1) >= 5).all() and ((eve > 0).sum(axis=1) >= 2).all()
    one = pd.Series([free.conflicts[0]])
    assert set(free.conflicts[free.of(one)]) == {free.conflicts[0]}


def test_a_fit_goes_on_from_what_is_kept_and_gives_the_same_bytes(tmp_path: Path) -> None:
    words = ["episodes", "fit", str(INVENTED), "--worlds", "512", "--bank", str(tmp_path / "bank")]
    first, second = tmp_path / "one.json", tmp_path / "two.json"
    assert main([*words, "--to-file", str(first)]) == 0
    kept = sorted((tmp_path / "bank").glob("fit-*/*.json"))
    assert len(kept) > 10
    for path in kept[::2]:
        path.unlink()
    kept[1].write_text("{")
    assert main([*words, "--to-file", str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix(".parquet").read_bytes() == second.with_suffix(".parquet").read_bytes()
    record = read_record(first)
    assert record.sizes["orders"] == 20 and "compliance" in record.lessons
    draws = pd.read_parquet(first.with_suffix(".parquet"))
    assert draws["compliance"].between(0, 1).all() and len(draws) == 4000


def test_a_prior_from_draws_has_their_mean_and_stays_inside_what_was_assumed() -> None:
    rng = np.random.default_rng(2)
    values = 0.5 * rng.beta(2, 5, 4000)
    scale, a, b = as_setting(uniform(0, 0.5), values)["scaled_beta"]
    assert scale == 0.5 and np.isclose(scale * a / (a + b), values.mean(), rtol=0.01)
    low, high = as_setting(log_uniform(1, 96), np.exp(rng.normal(2, 0.4, 4000)))["log_uniform"]
    assert 1 <= low < np.exp(2) < high <= 96


@pytest.fixture()
def record() -> PopulationRecord:
    """A record that says orders take little of their cause with them."""
    setting = {"scaled_beta": [1.0, 2.0, 6.0]}
    lesson = Lesson(
        "relief", "uniform 0 to 1", 0.05, 0.2, 0.5, 0.75, -1.0, -1.2, -0.8, None, True, setting
    )
    other = replace(lesson, name="reciprocity", taught=False)
    lessons = {"relief": lesson, "reciprocity": other}
    return PopulationRecord("abc123", "bank", {"orders": 20}, ("a source",), lessons, {})


def test_calibration_starts_from_the_population_and_says_what_each_source_taught(
    record: PopulationRecord,
) -> None:
    scenario = load_checked(BAGHDAD).scenario
    changed, carried = with_population(scenario, record)
    assert [one.name for one in carried] == ["relief"]
    assert str(effective_priors(changed)["relief"]) == "1 * Beta(2, 6)"
    source = str(changed.parameters["relief"].source)
    assert record.id in source and "learned from 20 episodes" in source
    others = {n: p for n, p in effective_priors(scenario).items() if n != "relief"}
    assert all(effective_priors(changed)[n] == p for n, p in others.items())
    run = calibrate_files([BAGHDAD], 2000, population=record)
    table = stages(run.carried, run.study.calibration.draws, run.study.calibration.weights)
    assert np.isclose(table["episodes"][0], 1 - 12 * (2 * 6 / (64 * 9)), atol=0.02)
    assert calibrate_files([BAGHDAD], 2000).carried == ()


def test_calibrate_names_a_population_that_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "x.json"
    wrong.write_text(json.dumps({"population": "x"}))
    assert main(["calibrate", str(BAGHDAD), "--population", str(wrong)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_what_if_of_an_order_says_how_often_such_differences_were_right() -> None:
    scenario = load_checked(BAGHDAD).scenario
    (said,) = recorded_sentences(scenario, ["never", "late_6h", "no_reprisals"])
    one = recorded_kinds()["unilateral, by a group"]
    assert f"right in {one['held']:.0f} of {one['orders']:.0f} recorded orders" in said
    assert recorded_sentences(scenario, ["no_reprisals"]) == []


@pytest.mark.long
def test_known_populations_are_found_again_from_fifty_libraries() -> None:
    found = recovery(build_worlds(51_200, folder=cache_root()), 50)
    assert 0.85 <= found["mean_held"] <= 0.95 and 0.85 <= found["spread_held"] <= 0.97
    assert found["correlation"] > 0.0


def test_a_library_of_held_out_worlds_has_the_population_it_was_drawn_from() -> None:
    bank = build_worlds(12 * BLOCK)
    rng = np.random.default_rng(1)
    truth = start(bank.names, ())
    k = bank.names.index("reprisal_ratio")
    truth.mu[k], truth.sigma[k] = 1.0, 0.5
    library, rest, _ = one_library(bank, 150, truth, rng)
    assert bank.z[library.world][:, k].mean() > bank.z[rest.world][:, k].mean() + 0.5
    assert library.world.min() >= len(bank) // 2 > rest.world.max()
    assert recovery(bank, 1, episodes=40)["libraries"] == 1
