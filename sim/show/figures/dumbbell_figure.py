"""Dumbbells of a what-if: each count's mean in baseline and future, beside the report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from sim.compare.reading import readings_of
from sim.compare.words import number, percent, plain
from sim.scenario.vocabulary import TIME_STATISTICS, Measure, Role, Statistic
from sim.show.figures.sheet import Sheet, Swatch, wrap
from sim.show.figures.style import FAINT, INK, QUIET, REPORTED, SIMULATED, Size

if TYPE_CHECKING:
    from sim.explore import WhatIf

MOST_ROWS = 14
MEASURES = (Measure.DEAD, Measure.WOUNDED, Measure.CLASHES)

Row = dict[str, Any]


def dumbbell_rows(result: WhatIf) -> list[tuple[str, list[Row]]]:
    """Outcomes in people or clashes, each with its rows of the table by variant, in order."""
    counted = {
        o.id: o for o in result.baseline.scenario.observables
        if o.measure in MEASURES and o.role is not Role.INPUT_CHECK
        and o.statistic not in (*TIME_STATISTICS, Statistic.ANY)
    }  # fmt: skip
    found = []
    for name, part in result.table.groupby("observable", sort=False):
        rows = [{str(k): v for k, v in row.items()} for row in part.to_dict("records")]
        if str(name) in counted and any(row["unchanged"] < 1 for row in rows):
            found.append((str(name), rows))
    order = {name: place for place, name in enumerate(counted)}
    most = max(1, MOST_ROWS // max(len(result.futures), 1))
    return sorted(found, key=lambda item: order[item[0]])[:most]


def draw_dumbbells(result: WhatIf, size: Size) -> Figure:
    """One dumbbell per observable and variant; call it inside ``styled(size)``.

    Each is one line with the gid ``pair-<variant>-<observable>``.
    """
    rows = dumbbell_rows(result)
    scenario = result.baseline.scenario
    step, gap = size.font * 0.52, size.font * 0.85
    label, margin = (26.0, 3.0) if size.is_column else (52.0, 42.0)
    width = size.width - label - margin
    many = len(result.futures) > 1
    height = sum(gap + step * len(each) for _, each in rows)
    top = 3 + size.font * (2.4 if size.is_column else 1.5)
    swatches = [
        Swatch("marker", "baseline", INK, "o"), Swatch("dot", "with the change", SIMULATED),
        *([Swatch("dot", "extrapolation", QUIET)] if result.extrapolated else []),
        Swatch("box", "reported"),
    ]  # fmt: skip
    sheet = Sheet(size, top + height + size.font * 1.35 + size.font * 0.5 + 4)
    changes = "" if many else f": {plain(scenario.variants[next(iter(result.futures))].title)}"
    sheet.heading(
        f"{scenario.title}: what the change does{changes}",
        "Means over the runs, with and without the change; the reported value beside them. Where "
        "the baseline is far from the report, the difference is one between two fictions.",
    )
    axes = sheet.axes(label, top, width, height)
    _scale(axes, result, rows, height)
    observables = {o.id: o for o in scenario.observables}
    y = 0.0
    for name, each in rows:
        readings = readings_of(observables[name], scenario.clock).known
        words = wrap(sheet.figure, plain(each[0]["title"]), "small", size.width - margin - 4, 1)
        axes.text(2 / width - label / width, y + gap * 0.62, words, fontsize="small",
                  fontweight="bold", transform=axes.get_yaxis_transform(), va="center_baseline",
                  bbox={"fc": "white", "ec": "none", "pad": 0.4}, zorder=5)  # fmt: skip
        y += gap
        for reading in readings:
            _reported(axes, reading.low, reading.high, y, step * len(each))
        for row in each:
            _pair(sheet, axes, row, y + step / 2, (label, width, margin))
            y += step
    sheet.key(top + height + size.font * 1.35, swatches)
    return sheet.figure


def _scale(axes: Axes, result: WhatIf, rows: list[tuple[str, list[Row]]], height: float) -> None:
    values = [row[key] for _, each in rows for row in each for key in ("baseline", "future")]
    values += [
        reading.low if math.isinf(reading.high) else reading.high
        for o in result.baseline.scenario.observables
        if o.id in {name for name, _ in rows}
        for reading in readings_of(o, result.baseline.scenario.clock).known
    ]
    highest = max([v for v in values if math.isfinite(v)], default=1.0)
    axes.set_xscale("symlog", linthresh=1, linscale=0.5)
    axes.set_xlim(0, max(highest, 1.0) * 1.6)
    powers = [p for p in 10.0 ** np.arange(0, 8) if p <= highest * 1.6]
    axes.xaxis.set_major_locator(FixedLocator([0.0, *powers]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel("people or clashes (logarithmic above 1)", fontsize="small", color=QUIET)


def _reported(axes: Axes, low: float, high: float, y: float, tall: float) -> None:
    first, last = axes.get_xlim()
    left, right = max(low, first), min(high, last)
    shares = [axes.transAxes.inverted().transform(axes.transData.transform((v, 0)))[0]
              for v in (left, right)]  # fmt: skip
    wide = max(shares[1] - shares[0], 0.006)
    axes.add_patch(
        Rectangle((shares[0] - (0.003 if wide == 0.006 else 0), y), wide, tall, fc=REPORTED,
                  alpha=0.12 if math.isinf(high) else 0.22, lw=0, zorder=1,
                  transform=axes.get_yaxis_transform())
    )  # fmt: skip
    axes.plot([shares[0]] * 2, [y, y + tall], color=REPORTED, lw=0.9, zorder=1.2,
              transform=axes.get_yaxis_transform())  # fmt: skip


def _pair(
    sheet: Sheet, axes: Axes, row: Row, y: float, measures: tuple[float, float, float]
) -> None:
    label, width, margin = measures
    color = QUIET if row["extrapolation"] else SIMULATED
    a, b = float(row["baseline"]), float(row["future"])
    frame = axes.get_yaxis_transform()
    words = wrap(sheet.figure, plain(str(row["variant"]).replace("_", " ")), "small", label - 6, 1)
    axes.text(-2 / width, y, words, transform=frame, ha="right", va="center_baseline",
              fontsize="small", color=INK)  # fmt: skip
    axes.plot([a, b], [y, y], color=FAINT, lw=2.2, zorder=2, solid_capstyle="round",
              gid=f"pair-{row['variant']}-{row['observable']}")  # fmt: skip
    axes.plot([a], [y], marker="o", ms=4.5, mfc="white", mec=INK, mew=0.9, ls="none", zorder=3)
    axes.plot([b], [y], marker="o", ms=4.2, color=color, mec="white", mew=0.5, ls="none", zorder=4)
    if margin < 20:
        return
    said = f"{number(a)} → {number(b)}; same in {percent(row['unchanged'])}"
    axes.text(1 + 2 / width, y, wrap(sheet.figure, said, "small", margin - 3, 1), transform=frame,
              va="center_baseline", fontsize="small", color=color)  # fmt: skip


def alt_dumbbells(result: WhatIf) -> str:
    """Alternative text of the dumbbells: every pair of means."""
    said = [
        f"{plain(each[0]['title'])}: "
        + ", ".join(f"{row['variant']} {number(row['baseline'])} to {number(row['future'])}"
                    for row in each)
        for _, each in dumbbell_rows(result)
    ]  # fmt: skip
    return f"Means in baseline and future, joined by a line. {'. '.join(said)}."
