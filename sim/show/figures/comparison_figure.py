"""The comparison figure: per observable, simulated 50 and 90 % against the reported range."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.compare.verdict import Judgement
from sim.compare.words import chance_text, offset_name, plain
from sim.scenario.schema import Scenario
from sim.show.citations import Citations
from sim.show.figures.sheet import Sheet, Swatch, fit_pair, wrap
from sim.show.figures.style import FAINT, INK, QUIET, REPORTED, SIMULATED, Size
from sim.show.figures.time_axis import time_ticks, wall
from sim.show.observables import baseline_names, reported_words

if TYPE_CHECKING:
    pass


MARKERS = ("D", "^", "x", "v", "s")

Row = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """Observables that share one scale."""

    title: str
    kind: str  # count, share or time
    rows: list[Row]


def groups_of(table: pd.DataFrame) -> list[Group]:
    """Counts, yes-or-no outcomes and times; a group without a row is left out."""
    rows: list[Row] = [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]
    times = [r for r in rows if r["is_time"]]
    shares = [r for r in rows if not r["is_time"] and r["statistic"] == "any"]
    counts = [r for r in rows if not r["is_time"] and r["statistic"] != "any"]
    found = [
        Group("Counts (logarithmic above 1)", "count", counts),
        Group("Did it happen? (share of runs)", "share", shares),
        Group("Times", "time", times),
    ]
    return [group for group in found if group.rows]


def draw_comparison(
    table: pd.DataFrame, scenario: Scenario, citations: Citations, size: Size, subtitle: str
) -> Figure:
    """Dot and interval per observable; call it inside ``styled(size)``.

    Each reported value or range is one patch with the gid ``reported-<observable id>``.
    """
    groups, names = groups_of(table), baseline_names(table)
    step, gap, foot = size.font * 0.95, size.font * 0.8, size.font * 1.05
    label = 26.0 if size.is_column else 48.0
    margin = 3.0 if size.is_column else 50.0
    swatches = _key(names)
    draft = Sheet(size, 100)
    key_mm = len(draft.key_rows(swatches)) * size.font * 0.46 + 4
    top = 2 + size.font * 1.15
    heights = [len(group.rows) * step for group in groups]
    sheet = Sheet(size, top + sum(heights) + (gap + foot) * len(groups) + key_mm)
    sheet.heading(f"{scenario.title}: simulated against reported", subtitle)
    width = size.width - label - margin
    y = top
    for group, height in zip(groups, heights, strict=True):
        y += gap
        axes = sheet.axes(label, y, width, height)
        axes.set_ylim(len(group.rows) - 0.5, -0.5)
        axes.set_title(group.title)
        axes.spines["left"].set_visible(False)
        axes.set_yticks([])
        _scale(axes, group, scenario, width)
        for number, row in enumerate(group.rows):
            _draw_row(axes, number, row, group, scenario, names)
            _words(sheet, axes, number, row, citations, label, width, margin)
        y += height + foot
    sheet.key(y, swatches)
    return sheet.figure


def _key(names: Sequence[str]) -> list[Swatch]:
    marks = [
        Swatch("marker", f"baseline: {plain(name.replace('_', ' '))}", QUIET, marker)
        for name, marker in zip(names, MARKERS, strict=False)
    ]
    return [
        Swatch("dot", "median run", SIMULATED),
        Swatch("narrow", "50 % of runs"),
        Swatch("wide", "90 % of runs"),
        Swatch("box", "reported"),
        *marks,
    ]


def _scale(axes: Axes, group: Group, scenario: Scenario, width: float) -> None:
    axes.grid(axis="x")
    if group.kind == "share":
        axes.set_xlim(-0.03, 1.03)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        return
    if group.kind == "time":
        zone = scenario.clock.start.tzinfo
        begin, end = wall(scenario.clock.start, zone), wall(scenario.clock.end, zone)
        axes.set_xlim(begin, end)
        axes.set_title(f"Times (local, {offset_name(zone, scenario.clock.start)})")
        time_ticks(axes, end - begin, width)
        return
    keys = ("reported_low", "reported_best", "reported_high", "q95")
    values = [float(row[k]) for row in group.rows for k in keys]
    highest = max([v for v in values if np.isfinite(v)], default=1.0)
    axes.set_xscale("symlog", linthresh=1, linscale=0.5)
    axes.set_xlim(-0.15, max(highest, 1.0) * 2.2)
    powers = 10.0 ** np.arange(0, np.ceil(np.log10(max(highest * 2.2, 10))))
    axes.set_xticks([0, *powers], ["0", *(f"{p:,.0f}" for p in powers)])
    axes.minorticks_off()


def _mapper(group: Group, scenario: Scenario) -> Callable[[float], float]:
    if group.kind != "time":
        return float
    zone = scenario.clock.start.tzinfo
    return lambda hours: wall(scenario.clock.start + timedelta(hours=float(hours)), zone)


def _draw_row(
    axes: Axes, y: int, row: Row, group: Group, scenario: Scenario, names: Sequence[str]
) -> None:
    at = _mapper(group, scenario)
    axes.axhline(y + 0.5, color="#EEEEEE", lw=0.5, zorder=0)
    _reported(axes, y, row, at)
    if np.isfinite(row["q50"]) and group.kind != "share":
        for low, high, thick, alpha in (("q05", "q95", 2.6, 0.3), ("q25", "q75", 5.2, 0.55)):
            axes.plot([at(row[low]), at(row[high])], [y, y], color=SIMULATED, lw=thick,
                      alpha=alpha, zorder=2)  # fmt: skip
    middle = row["q50"] if group.kind != "share" else row["share_yes"]
    if np.isfinite(middle):
        axes.plot([at(middle)], [y], marker="o", ms=4.2, color=SIMULATED, mec="white", mew=0.6,
                  ls="none", zorder=3)  # fmt: skip
    for name, marker in zip(names, MARKERS, strict=False):
        value = row[f"baseline_{name}_q50"]
        if group.kind == "share":
            value = _baseline_share(row, name)
        if np.isfinite(value):
            axes.plot([at(value)], [y + 0.33], marker=marker, ms=2.8, mfc="white", mec=QUIET,
                      mew=0.6, ls="none", zorder=2.5, clip_on=False)  # fmt: skip


def _baseline_share(row: Row, name: str) -> float:
    """Share of a baseline's draws in which it happened; NaN where the report is disputed."""
    if row["reported_low"] != row["reported_high"]:
        return math.nan
    chance = float(row[f"baseline_{name}_probability"])
    return chance if row["reported_high"] == 1 else 1 - chance


