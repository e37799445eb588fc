"""Reprisal trees: which events of one run caused which, chosen and laid out to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

MOST = 60
TELLING = 0.6  # lighter events are drawn only where they led to something heavier
FIGHTING = ("clash", "barrage", "breach")

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


def example(events: pd.DataFrame | None) -> tuple[int, pd.DataFrame] | None:
    """The run to draw: of those logged, the one with most answers to fighting by fighting.

    It is chosen for being readable as a tree, which the figure says of itself: an example.
    """
    if events is None or events.empty:
        return None
    caused = [(_answers(log), -int(str(run))) for run, log in events.groupby("replicate")]
    (_, linked), run = max(caused)
    if linked == 0:
        return None
    return -run, events[events["replicate"] == -run]


def _answers(log: pd.DataFrame) -> tuple[int, int]:
    """Fighting caused by fighting, then events caused by anything."""
    kinds = log.set_index("event")["kind"]
    by_cause = log["cause"].map(kinds)
    both = log["kind"].isin(FIGHTING) & by_cause.isin(FIGHTING)
    return int(both.sum()), int((log["cause"] >= 0).sum())
