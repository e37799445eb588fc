"""Competing models: evidences that can be worked out by hand come out so, with their error."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import TWO_FACTIONS
from scipy import stats
from toy_bank import PRIORS, count_of_dead, poisson_bank

from sim.calibrate import facts_of
from sim.calibrate.calibration import calibrate
from sim.calibrate.models import (
    acceptance,
    compare_models,
    mechanisms,
    proposal_from,
    ratio_of,
    same_bank_ratio,
)
from sim.scenario import load_checked
from sim.scenario.priors import gamma


def facts(bank):
    return facts_of(next(iter(bank.scenarios.values())))


def test_evidence_is_the_probability_of_what_was_reported():
    # a Poisson count at a Gamma(2, scale 3) rate is negative binomial: 2, 1 / (1 + 3)
    bank = poisson_bank([count_of_dead({"low": 5, "high": 9})])
    exact = stats.nbinom.cdf(9, 2, 0.25) - stats.nbinom.cdf(4, 2, 0.25)
    error = np.sqrt(exact * (1 - exact) / len(bank))
    assert acceptance(bank, facts(bank)).mean() == pytest.approx(exact, abs=4 * error)


def test_disputed_readings_are_weighed():
    sides = [{"weight": 0.75, "best": 3}, {"weight": 0.25, "best": 8}]
    bank = poisson_bank([count_of_dead({"alternatives": sides})])
    found = set(np.unique(acceptance(bank, facts(bank))))
    assert found == {0.0, 0.25, 0.75}


def test_the_proposal_leaves_the_evidence_as_it_was():
    bank = poisson_bank([count_of_dead({"low": 30, "high": 31})])
    exact = stats.nbinom.cdf(31, 2, 0.25) - stats.nbinom.cdf(29, 2, 0.25)
    proposal = proposal_from(calibrate(bank))
    assert proposal.names == ("deaths_per_clash",)
    generator = np.random.default_rng(8)
    drawn, weights = proposal.apply(generator.random((60_000, 2)), bank.names)
    rate = PRIORS["deaths_per_clash"].quantile(drawn[:, 0])
    counts = generator.poisson(rate)
    met = weights * ((counts >= 30) & (counts <= 31))
    error = met.std() / np.sqrt(len(met))
    assert met.mean() == pytest.approx(exact, abs=4 * error)
    assert error < np.sqrt(exact * (1 - exact) / len(met)), "and it is surer than plain acceptance"


def test_a_ratio_within_its_error_cannot_be_told_from_one():
    generator = np.random.default_rng(1)
    a, b = (generator.random(20_000) < 0.01 for _ in range(2))
    ratio, low, high = ratio_of(a.astype(float), b.astype(float))
    assert low < 1 < high
    assert low < ratio < high


def test_a_model_that_never_gives_the_reports_is_bounded_not_impossible():
    base = np.zeros(10_000)
    base[:100] = 1.0
    ratio, _, high = ratio_of(np.zeros(10_000), base)
    assert ratio == 0
    assert high == pytest.approx(5 * 0.03)


def test_a_fixed_value_is_judged_from_the_same_bank():
    prior = gamma(2.0, 3.0)
    bank = poisson_bank([count_of_dead({"low": 7, "high": 7})], rows=400_000)
    weights = acceptance(bank, facts(bank))
    value = float(prior.quantile(0.6))
    exact = stats.poisson.pmf(7, value) / stats.nbinom.pmf(7, 2, 0.25)
    found = same_bank_ratio(bank, weights, np.ones(len(bank)), {"deaths_per_clash": value})
    assert found == pytest.approx(exact, rel=0.1)
    assert np.isnan(same_bank_ratio(bank, weights, weights, {"triggers.x.enabled": True}))


def test_rival_accounts_leave_orders_as_they_were():
    assert mechanisms(load_checked(TWO_FACTIONS)) == ["no_reprisals"]


def test_variants_are_compared_on_the_same_draws():
    loaded = load_checked(TWO_FACTIONS)
    table = compare_models(loaded, ["no_reprisals"], 3_000, 1, observables=["dead_upper"])
    rows = table.set_index("model")
    best = rows.iloc[0]
    assert best["ratio"] == best["low"] == best["high"] == 1
    assert best["verdict"] == "best"
    assert rows.iloc[1]["low"] <= rows.iloc[1]["ratio"] <= 1
    with pytest.raises(KeyError):
        compare_models(loaded, [], 200, 1, observables=["no_such_observable"])
