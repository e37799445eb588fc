"""The own dyad: a self-exciting process on the episode's own days, drawn forward."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.forecast import Forecast, horizon
from sim.episodes.task import Task

RATIOS = (0.0, 0.15, 0.3, 0.5, 0.7, 0.9)
DELAYS = (1.5, 3.0, 6.0)
BASES = (0.05, 0.2, 0.5, 1.0, 2.0)
"""Grid of answers per event, mean delay in days, and base rate over the mean rate of the days that
are known. Flat over the grid: an assumption; what was learned of daily counts lies well inside."""

SPREAD = 1.0
"""Sd of the log of deaths per event within a dyad (learned: 1.04 to 1.14 state-based)."""


def own_dyad(panel: DayPanel, task: Task, draws: int, rng: np.random.Generator) -> Forecast:
    """Draws from a Hawkes process in days, fitted by a grid to each episode's own known days.

    The base rate of a burst is known only from the burst itself, so this baseline has no idea of
    how bursts end; that is what it is compared for.
    """
    first = int(panel.day[0])
    counts = panel.days(first, task.given, "n_events")
    grid = np.array(list(product(RATIOS, DELAYS, BASES)))
    mean = np.maximum(counts.mean(axis=1), 0.5 / counts.shape[1])
    likelihood = np.zeros((len(panel), len(grid)))
    echo = np.zeros((len(panel), len(grid)))
    keep = 1.0 - 1.0 / grid[:, 1]
    for day in range(counts.shape[1]):
        rate = mean[:, None] * grid[:, 2] + grid[:, 0] * echo
        likelihood += counts[:, [day]] * np.log(rate) - rate
        echo = echo * keep + counts[:, [day]] * (1.0 - keep)
    weight = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    running = np.cumsum(weight, axis=1)
    steps = (np.arange(draws) + rng.random((len(panel), 1))) / draws * running[:, -1:]
    pick = np.stack([np.searchsorted(r, s) for r, s in zip(running, steps, strict=True)])
    pick = np.minimum(pick, len(grid) - 1)
    ratio, base = grid[pick, 0], mean[:, None] * grid[pick, 2]
    keep_of, state = keep[pick], np.take_along_axis(echo, pick, axis=1)
    dead = panel.total(first, task.given)
    per_event = np.maximum(dead / np.maximum(counts.sum(axis=1), 1.0), 0.2)
    paths = np.zeros((len(panel), draws, horizon(panel, task)))
    for day in range(paths.shape[2]):
        events = rng.poisson(np.minimum(base + ratio * state, 500.0))
        state = state * keep_of + events * (1.0 - keep_of)
        paths[:, :, day] = _deaths(events, per_event, rng)
    return Forecast("own-dyad Hawkes", paths, task.days)


def _deaths(
    events: NDArray[np.int64], per_event: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Dead of `events` [N, S] with mean `per_event` [N] each, log-normal between days."""
    spread = SPREAD / np.sqrt(np.maximum(events, 1.0))
    factor = np.exp(spread * rng.standard_normal(events.shape) - spread**2 / 2)
    return np.asarray(rng.poisson(np.minimum(events * per_event[:, None] * factor, 1e6)), float)
