"""Reprisal trees: which events of one run caused which, chosen, laid out and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.compare.words import number as in_words
from sim.compare.words import offset_name, order_words, plain
from sim.scenario.schema import Scenario
from sim.show.figures.sheet import Sheet, Swatch, text_width, wrap
from sim.show.figures.style import INK, ORDER, QUIET, SIDES, Size
from sim.show.figures.time_axis import time_ticks, wall
from sim.show.typical_run import FIGHTING, TypicalRun

MOST = 60
TELLING = 0.6  # lighter events are drawn only where they led to something heavier

# What a reader looks for first; a node is kept with all that led to it.
WEIGHT = {
    "trigger": 6.0,
    "order": 6.0,
    "clash": 3.0,
    "breach": 3.0,
    "barrage": 2.0,
    "push": 2.0,
    "security_deployment": 1.0,
    "crowd": 0.8,
    "stand_down": 0.4,
    "mobilisation": 0.3,
    "report": 0.1,
}

Event = dict[str, Any]


@dataclass(frozen=True)
class Tree:
    """The nodes drawn: event number to (row from the top, its cause if that is drawn too)."""

    events: dict[int, Event]
    rows: dict[int, float]
    causes: dict[int, int]
    left_out: int

    @property
    def height(self) -> int:
        return int(max(self.rows.values(), default=0)) + 1


def reprisal_tree(events: pd.DataFrame, most: int = MOST) -> Tree:
    """Lay out the events of one replicate: at most ``most`` of those that cause or were caused.

    ``events`` is a log as the model keeps it (columns event, cause, time, kind, ...). Chosen are
    the weightiest (triggers, orders, clashes with dead) together with everything that led to them.
    """
    rows = [{str(k): v for k, v in row.items()} for row in events.to_dict("records")]
    nodes: dict[int, Event] = {int(row["event"]): row for row in rows}
    causes = {n: int(r["cause"]) for n, r in nodes.items() if int(r["cause"]) in nodes}
    linked = set(causes) | set(causes.values())
    kept = _choose({n: nodes[n] for n in linked}, causes, most)
    shown = {n: nodes[n] for n in sorted(kept, key=lambda n: (nodes[n]["time"], n))}
    drawn = {n: causes[n] for n in shown if n in causes}
    return Tree(shown, _rows(shown, drawn), drawn, len(nodes) - len(shown))


def _choose(nodes: Mapping[int, Event], causes: Mapping[int, int], most: int) -> set[int]:
    def weight(number: int) -> float:
        row = nodes[number]
        dead = float(row["dead_a"]) + float(row["dead_b"])
        kind, cause = str(row["kind"]), causes.get(number)
        answers = cause is not None and str(nodes[cause]["kind"]) in FIGHTING
        if kind in FIGHTING and not answers and not dead:
            return 0.0  # shown only if something answers it
        return WEIGHT.get(kind, 0.5) + 0.5 * dead + 2.0 * (answers and kind in FIGHTING)

    kept: set[int] = set()
    telling = [n for n in nodes if weight(n) >= TELLING] or list(nodes)
    for number in sorted(telling, key=lambda n: (-weight(n), n)):
        chain = []
        step: int | None = number
        while step is not None and step not in kept:
            chain.append(step)
            step = causes.get(step)
        if len(kept) + len(chain) <= most:
            kept.update(chain)
    # what neither caused nor was caused by anything else that is shown is no part of a tree
    linked = {n for n in kept if n in causes} | {causes[n] for n in kept if n in causes}
    return kept & linked


def _rows(nodes: Mapping[int, Event], causes: Mapping[int, int]) -> dict[int, float]:
    """One row per leaf, in time order below its cause; a cause stands level with its first.

    What nothing caused has a row to itself, so that its title is free.
    """
    children: dict[int, list[int]] = {n: [] for n in nodes}
    for number, cause in causes.items():
        children[cause].append(number)
    rows: dict[int, float] = {}
    free = 0
    for root in (n for n in nodes if n not in causes):
        rows[root] = float(free)
        free += 1
        pending = [root]
        while pending:
            number = pending.pop()
            if not children[number] and number not in rows:
                rows[number] = float(free)
                free += 1
            pending.extend(reversed(children[number]))
    for number in sorted(nodes, key=lambda n: -n):  # a cause has a lower number than its effects
        if children[number] and number not in rows:
            rows[number] = min(rows[child] for child in children[number])
    return rows


MARKERS = {
    "clash": "o",
    "trigger": "s",
    "order": "D",
    "barrage": "^",
    "push": ">",
    "breach": "X",
    "security_deployment": "P",
}


def draw_tree(run: TypicalRun, scenario: Scenario, size: Size) -> Figure:
    """Who answered whom in a typical run; call it inside ``styled(size)``."""
    tree = reprisal_tree(run.log, MOST if not size.is_column else MOST // 2)
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
    left_out = f"; {tree.left_out} answers without dead left out" if tree.left_out else ""
    sheet.heading(
        f"Who answered whom in a typical run (number {run.replicate}, {run.dead} dead)",
        f"The median run has {in_words(run.median)} dead. Of {run.fights} clashes and attacks here "
        f"{run.answers} answer{'s' * (run.answers == 1)} another one{left_out}; those that answer "
        "none and were not answered are not drawn. One run is an example, not a finding. Numbers "
        "beside the marks: dead.",
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


def alt_typical(run: TypicalRun) -> str:
    """Alternative text of the figure of a typical run."""
    return (
        f"Of {run.fights} clashes and attacks in run {run.replicate}, which has {run.dead} dead "
        f"(the median is {in_words(run.median)}), {run.answers} answer another one. Along the time "
        "axis each is joined to the one it answers. The whole log comes with the command replay."
    )


def alt_tree(log: pd.DataFrame, run: int) -> str:
    """Alternative text of the reprisal tree."""
    tree = reprisal_tree(log)
    dead = sum(int(e["dead_a"]) + int(e["dead_b"]) for e in tree.events.values())
    return (
        f"Tree of {len(tree.events)} events of run {run} along the time axis, each joined to the "
        f"event that caused it, with {dead} dead in all; {tree.left_out} further events of the "
        "run are left out. The whole log is among the result's files."
    )
