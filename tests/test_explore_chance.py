"""The chance of a further clash: from the runs, with an interval over parameters, beside Hawkes."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from shipped import loaded, shipped

from sim.explore.chance import chance_of_clash, interval
from sim.intake.priors.hawkes import HawkesFit, chance_of_event, simulate_hawkes
from sim.scenario import with_settings


def test_where_nothing_can_start_no_clash_comes_within_any_horizon() -> None:
    alone = {"incident_rate": 0, "decisions.sadr_withdrawal.mode": "off"}
    scenario = with_settings(loaded("baghdad_2022_08"), alone).model_copy(update={"triggers": []})
    found = chance_of_clash(scenario, scenario.clock.start, [1.0, 7.0], 5, 4)
    assert (found.table["probability"] == 0).all()


def test_a_longer_horizon_is_never_less_probable_and_the_whole_never_less_than_a_part() -> None:
    scenario = shipped("august_september_2022")
    since = scenario.clock.start + timedelta(hours=30)
    table = chance_of_clash(scenario, since, [0.5, 2.0, 10.0], 20, 20).table
    whole = table[table["kind"] == "all"].set_index("days")["probability"]
    assert list(whole) == sorted(whole)
    for _, row in table.iterrows():
        assert row["probability"] <= whole[row["days"]] + 1e-12


def test_the_clock_is_lengthened_and_what_went_before_stays_the_same() -> None:
    scenario = shipped("baghdad_2022_08")
    early = chance_of_clash(scenario, scenario.clock.start, [2.0], 10, 10).table
    both = chance_of_clash(scenario, scenario.clock.start, [2.0, 60.0], 10, 10).table
    assert list(early["probability"]) == list(both[both["days"] == 2.0]["probability"])


def test_noise_of_the_runs_is_no_uncertainty_of_the_parameters() -> None:
    rng = np.random.default_rng(1)
    same = rng.binomial(20, 0.3, 4000) / 20
    low, high = interval(same, 20)
    assert high - low < 0.08
    p = rng.beta(3, 7, 4000)
    low, high = interval(rng.binomial(20, p) / 20, 20)
    assert (low, high) == pytest.approx(tuple(np.quantile(p, [0.05, 0.95])), abs=0.03)


@pytest.mark.parametrize("kernel", ["exponential", "two_stage"])
def test_hawkes_chance_of_an_event_is_what_its_simulation_gives(kernel: str) -> None:
    fit = HawkesFit(0.004, 0.6, 5.0, kernel, step_h=1.0)
    counts = simulate_hawkes(fit, 400, 1.0, 40_000, np.random.default_rng(3))
    cut, horizon = 300, 24
    later = counts[:, cut : cut + horizon].sum(axis=1) > 0
    told = np.array([chance_of_event(fit, row[:cut], horizon) for row in counts[:4000]])
    assert told.mean() == pytest.approx(later.mean(), abs=0.01)
    likely = told > np.quantile(told, 0.9)
    assert told[likely].mean() == pytest.approx(later[:4000][likely].mean(), abs=0.06)


def test_an_instant_before_the_clock_is_refused() -> None:
    scenario = shipped("baghdad_2022_08")
    with pytest.raises(ValueError, match="before the clock"):
        chance_of_clash(scenario, scenario.clock.start - timedelta(hours=1))
