"""Labels of reported facts in a panel's margin: value or title, and the source, never cut."""

from __future__ import annotations

from collections.abc import Sequence

from sim.show.facts import Fact
from sim.show.labels import MarginLabel, fit_pair, two_lines, wrap
from sim.show.sheet import Sheet
from sim.show.style import REPORTED


def margin_items(
    facts: Sequence[Fact], starts: Sequence[tuple[float, float]], sheet: Sheet, height: float
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


def _margin_words(sheet: Sheet, facts: Sequence[Fact], lines: int) -> str:
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


def _value(fact: Fact) -> str:
    low, high = fact.low or 0.0, fact.high
    if high is None:
        return f"at least {low:,g}"
    return f"{low:,g}" if low == high else f"{low:,g} to {high:,g}"
