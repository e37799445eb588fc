"""A path: what neighbours cannot say in one total; days, last death, relapse, sides, places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.forecast import SIDES, Forecast
from sim.episodes.row_scores import brier_rows, crps_rows, energy_rows
from sim.episodes.task import Task

QUIET = 7
"""Days without a death after which a later death is a relapse."""

SIDED = ("dead of side a", "dead of side b", "dead civilians")
OUTCOMES = (
    "days with dead",
    "day of the last death",
    "relapse",
    "dead of side a",
    "dead of side b",
    "dead civilians",
    "places",
    "jointly",
)
"""Scored by CRPS (days in days, dead and places on log(1 + x)), relapse by Brier, all together by
the energy score."""


def days_with_dead(paths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of paths [..., H], f8[...]."""
    return np.asarray((paths > 0).sum(axis=-1), dtype=np.float64)


def last_day(paths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Day of the last death, from 1 in the first day of a path [..., H]; 0 for none."""
    dead = paths > 0
    days = paths.shape[-1]
    last = days - np.argmax(dead[..., ::-1], axis=-1)
    return np.where(dead.any(axis=-1), last, 0).astype(np.float64)


def relapsed(paths: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a death comes after `QUIET` days or more without one, of paths [..., H].

    The path's own beginning counts: quiet from its first day on, then a death.
    """
    out = np.zeros(paths.shape[:-1], dtype=bool)
    quiet = np.zeros(paths.shape[:-1])
    for day in range(paths.shape[-1]):
        dead = paths[..., day] > 0
        out |= dead & (quiet >= QUIET)
        quiet = np.where(dead, 0.0, quiet + 1.0)
    return out


def path_scores(
    forecast: Forecast, panel: DayPanel, task: Task
) -> Mapping[str, NDArray[np.float64]]:
    """Score of each outcome for each episode, f8[N]; NaN where nothing was reported of it.

    An outcome of which the forecast says nothing is left out. Sides are scored where the episode's
    source has sides, on the draws that say something of sides.
    """
    end = int(panel.day[-1])
    seen, paths = panel.days(task.first, end), forecast.paths
    out = {
        "days with dead": crps_rows(days_with_dead(paths), days_with_dead(seen)),
        "day of the last death": crps_rows(last_day(paths), last_day(seen)),
        "relapse": brier_rows(relapsed(paths), relapsed(seen)),
    }
    sided = np.nonzero(panel.table["has_sides"].to_numpy() == 1)[0]
    everywhere = np.arange(len(panel))
    if forecast.sides is not None:
        for number, (name, column) in enumerate(zip(SIDED, SIDES, strict=True)):
            reported = panel.total(task.first, end, column)
            out[name] = _known_crps(forecast.sides[:, :, number], reported, sided)
    if forecast.places is not None:
        out["places"] = _known_crps(
            forecast.places, panel.total(task.first, end, "n_places"), everywhere
        )
    joint = [np.log1p(paths.sum(axis=2)), days_with_dead(paths), last_day(paths)]
    told = [np.log1p(seen.sum(axis=1)), days_with_dead(seen), last_day(seen)]
    # each in units of how much it differs between episodes, so that none rules the distance
    size = np.array([max(float(values.std()), 1e-9) for values in told])
    out["jointly"] = energy_rows(np.stack(joint, axis=2) / size, np.stack(told, axis=1) / size)
    return out


def _known_crps(
    draws: NDArray[np.float64], reported: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """CRPS of log(1 + x) in some rows on the draws that say something, f8[N]; NaN elsewhere."""
    out = np.full(len(draws), np.nan)
    for row in rows:
        known = draws[row][np.isfinite(draws[row])]
        if len(known):
            out[row] = crps_rows(np.log1p(known)[None], np.log1p(reported[[row]]))[0]
    return out
