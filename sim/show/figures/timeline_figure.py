"""The timeline figure: reported events in lanes, windows as bars, severity as colour and value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.compare.words import offset_name, plain
from sim.show.boxes import rung, stamp, statement_ids
from sim.show.citations import Citations
from sim.show.figures.sheet import Sheet, contrast_ink, fit_pair
from sim.show.figures.style import INK, PAGE, QUIET, REPORTED, Size, save, styled
from sim.show.figures.time_axis import time_ticks, wall

if TYPE_CHECKING:
    from sim.evidence import Evidence


APART = pd.Timedelta(days=5)
SHORT = pd.Timedelta(days=14)
COLOURS = colormaps["cividis_r"]


@dataclass(frozen=True)
class Bar:
    """One reported event: where it stands and what is written beside it."""

    lane: str
    start: pd.Timestamp | None
    end: pd.Timestamp | None
    title: str
    tag: str
    severity: float | None
    background: bool


def bars_of(
    timeline: pd.DataFrame,
    citations: Citations,
    lane: str = "place",
    names: Mapping[str, str] | None = None,
) -> list[Bar]:
    """The timeline's events as bars; ``lane`` is the column that sorts them into lanes."""
    bars = []
    for row in timeline.to_dict("records"):
        start, end, score = stamp(row["earliest"]), stamp(row["latest"]), row.get("score")
        if start is None and end is None:
            continue
        value: Any = row.get(lane)
        ident = "nobody named" if value is None or pd.isna(value) else str(value)
        bars.append(
            Bar(
                plain((names or {}).get(ident, ident.replace("_", " "))), start, end,
                plain(row["title"]), citations.tag(statement_ids(row), most=1),
                None if score is None or pd.isna(score) else rung(score),
                bool(row.get("background", False)),
            )
        )  # fmt: skip
    return bars


def episodes_of(bars: list[Bar]) -> list[list[Bar]]:
    """Bars in groups that each fill a time axis; oldest first.

    Events known to the fortnight make the episodes, a new one wherever nothing happens for
    ``APART``. Longer or open windows join the episode they overlap or end nearest to; those that
    touch none are a group of their own.
    """
    exact = sorted((b for b in bars if _is_exact(b)), key=lambda b: (_begin(b), b.title))
    found: list[list[Bar]] = []
    spans: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for bar in exact:
        begin, end = _begin(bar), _end(bar)
        if not spans or begin > spans[-1][1] + APART:
            found.append([])
            spans.append((begin, end))
        found[-1].append(bar)
        spans[-1] = (spans[-1][0], max(spans[-1][1], end))
    apart: list[Bar] = []
    for bar in bars:
        if _is_exact(bar):
            continue
        home = _home(bar, spans)
        (apart if home is None else found[home]).append(bar)
    return [apart, *found] if apart else found


def _is_exact(bar: Bar) -> bool:
    return bar.start is not None and bar.end is not None and bar.end - bar.start <= SHORT


def _home(bar: Bar, spans: list[tuple[pd.Timestamp, pd.Timestamp]]) -> int | None:
    """The episode in which a long window ends, or else the last one that it meets."""
    ends_in = [i for i, (a, b) in enumerate(spans) if a - APART <= _end(bar) <= b + APART]
    if ends_in:
        return ends_in[0]
    meets = [i for i, (a, b) in enumerate(spans) if _begin(bar) <= b and _end(bar) >= a]
    return meets[-1] if meets else None


def _end(bar: Bar) -> pd.Timestamp:
    moment = bar.end if bar.end is not None else bar.start
    assert moment is not None
    return moment


def _begin(bar: Bar) -> pd.Timestamp:
    moment = bar.start if bar.start is not None else bar.end
    assert moment is not None
    return moment


def draw_timeline(
    timeline: pd.DataFrame,
    citations: Citations,
    size: Size,
    title: str = "What was reported, and when",
    lane: str = "place",
    names: Mapping[str, str] | None = None,
    span: tuple[pd.Timestamp, pd.Timestamp] | None = None,
) -> Figure:
    """Reported events as bars; call it inside ``styled(size)``.

    ``span`` cuts longer windows (None: the events' own span, one panel per episode). Each event is
    one patch with the gid ``event-<number>``.
    """
    bars = bars_of(timeline, citations, lane, names)
    parts = [bars] if span is not None else episodes_of(bars)
    parts = [part for part in parts if part]
    step, gap, foot = size.font * 0.52, size.font * 0.5, size.font * 1.3
    lines = [_lanes(part) for part in parts]
    heights = [sum(len(own) + 0.9 for own in lanes.values()) * step for lanes in lines]
    top = 2 + size.font * (2.0 if size.is_column else 1.2)
    sheet = Sheet(size, top + sum(heights) + (gap + foot) * len(parts) + 3)
    sheet.heading(
        title,
        "Bar: window in which it happened. Colour and number: severity, 0 (cooperation) to "
        "10 (none: no rung fits). Hollow: background. Arrow: goes on, or not reported.",
    )
    label = 34.0 if size.is_column else 92.0
    width = size.width - label - 4
    y, number = top, 0
    for part, lanes, height in zip(parts, lines, heights, strict=True):
        y += gap
        axes = sheet.axes(label, y, width, height)
        number = _draw_part(sheet, axes, part, lanes, (label, width, step, height), span, number)
        y += height + foot
    return sheet.figure


