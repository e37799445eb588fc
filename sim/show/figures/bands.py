"""Bands: quantiles over replicates as areas, orders as vertical strips with a label on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.compare.words import order_words, percent
from sim.ensemble.levels import quantiles
from sim.scenario.schema import Scenario
from sim.scenario.vocabulary import DecisionMode
from sim.show.figures.style import ORDER, SIMULATED
from sim.show.figures.time_axis import wall

SINGLES = 3

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fan:
    """Quantiles over replicates at each time: ``levels`` f8[5, T], first runs f8[<=3, T]."""

    x: Array
    levels: Array
    singles: Array
    steps: bool

    @property
    def top(self) -> float:
        return float(np.nanmax(self.levels[-1], initial=0.0))


def fan(values: NDArray[np.floating], x: Array, steps: bool) -> Fan:
    """The fan of ``values`` [R, T] at ``x`` [T]; the single runs are the first three, unchosen."""
    data = np.asarray(values, dtype=np.float64)
    return Fan(x, quantiles(data), data[:SINGLES], steps)


def draw_fan(axes: Axes, it: Fan) -> None:
    """90 % band, 50 % band, single runs and median, from back to front."""
    step: Literal["post"] | None = "post" if it.steps else None
    low, q25, median, q75, high = it.levels
    line = "steps-post" if it.steps else "default"
    axes.fill_between(it.x, low, high, step=step, color=SIMULATED, alpha=0.16, lw=0, zorder=1)
    axes.fill_between(it.x, q25, q75, step=step, color=SIMULATED, alpha=0.34, lw=0, zorder=1.1)
    for run in it.singles:
        axes.plot(it.x, run, drawstyle=line, color="#333333", lw=0.4, alpha=0.6, zorder=1.5)
    axes.plot(it.x, median, drawstyle=line, color=SIMULATED, lw=1.5, zorder=2)


@dataclass(frozen=True)
class OrderBand:
    """An order on the time axis: its reported (or set) window, or its simulated middle half."""

    start: pd.Timestamp
    end: pd.Timestamp
    label: str
    simulated: bool


def order_bands(scenario: Scenario, orders: pd.DataFrame, brief: bool) -> list[OrderBand]:
    """Bands of all decisions that are given in some run; ``orders`` [R x D] in hours, NaN never."""
    bands = []
    begin = pd.Timestamp(scenario.clock.start)
    for decision in scenario.decisions:
        if decision.mode is DecisionMode.OFF:
            continue
        label = order_words(scenario, decision)
        if decision.mode is DecisionMode.SCRIPTED and decision.window is not None:
            shift = timedelta(hours=decision.shift_h)
            start = pd.Timestamp(decision.window.earliest + shift)
            end = pd.Timestamp(decision.window.latest + shift)
            bands.append(OrderBand(start, end, label, simulated=False))
            continue
        if decision.id not in orders:
            continue
        given = orders[decision.id].dropna().to_numpy(dtype=float)
        if given.size == 0:
            continue
        low, high = (float(x) for x in np.quantile(given, (0.25, 0.75)))
        given_share = percent(given.size / len(orders))
        note = "" if brief else f" (simulated, in {given_share} of runs)"
        start, end = (begin + pd.Timedelta(hours=hours) for hours in (low, high))
        bands.append(OrderBand(start, end, label + note, simulated=True))
    return bands


def label_rows(
    widths: Sequence[float], middles: Sequence[float], room: float
) -> tuple[list[int], list[float]]:
    """Row (0 lowest) and left edge (mm) of each label, which stands right of its own line.

    A label further left goes above what it would run into, so that no line crosses a label.
    """
    lefts = [
        min(max(middle + 0.8, 0.0), max(room - width, 0.0))
        for middle, width in zip(middles, widths, strict=True)
    ]
    rows = [0] * len(lefts)
    placed: list[int] = []
    for i in sorted(range(len(lefts)), key=lambda k: -lefts[k]):
        reach = lefts[i] + widths[i] + 2.0
        above = [rows[k] for k in placed if min(lefts[k], middles[k]) < reach]
        rows[i] = max(above, default=-1) + 1
        placed.append(i)
    return rows, lefts


def draw_bands(axes: Axes, bands: Sequence[OrderBand], zone: tzinfo | None) -> None:
    """The bands of one panel, behind everything else; a moment gets the width of a line."""
    first, last = axes.get_xlim()
    for band in bands:
        left, right = wall(band.start, zone), wall(band.end, zone)
        if right < first or left > last:
            continue
        least = (last - first) / 250
        if right - left < least:
            left, right = left - least / 2, right + least / 2
        if band.simulated:
            for x in (left, right):
                axes.axvline(x, color=ORDER, lw=0.7, ls=(0, (2, 1.5)), zorder=0.5)
        else:
            axes.axvspan(left, right, color=ORDER, alpha=0.15, lw=0, zorder=0.4)
