"""Exceedance curves: the share of runs with a toll of at least so many, beside the reports."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator
from numpy.typing import NDArray

from sim.compare.reading import Reading, readings_of
from sim.compare.words import number, percent, plain, span_text
from sim.ensemble import Ensemble
from sim.scenario.vocabulary import Measure, Statistic
from sim.show.figures.sheet import Sheet, Swatch, wrap
from sim.show.figures.style import QUIET, REPORTED, SIMULATED, Size
from sim.show.observables import subtitle_of

MOST_PANELS = 6
DAY = 24.0

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TollCurve:
    """One toll: its title, its simulated values f8[R], and the readings of what was reported."""

    title: str
    values: Array
    readings: tuple[Reading, ...]


def toll_curves(ensemble: Ensemble) -> list[TollCurve]:
    """The tolls of more than a day, the largest first; the whole toll where none was reported."""
    scenario = ensemble.scenario
    found = []
    for one in scenario.observables:
        if one.measure is not Measure.DEAD or one.statistic is not Statistic.TOTAL:
            continue
        hours = math.inf
        if one.span is not None:
            hours = (one.span.end - one.span.start).total_seconds() / 3600
        if hours <= DAY or one.factions or one.id not in ensemble.observables:
            continue
        values = ensemble.observables[one.id].to_numpy(dtype=np.float64)
        known = readings_of(one, scenario.clock).known
        if known and np.isfinite(values).all():
            found.append(TollCurve(plain(one.title), values, known))
    found.sort(key=lambda curve: -_middle(curve.readings))
    if not found and ensemble.hourly:
        values = np.asarray(ensemble.hourly["dead"], dtype=np.float64).sum(axis=(1, 2))
        found = [TollCurve("Dead in all", values, ())]
    return found[:MOST_PANELS]


def _middle(readings: tuple[Reading, ...]) -> float:
    return max(r.best if r.best is not None else r.low for r in readings)


def draw_exceedance(ensemble: Ensemble, size: Size) -> Figure:
    """Small multiples of toll curves; call it inside ``styled(size)``.

    Each reported reading is one patch with the gid ``exceeds-<panel>-<reading>``.
    """
    curves = toll_curves(ensemble)
    across = min(len(curves), 1 if size.is_column else 3)
    down = -(-len(curves) // across)
    left, gap, height, between = size.left, 9.0, 38.0, size.font * 1.8
    width = min((size.width - left - 4 - gap * (across - 1)) / across, 80.0)
    foot = size.font * 1.3
    swatches = [
        Swatch("line", "share of runs with at least so many dead", SIMULATED),
        *([Swatch("band", "reported")] if any(c.readings for c in curves) else []),
    ]
    top = 3 + size.font * 0.45
    sheet = Sheet(size, top + down * (height + between) + foot + 6)
    sheet.heading(f"{ensemble.scenario.title}: how likely is a higher toll?", subtitle_of(ensemble))
    for place, curve in enumerate(curves):
        row, column = divmod(place, across)
        y = top + between + row * (height + between)
        axes = sheet.axes(left + column * (width + gap), y, width, height)
        title = wrap(sheet.figure, curve.title, size.font, width, 2)
        axes.set_title(title)
        _draw(axes, curve, place, row == down - 1 or place + across >= len(curves))
        if column:
            axes.set_yticklabels([])
    sheet.key(top + down * (height + between) + foot, swatches)
    return sheet.figure


def _draw(axes: Axes, curve: TollCurve, place: int, last: bool) -> None:
    ordered = np.sort(curve.values)
    ends = [r.low if math.isinf(r.high) else r.high for r in curve.readings]
    highest = max([float(ordered[-1]), *ends, 2.0])
    axes.set_xscale("symlog", linthresh=1, linscale=0.4)
    axes.set_xlim(0, highest * 1.3)
    axes.set_ylim(0, 1.03)
    powers = [p for p in 10.0 ** np.arange(0, 8) if p <= highest * 1.3]
    axes.xaxis.set_major_locator(FixedLocator([0.0, *powers]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(axis="both")
    if last:
        axes.set_xlabel("dead, at least (logarithmic above 1)", fontsize="small", color=QUIET)
    at = np.unique(np.concatenate([[0.0], ordered]))
    share = 1 - np.searchsorted(ordered, at) / len(ordered)  # of runs with at least so many
    axes.plot(np.append(at, highest * 2), np.append(share, 0.0), drawstyle="steps-pre",
              color=SIMULATED, lw=1.5, zorder=3)  # fmt: skip
    for which, reading in enumerate(curve.readings):
        low, high = reading.low, min(reading.high, highest * 1.3)
        pad = 0.02 * max(low, 1.0) if high <= low else 0.0
        axes.axvspan(max(low - pad, 0.0), high + pad, fc=REPORTED, alpha=0.2, lw=0, zorder=1,
                     gid=f"exceeds-{place}-{which}")  # fmt: skip
        axes.axvline(low, color=REPORTED, lw=0.9, zorder=2)
        floor = float(np.mean(curve.values >= low)) if low > 0 else 1.0
        said = number(low) if low == reading.high else span_text(number(low), number(reading.high))
        if math.isinf(reading.high):
            said = f"at least {number(low)}"
        words = f"reported {said}\n≥ {number(low)}: {percent(floor)} of runs"
        axes.text(
            0.98, 0.97 - 0.24 * which, words, transform=axes.transAxes, ha="right", va="top",
            fontsize="x-small", color=REPORTED, zorder=4,
            bbox={"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.8},
        )  # fmt: skip


def alt_exceedance(ensemble: Ensemble) -> str:
    """Alternative text: of each toll the share of runs at or above what was reported."""
    said = []
    for curve in toll_curves(ensemble):
        parts = [
            f"{percent(float(np.mean(curve.values >= r.low)))} of runs have at least the "
            f"reported {number(r.low)}"
            for r in curve.readings
        ]
        half, tenth = (number(float(np.quantile(curve.values, q))) for q in (0.5, 0.9))
        parts.append(f"half at least {half}, a tenth at least {tenth}")
        said.append(f"{curve.title}: {'; '.join(parts)}")
    return f"Curves of the share of runs with at least so many dead. {'. '.join(said)}."
