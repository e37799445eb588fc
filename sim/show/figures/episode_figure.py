"""The episode figure: what the runs did over time, and what was reported, on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator
from numpy.typing import NDArray

from sim.compare.curves import RUNGS
from sim.compare.words import number, offset_name
from sim.ensemble.levels import INTERVAL, quantiles
from sim.show.boxes import PANELS, ReportedBox
from sim.show.figures.bands import (
    Fan,
    OrderBand,
    draw_bands,
    draw_fan,
    fan,
    label_rows,
    order_bands,
)
from sim.show.figures.marks import draw_boxes, margin_items
from sim.show.figures.sheet import Sheet, Swatch, draw_margin, text_width
from sim.show.figures.style import ORDER, QUIET, REPORTED, Size
from sim.show.figures.time_axis import time_ticks, wall, walls
from sim.show.observables import subtitle_of
from sim.show.reported_tolls import episode_span, reported_tolls

if TYPE_CHECKING:
    from sim.ensemble import Ensemble
    from sim.evidence import ReportedCurve


@dataclass(frozen=True)
class PanelLook:
    """One panel of the stack: heading, height in mm on a page and in a column, log above."""

    title: str
    page: float
    column: float
    linear_to: float


LOOK = {
    "dead": PanelLook("Dead, counted from the start (people)", 40, 27, 10),
    "clashes": PanelLook("Clashes (per hour)", 28, 19, 1),
    "crowd": PanelLook("On the street (people)", 20, 14, 100),
    "cells": PanelLook("On the street (fighters’ cells)", 20, 14, 10),
    "ladder": PanelLook("Escalation ladder (severity, 0 to 10)", 42, 24, 10),
}

KEY = (
    Swatch("line", "median run", "#0072B2"),
    Swatch("narrow", "50 % of runs"),
    Swatch("wide", "90 % of runs"),
    Swatch("thin", "first three runs", "#333333"),
    Swatch("box", "reported: window × range"),
    Swatch("hollow", "reported as background"),
    Swatch("band", "what reports leave to the ladder"),
    Swatch("order", "order, window as reported or set"),
    Swatch("order_simulated", "order, middle half of the runs"),
)


def panel_values(ensemble: Ensemble, panel: str, places: Sequence[str] | None) -> np.ndarray:
    """Values of one panel over the chosen places: f8[R, T]."""
    columns = [i for i, name in enumerate(ensemble.places) if places is None or name in places]
    hourly = np.asarray(ensemble.hourly[panel], dtype=np.float64)[:, :, columns]
    if panel == "ladder":
        return hourly.max(axis=2)
    total = hourly.sum(axis=2)
    if panel == "dead":
        return np.cumsum(total, axis=1)
    if panel == "clashes":
        return total / ensemble.scenario.clock.step_h
    return total


def episode_fans(ensemble: Ensemble, places: Sequence[str] | None) -> dict[str, Fan]:
    """The fan of each panel; people and cells are left out where none is ever on the street."""
    x = walls(ensemble.times)
    step = ensemble.scenario.clock.step_h / 24
    fans = {}
    for panel in PANELS:
        values = panel_values(ensemble, panel, places)
        if panel == "dead":  # a sum is reached at the end of its step, and starts at nothing
            values = np.concatenate([np.zeros((len(values), 1)), values], axis=1)
            fans[panel] = fan(values, np.append(x, x[-1] + step), steps=False)
        elif panel not in ("crowd", "cells") or values.max(initial=0) >= 0.5:
            closed = np.concatenate([values, values[:, -1:]], axis=1)
            fans[panel] = fan(closed, np.append(x, x[-1] + step), steps=True)
    return fans


def comparable(
    facts: Sequence[ReportedBox], ensemble: Ensemble, fans: dict[str, Fan]
) -> list[ReportedBox]:
    """Facts on the curves' scale.

    A toll counted from later than the clock's start stands only where, by then, hardly any run
    has a death; elsewhere it would be set against another sum.
    """
    zone = ensemble.times.tz
    kept = []
    for fact in facts:
        if fact.panel not in fans:
            continue
        if fact.panel == "dead" and fact.cumulative_from is not None:
            it = fans["dead"]
            before = np.interp(wall(fact.cumulative_from, zone), it.x, it.levels[-1])
            if before >= 1:
                continue
        kept.append(fact)
    return kept


def draw_episode(
    ensemble: Ensemble,
    facts: Sequence[ReportedBox],
    size: Size,
    places: Sequence[str] | None = None,
    title: str | None = None,
    reported: ReportedCurve | None = None,
) -> Figure:
    """The episode figure; call it inside ``styled(size)``.

    ``facts`` are drawn as given, on the panel each names (see ``comparable``); ``reported`` is the
    band that reports leave to the ladder.
    """
    fans = episode_fans(ensemble, places)
    zone = ensemble.times.tz
    bands = order_bands(ensemble.scenario, ensemble.orders, brief=size.is_column)
    heights = [LOOK[p].column if size.is_column else LOOK[p].page for p in fans]
    width = size.width - size.left - size.margin
    first, last = (
        wall(ensemble.times[0] + pd.Timedelta(hours=hours), zone)
        for hours in episode_span(ensemble, reported_tolls(ensemble.scenario))
    )
    bands = [b for b in bands if wall(b.end, zone) >= first and wall(b.start, zone) <= last]

    draft = Sheet(size, 100)
    widths = [text_width(draft.figure, b.label, "small") for b in bands]
    middles = [(wall(b.start, zone) + wall(b.end, zone)) / 2 for b in bands]
    middles = [min(max((m - first) / (last - first), 0.0), 1.0) * width for m in middles]
    rows, lefts = label_rows(widths, middles, width + size.margin - 2)
    row_mm, gap = size.font * 0.46, size.font * 0.85
    swatches = _key(facts, bands, reported)
    top = 1 + size.font * 1.1 + row_mm * (max(rows, default=-1) + 1)
    below = size.font * 1.15
    key_mm = len(draft.key_rows(swatches)) * size.font * 0.46 + 4
    sheet = Sheet(size, top + sum(heights) + gap * len(heights) + below + key_mm)

    sheet.heading(title or ensemble.scenario.title, subtitle_of(ensemble))
    for band, row, left, middle in zip(bands, rows, lefts, middles, strict=True):
        y = top + gap * 0.25 - row_mm * (row + 0.5)
        sheet.text(
            size.left + left, y, band.label, fontsize="small", color=ORDER, va="center_baseline"
        )
        x = size.left + middle
        sheet.line([x, x], [y - row_mm * 0.4, top + gap], color=ORDER, lw=0.5, zorder=-1)
    y = free_from = top
    for place, (panel, height) in enumerate(zip(fans, heights, strict=True)):
        y += gap
        axes = sheet.axes(size.left, y, width, height)
        axes.set_xlim(first, last)
        own = [fact for fact in facts if fact.panel == panel]
        _panel(axes, panel, fans[panel], own)
        if panel == "ladder":
            _rungs(axes, named=not size.is_column)
            if reported is not None:
                _reported(axes, reported, fans[panel].x)
        draw_bands(axes, bands, zone)
        starts = draw_boxes(axes, own, zone, panel)
        # labels of a crowded panel go up along the panels above it whose margin is empty
        free = 1 + (y - free_from) / height
        items = margin_items(own, starts, sheet, height * free)
        draw_margin(axes, items, size.font * 0.385 / height, 3.0, width, free)
        free_from = y + height if items else free_from
        is_last = place == len(heights) - 1
        time_ticks(axes, last - first, width, labels=is_last)
        if is_last:
            since = f"{ensemble.times[0].year}"
            axes.set_xlabel(f"local time ({offset_name(zone, ensemble.times[0])}), {since}")
        y += height
    sheet.key(y + below + 1, swatches)
    return sheet.figure


def _rungs(axes: Axes, named: bool) -> None:
    """The rungs of the ladder by name, at the right edge inside the panel."""
    axes.set_yticks([0, *RUNGS], minor=False)
    for severity, name in RUNGS.items() if named else ():
        axes.text(
            0.996, severity + 0.12, name, transform=axes.get_yaxis_transform(), fontsize="x-small",
            color=QUIET, va="bottom", ha="right", zorder=2.6,
        )  # fmt: skip


def _reported(axes: Axes, reported: ReportedCurve, x: NDArray[np.float64]) -> None:
    """The band between what was certain and what may have been; dotted where only silence says."""
    low, high = (np.append(ends, ends[-1]) for ends in (reported.low, reported.high))
    axes.fill_between(
        x, low, high, step="post", color=REPORTED, alpha=0.13, lw=0, zorder=0.8, gid="reported-band"
    )
    axes.plot(x, high, drawstyle="steps-post", color=REPORTED, lw=0.9, zorder=2.4)
    axes.plot(x, low, drawstyle="steps-post", color=REPORTED, lw=0.9, zorder=2.4)


def _key(
    facts: Sequence[ReportedBox], bands: Sequence[OrderBand], reported: ReportedCurve | None
) -> list[Swatch]:
    """Only what the figure shows stands in its key."""
    there = {
        "box": any(not f.background for f in facts),
        "hollow": any(f.background for f in facts),
        "band": reported is not None,
        "order": any(not b.simulated for b in bands),
        "order_simulated": any(b.simulated for b in bands),
    }
    return [swatch for swatch in KEY if there.get(swatch.kind, True)]


def _panel(axes: Axes, panel: str, it: Fan, facts: Sequence[ReportedBox]) -> None:
    look = LOOK[panel]
    axes.set_title(look.title, bbox={"fc": "white", "ec": "none", "pad": 0.8})
    jumps = panel in ("clashes", "ladder")  # single runs of these are a thicket of bars
    draw_fan(axes, replace(it, singles=it.singles[:0]) if jumps else it)
    if panel == "ladder":
        axes.set_ylim(0, 10.4)
    else:
        said = [x for fact in facts for x in (fact.low, fact.high) if x is not None]
        highest = max([it.top, *said, 1.0])
        if not jumps:
            highest = max(highest, min(float(it.singles.max(initial=0.0)), 2 * highest))
        known = max([float(it.levels[2].max()), *said, look.linear_to])
        if highest > 12 * known:  # a heavy tail would flatten all else
            axes.set_yscale("symlog", linthresh=look.linear_to)
            axes.set_title(f"{look.title}, logarithmic above {look.linear_to:g}")
            axes.set_ylim(0, highest * 1.6)
            powers = [p for p in 10.0 ** np.arange(0, 7) if look.linear_to <= p <= highest * 1.6]
            axes.yaxis.set_major_locator(FixedLocator([0.0, *powers]))
            axes.yaxis.set_minor_locator(NullLocator())
        else:
            axes.set_ylim(0, highest * 1.15)
            axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    if panel != "ladder":
        axes.yaxis.set_major_formatter(lambda v, _: f"{v:,.6g}")
    axes.grid(axis="y")


def alt_episode(
    ensemble: Ensemble, facts: Sequence[ReportedBox], places: Sequence[str] | None
) -> str:
    """Alternative text of the episode figure: the final toll, the peak, what was reported."""
    dead = panel_values(ensemble, "dead", places)[:, -1]
    low, middle, high = (number(float(round(q))) for q in quantiles(dead, INTERVAL))
    peak = panel_values(ensemble, "clashes", places).max(axis=1)
    usual = number(float(np.median(peak)))
    said = [
        f"{fact.title} at least {fact.low:g}" if fact.high is None
        else f"{fact.title} {fact.low:g} to {fact.high:g}"
        for fact in facts
        if fact.low is not None and fact.panel != "ladder"
    ]  # fmt: skip
    reported = f" Reported boxes: {'; '.join(said)}." if said else ""
    events = sum(fact.panel == "ladder" for fact in facts)
    return (
        "Stacked panels over time of cumulative dead, clashes per hour, people and cells on the "
        f"street and the escalation ladder, with 50 and 90 % bands of {ensemble.replicates} runs. "
        f"At the end the median run has {middle} dead, 90 % of runs {low} to {high}; the median "
        f"run peaks at {usual} clashes per hour.{reported} {events} reported events stand on the "
        "ladder panel. All numbers are in the table of observables."
    )
