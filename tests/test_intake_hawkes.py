"""What counts can say of answers to events, and what their grain cannot."""

from __future__ import annotations

import numpy as np
import pytest

from sim.intake import HawkesFit, fit_hawkes, profile, simulate_hawkes
from sim.intake.priors.hawkes import share_per_bin

TRUE = HawkesFit(base_rate=0.05, ratio=0.5, delay_h=6.0)


def hourly(kernel: str, runs: int, days: int = 150) -> np.ndarray:
    """Counts per hour of `runs` runs, without the first ten days."""
    fit = HawkesFit(TRUE.base_rate, TRUE.ratio, TRUE.delay_h, kernel)
    counts = simulate_hawkes(fit, 24 * (days + 10), 1.0, runs, np.random.default_rng(11))
    return counts[:, 240:]


@pytest.mark.parametrize("kernel", ["exponential", "two_stage"])
def test_hourly_counts_give_the_ratio_and_the_delay_back_within_their_standard_errors(
    kernel: str,
) -> None:
    """Of 16 errors in units of the standard error, none above 4 and most below 1.65."""
    deviations = []
    for counts in hourly(kernel, 8):
        fit = fit_hawkes(counts, 1.0, kernel)
        assert fit.converged, fit.message
        for name in ("ratio", "delay_h"):
            error = fit.standard_errors[name]
            deviations.append((getattr(fit, name) - getattr(TRUE, name)) / error)
    assert np.abs(deviations).max() < 4
    assert np.mean(np.abs(deviations) < 1.65) >= 0.7


def test_days_cannot_tell_a_delay_of_half_an_hour_but_still_tell_the_ratio() -> None:
    fit = HawkesFit(0.05, 0.5, 0.5, "exponential")
    counts = simulate_hawkes(fit, 24 * 400, 1.0, 1, np.random.default_rng(5))[0]
    days = counts.reshape(-1, 24).sum(axis=1)
    found = fit_hawkes(days, 24.0)
    delay = profile(days, 24.0, found, "delay_h")
    assert delay.open_low
    assert not delay.tells
    ratio = profile(days, 24.0, found, "ratio")
    assert ratio.tells
    assert ratio.low < 0.5 < ratio.high
    hours = fit_hawkes(counts, 1.0)
    assert abs(hours.delay_h - 0.5) < 3 * hours.standard_errors["delay_h"] < 0.5


def test_counts_without_answers_leave_the_ratio_open_towards_nothing() -> None:
    counts = np.random.default_rng(1).poisson(1.2, 400)
    fit = fit_hawkes(counts, 24.0)
    ratio = profile(counts, 24.0, fit, "ratio")
    assert ratio.open_low
    assert ratio.high < 0.4
    assert fit.log_likelihood - fit.poisson_log_likelihood < 3


@pytest.mark.parametrize("kernel", ["exponential", "two_stage"])
def test_every_answer_falls_into_some_bin(kernel: str) -> None:
    shares = share_per_bin(kernel, 5.0, 24.0, 60)
    assert shares.sum() == pytest.approx(1.0, abs=1e-9)
    assert share_per_bin(kernel, 0.01, 24.0, 3)[0] == pytest.approx(1.0, abs=1e-2)


def test_the_shares_are_those_of_simulated_answers() -> None:
    rng = np.random.default_rng(2)
    late = rng.random(200_000) * 24 + rng.gamma(2, 9.0, 200_000)
    seen = np.bincount((late / 24).astype(int), minlength=5)[:5] / 200_000
    assert share_per_bin("two_stage", 9.0, 24.0, 5) == pytest.approx(seen, abs=0.005)


def test_a_simulated_process_has_the_mean_of_its_theory() -> None:
    """The base rate over one minus the ratio, long after an empty beginning."""
    counts = hourly("two_stage", 40)
    assert counts.mean() == pytest.approx(0.05 / (1 - 0.5), rel=0.08)


def test_two_events_are_too_few() -> None:
    fit = fit_hawkes([0, 1, 0, 1, 0], 24.0)
    assert not fit.converged
    assert "too few" in fit.message
    assert np.isnan(fit.ratio)


@pytest.mark.parametrize(
    ("counts", "step", "kernel"),
    [
        ([1, 2], 1.0, "exponential"),
        ([1, -1, 0], 1.0, "exponential"),
        ([1, 0.5, 0], 1.0, "exponential"),
        ([1, float("nan"), 0], 1.0, "exponential"),
        ([1, 2, 3], 0.0, "exponential"),
        ([1, 2, 3], 1.0, "gaussian"),
    ],
)
def test_what_is_no_series_of_counts_is_refused(counts: list, step: float, kernel: str) -> None:
    with pytest.raises(ValueError):
        fit_hawkes(counts, step, kernel)


def test_a_process_that_explodes_is_stopped_with_a_reason() -> None:
    wild = HawkesFit(1.0, 2.0, 0.5, "exponential")
    with pytest.raises(ValueError, match="explodes"):
        simulate_hawkes(wild, 1000, 1.0, 10, np.random.default_rng(0))
