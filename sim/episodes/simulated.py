"""Simulated episodes: windows of a bank's worlds, cut by the rules that cut reported ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.episodes.cutting import (
    FEWEST_DEAD,
    LOOK,
    ORDER_BEFORE,
    ORDER_DAYS,
    ORDER_DEAD,
    QUIET_BEFORE,
    WINDOWS,
)
from sim.episodes.episode_library import DayPanel
from sim.episodes.situation import BEFORE, DAYS, ORDERED_BY
from sim.episodes.world_bank import WorldBank

WITH_ORDER, WITHOUT = 0, 1


@dataclass(frozen=True)
class Windows:
    """Episodes laid out by day, reported or simulated alike.

    Attributes:
        kind: `burst`, `local` or `order`.
        day: days relative to day 0, i8[W].
        dead, events: by day, f4[N, W].
        a, b: dead of each side by day, f4[N, W]; NaN where nobody says.
        ordered: who was ordered, i1[N], number in `situation.ORDERED_BY`; -1 nobody or unknown.
        world: of simulated ones the row of the bank, i8[N]; empty of reported ones.
    """

    kind: str
    day: NDArray[np.int64]
    dead: NDArray[np.float32]
    events: NDArray[np.float32]
    a: NDArray[np.float32]
    b: NDArray[np.float32]
    ordered: NDArray[np.int8]
    world: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.dead)

    def span(self, first: int, last: int) -> slice:
        """Columns of days `first` to `last`."""
        return slice(int(first - self.day[0]), int(last - self.day[0]) + 1)

    def chosen(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Windows:
        """Some of the episodes."""
        parts = ("dead", "events", "a", "b", "ordered")
        return replace(
            self,
            world=self.world[rows] if len(self.world) else self.world,
            **{name: getattr(self, name)[rows] for name in parts},
        )


def reported_windows(panel: DayPanel) -> Windows:
    """A library's episodes of one kind; between state and group side a is the state."""
    table = panel.table
    sided = (table["has_sides"].to_numpy() == 1)[:, None]
    by = {"government": 0, "non-state": 1, "both": 2}
    ordered = table["order_by"].map(by).fillna(-1).to_numpy(np.int8)

    def known(name: str) -> NDArray[np.float32]:
        values = np.nan_to_num(panel.columns[name]).astype(np.float32)
        return np.where(sided, values, np.float32(np.nan))

    return Windows(
        panel.kind,
        panel.day,
        panel.columns["best"].astype(np.float32),
        np.nan_to_num(panel.columns["n_events"]).astype(np.float32),
        known("deaths_a"),
        known("deaths_b"),
        np.asarray(ordered if panel.kind == "order" else np.full(len(table), -1), np.int8),
        np.empty(0, np.int64),
    )


def simulated_windows(bank: WorldBank, kind: str, twin: int = WITH_ORDER) -> Windows:
    """What the rule for `kind` cuts from the bank's worlds.

    Orders: day 0 is the order's, if the 14 days before are an order's eve. Bursts: the first that a
    world without an order holds whole; local ones from its first town alone.

    Args:
        twin: for orders, whose days are told: `WITH_ORDER` or `WITHOUT`.
    """
    before, after = WINDOWS[kind]
    day = np.arange(-before, after + 1)
    if kind == "order":
        a, b = (bank.tallies[name][:, twin].astype(np.float32) for name in ("a", "b"))
        eve = (a + b)[:, BEFORE - ORDER_BEFORE : BEFORE]
        enough = (eve.sum(axis=1) >= ORDER_DEAD) & ((eve > 0).sum(axis=1) >= ORDER_DAYS)
        rows = np.nonzero(enough)[0]
        hours = _hours(bank, twin, ("hours_0", "hours_1", "hours_2"))
        dead = (a + b)[rows]
        return Windows(kind, day, dead, hours[rows], a[rows], b[rows], bank.ordered[rows], rows)
    local = kind == "local"
    a, b = (bank.tallies[name][:, WITHOUT].astype(np.float32) for name in ("a", "b"))
    dead = bank.tallies["first"][:, WITHOUT].astype(np.float32) if local else a + b
    towns = ("hours_0",) if local else ("hours_0", "hours_1", "hours_2")
    start = first_burst(dead, after)
    rows = np.nonzero(start >= 0)[0]
    at = start[rows][:, None] + day[None, :]

    def cut(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.take_along_axis(values[rows], at, axis=1)

    own = cut(dead)
    share = cut(a) / np.maximum(cut(a + b), 1.0)
    return Windows(
        kind,
        day,
        own,
        cut(_hours(bank, WITHOUT, towns)),
        np.asarray(own * share, np.float32),
        np.asarray(own * (1.0 - share), np.float32),
        np.full(len(rows), -1, np.int8),
        rows,
    )


def first_burst(dead: NDArray[np.float32], after: int) -> NDArray[np.int64]:
    """Position of each world's first burst that lies whole in the clock, i8[N]; -1 for none."""
    running = np.concatenate([np.zeros((len(dead), 1)), np.cumsum(dead, axis=1)], axis=1)
    out = np.full(len(dead), -1)
    for day in range(DAYS - after - 1, QUIET_BEFORE - 1, -1):
        begins = (
            (dead[:, day] > 0)
            & (running[:, day] - running[:, day - QUIET_BEFORE] == 0)
            & (running[:, day + LOOK] - running[:, day] >= FEWEST_DEAD)
        )
        out[begins] = day
    return out


def _hours(bank: WorldBank, twin: int, towns: tuple[str, ...]) -> NDArray[np.float32]:
    """Hours with dead, summed over towns: a simulated event is a town's hour with a death."""
    return np.sum([bank.tallies[name][:, twin].astype(np.float32) for name in towns], axis=0)


__all__ = ["ORDERED_BY", "Windows", "reported_windows", "simulated_windows"]
