"""Reported values drawn on a panel: boxes of window by range, their labels in the margin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.compare.words import number, span_text
from sim.show.boxes import ReportedBox
from sim.show.figures.sheet import MarginLabel, Sheet, fit_pair, two_lines, wrap
from sim.show.figures.style import REPORTED
from sim.show.figures.time_axis import wall

SLICES = 8


def draw_boxes(
    axes: Axes, facts: Sequence[ReportedBox], zone: tzinfo | None, prefix: str
) -> list[tuple[float, float]]:
    """Draw the facts once the axes' limits are final.

    Each fact is one patch with the gid ``fact-<prefix>-<number>`` (a fade above a floor is made of
    further patches without gid). Returns, per fact, where its source line starts: x in days, y as
    a share of the axes' height.
    """
    return [_draw(axes, fact, zone, f"fact-{prefix}-{number}") for number, fact in enumerate(facts)]


def _draw(axes: Axes, fact: ReportedBox, zone: tzinfo | None, gid: str) -> tuple[float, float]:
    left, right = wall(fact.start, zone), wall(fact.end, zone)
    first, last = axes.get_xlim()
    least = (last - first) / 160
    if right - left < least:
        middle = (left + right) / 2
        left, right = middle - least / 2, middle + least / 2
    if fact.is_time:
        _box(axes, left, right, 0.0, 0.055, fact.background, gid, closed=True)
        return right, 0.03
    assert fact.low is not None
    bottom = share(axes, fact.low)
    if fact.high is None:
        reach = min(bottom + 0.2, 1.0)
        bottom = min(bottom, 0.9)
        reach = max(reach, bottom + 0.06)
        _box(axes, left, right, bottom, reach, fact.background, gid, closed=False)
        return right, bottom + 0.015
    top = share(axes, fact.high)
    if top - bottom < 0.024:
        middle = min(max((bottom + top) / 2, 0.012), 0.988)
        bottom, top = middle - 0.012, middle + 0.012
    _box(axes, left, right, bottom, top, fact.background, gid, closed=True)
    return right, (bottom + top) / 2


def share(axes: Axes, value: float) -> float:
    """Height of a data value as a share of the axes, cut at their edges."""
    low, _ = axes.get_xlim()
    point = axes.transData.transform((low, value))
    return float(min(max(axes.transAxes.inverted().transform(point)[1], 0.0), 1.0))


def _box(
    axes: Axes, left: float, right: float, bottom: float, top: float, hollow: bool, gid: str,
    closed: bool,
) -> None:  # fmt: skip
    frame = axes.get_xaxis_transform()
    edge: dict[str, Any] = {
        "color": REPORTED, "lw": 0.9, "transform": frame, "clip_on": False, "zorder": 3.2,
    }  # fmt: skip
    if hollow:
        edge["ls"] = (0, (2.5, 1.2))
    patch = Rectangle(
        (left, bottom), right - left, top - bottom, transform=frame, clip_on=False, zorder=3,
        facecolor=REPORTED if closed and not hollow else "none", alpha=0.24, linewidth=0,
    )  # fmt: skip
    patch.set_gid(gid)
    axes.add_patch(patch)
    sides_to = top if closed else bottom + (top - bottom) * 0.3
    axes.plot([left, right], [bottom, bottom], **edge)
    for x in (left, right):
        axes.plot([x, x], [bottom, sides_to], **edge)
    if closed:
        axes.plot([left, right], [top, top], **edge)
        return
    if not hollow:
        height = (top - bottom) / SLICES
        for number in range(SLICES):
            axes.add_patch(
                Rectangle(
                    (left, bottom + number * height), right - left, height, transform=frame,
                    facecolor=REPORTED, linewidth=0, alpha=0.3 * (1 - number / SLICES) ** 1.3,
                    clip_on=False, zorder=3,
                )
            )  # fmt: skip
    axes.annotate(
        "", xy=((left + right) / 2, top), xytext=((left + right) / 2, bottom), xycoords=frame,
        textcoords=frame, annotation_clip=False, zorder=3.3,
        arrowprops={"arrowstyle": "-|>", "color": REPORTED, "lw": 0.8, "mutation_scale": 6,
                    "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip


def margin_items(
    facts: Sequence[ReportedBox], starts: Sequence[tuple[float, float]], sheet: Sheet, height: float
) -> list[MarginLabel]:
    """One label per fact while they fit, in two lines where all can; then one height shares one.

    ``starts`` as `draw_boxes` returns them; ``height`` is the room for labels in mm.
    """
    size = sheet.size
    groups: dict[tuple[float, ...], list[int]] = {}
    room = int(height / (size.font * 0.385))
    merge = len(facts) > room
    for i in range(len(facts)):
        key = (round(starts[i][1], 3),) if merge else (round(starts[i][1], 3), float(i))
        groups.setdefault(key, []).append(i)
    parts = [[facts[i] for i in members] for members in groups.values()]
    words = [_margin_words(sheet, part, 2) for part in parts]
    if sum(text.count("\n") + 1 for text in words) > room:
        words = [_margin_words(sheet, part, 1) for part in parts]
    leads = [max(members, key=lambda i: starts[i][0]) for members in groups.values()]
    return [
        MarginLabel(*starts[lead], text, REPORTED) for lead, text in zip(leads, words, strict=True)
    ]


def _margin_words(sheet: Sheet, facts: Sequence[ReportedBox], lines: int) -> str:
    """Value or title with the source tag; the words give way first, never the source."""
    size, first = sheet.size, facts[0]
    room = size.margin - 4
    if len(facts) > 1:
        head, tag = f"{len(facts)} events", "" if size.is_column else first.tag + " …"
    elif size.is_column:
        head, tag = "", first.tag
    elif first.is_time or first.panel == "ladder":
        head, tag = first.title, first.tag
    else:  # a value stays whole
        return wrap(sheet.figure, f"{_value(first)} · {first.tag}", "small", room, lines)
    if lines > 1:
        return two_lines(sheet.figure, head, tag, "small", room)
    return fit_pair(sheet.figure, head, tag, "small", room)


def _value(fact: ReportedBox) -> str:
    low, high = fact.low or 0.0, fact.high
    if high is None:
        return f"at least {number(low)}"
    return span_text(number(low), number(high))
