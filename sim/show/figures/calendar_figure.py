"""The calendar: days by places, the reported dead above the simulated, as coloured cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.compare.words import number, span_text
from sim.ensemble import Ensemble
from sim.evidence import Evidence
from sim.show.figures.sheet import Sheet, contrast_ink, text_width, wrap
from sim.show.figures.style import FAINT, INK, QUIET, REPORTED, SIMULATED, Size
from sim.show.figures.time_axis import time_ticks, wall
from sim.show.figures.toll_figure import TollRow, toll_rows
from sim.show.observables import subtitle_of
from sim.show.reported_tolls import DAY, ReportedToll, daily_dead, episode_span

STRIPS = ("reported", "median", "1 in 20")
HIGH = 0.95
COLOURS = colormaps["cividis_r"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Cell:
    """One coloured cell: its days (hours from the clock's start), value and words."""

    first: float
    last: float
    value: float
    words: str
    id: str = ""


def worth_a_calendar(ensemble: Ensemble, evidence: Evidence | None) -> bool:
    """Whether there are places or days enough that a table of them says more than two curves."""
    rows = toll_rows(ensemble, evidence)
    first, last = episode_span(ensemble, [t for row in rows for t in row.tolls])
    daily = {t.first for row in rows for t in row.tolls if t.is_daily}
    return len(rows) > 1 or (len(daily) >= 3 and last - first >= 5 * DAY)


def draw_calendar(ensemble: Ensemble, evidence: Evidence | None, size: Size) -> Figure:
    """Per place three strips over the days; call it inside ``styled(size)``.

    Each reported toll of one or several days is one patch with the gid ``cell-<observable id>``.
    """
    rows = toll_rows(ensemble, evidence)
    tolls = [toll for row in rows for toll in row.tolls]
    first, last = episode_span(ensemble, tolls)
    zone, begin = ensemble.times.tz, ensemble.times[0]
    left, right = (wall(begin + pd.Timedelta(hours=h), zone) for h in (first, last))
    label = 20.0 if size.is_column else 46.0
    width = size.width - label - 7
    strip, between = size.font * 0.46, size.font * 0.28
    block = strip * len(STRIPS)
    top = 3 + size.font * (2.0 if size.is_column else 1.35)
    foot = size.font * 0.75
    sheet = Sheet(size, top + len(rows) * (block + between) + foot + size.font * 1.1 + 2)
    sheet.heading(
        f"{ensemble.scenario.title}: a calendar of the dead",
        "Reported above simulated. Median: half of the runs have as many on that day; 1 in 20: so "
        f"many or more in one run of twenty. {subtitle_of(ensemble)}.",
    )
    strips = [
        (row, [_reported_cells(row.tolls, first, last), *_simulated_cells(ensemble, row)])
        for row in rows
    ]
    values = [c.value for _, found in strips for cells in found for c in cells]
    scale = LogNorm(vmin=0.5, vmax=max([*values, 10.0]))
    y = top
    for place, (row, found) in enumerate(strips):
        axes = sheet.axes(label, y, width, block)
        axes.set_xlim(left, right)
        axes.set_ylim(len(STRIPS), 0)
        axes.set_yticks([])
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        is_last = place == len(rows) - 1
        time_ticks(axes, right - left, width, labels=is_last)
        axes.tick_params(axis="x", which="both", length=3 if is_last else 0)
        for level, cells in enumerate(found):
            for cell in cells:
                ends = [wall(begin + pd.Timedelta(hours=h), zone) for h in (cell.first, cell.last)]
                _draw_cell(sheet, axes, cell, ends, level, scale, width / (right - left))
        name = wrap(sheet.figure, row.title, "small", label - 18, 2)
        sheet.text(2, y + block / 2, name, fontsize="small", fontweight="bold", va="center")
        for level, words in enumerate(STRIPS):
            ink = SIMULATED if level else REPORTED
            sheet.text(label - 1.2, y + strip * (level + 0.5), words, fontsize="x-small",
                       ha="right", va="center_baseline", color=ink)  # fmt: skip
        y += block + between
    _legend(sheet, scale, label, y + foot)
    return sheet.figure


def _reported_cells(tolls: Sequence[ReportedToll], first: float, last: float) -> list[Cell]:
    """Daily tolls; where a day has none, the tolls of several days, their mean as colour.

    Several readings of one toll share a cell, whose colour is the first's.
    """
    spans = [
        t for t in tolls if not t.outlet and not t.one_side and t.last - t.first < last - first
    ]
    spans += [t for t in tolls if not t.outlet and not t.one_side and t not in spans]
    cells: list[Cell] = []
    for toll in sorted(spans, key=lambda t: t.last - t.first):
        if any(c.first < toll.last - 1e-6 and toll.first < c.last - 1e-6 for c in cells):
            continue
        same = [t for t in spans if t.id == toll.id and t.first == toll.first]
        days = max((toll.last - toll.first) / DAY, 1.0)
        value = toll.middle / days
        cells.append(
            Cell(toll.first, toll.last, value, " or ".join(_words(t) for t in same), toll.id)
        )
    return cells


def _words(toll: ReportedToll) -> str:
    if math.isinf(toll.high):
        return f"≥ {number(toll.low)}"
    if toll.low == toll.high:
        return number(toll.low)
    return span_text(number(toll.low), number(toll.high)).replace(" to ", "–")


def _simulated_cells(ensemble: Ensemble, row: TollRow) -> list[list[Cell]]:
    found = daily_dead(ensemble)
    columns = [i for i, place in enumerate(ensemble.places) if place in row.places]
    values = found.dead[:, :, columns].sum(axis=2)
    start = ensemble.times[0]
    hours = [max((day - start).total_seconds() / 3600, 0.0) for day in found.days]
    ends = [*hours[1:], len(ensemble.times) * ensemble.scenario.clock.step_h]
    strips = []
    for share in (0.5, HIGH):
        level = np.quantile(values, share, axis=0)
        strips.append(
            [
                Cell(a, b, round(float(v)), number(round(float(v))))
                for a, b, v in zip(hours, ends, level, strict=True)
            ]
        )
    return strips


def _draw_cell(
    sheet: Sheet, axes: Axes, cell: Cell, ends: list[float], level: int, scale: LogNorm,
    mm_per_day: float,
) -> None:  # fmt: skip
    first, last = axes.get_xlim()
    a, b = max(ends[0], first), min(ends[1], last)
    if b <= a:
        return
    color = to_rgb(COLOURS(scale(cell.value))) if cell.value >= 0.5 else (1.0, 1.0, 1.0)
    axes.add_patch(
        Rectangle((a, level + 0.06), b - a, 0.88, fc=color, ec=FAINT, lw=0.4, zorder=1,
                  gid=f"cell-{cell.id}" if cell.id else None)
    )  # fmt: skip
    room = (b - a) * mm_per_day - 0.1
    words = cell.words
    if text_width(sheet.figure, words, "x-small") > room:
        words = number(round(cell.value)) if cell.last - cell.first <= DAY + 1e-6 else ""
        if not words or text_width(sheet.figure, words, "x-small") > room:
            return
    ink = INK if color == (1.0, 1.0, 1.0) else contrast_ink(color)
    axes.text((a + b) / 2, level + 0.53, words, ha="center", va="center_baseline",
              fontsize="x-small", color=ink, zorder=2)  # fmt: skip


def _legend(sheet: Sheet, scale: LogNorm, left: float, top: float) -> None:
    steps = [0.0, *(v for v in (1, 3, 10, 30, 100, 300, 1000) if v <= (scale.vmax or 10) * 1.01)]
    words = "dead per day (of several days: their mean):"
    sheet.text(left, top, words, fontsize="small", color=QUIET)
    x = left + text_width(sheet.figure, words, "small") + 2
    for value in steps:
        color = to_rgb(COLOURS(scale(value))) if value >= 0.5 else (1.0, 1.0, 1.0)
        sheet.rectangle(x, top, 7, 3.2, fc=color, ec=FAINT, lw=0.4)
        ink = INK if value < 0.5 else contrast_ink(color)
        sheet.text(x + 3.5, top + 1.6, f"{value:g}", fontsize="x-small", ha="center",
                   va="center_baseline", color=ink)  # fmt: skip
        x += 7.5
    sheet.text(x + 1.5, top, "empty: not reported", fontsize="small", color=QUIET)


def alt_calendar(ensemble: Ensemble, evidence: Evidence | None) -> str:
    """Alternative text of the calendar: the worst day of each place, reported and simulated."""
    found = daily_dead(ensemble)
    said = []
    for row in toll_rows(ensemble, evidence):
        columns = [i for i, place in enumerate(ensemble.places) if place in row.places]
        high = np.quantile(found.dead[:, :, columns].sum(axis=2), HIGH, axis=0)
        worst = found.days[int(np.argmax(high))]
        words = (f"{row.title}: one run of twenty has {number(round(float(high.max())))} or more "
                 f"on {worst.day} {worst:%b}")  # fmt: skip
        daily = [t for t in row.tolls if t.is_daily and not t.one_side]
        if daily:
            most = max(daily, key=lambda t: t.middle)
            day = ensemble.times[0] + pd.Timedelta(hours=most.first)
            words += f"; most reported {_words(most)} on {day.day} {day:%b}"
        said.append(words)
    return f"Days by places, reported dead above simulated, as coloured cells. {'. '.join(said)}."
