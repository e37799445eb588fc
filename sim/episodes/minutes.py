"""Minutes: what clock times of attacks say of salvoes, delays of answers and hours of the day."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage, optimize

from sim.episodes.fact import Fact, interval

EDGES_H = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 48.0, 96.0, 168.0)
"""Edges in hours of the delays at which answers are counted."""

PLACEBO_DAYS = tuple(range(8, 15))
"""Shifts, both ways, at which the same delay is counted for comparison. Whole days keep the hour of
the day; both ways let a trend cancel."""

SLOW_DAYS = 28.0
"""Standard deviation of the smoothing that stands for the tide. Assumption: months, not weeks."""

FEWEST = 1000
"""Events with a known town below which a town is not fitted."""

SOURCE = "clock"


def read_minutes(path: Path) -> pd.DataFrame:
    """Columns `hours` (since the first midnight), `town` ('' unknown), sorted.

    Rows without a clock time are left out; rows of one town and minute are one attack.
    """
    table = pd.read_csv(path, usecols=["time", "town"])
    table = table[table["time"].notna()]
    time = pd.to_datetime(table["time"])
    hours = (time - time.min().normalize()) / pd.Timedelta(hours=1)
    frame = pd.DataFrame({"hours": hours, "town": table["town"].fillna("")})
    frame = frame[(frame["town"] == "") | ~frame.duplicated()]
    return frame.sort_values("hours", kind="stable", ignore_index=True)


def hour_of_day(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Relative rate by hour of the day, f8[24] with mean 1."""
    counts = np.bincount((hours % 24).astype(int), minlength=24).astype(float)
    return np.asarray(counts / counts.mean())


