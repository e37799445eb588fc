"""Figures of a sweep: the effects along each axis, and phase diagrams."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, SymLogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.compare.words import plain
from sim.explore.phase import Phase
from sim.scenario.schema import Observable
from sim.scenario.vocabulary import TIME_STATISTICS, Statistic
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.sheet import Sheet, Swatch, wrap
from sim.show.figures.style import INK, QUIET, REPORTED, SIMULATED, Size

MOST_ROWS, MOST_COLUMNS = 6, 4
ROW, GAP, EFFECTS_TOP = 25.0, 5.0, 12.0
LEFT = 40.0


def draw_effects(
    table: pd.DataFrame,
    observables: Mapping[str, Observable],
    reported: Mapping[str, tuple[float, float]],
    size: Size,
    subtitle: str,
) -> Figure:
    """``table`` as `sim.explore.effects.effects` makes it; ``reported`` low and high, NaN open."""
    names = [n for n in dict.fromkeys(table["observable"]) if _moves(table, str(n))][:MOST_ROWS]
    axes = list(dict.fromkeys(table["axis"]))[:MOST_COLUMNS]
    worded = max(
        (len(str(step)) for axis in axes for step in _worded_steps(table, axis)), default=0
    )  # fmt: skip
    foot = 13.0 + min(22.0, worded * 1.15)
    sheet = Sheet(size, EFFECTS_TOP + len(names) * (ROW + GAP) + foot)
    sheet.heading("What the observables do along each axis", subtitle)
    width = (size.width - LEFT - 4 - 5 * (len(axes) - 1)) / len(axes)
    for r, name in enumerate(names):
        top = EFFECTS_TOP + r * (ROW + GAP)
        title = wrap(sheet.figure, plain(observables[name].title), "small", LEFT - 17, 5)
        sheet.text(2, top + 1, title, fontsize="small", linespacing=1.15)
        rows = table[table["observable"] == name]
        panels = []
        for c, axis in enumerate(axes):
            panel = sheet.axes(LEFT + c * (width + 5), top, width, ROW)
            yes_no = observables[name].statistic == Statistic.ANY
            _draw(panel, rows[rows["axis"] == axis], yes_no)
            panels.append(panel)
            panel.tick_params(labelbottom=r == len(names) - 1)
            if r == len(names) - 1:
                words = wrap(sheet.figure, short_path(str(axis)), "small", width + 3, 3)
                panel.set_xlabel(words, fontsize="small")
        _share_scale(panels, reported.get(name))
    sheet.key(sheet.height - 5, _effects_key(bool(reported)))
    return sheet.figure


def _moves(table: pd.DataFrame, name: str) -> bool:
    rows = table[table["observable"] == name]
    return bool(rows["mean"].notna().any())


def _worded_steps(table: pd.DataFrame, axis: object) -> Sequence[object]:
    rows = table[table["axis"] == axis]
    return list(dict.fromkeys(rows["step"])) if rows["centre"].isna().all() else []


def _draw(axes: Axes, rows: pd.DataFrame, yes_no: bool) -> None:
    worded = rows["centre"].isna().all()
    x = np.arange(len(rows), dtype=float) if worded else rows["centre"].to_numpy(float)
    q05, q25, q50, q75, q95, mean = (
        rows[name].to_numpy(float) for name in ("q05", "q25", "q50", "q75", "q95", "mean")
    )
    if yes_no:  # the median of a yes or no says nothing
        axes.plot(x, mean, color=SIMULATED, marker="o", ms=2.5, ls="none" if worded else "-")
        axes.set_ylim(-0.04, 1.04)
        axes.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
    elif worded:
        axes.vlines(x, q05, q95, color=SIMULATED, lw=1)
        axes.vlines(x, q25, q75, color=SIMULATED, lw=3, alpha=0.6)
        axes.plot(x, q50, color=SIMULATED, marker="o", ms=3, mfc="white", ls="none")
    else:
        axes.fill_between(x, q05, q95, color=SIMULATED, alpha=0.16, lw=0)
        axes.fill_between(x, q25, q75, color=SIMULATED, alpha=0.35, lw=0)
        axes.plot(x, q50, color=SIMULATED)
    if worded:
        axes.set_xlim(-0.5, len(rows) - 0.5)
        axes.set_xticks(x, [plain(step)[:24] for step in rows["step"]], rotation=90)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(3))


def _share_scale(panels: Sequence[Axes], reported: tuple[float, float] | None) -> None:
    """One scale per row, so that axes can be compared by their slopes; the report in all."""
    low = min(panel.get_ylim()[0] for panel in panels)
    high = max(panel.get_ylim()[1] for panel in panels)
    ends = [] if reported is None else [end for end in reported if np.isfinite(end)]
    if ends:
        low, high = min(low, *ends), max(high, max(ends) + 0.05 * (high - low))
    for number, panel in enumerate(panels):
        panel.set_ylim(low, high)
        panel.tick_params(labelleft=number == 0)
        if reported is not None:  # an open end runs out of the panel
            below, above = (
                end if np.isfinite(end) else far
                for end, far in zip(reported, (low - high, 2 * high), strict=True)
            )
            panel.axhspan(below, above, fc=(*_rgb(), 0.18), ec=REPORTED, lw=0.7, zorder=0.5)


def short_path(path: str) -> str:
    """A dotted path without its list, broken where a line may end."""
    _, dot, rest = path.partition(".")
    return (rest if dot and "." in rest else path).replace(".", ". ")


def _rgb() -> tuple[float, float, float]:
    red, green, blue = (int(REPORTED[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _effects_key(reported: bool) -> list[Swatch]:
    found = [
        Swatch("line", "median (share, for a yes or no)", SIMULATED),
        Swatch("narrow", "50 % of runs"),
        Swatch("wide", "90 %"),
    ]
    return [*found, Swatch("box", "reported range", QUIET)] if reported else found


TOP, FOOT = 13.0, 17.0
BAR = 3.5
DECADES = 30.0
"""Ratio of highest to typical value above which counts are coloured on a logarithmic scale."""


def draw_phase(phase: Phase, size: Size, subtitle: str = "") -> Figure:
    """One panel per value of the third axis; one colour scale for all."""
    count = len(phase.panels)
    columns = 1 if count == 1 else min(3, count)
    rows = math.ceil(count / columns)
    left, right = 16.0, 24.0
    gap = 4.0
    width = min(130.0, (size.width - left - right - gap * (columns - 1)) / columns)
    height = min(width, 70.0 if rows == 1 else 45.0)
    title_room = 5.0 if count > 1 else 0.0
    sheet = Sheet(size, TOP + rows * (height + title_room + 3) + FOOT)
    what = {"median": "median", "mean": "mean", "probability": "probability"}[phase.statistic]
    sheet.heading(f"{plain(phase.observable.title)}: {what}", subtitle)
    scale = _scale(phase)
    mesh = None
    for number, panel in enumerate(phase.panels):
        row, column = divmod(number, columns)
        top = TOP + row * (height + title_room + 3) + title_room
        axes = sheet.axes(left + column * (width + gap), top, width, height)
        mesh = axes.pcolormesh(phase.xs, phase.ys, panel.z, cmap="cividis", norm=scale,
                               shading="nearest", rasterized=True)  # fmt: skip
        _contours(axes, phase, panel.z)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.yaxis.set_major_locator(MaxNLocator(6))
        axes.tick_params(labelleft=column == 0, labelbottom=number + columns >= count)
        if panel.title:
            words = wrap(sheet.figure, plain(panel.title), "small", width, 1)
            axes.set_title(words, fontsize="small")
    _labels(sheet, phase, left, columns * width + gap * (columns - 1), rows, height + title_room)
    bar_left = left + columns * width + gap * (columns - 1) + 4
    bar = sheet.axes(bar_left, TOP + title_room, BAR, min(60.0, height))
    if mesh is not None:
        colors = sheet.figure.colorbar(mesh, cax=bar)
        if phase.statistic == "probability":
            colors.ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
        elif isinstance(scale, Normalize) and not isinstance(scale, SymLogNorm):
            colors.ax.yaxis.set_major_locator(MaxNLocator(6))
        if phase.observable.statistic in TIME_STATISTICS:
            colors.ax.set_title("h", fontsize="small")
    keys = _phase_key(phase)
    if keys:
        sheet.key(sheet.height - 5, keys)
    return sheet.figure


def _scale(phase: Phase) -> Normalize:
    if phase.statistic == "probability":
        return Normalize(0, 1)
    values = np.concatenate([panel.z[np.isfinite(panel.z)] for panel in phase.panels])
    if not len(values):
        return Normalize(0, 1)
    low, high = float(values.min()), float(values.max())
    typical = float(np.median(values))
    counts = phase.observable.statistic not in TIME_STATISTICS and low >= 0
    if counts and high > 1 and high > DECADES * max(typical, 1):
        return SymLogNorm(1, vmin=0, vmax=high, base=10)
    return Normalize(min(low, 0) if counts else low, high if high > low else low + 1)


def _contours(axes: Axes, phase: Phase, z: NDArray[np.float64]) -> None:
    """The reported low (solid) and high (dashed) end, or one half for a probability."""
    if min(z.shape) < 2 or not np.isfinite(z).all():
        return
    if phase.statistic == "probability":
        _contour(axes, phase, z, 0.5, "solid", "white")
        return
    low, high = phase.reported
    _contour(axes, phase, z, low, "solid", REPORTED)
    if high != low:
        _contour(axes, phase, z, high, "dashed", REPORTED)


def _contour(
    axes: Axes, phase: Phase, z: NDArray[np.float64], level: float, style: str, color: str
) -> None:  # fmt: skip
    if np.isfinite(level) and z.min() < level < z.max():
        under = "white" if color != "white" else INK
        for width, tint, dashes in ((2.4, under, "solid"), (1.3, color, style)):
            axes.contour(phase.xs, phase.ys, z, levels=[level], colors=[tint],
                         linestyles=[dashes], linewidths=[width])  # fmt: skip


def _labels(
    sheet: Sheet, phase: Phase, left: float, width: float, rows: int, each: float
) -> None:  # fmt: skip
    middle = TOP + rows * (each + 3) / 2
    below = TOP + rows * (each + 3) + 3
    sheet.text(left + width / 2, below, plain(phase.x), ha="center")
    sheet.text(2, middle, plain(phase.y), rotation=90, va="center")


def _phase_key(phase: Phase) -> list[Swatch]:
    if phase.statistic == "probability":
        return [Swatch("line", "probability one half (white)", INK)]
    low, high = phase.reported
    zs = np.concatenate([panel.z[np.isfinite(panel.z)] for panel in phase.panels])
    if not len(zs) or not (np.isfinite(low) or np.isfinite(high)):
        return [Swatch("line", "nothing reported to compare with", "#FFFFFF")]
    drawn = [
        f"{name} end of what was reported, {value:g}"
        + ("" if zs.min() < value < zs.max() else ": nowhere reached")
        for name, value in (("lower", low), ("upper", high))
        if np.isfinite(value)
    ]
    if low == high:
        drawn = [drawn[0].replace("lower end of what was reported", "what was reported")]
    return [Swatch("line", f"{words}{' (dashed)' if number else ''}", REPORTED)
            for number, words in enumerate(drawn)]  # fmt: skip


def phase_figure(found: Phase, easel: Easel, subtitle: str = "") -> FigureRecord:
    """Draw one phase diagram."""
    by = f", by {found.by}" if found.by else ""
    title = f"{plain(found.observable.title)} over {found.x} and {found.y}{by}"
    others = f"; averaged over {', '.join(found.others)}" if found.others else ""
    name = "_".join(["phase", found.observable.id, found.x, found.y, *([found.by or ""])])
    safe = "".join(c if c.isalnum() or c in "_-" else "_" for c in name).strip("_")
    return easel.draw(safe, title, f"Colour map: {title}",
                      lambda size: draw_phase(found, size, subtitle + others))  # fmt: skip
