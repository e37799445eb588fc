"""The bank: the same numbers for any number of threads, and parameters pooled where they agree."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import changed, two_factions

from sim.calibrate import build_bank, calibrate, coverage_of, facts_of
from sim.calibrate.bank import fast_quantile, parameters_of, scenario_seed
from sim.calibrate.coverage import binomial_bounds
from sim.calibrate.validation import only
from sim.scenario.parameters import INDEX
from sim.scenario.priors import gamma, scaled_beta
from sim.scenario.vocabulary import Role

SMALL = 10_000
SETS = 120


@pytest.fixture(scope="module")
def bank():
    return build_bank([two_factions()], SMALL, 5)


def test_threads_move_no_number(bank):
    one = build_bank([two_factions()], 300, 5, threads=1)
    assert np.array_equal(one.values["two_factions"], bank.values["two_factions"][:300], True)
    assert np.array_equal(one.unit, bank.unit[:300])


def test_another_seed_is_another_bank(bank):
    other = build_bank([two_factions()], 300, 6)
    assert not np.array_equal(other.unit, bank.unit[:300])


def test_two_scenarios_share_parameters_but_not_their_luck(bank):
    first = two_factions()
    second = changed(first, name="again")
    both = build_bank([first, second], 300, 5)
    assert both.names == bank.names
    assert np.array_equal(both.values["two_factions"], bank.values["two_factions"][:300], True)
    assert not np.array_equal(both.values["again"], both.values["two_factions"], True)
    assert scenario_seed(5, "again") != scenario_seed(5, "two_factions")


def test_a_parameter_with_two_priors_belongs_to_each_scenario():
    first = two_factions()
    own = {"clash_rate": {"uniform": [1, 2], "source": "assumption"}}
    second = changed(first, name="again", parameters=own)
    both = build_bank([first, second], 200, 5)
    assert "clash_rate" not in both.names
    theta = parameters_of(second, both.priors, both.unit)
    assert theta[:, 0].min() >= 1 and theta[:, 0].max() <= 2
    reduced = only(both, ["again"])
    assert "clash_rate@two_factions" not in reduced.names
    assert "clash_rate@again" in reduced.names


def test_a_fixed_parameter_is_no_column():
    fixed = build_bank([two_factions(compliance=0.7)], 100, 5)
    assert "compliance" not in fixed.names
    theta = parameters_of(fixed.scenarios["two_factions"], fixed.priors, fixed.unit)
    assert (theta[:, INDEX["compliance"]] == 0.7).all()


@pytest.mark.parametrize("prior", [gamma(0.5, 0.5), scaled_beta(1.2, 2, 3)])
def test_tabled_quantiles_are_the_exact_ones(prior):
    u = np.random.default_rng(1).random(5_000)
    assert fast_quantile(prior, u) == pytest.approx(prior.quantile(u), rel=1e-6)


def test_only_facts_with_role_calibrate_are_fitted(bank):
    scenario = bank.scenarios["two_factions"]
    assert [fact.observable for fact in facts_of(scenario)] == ["dead_upper"]
    scored = [fact.observable for fact in facts_of(scenario, tuple(Role))]
    assert "withdrawal" not in scored, "a scripted order's hour is given, never scored"
    assert "wounded" not in scored, "nobody reported it"


def test_the_calibrator_covers_on_a_small_bank(bank):
    found = calibrate(bank)
    for near in (False, True):
        cover = coverage_of(found, SETS, near=near)
        # one false alarm in ten thousand over all parameters together
        low, high = binomial_bounds(SETS, 0.9, 1e-4 / len(cover.names))
        assert (cover.share(0.9) >= low).all() and (cover.share(0.9) <= high).all()
        assert cover.p_values().min() > 1e-4


def test_a_calibrator_that_is_too_sure_would_be_caught(bank):
    cover = coverage_of(calibrate(bank), SETS)
    narrow = cover.positions * 0 + np.where(cover.positions < 0.5, 0.01, 0.99)
    low, _ = binomial_bounds(SETS, 0.9, 1e-4 / len(cover.names))
    assert (np.mean(np.abs(narrow - 0.5) <= 0.45, axis=0) < low).all()
