"""The rules and the draws, each against what is known of it from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.model import draws, rules


def test_philox_gives_the_published_words_for_all_zero_input() -> None:
    zero = np.uint64(0)
    words = [int(word) for word in draws.philox(zero, zero, zero, zero, zero, zero)]
    assert words == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def test_philox_gives_the_published_words_for_all_one_bits_and_for_digits_of_pi() -> None:
    ones = np.uint64(0xFFFFFFFF)
    words = [int(word) for word in draws.philox(ones, ones, ones, ones, ones, ones)]
    assert words == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
    digits = [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0]
    words = [int(word) for word in draws.philox(*(np.uint64(d) for d in digits))]
    assert words == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]


def test_each_of_the_five_counters_changes_the_number() -> None:
    base = [1, 2, 3, 4, 5]
    numbers = {draws.uniform(*base)}
    for position in range(5):
        changed = list(base)
        changed[position] += 1
        numbers.add(draws.uniform(*changed))
    assert len(numbers) == 6


def test_numbers_drawn_in_a_row_are_those_drawn_one_by_one() -> None:
    row = np.empty(21)
    draws.uniforms(row, 9, 8, draws.CLASH, 7, 32, draws.ALONG_INDEX)
    assert row.tolist() == [draws.uniform(9, 8, draws.CLASH, 7, 32 + i) for i in range(21)]
    draws.uniforms(row, 9, 8, draws.OBEDIENCE, 7, 0, draws.ALONG_ENTITY)
    assert row.tolist() == [draws.uniform(9, 8, draws.OBEDIENCE, 7 + i, 0) for i in range(21)]


def test_uniform_numbers_are_uniform() -> None:
    sample = [
        draws.uniform(7, r, 13, e, i) for r in range(10) for e in range(10) for i in range(50)
    ]
    assert stats.kstest(sample, "uniform").pvalue > 0.001
    assert min(sample) >= 0.0 and max(sample) < 1.0


@pytest.mark.parametrize("mean", [0.01, 0.5, 3.0, 60.0])
def test_poisson_counts_are_the_quantiles_of_scipy(mean: float) -> None:
    u = np.random.default_rng(1).random(2000)
    ours = [draws.poisson_quantile(x, mean) for x in u]
    assert np.array_equal(ours, stats.poisson(mean).ppf(u))


@pytest.mark.parametrize(("mean", "shape"), [(0.05, 0.7), (0.6, 0.7), (3.0, 0.7), (40.0, 2.7)])
def test_negative_binomial_counts_are_the_quantiles_of_scipy(mean: float, shape: float) -> None:
    u = np.random.default_rng(2).random(2000)
    zero = math.exp(shape * math.log(shape / (shape + mean)))
    ours = [draws.negative_binomial_quantile(x, zero, shape, mean / (mean + shape)) for x in u]
    assert np.array_equal(ours, stats.nbinom(shape, shape / (shape + mean)).ppf(u))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_binomial_counts_are_distributed_as_they_should(share: float) -> None:
    u = (np.arange(20000) + 0.5) / 20000
    ours = np.array([draws.binomial_quantile(x, 12, share) for x in u])
    wanted = stats.binom(12, share).pmf(np.arange(13))
    assert np.allclose(np.bincount(ours, minlength=13) / 20000, wanted, atol=2e-4)


def test_a_reprisal_stock_gives_back_exactly_what_was_put_in_whatever_the_step() -> None:
    for step in (0.25, 1.0, 6.0):
        young, ripe, out, mean_time = 0.8, 0.0, 0.0, 0.0
        x, left = step / 10.0, rules.decay(step, 10.0)
        for k in range(4000):
            due = rules.reprisals_due(young, ripe, x, left)
            young, ripe = young * left, rules.ripe_after(young, ripe, x, left)
            out += due
            mean_time += due * (k + 0.5) * step
        assert out == pytest.approx(0.8, rel=1e-9)
        assert mean_time / out == pytest.approx(20.0, rel=0.01)  # two stages of ten hours


def test_a_hazard_fires_with_the_probability_of_an_exponential_clock() -> None:
    u = np.random.default_rng(3).random(50000)
    share = np.mean([rules.fires(x, 0.4, 2.0) for x in u])
    assert share == pytest.approx(1 - math.exp(-0.8), abs=0.01)


def test_restraint_is_never_ordered_without_own_dead_and_saturates_with_many() -> None:
    assert rules.restraint_hazard(0.0, 5.0, 6.0) == 0.0
    assert rules.restraint_hazard(5.0, 5.0, 6.0) == pytest.approx(1 / 12)
    assert rules.restraint_hazard(1e9, 5.0, 6.0) == pytest.approx(1 / 6)


def test_a_toll_is_printed_as_each_kind_of_outlet_would() -> None:
    assert rules.published(27.0, 0) == 27.0
    assert rules.published(27.0, 2) == 30.0
    assert rules.published(27000.0, 3) == 10000.0
    assert rules.published(0.0, 3) == 0.0
    assert math.isnan(rules.published(27.0, 4))


def test_orders_count_fully_inside_their_scope_and_by_reach_outside() -> None:
    assert rules.obedience_bar(0.8, 0.5, True) == 0.8
    assert rules.obedience_bar(0.8, 0.5, False) == 0.4


def test_two_restrained_sides_never_begin_and_a_restrained_one_can_be_attacked() -> None:
    assert rules.contact(0.0, 1.0, 0.0, 1.0) == 0.0
    assert rules.contact(1.0, 1.0, 0.0, 1.0) == 0.5
    assert rules.contact(1.0, 1.0, 1.0, 1.0) == 1.0
