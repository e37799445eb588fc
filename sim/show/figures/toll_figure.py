"""The first picture: the dead by day and counted up, simulated fans with every reported toll."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.compare.words import number, offset_name, plain, span_text
from sim.ensemble.levels import INTERVAL, quantiles
from sim.show.figures.bands import draw_fan, fan
from sim.show.figures.episode_figure import panel_values
from sim.show.figures.sheet import MarginLabel, Sheet, Swatch, draw_margin, wrap
from sim.show.figures.style import QUIET, REPORTED, SIMULATED, Size
from sim.show.figures.time_axis import time_ticks, wall
from sim.show.observables import subtitle_of
from sim.show.reported_tolls import (
    DAY,
    ReportedToll,
    counted,
    daily_dead,
    episode_span,
    reported_tolls,
)

if TYPE_CHECKING:
    from sim.ensemble import Ensemble
    from sim.evidence import Evidence

MOST_ROWS = 8
LABELS = 7  # named tolls per panel; with more the dots speak for themselves
LONGEST_MEAN = 14 * DAY
BEYOND = 4.0  # how far above what was reported and the middle half a panel reaches

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TollRow:
    """One row of the figure: its heading, its places and what was reported of just these."""

    title: str
    places: tuple[str, ...]
    tolls: list[ReportedToll]


def toll_rows(ensemble: Ensemble, evidence: Evidence | None) -> list[TollRow]:
    """Places together where a toll of just them was reported, and each place by itself.

    A place without a death in any run and without a report is left out; beyond `MOST_ROWS` rows
    those with the fewest simulated dead are.
    """
    scenario = ensemble.scenario
    tolls = reported_tolls(scenario, evidence)
    names = {place.id: plain(place.name) for place in scenario.places}
    everywhere = frozenset(names)
    dead = np.asarray(ensemble.hourly["dead"], dtype=np.float64).sum(axis=1).mean(axis=0)
    means = dict(zip(ensemble.places, dead.tolist(), strict=True))
    rows = []
    for together in dict.fromkeys(t.places for t in tolls if len(t.places) > 1):
        own = [t for t in tolls if t.places == together]
        words = f"{len(together)} places together"
        title = "All places" if together == everywhere else words
        rows.append(TollRow(title, tuple(name for name in names if name in together), own))
    singles = [
        TollRow(names[place], (place,), [t for t in tolls if t.places == {place}])
        for place in names
    ]
    singles = [one for one in singles if one.tolls or means[one.places[0]] > 0] or singles[:1]
    room = MOST_ROWS - len(rows)
    kept = sorted(singles, key=lambda one: -means[one.places[0]])[:room]
    return [*rows, *(one for one in singles if one in kept)]


def draw_tolls(ensemble: Ensemble, evidence: Evidence | None, size: Size) -> Figure:
    """One row per place: dead by day on the left, counted up on the right.

    Call it inside ``styled(size)``. Each reported toll is one mark per panel with the gid
    ``toll-<observable id>``.
    """
    rows = toll_rows(ensemble, evidence)
    every = [toll for row in rows for toll in row.tolls]
    first, last = episode_span(ensemble, every)
    zone = ensemble.times.tz
    begin = ensemble.times[0]
    left, right = (wall(begin + pd.Timedelta(hours=h), zone) for h in (first, last))
    margin = 3.0 if size.is_column else 37.0
    gap = 9.0 if size.is_column else 13.0
    width = (size.width - size.left - gap - margin) / 2
    height = 36.0 if len(rows) <= 3 else 27.0 if len(rows) <= 5 else 21.0
    between = size.font * 0.95
    swatches = _key(rows)
    key_mm = len(Sheet(size, 100).key_rows(swatches)) * size.font * 0.46 + 4
    top = 3 + size.font * (1.9 if size.is_column else 1.05)
    foot = size.font * 1.25
    sheet = Sheet(size, top + len(rows) * (height + between) + foot + key_mm)
    sheet.heading(f"{ensemble.scenario.title}: the dead", _subtitle(ensemble, rows, first, last))
    y = top
    for place, row in enumerate(rows):
        y += between
        below = place == len(rows) - 1
        by_day = sheet.axes(size.left, y, width, height)
        total = sheet.axes(size.left + width + gap, y, width, height)
        for axes in (by_day, total):
            axes.set_xlim(left, right)
            axes.grid(axis="y")
            time_ticks(axes, right - left, width, labels=below)
        by_day.set_title(f"{row.title}: dead by day" if len(rows) > 1 else "Dead by day")
        total.set_title("counted up from the start" if len(rows) > 1 else "Dead, counted up")
        _draw_days(by_day, ensemble, row)
        labels = _draw_total(total, ensemble, row)
        if not size.is_column and len(labels) <= LABELS:
            items = [
                replace(it, text=wrap(sheet.figure, it.text, "small", margin - 6, 2))
                for it in labels
            ]
            draw_margin(total, items, size.font * 0.385 / height, 3.0, width)
        y += height
    words = f"local time ({offset_name(zone, begin)}), {begin.year}"
    sheet.text(size.left, y + foot * 0.62, words, fontsize="small", color=QUIET)
    sheet.key(y + foot + 1, swatches)
    return sheet.figure


def _subtitle(ensemble: Ensemble, rows: Sequence[TollRow], first: float, last: float) -> str:
    clock = ensemble.scenario.clock
    said = [subtitle_of(ensemble)]
    days, whole = (last - first) / DAY, clock.steps * clock.step_h / DAY
    if days < whole - 0.5:
        said.append(
            f"{days:g} of {whole:g} days are shown: in them lies what was reported, and all but a "
            "hundredth of the simulated dead at either end"
        )
    left_out = len(ensemble.places) - len([row for row in rows if len(row.places) == 1])
    if left_out > 0:
        said.append(f"{left_out} place{'s' * (left_out > 1)} with the fewest dead left out")
    return "; ".join(said)


def _key(rows: Sequence[TollRow]) -> list[Swatch]:
    tolls = [toll for row in rows for toll in row.tolls]
    there = [
        (True, Swatch("line", "median run", SIMULATED)),
        (True, Swatch("narrow", "50 % of runs")),
        (True, Swatch("wide", "90 % of runs")),
        (any(not t.outlet for t in tolls), Swatch("dot", "reported", REPORTED)),
        (any(t.low < t.high < math.inf for t in tolls if not t.outlet and not t.one_side),
         Swatch("box", "reported range")),
        (any(_means(row.tolls) for row in rows),
         Swatch("hollow", "reported of several days: mean per day")),
        (any(t.outlet for t in tolls), Swatch("marker", "bulletin: known by then", REPORTED, "D")),
        (any(t.one_side for t in tolls), Swatch("marker", "one side only", REPORTED, "s")),
    ]  # fmt: skip
    return [swatch for shown, swatch in there if shown]


def _means(tolls: Sequence[ReportedToll]) -> list[ReportedToll]:
    """Tolls of several days of which no daily one is known: by day only their mean can be shown."""
    daily = [t for t in tolls if t.is_daily and not t.one_side]
    several = [
        t for t in tolls
        if not (t.outlet or t.one_side or t.is_daily) and t.last - t.first <= LONGEST_MEAN
    ]  # fmt: skip
    return [t for t in several if not any(t.first <= s.first and s.last <= t.last for s in daily)]


def _draw_days(axes: Axes, ensemble: Ensemble, row: TollRow) -> None:
    zone = ensemble.times.tz
    found = daily_dead(ensemble)
    columns = [i for i, place in enumerate(ensemble.places) if place in row.places]
    values = found.dead[:, :, columns].sum(axis=2)
    low, q25, middle, q75, high = quantiles(values)
    days = np.array([wall(day, zone) for day in found.days])
    for at, a, b, c, d, e in zip(days, low, q25, middle, q75, high, strict=True):
        for bottom, top, alpha in ((a, e, 0.16), (b, d, 0.34)):
            axes.add_patch(
                Rectangle((at + 0.1, bottom), 0.8, max(top - bottom, 0.0), fc=SIMULATED,
                          alpha=alpha, lw=0, zorder=1)
            )  # fmt: skip
        axes.plot([at + 0.1, at + 0.9], [c, c], color=SIMULATED, lw=1.5, zorder=2)
    daily = [t for t in row.tolls if t.is_daily and not t.one_side]
    covered = _means(row.tolls)
    reach = [t.middle if math.isinf(t.high) else t.high for t in daily]
    reach += [t.middle * DAY / (t.last - t.first) for t in covered]
    ceiling = _ceiling(axes, [*reach, float(q75.max())], float(high.max()))
    for toll in daily:
        at = wall(ensemble.times[0] + pd.Timedelta(hours=(toll.first + toll.last) / 2), zone)
        _mark(axes, at, toll.low, toll.high, toll.middle, 0.3, toll, ceiling)
    for toll in covered:
        ends = [wall(ensemble.times[0] + pd.Timedelta(hours=h), zone)
                for h in (toll.first, toll.last)]  # fmt: skip
        per_day = DAY / (toll.last - toll.first)
        bottom = toll.low * per_day
        top = bottom if math.isinf(toll.high) else toll.high * per_day
        if math.isinf(toll.high):  # a line, and an arrow from its middle: at least so many
            _arrow(axes, sum(ends) / 2, bottom, ceiling)
        axes.add_patch(
            Rectangle((ends[0], bottom), ends[1] - ends[0], max(top - bottom, ceiling * 0.012),
                      fc="none", ec=REPORTED, lw=0.9, ls=(0, (2.5, 1.2)), zorder=3,
                      gid=f"toll-{toll.id}")
        )  # fmt: skip


def _draw_total(axes: Axes, ensemble: Ensemble, row: TollRow) -> list[MarginLabel]:
    """The cumulative panel; returns a label for each toll that has a name worth reading."""
    zone, clock = ensemble.times.tz, ensemble.scenario.clock
    values = panel_values(ensemble, "dead", row.places)
    values = np.concatenate([np.zeros((len(values), 1)), values], axis=1)
    hours = np.arange(values.shape[1], dtype=np.float64) * clock.step_h
    x = np.array([wall(ensemble.times[0] + pd.Timedelta(hours=h), zone) for h in hours])
    it = replace(fan(values, x, steps=False), singles=np.empty((0, len(x))))
    draw_fan(axes, it)
    whole = [t for t in row.tolls if not t.one_side]
    places = [(t, *counted(t, whole)) for t in row.tolls]
    said = [low if math.isinf(high) else high for _, low, high in places]
    ceiling = _ceiling(axes, [*said, float(it.levels[3].max())], it.top)
    labels = []
    daily = sum(t.is_daily for t in row.tolls)
    for toll, bottom, top in places:
        at = wall(ensemble.times[0] + pd.Timedelta(hours=toll.last), zone)
        base = bottom - toll.low
        _mark(axes, at, bottom, top, base + toll.middle, 0.012 * (x[-1] - x[0]), toll, ceiling)
        if toll.is_daily and daily > LABELS:
            continue
        words = span_text(number(toll.low), number(toll.high))
        if toll.low == toll.high:
            words = number(toll.low)
        elif math.isinf(toll.high):
            words = f"at least {number(toll.low)}"
        if toll.first > 0 and not toll.outlet:
            since = ensemble.times[0] + pd.Timedelta(hours=toll.first)
            words += f" from {since.day} {since:%b}"
        who = toll.outlet or ("one side" if toll.one_side else "")
        share = min((base + toll.middle) / ceiling, 1.0)
        labels.append(MarginLabel(at, share, f"{words} · {who}" if who else words, REPORTED))
    return labels


def _ceiling(axes: Axes, known: Sequence[float], highest: float) -> float:
    """Set the height of a panel: all that is reported and half of the runs; more if it is not far.

    Where the upper band is cut, it is said how far it reaches.
    """
    least = max([*known, 1.0])
    ceiling = 1.12 * min(max(highest, least), BEYOND * least)
    axes.set_ylim(0, ceiling)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.yaxis.set_major_formatter(lambda v, _: f"{v:,.6g}")
    if highest > ceiling:
        axes.text(
            0.99, 0.97, f"90 % of runs: up to {number(round(highest))}", color=QUIET, ha="right",
            va="top", fontsize="x-small", transform=axes.transAxes, zorder=4,
            bbox={"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.8},
        )  # fmt: skip
    return ceiling


def _mark(
    axes: Axes, x: float, low: float, high: float, middle: float, half: float, toll: ReportedToll,
    ceiling: float,
) -> None:  # fmt: skip
    """A reported toll: its range as a box, its stated value as a dot, an open end as an arrow."""
    hollow = bool(toll.outlet) or toll.one_side
    if math.isinf(high) and not toll.one_side:
        _arrow(axes, x, low, ceiling)
    elif high > low and not hollow:
        axes.add_patch(
            Rectangle((x - half, low), 2 * half, high - low, fc=(*_tint(), 0.22), ec=REPORTED,
                      lw=0.8, zorder=3, clip_on=False)
        )  # fmt: skip
    marker = "D" if toll.outlet else "s" if toll.one_side else "o"
    at = low if math.isinf(high) else middle
    axes.plot(
        [x], [min(at, ceiling)], marker=marker, ms=3.2, mfc="white" if hollow else REPORTED,
        mec=REPORTED, mew=0.8, ls="none", gid=f"toll-{toll.id}", zorder=3.2, clip_on=False,
    )  # fmt: skip


def _arrow(axes: Axes, x: float, low: float, ceiling: float) -> None:
    """Upwards from a floor: so many or more."""
    reach = min(low + ceiling * 0.16, ceiling)
    axes.annotate(
        "", xy=(x, reach), xytext=(x, min(low, ceiling * 0.98)), annotation_clip=False,
        zorder=3.3, arrowprops={"arrowstyle": "-|>", "color": REPORTED, "lw": 0.8,
                                "mutation_scale": 6, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip


def _tint() -> tuple[float, float, float]:
    red, green, blue = (int(REPORTED[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def alt_tolls(ensemble: Ensemble, evidence: Evidence | None) -> str:
    """Alternative text of the first picture: each row's final toll and what was reported of it."""
    said = []
    for row in toll_rows(ensemble, evidence):
        dead = panel_values(ensemble, "dead", row.places)[:, -1]
        low, middle, high = (number(float(round(q))) for q in quantiles(dead, INTERVAL))
        words = f"{row.title}: at the end {middle} dead in the median run, {low} to {high} in 90 %"
        totals = [t for t in row.tolls if not t.is_daily]
        reports = [
            (t.outlet or t.title) + (" at least " if math.isinf(t.high) else " ")
            + (number(t.low) if math.isinf(t.high) else span_text(number(t.low), number(t.high)))
            for t in totals
        ]  # fmt: skip
        daily = len({t.id for t in row.tolls if t.is_daily})
        if daily:
            reports.append(f"{daily} daily toll{'s' * (daily > 1)}")
        said.append(words + (f"; reported: {', '.join(reports)}" if reports else ""))
    return (
        "Dead by day and counted up, per place, as bands of the runs with the reported tolls on "
        f"them. {'. '.join(said)}. All numbers are in the table of observables."
    )
