"""The phase diagram: colour over two axes, the reported range as contours, a panel per third."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, SymLogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.explore.phase import Phase
from sim.scenario.vocabulary import TIME_STATISTICS
from sim.show.labels import wrap
from sim.show.sheet import Sheet, Swatch
from sim.show.style import INK, REPORTED, Size, plain

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
    keys = _key(phase)
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


def _key(phase: Phase) -> list[Swatch]:
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
