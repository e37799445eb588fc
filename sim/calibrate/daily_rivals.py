"""Rivals of a forecast from a cut: processes of deaths that go on from the fitted days.

A scenario whose fitted totals are days (or weeks) in a row, over all places, tells its rivals a
series. They know it to its last day, as the model does, and forecast what comes after; how deaths
divide between places they know from the fitted tolls of places.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.facts import facts_of
from sim.calibrate.scoring import value_of
from sim.intake.priors.hawkes import HawkesFit, draw_delays, fit_hawkes, survival
from sim.scenario import Scenario
from sim.scenario.schema import Observable
from sim.scenario.vocabulary import Measure, Statistic

FEWEST_TILES = 3
MOST_RATIO = 0.95
"""Answers per death that a forecast may have at most: a process that feeds itself has no end."""

Counts = dict[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Tiling:
    """Fitted totals in a row.

    Attributes:
        counts: dead per tile, f8[n], whole numbers.
        tile_h: length of a tile in hours.
        start_h: where the first begins, in hours of the clock.
        shares: share of the dead by place, sum 1.
    """

    counts: NDArray[np.float64]
    tile_h: float
    start_h: float
    shares: dict[str, float]

    @property
    def end_h(self) -> float:
        return self.start_h + self.tile_h * len(self.counts)


def tiling_of(scenario: Scenario) -> Tiling | None:
    """The fitted days or weeks of a scenario in a row; None where it has no such series."""
    places = [place.id for place in scenario.places]
    observables = {o.id: o for o in scenario.observables}
    tiles: list[tuple[float, float, float]] = []
    by_place = dict.fromkeys(places, 0.0)
    for fact in facts_of(scenario):
        one = observables[fact.observable]
        value = float(sum(reading.weight * value_of(reading) for reading in fact.readings))
        if not _is_total(one) or not np.isfinite(value):
            continue
        if one.places is None and one.span is not None:
            begin = (one.span.start - scenario.clock.start).total_seconds() / 3600
            tiles.append((begin, (one.span.end - one.span.start).total_seconds() / 3600, value))
        elif one.places is not None and len(one.places) == 1:
            by_place[one.places[0]] += value
    if not tiles:
        return None
    length = min(hours for _, hours, _ in tiles)
    row = sorted(tile for tile in tiles if tile[1] == length)
    touching = all(abs(b[0] - a[0] - length) < 1e-9 for a, b in pairwise(row))
    if len(row) < FEWEST_TILES or not touching:
        return None
    whole = sum(by_place.values())
    shares = {p: by_place[p] / whole if whole > 0 else 1 / len(places) for p in places}
    return Tiling(np.rint([value for _, _, value in row]), length, row[0][0], shares)


def _is_total(one: Observable) -> bool:
    return one.measure == Measure.DEAD and one.statistic == Statistic.TOTAL and one.factions is None


def going_on(
    tiling: Tiling, steps: int, step_h: float, size: int, rng: np.random.Generator
) -> Counts | None:
    """A Hawkes process fitted to the tiles and gone on from them: counts by place, i8[size, steps].

    Up to the last tile a run holds the deaths reported, spread within their tiles; after it those
    that come by themselves, and the answers still due. None where nothing can be fitted.
    """
    if tiling.counts.sum() < FEWEST_TILES or len(tiling.counts) < FEWEST_TILES:
        return None
    fit = fit_hawkes(tiling.counts, tiling.tile_h)
    hours = steps * step_h
    times, runs = _past(tiling, size, rng)
    series = np.zeros((size, steps), dtype=np.int64)
    _add(series, runs, times, step_h)
    run, time = _arrivals(fit, tiling, hours, runs, times, rng)
    while len(run):
        _add(series, run, time, step_h)
        answers = rng.poisson(min(fit.ratio, MOST_RATIO), len(run))
        run, time = np.repeat(run, answers), np.repeat(time, answers)
        time = time + draw_delays(fit.kernel, fit.delay_h, len(time), rng)
        run, time = run[time < hours], time[time < hours]
    return _divided(series, tiling.shares, rng)


def _past(
    tiling: Tiling, size: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Times of the deaths reported, in each run anew within their tile; and the runs."""
    tile = np.repeat(np.arange(len(tiling.counts)), tiling.counts.astype(np.int64))
    runs = np.repeat(np.arange(size), len(tile))
    place = rng.random(len(runs))
    return tiling.start_h + (np.tile(tile, size) + place) * tiling.tile_h, runs


def _arrivals(
    fit: HawkesFit,
    tiling: Tiling,
    hours: float,
    runs: NDArray[np.int64],
    times: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Deaths after the last tile that come by themselves, or answer one before it."""
    size, end = int(runs[-1]) + 1, tiling.end_h
    first = rng.poisson(fit.base_rate * max(0.0, hours - end), size)
    own = np.repeat(np.arange(size), first)
    come = end + rng.random(len(own)) * (hours - end)
    if not np.isfinite(fit.ratio):
        return own, come
    due = min(fit.ratio, MOST_RATIO) * survival(fit.kernel, fit.delay_h, end - times)
    answers = rng.poisson(due)
    # the exponential kernel forgets: what is left of a delay is drawn like a whole one
    late = end + draw_delays(fit.kernel, fit.delay_h, int(answers.sum()), rng)
    run, time = np.concatenate([own, np.repeat(runs, answers)]), np.concatenate([come, late])
    return run[time < hours], time[time < hours]


def days_again(
    tiling: Tiling, steps: int, step_h: float, size: int, rng: np.random.Generator
) -> Counts:
    """Climatology: each tile of the clock holds the deaths of a fitted tile drawn at random."""
    hours = steps * step_h
    number = int(np.ceil(hours / tiling.tile_h))
    drawn = rng.choice(tiling.counts.astype(np.int64), size=(size, number))
    runs = np.repeat(np.repeat(np.arange(size), number), drawn.ravel())
    tile = np.repeat(np.tile(np.arange(number), size), drawn.ravel())
    times = (tile + rng.random(len(tile))) * tiling.tile_h + tiling.start_h % tiling.tile_h
    series = np.zeros((size, steps), dtype=np.int64)
    inside = times < hours
    _add(series, runs[inside], times[inside], step_h)
    return _divided(series, tiling.shares, rng)


def steady(
    tiling: Tiling, steps: int, step_h: float, size: int, rng: np.random.Generator
) -> Counts:
    """A constant rate: the mean of the fitted tiles."""
    mean = tiling.counts.mean() / tiling.tile_h * step_h
    return _divided(rng.poisson(mean, (size, steps)), tiling.shares, rng)


def _add(
    series: NDArray[np.int64], runs: NDArray[np.int64], times: NDArray[np.float64], step_h: float
) -> None:
    np.add.at(series, (runs, np.minimum((times / step_h).astype(int), series.shape[1] - 1)), 1)


def _divided(
    series: NDArray[np.int64], shares: dict[str, float], rng: np.random.Generator
) -> Counts:
    """Every death falls in one place, by the shares."""
    found: Counts = {}
    rest, left = series, 1.0
    for place, share in shares.items():
        part = rng.binomial(rest, min(1.0, share / left) if left > 1e-12 else 0.0)
        found[place], rest, left = part, rest - part, left - share
    return found