def delay_excess(hours: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Later events at each delay after an event, seen and expected, f8[blocks, 2, bins].

    Expected: the mean count at the same delay shifted by `PLACEBO_DAYS` both ways. Blocks of 28
    days by the time of the first event, so that an interval can resample them. And how many
    events were first ones.
    """
    edges = np.array(EDGES_H)
    margin = 24.0 * max(PLACEBO_DAYS) + edges[-1]
    first = hours[(hours > margin) & (hours < hours[-1] - margin)]
    block = (first // (28 * 24)).astype(int)
    out = np.zeros((block.max() + 1, 2, len(edges) - 1))

    def counted(shift: float) -> NDArray[np.float64]:
        at = np.searchsorted(hours, first[:, None] + shift + edges[None, :], side="right")
        if shift == 0:
            at[:, 0] = np.searchsorted(hours, first, side="right")
        return np.diff(at, axis=1).astype(float)

    shifts = [24.0 * sign * day for day in PLACEBO_DAYS for sign in (-1, 1)]
    np.add.at(out[:, 0], block, counted(0.0))
    for shift in shifts:
        np.add.at(out[:, 1], block, counted(shift) / len(shifts))
    return out, len(first)


@njit(cache=True)
def _log_likelihood(  # type: ignore[no-untyped-def]
    times, background, base, ratios, decays
):
    """Of event times [N] in hours with `background` [N] (mean 1 over time) and K kernels."""
    kinds = len(ratios)
    state = np.zeros(kinds)
    total = 0.0
    before = times[0]
    for i in range(len(times)):
        gap = times[i] - before
        rate = base * background[i]
        for k in range(kinds):
            state[k] *= np.exp(-gap / decays[k])
            rate += ratios[k] / decays[k] * state[k]
            state[k] += 1.0
        total += np.log(max(rate, 1e-300))
        before = times[i]
    end = times[-1]
    total -= base * (end - times[0])
    for k in range(kinds):
        for i in range(len(times)):
            total -= ratios[k] * (1.0 - np.exp(-(end - times[i]) / decays[k]))
    return total


def background_of(
    hours: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times of a series, sorted, and the relative base rate at each, mean 1 over time.

    The rate follows the hour-of-day curve and a tide smoothed over `SLOW_DAYS`. Within the minute
    nothing is known: there times are spread evenly.
    """
    rng = np.random.default_rng(1)
    times = np.sort(hours + rng.random(len(hours)) / 60.0)
    days = np.bincount((times // 24).astype(int)).astype(float)
    slow = ndimage.gaussian_filter1d(days, SLOW_DAYS, mode="reflect") / days.mean()
    background = slow[(times // 24).astype(int)] * hour_of_day(times)[(times % 24).astype(int)]
    return times, background


def two_scales(
    hours: NDArray[np.float64], start: tuple[tuple[float, float], ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Maximum likelihood of a Hawkes process with one exponential kernel per pair in `start`.

    Base rate: constant times the hour-of-day curve times the rate smoothed over `SLOW_DAYS`.

    Args:
        start: (branching ratio, mean delay in hours) where the search begins.

    Returns:
        Natural logs of base rate, then per kernel ratio and delay; and their standard errors, NaN
        where the curvature is not that of a maximum.
    """
    times, background = background_of(hours)
    rate = len(times) / (times[-1] - times[0])

    def cost(x: NDArray[np.float64]) -> float:
        return -_log_likelihood(times, background, np.exp(x[0]), np.exp(x[1::2]), np.exp(x[2::2]))

    flat = [np.log(part) for pair in start for part in pair]
    x0 = np.array([np.log(rate * max(0.1, 1 - sum(r for r, _ in start))), *flat])
    found = optimize.minimize(cost, x0, method="L-BFGS-B", bounds=[(v - 6.0, v + 6.0) for v in x0])
    step, count = 1e-2, len(x0)
    eye, hessian = np.eye(count) * step, np.empty((count, count))
    for i in range(count):
        for j in range(count):
            hessian[i, j] = (
                cost(found.x + eye[i] + eye[j])
                - cost(found.x + eye[i] - eye[j])
                - cost(found.x - eye[i] + eye[j])
                + cost(found.x - eye[i] - eye[j])
            ) / (4 * step**2)
    variance = np.diag(np.linalg.pinv(hessian))
    return found.x, np.sqrt(np.where(variance > 0, variance, np.nan))


def minute_facts(path: Path) -> tuple[list[Fact], dict[str, list[float]]]:
    """Facts of group `salvo` and the curves `hour_of_day`, `delay_edges_h`, `delay_excess`."""
    table = read_minutes(path)
    facts: list[Fact] = []
    towns = table.loc[table["town"] != "", "town"].value_counts()
    blocks, firsts = [], 0
    for town, count in towns[towns >= FEWEST].items():
        hours = table.loc[table["town"] == town, "hours"].to_numpy()
        found, error = two_scales(hours, ((0.15, 1.0), (0.15, 72.0)))
        names = ("salvo_branching", "salvo_decay", "slow_branching", "slow_decay")
        units = ("answers per event", "hours", "answers per event", "hours")
        for name, unit, x, sd in zip(names, units, found[1:], error[1:], strict=True):
            facts.append(
                Fact(
                    f"{name}_{_key(str(town))}",
                    "salvo",
                    float(np.exp(x)),
                    float(np.exp(x - 1.645 * sd)),
                    float(np.exp(x + 1.645 * sd)),
                    unit,
                    int(count),
                    f"Hawkes process with two exponential kernels on attacks in {town} with clock "
                    "time; base rate by hour of day and tide of 28 days; interval by curvature.",
                    SOURCE,
                )
            )
        counted, events = delay_excess(hours)
        blocks.append(counted)
        firsts += events
    length = max(len(part) for part in blocks)
    pooled = np.zeros((length, 2, len(EDGES_H) - 1))
    for part in blocks:
        pooled[: len(part)] += part
    ratio = pooled.sum(0)[0] / pooled.sum(0)[1]
    rng = np.random.default_rng(2)
    again = []
    for _ in range(1000):
        one = pooled[rng.integers(0, length, length)].sum(0)
        again.append(one[0] / one[1])
    for k, value in enumerate(ratio):
        low, high = interval(np.array(again)[:, k])
        facts.append(
            Fact(
                f"excess_{EDGES_H[k]:g}_{EDGES_H[k + 1]:g}h",
                "salvo",
                float(value),
                low,
                high,
                "seen / expected",
                int(pooled.sum(0)[0, k]),
                f"Attacks in the same town {EDGES_H[k]:g} to {EDGES_H[k + 1]:g} h after an attack, "
                "over those at the same hour 8 to 14 days before and after; interval by bootstrap "
                "over blocks of 28 days.",
                SOURCE,
            )
        )
    curves = {
        "hour_of_day": [round(float(v), 4) for v in hour_of_day(table["hours"].to_numpy())],
        "delay_edges_h": list(EDGES_H),
        "delay_excess": [round(float(v), 4) for v in ratio],
        "answers_per_attack": [
            round(float(v), 4) for v in (pooled.sum(0)[0] - pooled.sum(0)[1]) / firsts
        ],
    }
    return facts, curves


def _key(name: str) -> str:
    return name.casefold().replace(" ", "_")
