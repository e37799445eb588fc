"""The figure of a reprisal tree: left to right in time, colour by side, the telling ones named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.scenario.schema import Scenario
from sim.show.labels import text_width, wrap
from sim.show.localtime import offset_name, time_ticks, wall
from sim.show.orders import order_words
from sim.show.reprisals import MOST, WEIGHT, Event, Tree, reprisal_tree
from sim.show.sheet import Sheet, Swatch
from sim.show.style import INK, ORDER, QUIET, SIDES, Size, plain

MARKERS = {
    "clash": "o",
    "trigger": "s",
    "order": "D",
    "barrage": "^",
    "push": ">",
    "breach": "X",
    "security_deployment": "P",
}


def draw_tree(events: pd.DataFrame, scenario: Scenario, size: Size, replicate: int) -> Figure:
    """The tree of one replicate's log; call it inside ``styled(size)``."""
    tree = reprisal_tree(events, MOST if not size.is_column else MOST // 2)
    zone = scenario.clock.start.tzinfo
    sides = _sides(scenario, tree)
    kinds = sorted({str(e["kind"]) for e in tree.events.values()}, key=lambda k: -WEIGHT.get(k, 0))
    swatches = [Swatch("patch", plain(name), color) for name, color in sides.values()]
    if any(str(e["kind"]) == "clash" and not e["actor"] for e in tree.events.values()):
        swatches.append(Swatch("patch", "nobody known to have begun", QUIET))
    swatches += [Swatch("marker", k.replace("_", " "), QUIET, MARKERS.get(k, ".")) for k in kinds]
    step, gap, foot = size.font * 0.5, size.font * 0.6, size.font * 1.2
    key_mm = len(Sheet(size, 100).key_rows(swatches)) * size.font * 0.46 + 4
    top = 2 + size.font * (1.9 if size.is_column else 1.2)
    height = max(tree.height * step, 20.0)
    sheet = Sheet(size, top + gap + height + foot + key_mm)
    left_out = (
        f"; {tree.left_out} further events (chiefly without dead or answer) left out"
        if tree.left_out
        else ""
    )
    shown = len(tree.events)
    sheet.heading(
        f"What caused what in run {replicate}",
        f"{shown} events{left_out}. One run is an example, not a finding. Numbers: dead.",
    )
    margin = 4.0
    width = size.width - 2 * margin
    axes = sheet.axes(margin, top + gap, width, height)
    axes.set_ylim(tree.height - 0.4, -0.7)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    x = {
        n: wall(scenario.clock.start + timedelta(hours=float(e["time"])), zone)
        for n, e in tree.events.items()
    }
    first, last = min(x.values(), default=0.0), max(x.values(), default=1.0)
    span = max(last - first, 1 / 24)
    axes.set_xlim(first - span * 0.02, last + span * 0.12)
    axes.grid(axis="x")
    for number, cause in tree.causes.items():
        a, b = (x[cause], tree.rows[cause]), (x[number], tree.rows[number])
        axes.plot([a[0], a[0], b[0]], [a[1], b[1], b[1]], color="#9A9A9A", lw=0.6, zorder=1)
    for number, event in tree.events.items():
        _node(axes, x[number], tree.rows[number], event, sides)
    _labels(sheet, axes, tree, x, scenario, width)
    time_ticks(axes, span * 1.14, width)
    begin = scenario.clock.start + timedelta(
        hours=min((float(e["time"]) for e in tree.events.values()), default=0.0)
    )
    since = f"from {begin.day} {begin:%b %Y}"
    axes.set_xlabel(f"local time ({offset_name(zone, begin)}), {since}")
    sheet.key(top + gap + height + foot + 1, swatches)
    return sheet.figure


def _sides(scenario: Scenario, tree: Tree) -> dict[str, tuple[str, str]]:
    """Faction id to its name and colour, of those who act in the tree."""
    acting = {str(e["actor"]) for e in tree.events.values()}
    names = [(f.id, f.name) for f in scenario.factions if f.id in acting]
    return {ident: (name, SIDES[number % len(SIDES)]) for number, (ident, name) in enumerate(names)}


def _node(
    axes: Any, x: float, y: float, event: Event, sides: Mapping[str, tuple[str, str]]
) -> None:
    kind = str(event["kind"])
    dead = int(event["dead_a"]) + int(event["dead_b"])
    color = sides.get(str(event["actor"]), ("", QUIET))[1]
    axes.plot(
        [x], [y], marker=MARKERS.get(kind, "."), ms=3.2 + min(dead, 16) ** 0.5 * 1.2,
        color=color, mec="white", mew=0.4, ls="none", zorder=3, gid=f"node-{event['event']}",
    )  # fmt: skip


def _labels(
    sheet: Sheet, axes: Any, tree: Tree, x: Mapping[int, float], scenario: Scenario, width: float
) -> None:
    """Titles of triggers and orders above their node, the dead of a clash right of it."""
    first, last = axes.get_xlim()
    mm = {n: (x[n] - first) / (last - first) * width for n in tree.events}
    by_row: dict[float, list[float]] = {}
    for n in tree.events:
        by_row.setdefault(tree.rows[n], []).append(mm[n])
    titles = titles_of(scenario)
    for number, event in tree.events.items():
        kind = str(event["kind"])
        dead = int(event["dead_a"]) + int(event["dead_b"])
        if kind in ("trigger", "order"):
            words, color = titles.get(str(event["subject"]), str(event["subject"])), INK
            color = ORDER if kind == "order" else INK
        elif dead:
            words, color = str(dead), INK
        else:
            continue
        row = tree.rows[number]
        after = [m for m in by_row[row] if m > mm[number]]
        room = min(after, default=width) - mm[number] - 3.0
        if kind in ("trigger", "order"):
            words = wrap(sheet.figure, plain(words), "small", max(room, 42.0), 1)
        need = text_width(sheet.figure, words, "small")
        above = need > room
        offset = (0, 3.5) if above else (3.6, 0)
        axes.annotate(
            words, (x[number], row), xytext=offset, textcoords="offset points", fontsize="small",
            color=color, ha="left" if not above or mm[number] + need < width else "right",
            va="bottom" if above else "center_baseline", annotation_clip=False, zorder=2,
            bbox={"fc": "white", "ec": "none", "pad": 0.4},
        )  # fmt: skip


def titles_of(scenario: Scenario) -> dict[str, str]:
    """What triggers and decisions are called in print."""
    found = {t.id: t.title for t in (*scenario.triggers, *scenario.schedules)}
    return found | {d.id: order_words(scenario, d) for d in scenario.decisions}
