"""Persistence: how one event-day of a dyad makes later ones likelier, and how often they begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage, optimize, signal, special

from sim.episodes.fact import Fact, bootstrap

FEWEST_EVENTS = 60
"""Events of a dyad below which no daily process is fitted."""

LONGEST_DAYS = 3000
"""A dyad's busiest stretch of this length is fitted; a war of thirty years is several wars."""

TIDE_DAYS = 60.0
CLEAR = 5.99
"""Twice the gain in log likelihood over no answers beyond which self-excitation is clear: the 95 %
point of chi-squared with two degrees of freedom."""

QUIET_DAYS = 14
SOURCE = "events"


@dataclass(frozen=True)
class DailyFit:
    """Counts per day that answer those of earlier days.

    Attributes:
        base: counts per day that answer nothing (mean over time).
        ratios: expected answers on later days per count, one for each driving series.
        delays: mean delay in days of each, from 1 on.
        dispersion: variance = mean + dispersion * mean^2 (negative binomial): what clumps within a
            day is neither an answer on a later day nor Poisson.
        log_likelihood: at the maximum.
    """

    base: float
    ratios: NDArray[np.float64]
    delays: NDArray[np.float64]
    dispersion: float
    log_likelihood: float


def daily_counts(events: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Events with an exact day per day of each dyad, from its first to its last event-day."""
    exact = events[events["exact"] == 1]
    number = (pd.to_datetime(exact["date"]) - pd.Timestamp("1980-01-01")).dt.days
    out = {}
    for dyad, days in number.groupby(exact["dyad_no"]):
        out[str(dyad)] = np.bincount(days.to_numpy() - days.min()).astype(float)
    return out


def busiest(counts: NDArray[np.float64], days: int = LONGEST_DAYS) -> slice:
    """The stretch of at most `days` with most events."""
    if len(counts) <= days:
        return slice(0, len(counts))
    sums = np.convolve(counts, np.ones(days), mode="valid")
    start = int(np.argmax(sums))
    return slice(start, start + days)


def tide(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rate smoothed over `TIDE_DAYS`, mean 1, never below 2 % of the mean."""
    smooth = ndimage.gaussian_filter1d(counts, TIDE_DAYS, mode="reflect")
    smooth = np.maximum(smooth, 0.02 * smooth.mean())
    return np.asarray(smooth / smooth.mean())


def fit_daily(counts: NDArray[np.float64], drivers: list[NDArray[np.float64]]) -> DailyFit:
    """Negative binomial counts [T] whose mean is base * tide + sum of answers to the drivers [T].

    A driver's answers fall on later days only, with a geometric delay.
    """
    form, kinds = tide(counts), len(drivers)

    def cost(x: NDArray[np.float64]) -> float:
        mean = np.exp(x[0]) * form
        for k, driver in enumerate(drivers):
            keep = 1.0 - 1.0 / (1.0 + np.exp(x[2 + 2 * k]))
            echo = signal.lfilter([0.0, 1.0 - keep], [1.0, -keep], driver)
            mean = mean + np.exp(x[1 + 2 * k]) * echo
        size = np.exp(-x[-1])
        return -float(
            np.sum(
                special.gammaln(counts + size)
                - special.gammaln(size)
                - special.gammaln(counts + 1)
                + size * np.log(size / (size + mean))
                + counts * np.log(mean / (size + mean))
            )
        )

    level = np.log(max(counts.mean(), 1e-6))
    best = None
    for delay in (1.0, 6.0):
        start = np.array([level - 0.3, *([np.log(0.15), np.log(delay)] * kinds), -0.5])
        bounds = [(level - 8, level + 2), *([(-9.0, 1.0), (-3.0, 3.6)] * kinds), (-8.0, 4.0)]
        found = optimize.minimize(cost, start, method="L-BFGS-B", bounds=bounds)
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None
    x = best.x
    # mean of the geometric delay: 1 / (1 - keep) = 1 + e^x
    return DailyFit(
        float(np.exp(x[0])),
        np.exp(x[1:-1:2]),
        1.0 + np.exp(x[2:-1:2]),
        float(np.exp(x[-1])),
        -float(best.fun),
    )


def statistic_of(
    values: NDArray[np.float64], of: Callable[[NDArray[np.float64]], Any]
) -> Callable[[NDArray[np.int64]], float]:
    """A statistic of resampled values."""
    return lambda rows: float(of(values[rows]))


def quantile_of(values: NDArray[np.float64], level: float) -> Callable[[NDArray[np.int64]], float]:
    """A quantile of resampled values."""
    return statistic_of(values, lambda v: np.quantile(v, level))


def persistence_facts(counts: dict[str, NDArray[np.float64]]) -> list[Fact]:
    """Branching and decay over days, by dyad."""
    ratios, decays, bases, clear = [], [], [], []
    for series in counts.values():
        one = series[busiest(series)]
        if one.sum() < FEWEST_EVENTS or len(one) < 100:
            continue
        fit, flat = fit_daily(one, [one]), fit_daily(one, [])
        clear.append(2 * (fit.log_likelihood - flat.log_likelihood) > CLEAR)
        ratios.append(float(fit.ratios[0]))
        decays.append(float(fit.delays[0]))
        bases.append(fit.base * 7.0)
    sure, ratio = np.array(clear), np.array(ratios)
    decay, base = np.array(decays), np.array(bases)
    total = len(sure)
    share = bootstrap(total, lambda i: float(sure[i].mean()), 11)
    facts = [
        Fact(
            "days_clear_share",
            "day",
            *share,
            "share of dyads",
            total,
            "Dyads with at least 60 dated events with self-excitation over days clear beyond a "
            "tide of 60 days; interval by bootstrap over dyads.",
            SOURCE,
        )
    ]
    rows = (
        ("days_branching", ratio[sure], "answers per event", "Branching ratio over days"),
        ("days_decay", decay[sure], "days", "Mean delay of an answer"),
        ("days_base_rate", base[sure], "events per week", "Events that answer no earlier day's"),
        (
            "days_branching_all",
            np.where(sure, ratio, 0.0),
            "answers per event",
            "Branching ratio over days, 0 where not clear",
        ),
    )
    for name, values, unit, what in rows:
        for label, level in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
            point = bootstrap(len(values), quantile_of(values, level), 12)
            facts.append(
                Fact(
                    f"{name}_{label}",
                    "day",
                    *point,
                    unit,
                    len(values),
                    f"{what} of daily counts, {label} over dyads where it is clear; negative "
                    "binomial with geometric delay; interval by bootstrap over dyads.",
                    SOURCE,
                )
            )
    return facts


def incident_facts(counts: dict[str, NDArray[np.float64]]) -> list[Fact]:
    """How often event-days come, in all and after quiet."""
    weekly, begun, logs = [], [], []
    for series in counts.values():
        days = (series > 0).astype(float)
        if days.sum() < 10 or len(days) < 56:
            continue
        weekly.append(7.0 * days.mean())
        # quiet: no event-day in the last QUIET_DAYS days; how often does one come next?
        past = np.convolve(days, np.ones(QUIET_DAYS))[: len(days)]
        at_risk = np.zeros(len(days), dtype=bool)
        at_risk[QUIET_DAYS:] = past[QUIET_DAYS - 1 : -1] == 0
        if at_risk.sum() >= 28:
            begun.append(7.0 * (days[at_risk].sum() + 0.5) / (at_risk.sum() + 1.0))
        logs.append(series[series > 0].mean())
    facts = []
    rows = (
        (
            "event_days_week",
            weekly,
            "event-days per week",
            "Event-days per week of a dyad between its first and last event",
        ),
        (
            "begin_after_quiet_week",
            begun,
            "event-days per week",
            f"Rate at which an event-day comes after {QUIET_DAYS} days without one: violence that "
            "starts by itself, the nearest to a background of local incidents",
        ),
        ("events_per_event_day", logs, "events", "Events on a day that has any, mean of a dyad"),
    )
    for name, numbers, unit, what in rows:
        values = np.array(numbers)
        for label, level in (
            ("p05", 0.05),
            ("p25", 0.25),
            ("median", 0.5),
            ("p75", 0.75),
            ("p95", 0.95),
        ):
            point = bootstrap(len(values), quantile_of(values, level), 13)
            facts.append(
                Fact(
                    f"{name}_{label}",
                    "incident",
                    *point,
                    unit,
                    len(values),
                    f"{what}, {label} over dyads with 10 or more event-days; interval by bootstrap "
                    "over dyads.",
                    SOURCE,
                )
            )
        log = np.log(values)
        for label, of in (("log_mean", np.mean), ("log_sd", np.std)):
            point = bootstrap(len(log), statistic_of(log, of), 14)
            facts.append(
                Fact(
                    f"{name}_{label}",
                    "incident",
                    *point,
                    "log",
                    len(log),
                    f"{what}: {label.replace('_', ' ')} over dyads (for a log-normal prior).",
                    SOURCE,
                )
            )
    return facts
