"""The effects figure: observables in rows, axes in columns, median and bands along each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.scenario.schema import Observable
from sim.scenario.vocabulary import Statistic
from sim.show.labels import wrap
from sim.show.sheet import Sheet, Swatch
from sim.show.style import QUIET, REPORTED, SIMULATED, Size, plain

MOST_ROWS, MOST_COLUMNS = 6, 4
ROW, GAP, TOP = 25.0, 5.0, 12.0
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
        (len(str(step)) for axis in axes for step in _words(table, axis)), default=0
    )  # fmt: skip
    foot = 13.0 + min(22.0, worded * 1.15)
    sheet = Sheet(size, TOP + len(names) * (ROW + GAP) + foot)
    sheet.heading("What the observables do along each axis", subtitle)
    width = (size.width - LEFT - 4 - 5 * (len(axes) - 1)) / len(axes)
    for r, name in enumerate(names):
        top = TOP + r * (ROW + GAP)
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
    sheet.key(sheet.height - 5, _key(bool(reported)))
    return sheet.figure


def _moves(table: pd.DataFrame, name: str) -> bool:
    rows = table[table["observable"] == name]
    return bool(rows["mean"].notna().any())


def _words(table: pd.DataFrame, axis: object) -> Sequence[object]:
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


def _key(reported: bool) -> list[Swatch]:
    found = [
        Swatch("line", "median (share, for a yes or no)", SIMULATED),
        Swatch("narrow", "50 % of runs"),
        Swatch("wide", "90 %"),
    ]
    return [*found, Swatch("box", "reported range", QUIET)] if reported else found
