"""The model as a forecaster of episodes: its worlds, its populations, and what it may see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.episodes import population_fit
from sim.episodes.crossvalidation import cross_validate, known_of
from sim.episodes.episode_library import Library, load_library
from sim.episodes.forecasters import neighbours
from sim.episodes.likeness import nearest_worlds, summaries
from sim.episodes.model_forecast import AROUND_NAME, NAME, PRIOR_NAME, ModelForecaster
from sim.episodes.population import Resemblance
from sim.episodes.population_fit import learn, objective_of, uncertain
from sim.episodes.simulated import WITHOUT, reported_windows, simulated_windows
from sim.episodes.situation import BEFORE
from sim.episodes.task import TASKS
from sim.episodes.world_bank import BLOCK, TALLIES, WorldBank, bank_id, build_worlds
from tests.test_episodes_forecast import INVENTED, changed_after


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> WorldBank:
    return build_worlds(6 * BLOCK, folder=tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(INVENTED)


def test_an_order_and_its_twin_share_every_day_before_it_and_part_after(bank: WorldBank) -> None:
    dead = bank.tallies["a"].astype(int) + bank.tallies["b"]
    assert dead.sum() > 0
    assert np.array_equal(dead[:, 0, :BEFORE], dead[:, 1, :BEFORE])
    after = np.log1p(dead[:, :, BEFORE:].sum(axis=2))
    assert (after[:, 0] - after[:, 1]).mean() < -0.2


def test_a_bank_is_the_same_for_any_number_of_threads_and_after_a_kill(
    bank: WorldBank, tmp_path: Path
) -> None:
    count = 2 * BLOCK
    first = build_worlds(count, folder=tmp_path, threads=2)
    blocks = sorted((tmp_path / f"worlds-{bank_id(1)}").glob("*.npy"))
    assert len(blocks) == 2
    blocks[1].write_bytes(blocks[1].read_bytes()[:1000])
    done: list[int] = []
    second = build_worlds(count, folder=tmp_path, threads=1, progress=done.append)
    assert sum(done) == count
    for name in TALLIES:
        assert np.array_equal(first.tallies[name], second.tallies[name])
        assert np.array_equal(first.tallies[name], bank.tallies[name][:count])


@pytest.mark.parametrize("kind", list(TASKS))
def test_simulated_episodes_are_cut_as_reported_ones_are(bank: WorldBank, kind: str) -> None:
    cut = simulated_windows(bank, kind, WITHOUT)
    assert len(cut)
    if kind == "order":
        eve = cut.dead[:, cut.span(-14, -1)]
        assert (eve.sum(axis=1) >= 5).all() and ((eve > 0).sum(axis=1) >= 2).all()
    else:
        assert (cut.dead[:, cut.span(-7, -1)] == 0).all() and (cut.dead[:, 7] > 0).all()
        assert (cut.dead[:, cut.span(0, 6)].sum(axis=1) >= 10).all()
    np.testing.assert_allclose(cut.a + cut.b, cut.dead, rtol=1e-5)


@pytest.mark.parametrize("kind", list(TASKS))
def test_what_comes_after_the_given_day_moves_no_forecast_of_the_model(
    bank: WorldBank, library: Library, kind: str
) -> None:
    task, panel = TASKS[kind], library.panel(kind)
    spoilt = changed_after(panel, 0, task.given)
    for name in ("deaths_b", "deaths_civ", "deaths_unk"):
        spoilt.columns[name][0, spoilt.day > task.given] = 55.0
    model = ModelForecaster(bank, library.orders)
    learned = model.population(panel, task)
    for known in (None, learned):
        one, other = (
            model.forecast(p, task, known, np.random.default_rng(3)) for p in (panel, spoilt)
        )
        assert np.array_equal(one.paths, other.paths)
        assert one.sides is not None and other.sides is not None
        assert np.array_equal(one.sides, other.sides)
    told = summaries(reported_windows(panel), future=True)
    assert not np.array_equal(told, summaries(reported_windows(spoilt), future=True))


def test_no_outcome_of_the_own_conflict_reaches_the_models_forecast(
    bank: WorldBank, library: Library
) -> None:
    task, panel = TASKS["order"], library.panel("order")
    one = (panel.table["conflict"] == panel.table["conflict"][3]).to_numpy()
    found = []
    for episodes in (panel, changed_after(panel, 3, task.given)):
        known = known_of(episodes, task, library.orders)
        model = ModelForecaster(bank, library.orders)
        found.append(
            cross_validate(known, task, families=[neighbours, model], learning=[model]).by_name
        )
    for name in (NAME, PRIOR_NAME, AROUND_NAME):
        assert np.array_equal(found[0][name].paths[one], found[1][name].paths[one]), name
    assert not np.array_equal(found[0][NAME].paths[~one], found[1][NAME].paths[~one])


def test_orders_are_compared_only_with_orders_of_the_same_side(
    bank: WorldBank, library: Library
) -> None:
    told = reported_windows(library.panel("order"))
    simulated = simulated_windows(bank, "order")
    index, square = nearest_worlds(told, simulated, 5, future=False)
    assert (simulated.ordered[index] == told.ordered[:, None]).all()
    assert (np.diff(square, axis=1) >= 0).all() and np.isfinite(square).all()


def made_up(mu: float, sigma: float, seed: int, told: int = 300) -> tuple[Resemblance, np.ndarray]:
    """Resemblance where one of two parameters shows in what is told, with noise; and the truth."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((20_000, 2)).astype(np.float32)
    shown = z[:, 0] + 0.4 * rng.standard_normal(len(z))
    truth = mu + sigma * rng.standard_normal(told)
    seen = truth + 0.4 * rng.standard_normal(told)
    index = np.argsort(np.abs(shown[None, :] - seen[:, None]), axis=1)[:, :300]
    far = np.abs(shown[index] - seen[:, None])
    likeness = np.exp(-0.5 * (far / 0.1) ** 2)
    conflicts = np.array([f"c{i}" for i in range(told)], object)
    return Resemblance(z, index, likeness, np.zeros((told, 0)), conflicts), truth


