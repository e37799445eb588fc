"""The figure of a what-if: each future's band against the baseline's, and the band of pairs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.compare.words import number, offset_name, plain
from sim.ensemble import Ensemble
from sim.ensemble.levels import INTERVAL, quantiles
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.dumbbell_figure import alt_dumbbells, draw_dumbbells, dumbbell_rows
from sim.show.figures.sheet import Sheet, Swatch
from sim.show.figures.style import FAINT, INK, QUIET, SIMULATED, Size
from sim.show.figures.time_axis import time_ticks, wall, walls

if TYPE_CHECKING:
    from sim.explore import WhatIf


Array = NDArray[np.float64]
ROW_MM, GAP_MM, HEAD_MM, FOOT_MM = 38.0, 11.0, 17.0, 20.0


def whatif_figures(result: WhatIf, folder: Path, manifest_id: str) -> list[FigureRecord]:
    """Draw dumbbells of all counts, cumulative dead and, where there are any, clashes."""
    easel = Easel(folder / "figures", manifest_id)
    records = []
    if dumbbell_rows(result):
        records.append(
            easel.draw(
                "whatif_means", "What the change does: means with and without it, and the reports",
                alt_dumbbells(result), partial(draw_dumbbells, result),
            )
        )  # fmt: skip
    for measure, words in (("dead", "Cumulative dead"), ("clashes", "Cumulative clashes")):
        if not result.baseline.hourly[measure].any():
            continue
        title = f"{words}, other futures: {plain(result.baseline.scenario.title)}"
        records.append(
            easel.draw(
                f"whatif_{measure}", title, describe(result, measure, words),
                partial(draw_whatif, result, measure, words),
            )
        )  # fmt: skip
    return records


def cumulative(ensemble: Ensemble, measure: str) -> Array:
    """A measure summed over places and up to each step, f8[R, T]."""
    return np.cumsum(ensemble.hourly[measure].sum(axis=2, dtype=np.float64), axis=1)


def describe(result: WhatIf, measure: str, words: str) -> str:
    """The alternative text: the end values of baseline and futures."""
    base = cumulative(result.baseline, measure)[:, -1]
    said = [f"{words} at the end of the clock, median and 90 % interval: baseline {_range(base)}"]
    for name, future in result.futures.items():
        said.append(f"{name} {_range(cumulative(future, measure)[:, -1])}")
    return "; ".join(said) + "."


def _range(values: Array) -> str:
    low, middle, high = quantiles(values, INTERVAL)
    return f"{number(round(middle))} ({number(round(low))} to {number(round(high))})"


def draw_whatif(result: WhatIf, measure: str, words: str, size: Size) -> Figure:
    """One row per future: both bands on the left, the band of paired differences on the right."""
    rows = len(result.futures)
    clock = result.baseline.scenario.clock
    sheet = Sheet(size, HEAD_MM + rows * (ROW_MM + GAP_MM) + FOOT_MM)
    zone = clock.start.tzinfo
    sheet.heading(
        f"{words}: {result.baseline.scenario.title}",
        f"{result.baseline.replicates:,} pairs of runs on common random numbers; local time, "
        f"{offset_name(zone, clock.start)}",
    )
    left = size.left + 2
    width = (sheet.width - 2 * left - 3) / 2
    x = walls(result.baseline.times)
    base = cumulative(result.baseline, measure)
    for i, (name, future) in enumerate(result.futures.items()):
        grey = name in result.extrapolated
        color = QUIET if grey else SIMULATED
        top = HEAD_MM + 5 + i * (ROW_MM + GAP_MM)
        values = cumulative(future, measure)
        words_left = f"{plain(name)}, baseline outlined" + (" (extrapolation)" if grey else "")
        sheet.text(left, top - 4.6, words_left, fontsize="small", fontweight="bold")
        sheet.text(left * 2 + width, top - 4.6, "difference, pair by pair", fontsize="small")
        pair = sheet.axes(left, top, width, ROW_MM)
        _band(pair, x, values, color)
        _outline(pair, x, base)
        pair.set_ylim(0, 1.05 * max(np.quantile(values, 0.95, 0)[-1], np.quantile(base, 0.95), 1))
        pair.set_ylabel(words.rsplit(maxsplit=1)[-1])
        gap = sheet.axes(left * 2 + width, top, width, ROW_MM)
        _band(gap, x, values - base, color)
        gap.axhline(0, color=INK, lw=0.6)
        for axes in (pair, gap):
            axes.set_xlim(x[0], x[-1])
            _mark_fork(axes, result)
            time_ticks(axes, x[-1] - x[0], width, labels=True)
    sheet.key(HEAD_MM + rows * (ROW_MM + GAP_MM) + 6, _swatches(result))
    return sheet.figure


def _band(axes: Axes, x: Array, values: Array, color: str) -> None:
    low, q25, middle, q75, high = quantiles(values)
    axes.fill_between(x, low, high, color=color, alpha=0.16, lw=0)
    axes.fill_between(x, q25, q75, color=color, alpha=0.36, lw=0)
    axes.plot(x, middle, color=color, lw=1.5)


def _outline(axes: Axes, x: Array, values: Array) -> None:
    low, middle, high = quantiles(values, INTERVAL)
    axes.plot(x, middle, color=INK, lw=1.0)
    for edge in (low, high):
        axes.plot(x, edge, color=INK, lw=0.6, ls=(0, (3, 1.5)))


def _mark_fork(axes: Axes, result: WhatIf) -> None:
    if result.fork_at is not None:
        at = wall(result.fork_at, result.baseline.scenario.clock.start.tzinfo)
        axes.axvline(at, color=FAINT, lw=1.2, zorder=0)


def _swatches(result: WhatIf) -> list[Swatch]:
    found = [
        Swatch("wide", "90 % of runs"), Swatch("narrow", "50 %"),
        Swatch("line", "median", SIMULATED), Swatch("line", "baseline median", INK),
        Swatch("thin", "baseline 90 %, dashed", INK),
    ]  # fmt: skip
    if result.extrapolated:
        found.append(Swatch("line", "extrapolation: no report can speak for it", QUIET))
    if result.fork_at is not None:
        found.append(Swatch("line", "fork: the history before it is shared", FAINT))
    return found
