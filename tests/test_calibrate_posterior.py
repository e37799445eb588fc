"""The posterior: known answers are found, and what was not reported changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import changed
from scipy import stats
from toy_bank import count_of_dead, poisson_bank

from sim.calibrate import calibrate, facts_of
from sim.calibrate.contraction import contraction, learned, satisfied, warnings


def mean_and_sd(calibration, name="deaths_per_clash"):
    draws = calibration.draws[name].to_numpy()
    mean = calibration.weights @ draws
    return mean, np.sqrt(calibration.weights @ (draws - mean) ** 2)


def distance(calibration, cumulative, name="deaths_per_clash"):
    """Largest gap between the draws' cumulative weight and a distribution function."""
    draws = calibration.draws[name].to_numpy()
    order = np.argsort(draws)
    return np.abs(np.cumsum(calibration.weights[order]) - cumulative(draws[order])).max()


def test_a_conjugate_toy_has_its_known_posterior():
    # Poisson count 7, prior Gamma(2, scale 3): posterior Gamma(9, scale 3 / 4)
    found = calibrate(poisson_bank([count_of_dead({"low": 7, "best": 7, "high": 7})]))
    exact = stats.gamma(9, scale=0.75)
    mean, sd = mean_and_sd(found)
    assert mean == pytest.approx(exact.mean(), abs=4 * exact.std() / np.sqrt(found.effective))
    assert sd == pytest.approx(exact.std(), rel=0.1)
    # 1.95 / sqrt(n) is exceeded by chance once in a thousand
    assert distance(found, exact.cdf) < 1.95 / np.sqrt(found.effective)


def test_a_range_is_the_interval_likelihood_and_nothing_else():
    found = calibrate(poisson_bank([count_of_dead({"low": 5, "high": 12})]))
    grid = np.linspace(1e-6, 60, 6001)
    density = stats.gamma.pdf(grid, 2, scale=3) * (
        stats.poisson.cdf(12, grid) - stats.poisson.cdf(4, grid)
    )
    cumulative = np.cumsum(density) / density.sum()
    gap = distance(found, lambda x: np.interp(x, grid, cumulative))
    assert gap < 1.95 / np.sqrt(found.effective)


def test_at_least_is_a_floor_without_a_top():
    found = calibrate(poisson_bank([count_of_dead({"at_least": 9})]))
    grid = np.linspace(1e-6, 80, 8001)
    density = stats.gamma.pdf(grid, 2, scale=3) * stats.poisson.sf(8, grid)
    cumulative = np.cumsum(density) / density.sum()
    gap = distance(found, lambda x: np.interp(x, grid, cumulative))
    assert gap < 1.95 / np.sqrt(found.effective)


def test_a_parameter_that_touches_nothing_keeps_its_prior():
    found = calibrate(poisson_bank([count_of_dead({"low": 7, "best": 7, "high": 7})]))
    table = learned(found).set_index("name")
    row = table.loc["compliance"]
    assert abs(row["contraction"]) < 4 * row["error"]
    assert not row["learned"]
    assert np.isnan(row["q50"]), "no estimate is shown for what was not learned"
    assert table.loc["deaths_per_clash", "contraction"] > 0.5


def test_draws_never_leave_the_support_of_their_prior():
    found = calibrate(poisson_bank([count_of_dead({"low": 0, "best": 0, "high": 0})]))
    draws = found.draws
    assert (draws["deaths_per_clash"] > 0).all()
    assert draws["compliance"].between(0.3, 1.0).all()


def test_two_sources_that_disagree_give_a_wider_posterior_than_either():
    sides = [{"weight": 0.5, "best": 3}, {"weight": 0.5, "best": 14}]
    both = calibrate(poisson_bank([count_of_dead({"alternatives": sides})]))
    assert len(both.pieces) == 2
    spreads = []
    for side in sides:
        alone = calibrate(poisson_bank([count_of_dead({"best": side["best"]})]))
        spreads.append(mean_and_sd(alone)[1])
    assert mean_and_sd(both)[1] > max(spreads)


def test_a_side_that_knows_no_number_contributes_nothing():
    known = calibrate(poisson_bank([count_of_dead({"best": 4})]))
    sides = [{"weight": 0.6, "best": 4}, {"weight": 0.4, "unknown": True}]
    beside = calibrate(poisson_bank([count_of_dead({"alternatives": sides})]))
    assert np.array_equal(known.unit, beside.unit)
    assert np.array_equal(known.weights, beside.weights)


def test_a_missing_fact_changes_nothing():
    told = count_of_dead({"low": 7, "best": 7, "high": 7})
    without = calibrate(poisson_bank([told]))
    # the first observable is drawn first, so its values are the same in both banks
    beside = calibrate(poisson_bank([told, count_of_dead({"missing": True}, "untold")]))
    assert np.array_equal(without.unit, beside.unit)
    assert np.array_equal(without.weights, beside.weights)


def test_without_any_fact_the_posterior_is_the_prior():
    found = calibrate(poisson_bank([count_of_dead({"missing": True})]))
    assert np.all(np.abs(contraction(found.unit, found.weights)) < 4 * np.sqrt(0.8 / 1000))


def test_facts_that_no_simulation_gives_are_warned_of():
    # a count fifty times the prior's mean
    found = calibrate(poisson_bank([count_of_dead({"low": 300, "best": 300, "high": 300})]))
    assert satisfied(found) < 0.05
    assert found.cannot_give is not None
    assert "Dead" in found.cannot_give or "dead" in found.cannot_give
    assert not any("extrapolates" in said for said in warnings(found))


def test_data_that_the_model_made_are_refused_no_more_often_than_promised():
    told = count_of_dead({"best": 0})
    bank = poisson_bank([told, told | {"id": "second"}], rows=8_000)
    scenario, values = bank.scenarios["two_factions"], bank.values["two_factions"]
    refused = 0
    for row in range(0, 8_000, 160):
        observables = [
            count_of_dead({"best": value}, name)
            for name, value in zip(("dead", "second"), values[row], strict=True)
        ]
        found = calibrate(bank, facts_of(changed(scenario, observables=observables)))
        refused += found.cannot_give is not None
    # 2 % at most by construction; 5 of 50 or more is chance once in 300
    assert refused < 5


def test_two_facts_that_each_happen_but_never_together_are_refused():
    # both counts have one rate: 0 and 25 each happen, and never in one run
    facts = [count_of_dead({"best": 0}), count_of_dead({"best": 25}, "second")]
    found = calibrate(poisson_bank(facts))
    assert found.cannot_give is not None
    assert not learned(found)["learned"].any()
    assert np.ptp(found.weights) < 1e-12, "the wider answer: every draw counts the same"


def test_the_same_bank_gives_the_same_bytes():
    facts = [count_of_dead({"low": 7, "high": 9})]
    first, second = calibrate(poisson_bank(facts)), calibrate(poisson_bank(facts))
    assert first.unit.tobytes() == second.unit.tobytes()
    assert first.weights.tobytes() == second.weights.tobytes()