def _reported(axes: Axes, y: int, row: Row, at: Callable[[float], float]) -> None:
    low, high, best = row["reported_low"], row["reported_high"], row["reported_best"]
    if row["missing"]:
        return
    first, last = axes.get_xlim()
    left = at(low) if np.isfinite(low) else first
    right = at(high) if np.isfinite(high) else last
    left, right = max(left, first), min(right, last)
    ends = axes.transAxes.inverted().transform(axes.transData.transform([(left, 0), (right, 0)]))
    a, b = float(ends[0][0]), float(ends[1][0])
    if b - a < 0.012:
        a, b = (a + b) / 2 - 0.006, (a + b) / 2 + 0.006
    frame = axes.get_yaxis_transform()
    open_end = not np.isfinite(high)
    patch = axes.barh(y, b - a, height=0.5, left=a, transform=frame, facecolor=REPORTED,
                      alpha=0.1 if open_end else 0.22, lw=0, zorder=1)[0]  # fmt: skip
    patch.set_gid(f"reported-{row['id']}")
    style: dict[str, Any] = {
        "color": REPORTED, "lw": 0.9, "transform": frame, "clip_on": False, "zorder": 1.5,
    }  # fmt: skip
    if np.isfinite(low):
        axes.plot([a, a], [y - 0.25, y + 0.25], **style)
    if open_end:
        axes.annotate("", xy=(b, y - 0.25), xytext=(a, y - 0.25), xycoords=frame,
                      arrowprops={"arrowstyle": "-|>", "color": REPORTED, "lw": 0.7,
                                  "mutation_scale": 6, "shrinkA": 0, "shrinkB": 0})  # fmt: skip
    else:
        axes.plot([b, b], [y - 0.25, y + 0.25], **style)
        for edge in (y - 0.25, y + 0.25):
            axes.plot([a, b], [edge, edge], **style)
    if np.isfinite(best) and not (low == best == high):
        axes.plot([at(best)], [y - 0.25], marker="v", ms=3, color=REPORTED, ls="none", zorder=2.6)


def _words(
    sheet: Sheet, axes: Axes, y: int, row: Row, citations: Citations, label: float, width: float,
    margin: float,
) -> None:  # fmt: skip
    frame = axes.get_yaxis_transform()
    tested = row["tested"]
    title = wrap(sheet.figure, plain(row["title"]), "small", label - 5, 2)
    axes.text(-2.5 / width, y, title, transform=frame, ha="right", va="center", fontsize="small",
              color=INK if tested else QUIET, linespacing=1.05)  # fmt: skip
    if margin < 20:
        return
    room = margin - 5
    if tested:
        chance = f"P {chance_text(float(row['probability']))}"
        reported = wrap(sheet.figure, plain(reported_words(row)), "small", room, 1)
        source = fit_pair(sheet.figure, chance, citations.tag(row["statements"]), "small", room)
        lines = f"{reported}\n{source}"
    else:
        lines = wrap(sheet.figure, f"not tested: {plain(row['why_not'])}", "small", room, 2)
    axes.text(1 + 3 / width, y, lines, transform=frame, ha="left", va="center", fontsize="small",
              color=REPORTED if tested else QUIET, linespacing=1.15)  # fmt: skip
    axes.plot([1 + 1 / width], [y], marker="", color=FAINT, transform=frame)


def alt_comparison(table: pd.DataFrame) -> str:
    """Alternative text of the comparison figure."""
    tested = table[table["tested"].astype(bool)]
    agrees = int((tested["verdict"] == Judgement.AGREES).sum())
    outside = int((tested["verdict"] == Judgement.DISAGREES).sum())
    return (
        f"One row per observable with the simulated median, 50 and 90 % interval against the "
        f"reported range: of {len(tested)} tested values {agrees} agree better than every simple "
        f"rule and {outside} disagree. "
        "All numbers are in the table of observables."
    )
