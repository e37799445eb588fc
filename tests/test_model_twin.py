"""The kernel and the Mesa model are one model: equal to the last bit, on anything."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import Fork, simulate_block
from sim.model.job import FIRST_LOG_ROWS
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import REGISTRY, STRUCTURAL
from tests.random_scenarios import START, at, random_data, random_scenario, random_theta

DRAWS_PER_SCENARIO = 2


def compare_engines(seed: int) -> int:
    scenario = random_scenario(seed)
    theta = random_theta(scenario, seed, DRAWS_PER_SCENARIO)
    replicates = [seed * 7, seed * 7 + 3]
    kernel, mesa = (
        simulate_block(scenario, theta, seed, replicates, keep="log", engine=engine)
        for engine in ("kernel", "mesa")
    )
    assert np.array_equal(kernel.series, mesa.series)
    assert np.array_equal(kernel.observables, mesa.observables, equal_nan=True)
    assert np.array_equal(kernel.orders, mesa.orders, equal_nan=True)
    assert kernel.events is not None and kernel.events.equals(mesa.events)
    return len(kernel.events)


SEEDS = [*range(99), 293]  # 293: security forces that a leader orders to withdraw


def test_both_engines_agree_to_the_bit_on_random_scenarios() -> None:
    events = sum(compare_engines(seed) for seed in SEEDS)
    assert events > 5000  # the scenarios are not empty


def test_the_engines_are_compared_over_every_registered_number() -> None:
    drawn: dict[str, list[np.ndarray]] = {}
    for seed in SEEDS:
        scenario = random_scenario(seed)
        theta = random_theta(scenario, seed, DRAWS_PER_SCENARIO)
        for name, column in zip(effective_priors(scenario), theta.T, strict=True):
            drawn.setdefault(name.partition(".")[0], []).append(column)
    assert set(drawn) == set(REGISTRY)
    for name, row in REGISTRY.items():
        values = np.concatenate(drawn[name])
        low, high = row.sensitivity or tuple(row.prior.quantile(np.array([0.1, 0.9])))
        assert len(np.unique(values)) > 5, f"{name} is never varied"
        if name not in (
            "rocket_base_rate",
            "incident_rate",
            "order_memory",
            STRUCTURAL,
        ):  # the random worlds set these themselves
            covered = np.ptp(np.clip(values, low, high)) / (high - low)
            assert covered > 0.8, f"{name} is varied over {covered:.0%} of its range"


@pytest.mark.long
def test_both_engines_agree_to_the_bit_on_two_thousand_draws() -> None:
    for seed in range(100, 1100):
        compare_engines(seed)


def test_both_engines_agree_to_the_bit_after_a_fork() -> None:
    for seed in range(24):
        data = random_data(seed, hours=30)
        scenario = Scenario.model_validate(data)
        for decision in data["decisions"]:
            decision["mode"], decision["shift_h"] = "scripted", 9.0
        data["triggers"][0]["shift_h"] = 12.0
        other = Scenario.model_validate(data)
        theta = random_theta(scenario, seed, 3)
        fork = Fork(START.replace(hour=14), other, random_theta(scenario, seed + 1, 3))
        kernel, mesa = (
            simulate_block(scenario, theta, 5, range(3), keep="log", engine=engine, fork=fork)
            for engine in ("kernel", "mesa")
        )
        assert np.array_equal(kernel.series, mesa.series)
        assert kernel.events is not None and kernel.events.equals(mesa.events)
        plain = simulate_block(scenario, theta, 5, range(3), keep="hourly")
        steps = round(14 / scenario.clock.step_h)
        assert np.array_equal(kernel.series[:, :steps], plain.series[:, :steps])


def test_what_is_kept_never_changes_what_happens() -> None:
    for seed in range(20):
        scenario = random_scenario(seed)
        theta = random_theta(scenario, seed, 4)
        runs = [simulate_block(scenario, theta, 1, range(4), keep=k) for k in ("totals", "log")]
        assert np.array_equal(runs[0].observables, runs[1].observables, equal_nan=True)


def test_a_replicate_alone_equals_the_same_replicate_in_a_batch_on_any_number_of_threads() -> None:
    scenario = random_scenario(3)
    theta = random_theta(scenario, 1, 300)
    batch = simulate_block(scenario, theta, 9, range(300), keep="hourly", threads=1)
    threaded = simulate_block(scenario, theta, 9, range(300), keep="hourly", threads=5)
    assert np.array_equal(batch.series, threaded.series)
    for r in (0, 17, 299):
        alone = simulate_block(scenario, theta[r : r + 1], 9, [r], keep="hourly")
        assert np.array_equal(alone.series[0], batch.series[r])


def test_a_run_with_more_events_than_the_log_first_has_room_for_keeps_them_all() -> None:
    data = random_data(1, hours=48)
    for dyad in data["dyads"]:
        dyad["hostility"] = 1.0
    for faction in data["factions"]:
        for force in faction["forces"]:
            force["fighters"], force["resident"] = 5000, True
    data["parameters"]["clash_rate"] = {"value": 100, "source": "assumption: test"}
    data["parameters"]["salience_memory"] = {"value": 1000, "source": "assumption: test"}
    data["parameters"]["rocket_base_rate"] = {"value": 100, "source": "assumption: test"}
    scenario = Scenario.model_validate(data)
    output = simulate_block(scenario, random_theta(scenario, 1, 1), 1, [0], keep="log")
    assert output.events is not None and len(output.events) > FIRST_LOG_ROWS
    assert list(output.events["event"]) == list(range(len(output.events)))


def test_seeds_and_shapes_that_cannot_be_run_are_refused() -> None:
    scenario = random_scenario(1)
    theta = random_theta(scenario, 1, 2)
    with pytest.raises(ValueError, match="shape"):
        simulate_block(scenario, theta[:, 1:], 1, range(2))
    with pytest.raises(ValueError, match="seed -1"):
        simulate_block(scenario, theta, -1, range(2))
    with pytest.raises(ValueError, match="replicate numbers"):
        simulate_block(scenario, theta, 1, [0, 2**32])
    with pytest.raises(ValueError, match="engine"):
        simulate_block(scenario, theta, 1, range(2), engine="kernal")
    other = random_data(1)
    other["triggers"].append(
        {**other["triggers"][0], "id": "extra", "at": {"earliest": at(1), "latest": at(1)}}
    )
    with pytest.raises(ValueError, match="number of triggers"):
        fork = Fork(START, Scenario.model_validate(other), theta)
        simulate_block(scenario, theta, 1, range(2), fork=fork)