def test_a_population_is_found_from_noisy_episodes_and_what_tells_nothing_stays_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # without the strong pull to the assumed prior that twenty parameters at once need
    monkeypatch.setattr(population_fit, "MEAN_SD", 1.0)
    monkeypatch.setattr(population_fit, "SPREAD", (1.0, 0.5))
    for mu, sigma in ((0.8, 0.5), (-0.6, 0.8)):
        evidence, truth = made_up(mu, sigma, 5)
        found = learn(evidence, ("seen", "unseen"), ())
        assert abs(found.mu[0] - truth.mean()) < 0.15
        assert abs(found.sigma[0] - truth.std()) < 0.15
        drawn = np.array([one.mu for one in uncertain(evidence, found, 200, seed=1)])
        low, high = np.quantile(drawn, [0.005, 0.995], axis=0)
        assert low[0] < truth.mean() < high[0] and low[1] < 0 < high[1]
        assert drawn[:, 0].std() < 0.15 and drawn[:, 1].std() > 0.3


def test_the_gradient_is_that_of_the_probability() -> None:
    evidence, _ = made_up(0.5, 0.7, 3, told=40)
    aim = objective_of(evidence, ("compliance", "unseen"), ())
    x = np.array([0.2, -0.1, -0.2, 0.1])
    slope = aim.cost(x)[1]
    for k in range(len(x)):
        step = np.eye(len(x))[k] * 1e-3
        numeric = (aim.cost(x + step)[0] - aim.cost(x - step)[0]) / 2e-3
        assert np.isclose(slope[k], numeric, rtol=0.03, atol=0.05)


def test_the_command_gives_the_model_a_row_and_keeps_its_worlds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], library: Library
) -> None:
    name = library.panel("order").table["episode_id"][0]
    draws = tmp_path / "draws.csv"
    words = ["episodes", "forecast", str(INVENTED), "--id", name, "--worlds", "512"]
    words += ["--bank", str(tmp_path / "bank"), "--to-file", str(draws)]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert NAME in out and AROUND_NAME in out
    assert {NAME, PRIOR_NAME} < set(pd.read_csv(draws)["forecast"])
    assert len(list((tmp_path / "bank").glob("worlds-*/*.npy"))) == 2