def _lanes(part: list[Bar]) -> dict[str, list[Bar]]:
    lanes: dict[str, list[Bar]] = {}
    for bar in sorted(part, key=lambda b: (_begin(b), b.title)):
        lanes.setdefault(bar.lane, []).append(bar)
    return lanes


def _draw_part(
    sheet: Sheet, axes: Axes, part: list[Bar], lanes: dict[str, list[Bar]],
    measures: tuple[float, float, float, float],
    span: tuple[pd.Timestamp, pd.Timestamp] | None, number: int,
) -> int:  # fmt: skip
    label, width, step, height = measures
    zone = _begin(part[0]).tzinfo
    exact = [b for b in part if _is_exact(b)] or part
    known = [m for b in exact for m in (b.start, b.end) if m is not None]
    begin, end = span if span is not None else (min(known), max(known))
    pad = (end - begin) * 0.02 + pd.Timedelta(hours=1)
    first, last = wall(begin - pad, zone), wall(end + pad, zone)
    axes.set_xlim(first, last)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    time_ticks(axes, last - first, width)
    axes.set_xlabel(f"local time ({offset_name(zone, begin)}), from {begin.day} {begin:%b %Y}")
    frame = axes.get_yaxis_transform()
    y = 0.0
    for lane, own in lanes.items():
        y += 0.9 * step
        axes.axhline(y - 0.8 * step, color="#E3E3E3", lw=0.5, xmin=-label / width, clip_on=False)
        axes.text(-(label - 2) / width, y - 0.3 * step, lane, transform=frame, fontsize="small",
                  fontweight="bold", color=INK, va="center")  # fmt: skip
        for bar in own:
            middle = y + step / 2
            _bar(axes, bar, (first, last), middle, step, zone, f"event-{number}")
            tag = "" if sheet.size.is_column else bar.tag
            words = fit_pair(sheet.figure, bar.title, tag, "small", label - 5)
            axes.text(
                -2.0 / width, middle, words,
                transform=frame, ha="right", va="center_baseline", fontsize="small",
                color=QUIET if bar.background else INK,
            )  # fmt: skip
            number += 1
            y += step
    return number


def _bar(
    axes: Axes, bar: Bar, limits: tuple[float, float], y: float, step: float,
    zone: tzinfo | None, gid: str,
) -> None:  # fmt: skip
    first, last = limits
    left = max(wall(bar.start, zone), first) if bar.start is not None else first
    right = min(wall(bar.end, zone), last) if bar.end is not None else last
    goes_on = (
        bar.start is None or wall(bar.start, zone) < first,
        bar.end is None or wall(bar.end, zone) > last,
    )
    least = (last - first) * 0.012
    if right - left < least:
        middle = (left + right) / 2
        left, right = middle - least / 2, middle + least / 2
    color = "#D9D9D9" if bar.severity is None else COLOURS(bar.severity / 10)
    patch = Rectangle(
        (left, y - step * 0.36), right - left, step * 0.72, linewidth=0.8, zorder=2,
        facecolor="white" if bar.background else color,
        edgecolor=REPORTED if bar.background else "none",
        linestyle=(0, (2.5, 1.2)) if bar.background else "-",
    )  # fmt: skip
    patch.set_gid(gid)
    axes.add_patch(patch)
    for end, is_open, mark in ((left, goes_on[0], "<"), (right, goes_on[1], ">")):
        if is_open:
            axes.plot(
                [end], [y], marker=mark, ms=4, color=QUIET, clip_on=False, ls="none", zorder=4
            )
    if bar.severity is None:
        return
    text = f"{bar.severity:g}"
    if right - left > (last - first) * 0.045:
        ink = "black" if bar.background else contrast_ink(to_rgb(color))
        axes.text((left + right) / 2, y, text, ha="center", va="center_baseline",
                  fontsize="x-small", color=ink, zorder=3)  # fmt: skip
    else:
        near_end = right > last - (last - first) * 0.06
        axes.annotate(
            text, (left if near_end else right, y), xytext=(-2 if near_end else 2, 0),
            textcoords="offset points", ha="right" if near_end else "left", va="center_baseline",
            fontsize="x-small", color=INK, zorder=3, annotation_clip=False,
        )  # fmt: skip


def alt_timeline(table: pd.DataFrame) -> str:
    """Alternative text of the timeline."""
    first, last = plain(table["title"].iloc[0]), plain(table["title"].iloc[-1])
    return (
        f"{len(table)} reported events as bars as wide as the window in which they happened, "
        f"sorted by place, from “{first}” to “{last}”."
    )


def timeline_figure(
    table: pd.DataFrame, path: str | Path, evidence: Evidence | None = None, manifest_id: str = ""
) -> None:
    """Save the figure of a timeline to ``path``; its ending (.png, .svg, .pdf) says the format."""
    names = {p.id: p.name for p in evidence.places.values()} if evidence else None
    with styled(PAGE):
        figure = draw_timeline(table, Citations.of(evidence), PAGE, names=names)
        if Path(path).suffix in (".png", ".svg"):
            save(figure, Path(path), "What was reported, and when", manifest_id)
        else:
            figure.savefig(path)
