"""Order-free days: windows of a dyad around days that look like an order's eve, without an order.

What follows them is what the model has to give where nobody orders anything; without them a fit
would take for obedience what is only the ebb after a bad fortnight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.cutting import ORDER_BEFORE, WINDOWS
from sim.episodes.matching import ALIKE, FEWEST, bound_days, dead_between, free_days
from sim.episodes.series import day_number
from sim.episodes.simulated import Windows

EACH = 2
"""Windows per order: more of one dyad say little more."""

EDGE = 90
"""Days left free at both ends of a dyad's series, so that no window leaves it."""


@dataclass(frozen=True)
class OrderFree:
    """Windows around order-free days.

    Attributes:
        windows: laid out as orders are; sides are not told.
        conflicts: of their dyads, [N].
        episodes: the order episode that each was matched with, [N].
    """

    windows: Windows
    conflicts: NDArray[np.object_]
    episodes: NDArray[np.object_]

    def of(self, conflicts: pd.Series) -> NDArray[np.int64]:
        """Rows whose conflict is among these."""
        return np.nonzero(np.isin(self.conflicts.astype(str), conflicts.astype(str).unique()))[0]


def order_free_windows(
    episodes: pd.DataFrame,
    events: pd.DataFrame,
    dyads: pd.DataFrame,
    orders: pd.DataFrame,
    seed: int = 1,
) -> OrderFree:
    """`EACH` of the matched days of every order that has enough of them, drawn from a seed.

    A matched day has the same dyad, no order near, and in the 14 days before as many dead as
    before the order within a factor (`matching`).
    """
    rng = np.random.default_rng(seed)
    table = episodes[episodes["kind"] == "order"]
    rows = events[events["exact"] == 1].merge(dyads[["dyad_no", "key"]], on="dyad_no")
    rows = rows.assign(number=day_number(rows["date"]))
    bound = bound_days(orders)
    before, after = WINDOWS["order"]
    dead: list[NDArray[np.float64]] = []
    count: list[NDArray[np.float64]] = []
    conflicts, matched = [], []
    for key, own in table.groupby("key", sort=True):
        mine = rows[rows["key"] == key]
        if not len(mine):
            continue
        first = int(mine["number"].min()) - EDGE
        length = int(mine["number"].max()) - first + EDGE
        at = mine["number"].to_numpy() - first
        best = np.bincount(at, mine["best"].fillna(0.0), length).astype(np.float64)
        number = np.bincount(at, minlength=length).astype(np.float64)
        running = np.concatenate([[0.0], np.cumsum(best)])
        busy = np.concatenate([[0.0], np.cumsum(best > 0)])
        free = free_days(running, busy, at, [d - first for d in bound.get(str(key), [])])
        free = free[(free >= before) & (free + after < length)]
        their = dead_between(running, free, -ORDER_BEFORE, -1)
        days = day_number(own["day0"]) - first
        for episode, day in zip(own.to_dict("records"), days, strict=True):
            if not ORDER_BEFORE <= day < length:
                continue
            eve = dead_between(running, np.array([day]), -ORDER_BEFORE, -1)[0]
            alike = free[(their + 1 <= (eve + 1) * ALIKE) & (their + 1 >= (eve + 1) / ALIKE)]
            if len(alike) < FEWEST:
                continue
            for one in rng.choice(alike, EACH, replace=False):
                dead.append(best[one - before : one + after + 1])
                count.append(number[one - before : one + after + 1])
                conflicts.append(episode["conflict"])
                matched.append(episode["episode_id"])
    width = before + after + 1
    shape = (len(dead), width)
    silent = np.full(shape, np.nan, np.float32)
    windows = Windows(
        "order",
        np.arange(-before, after + 1),
        np.reshape(dead, shape).astype(np.float32),
        np.reshape(count, shape).astype(np.float32),
        silent,
        silent,
        np.full(len(dead), -1, np.int8),
        np.empty(0, np.int64),
    )
    return OrderFree(windows, np.array(conflicts, object), np.array(matched, object))
