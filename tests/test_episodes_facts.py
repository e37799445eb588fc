"""What is learned from series whose truth is known: delays and branching; and what is shipped."""

from __future__ import annotations

import numpy as np

from sim.episodes.minutes import two_scales
from sim.episodes.persistence import fit_daily
from sim.episodes.study import shipped


def test_answers_on_later_days_are_found_again_and_clumps_within_a_day_are_not_taken_for_them() -> (
    None
):
    rng = np.random.default_rng(5)
    counts, echo = np.zeros(3000), 0.0
    for day in range(3000):
        counts[day] = rng.poisson((0.4 + 0.35 * echo) * rng.gamma(2.0, 0.5))
        echo = echo * 0.7 + 0.3 * counts[day]
    answered = fit_daily(counts, [counts])
    alone = fit_daily(counts, [])
    assert 0.2 < answered.ratios[0] < 0.5
    assert 2.0 < answered.delays[0] < 5.5
    assert answered.log_likelihood > alone.log_likelihood + 3
    clumped = rng.poisson(0.6 * rng.gamma(0.5, 2.0, 3000)).astype(float)
    gain = fit_daily(clumped, [clumped]).log_likelihood - fit_daily(clumped, []).log_likelihood
    assert gain < 3.0


def test_salvoes_within_the_hour_are_found_beside_answers_over_days() -> None:
    rng = np.random.default_rng(6)
    first = np.sort(rng.random(2500) * 24 * 1000)
    salvo = first[rng.random(2500) < 0.3]
    slow = first[rng.random(2500) < 0.2]
    times = np.sort(
        np.concatenate(
            [
                first,
                salvo + rng.exponential(1.0, len(salvo)),
                slow + rng.exponential(48.0, len(slow)),
            ]
        )
    )
    found, error = two_scales(times, ((0.15, 1.0), (0.15, 72.0)))
    ratio, delay = np.exp(found[1]), np.exp(found[2])
    assert abs(found[1] - np.log(0.2)) < 4 * error[1] + 0.3
    assert 0.1 < ratio < 0.35 and 0.5 < delay < 2.0


def test_what_is_shipped_has_an_interval_around_every_value_and_a_source() -> None:
    facts = shipped()
    assert {"salvo", "toll", "order", "incident", "day", "sides"} == {
        fact.group for fact in facts.values()
    }
    for fact in facts.values():
        assert not fact.low > fact.value + 1e-9, fact.name
        assert not fact.high < fact.value - 1e-9, fact.name
        assert fact.source and fact.what.endswith(".")
