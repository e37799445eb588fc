"""Matching: what orders changed, beside days of the same dyad that looked alike without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.cutting import ORDER_BEFORE, ORDER_DAYS, ORDER_DEAD
from sim.episodes.row_scores import Difference, by_conflict
from sim.episodes.series import day_number

CLEAR = 28
"""Days around a matched day within which no order binds the dyad."""

ALIKE = 2.0
"""Dead in the 14 days before a matched day: at most this many times more or less."""

FEWEST = 5
"""Matched days without which an order is not compared."""

SPANS = ((1, 3), (4, 7), (8, 14), (15, 28))
AFTER = (1, 14)


@dataclass(frozen=True)
class Matches:
    """Orders beside their matched days, one row per order episode that has enough of them.

    Attributes:
        table: columns of episodes and `days` (how many were matched), `log_order` and `log_days`
            (log of 1 + dead on days 1 to 14: of the order; mean over its matched days), `effect`
            (their difference), `spread` (sd over its matched days), and `order_A_B`, `days_A_B`
            per span (log of 1 + dead per day minus that of the 14 days before).
    """

    table: pd.DataFrame

    def relative(self, side: str) -> list[float]:
        """Deaths per day after over before, by span; `side` is `order` or `days`."""
        return [float(np.exp(self.table[f"{side}_{a}_{b}"].mean())) for a, b in SPANS]

    def effect(self, chosen: NDArray[np.bool_] | None = None) -> Difference:
        """exp(mean difference of logs) with its interval by bootstrap over conflicts."""
        table = self.table if chosen is None else self.table[chosen]
        found = by_conflict(table["effect"].to_numpy(), table["conflict"].to_numpy())
        return Difference(*(float(np.exp(x)) for x in (found.value, found.low, found.high)))


def match(
    episodes: pd.DataFrame, events: pd.DataFrame, dyads: pd.DataFrame, orders: pd.DataFrame
) -> Matches:
    """Match every order episode with order-free days of its dyad.

    A day is matched if there was fighting before it as before an order (on two days with dead), no
    order binds the dyad within `CLEAR` days, and as many died in the 14 days before, within a
    factor of `ALIKE`.
    """
    table = episodes[episodes["kind"] == "order"]
    rows = events[events["exact"] == 1].merge(dyads[["dyad_no", "key"]], on="dyad_no")
    rows = rows.assign(number=day_number(rows["date"]))
    bound = bound_days(orders)
    found = []
    for key, own in table.groupby("key", sort=True):
        mine = rows[rows["key"] == key]
        if not len(mine):
            continue
        first = int(mine["number"].min()) - 60
        length = int(mine["number"].max()) - first + 120
        at = mine["number"].to_numpy() - first
        dead = np.concatenate([[0.0], np.cumsum(np.bincount(at, mine["best"], length))])
        busy = np.concatenate([[0.0], np.cumsum(np.bincount(at, mine["best"], length) > 0)])
        free = free_days(dead, busy, at, [day - first for day in bound.get(str(key), [])])
        days = day_number(own["day0"]) - first
        for episode, day in zip(own.to_dict("records"), days, strict=True):
            one = _matched(dead, int(day), free)
            if one is not None:
                found.append({str(k): v for k, v in episode.items()} | one)
    return Matches(pd.DataFrame(found))


def bound_days(orders: pd.DataFrame) -> dict[str, list[int]]:
    """Day numbers of the orders that bind each dyad."""
    dated = orders[(orders["date"] != "") & (orders["ged_dyads"] != "")]
    out: dict[str, list[int]] = {}
    for keys, day in zip(dated["ged_dyads"], day_number(dated["date"]), strict=True):
        for key in str(keys).split(";"):
            out.setdefault(key.strip(), []).append(int(day))
    return out


def dead_between(
    dead: NDArray[np.float64], day: NDArray[np.int64], first: int, last: int
) -> NDArray[np.float64]:
    """Dead on days `first` to `last` relative to `day`, from running sums."""
    return np.asarray(dead[day + last + 1] - dead[day + first])


def free_days(
    dead: NDArray[np.float64], busy: NDArray[np.float64], at: NDArray[np.int64], orders: list[int]
) -> NDArray[np.int64]:
    """Days that would do for an order episode, with no order near."""
    days = np.arange(at.min() + 1, at.max() + 1)
    fights = (dead_between(dead, days, -ORDER_BEFORE, -1) >= ORDER_DEAD) & (
        dead_between(busy, days, -ORDER_BEFORE, -1) >= ORDER_DAYS
    )
    for order in orders:
        fights &= np.abs(days - order) > CLEAR
    return days[fights]


def _matched(
    dead: NDArray[np.float64], day: int, free: NDArray[np.int64]
) -> dict[str, float] | None:
    """One order beside its matched days; None if these are too few."""
    here = np.array([day])
    if day < ORDER_BEFORE or day + SPANS[-1][1] + 1 >= len(dead):
        return None
    before = dead_between(dead, here, -ORDER_BEFORE, -1)[0]
    theirs = dead_between(dead, free, -ORDER_BEFORE, -1)
    alike = free[(theirs + 1 <= (before + 1) * ALIKE) & (theirs + 1 >= (before + 1) / ALIKE)]
    if len(alike) < FEWEST:
        return None
    logs = [np.log1p(dead_between(dead, days, *AFTER)) for days in (here, alike)]
    out = {
        "days": float(len(alike)),
        "log_order": float(logs[0][0]),
        "log_days": float(logs[1].mean()),
        "spread": float(logs[1].std()),
        "effect": float(logs[0][0] - logs[1].mean()),
    }
    for first, last in SPANS:
        for name, days in (("order", here), ("days", alike)):
            after = np.log1p(dead_between(dead, days, first, last) / (last - first + 1))
            base = np.log1p(dead_between(dead, days, -ORDER_BEFORE, -1) / ORDER_BEFORE)
            out[f"{name}_{first}_{last}"] = float((after - base).mean())
    return out


KINDS: dict[str, dict[str, Any]] = {
    "all orders": {},
    "unilateral, by a group": {"order_side": "unilateral", "order_by": "non-state"},
    "unilateral, by the government": {"order_side": "unilateral", "order_by": "government"},
    "bilateral": {"order_side": "bilateral"},
    "multilateral": {"order_side": "multilateral"},
    "whole territory": {"order_partial": 0},
    "part of the territory": {"order_partial": 1},
    "written": {"order_written": (1, 2)},
    "not written": {"order_written": 0},
    "inside a peace process": {"purpose_peace_process": 1},
    "humanitarian pause": {"purpose_humanitarian": 1},
    "holiday": {"purpose_holiday": 1},
    "monitored": {"monitor": 1},
    "not monitored": {"monitor": 0},
    "mediated": {"mediator": 1},
    "fixed end": {"fixed": 1},
    "only order in its window": {"n_orders_in_window": 1},
}
"""Kinds of orders, by the columns of episodes and orders that make them."""


def effects(matches: Matches, orders: pd.DataFrame) -> pd.DataFrame:
    """Effect of orders over all and by kind: `kind`, `orders`, `effect`, `low`, `high`."""
    more = orders.drop_duplicates("order_id").set_index("order_id")
    rows = []
    for kind, wanted in KINDS.items():
        chosen = np.ones(len(matches.table), dtype=bool)
        for column, value in wanted.items():
            if column in matches.table:
                values = matches.table[column]
            else:
                values = matches.table["order_id"].map(more[column])
            allowed = value if isinstance(value, tuple) else (value,)
            chosen &= values.isin(allowed).to_numpy()
        if chosen.sum() >= FEWEST:
            found = matches.effect(chosen)
            rows.append(
                {
                    "kind": kind,
                    "orders": int(chosen.sum()),
                    "effect": found.value,
                    "low": found.low,
                    "high": found.high,
                }
            )
    return pd.DataFrame(rows)


def held_differences(matches: Matches, predicted: pd.DataFrame) -> dict[str, float]:
    """How a model's predicted difference between order and no order bears out.

    Args:
        predicted: per `episode_id` draws of log(1 + dead on days 1 to 14 with the order) minus the
            same without it, columns `episode_id`, `difference`; many rows per episode.

    Returns:
        `orders` compared, `held`: in how many the 90 % interval of the draws, widened by the spread
        of the matched days (one order has one outcome, of one kind of luck), holds the reported
        difference; `error`: mean of predicted minus reported.
    """
    rng = np.random.default_rng(3)
    table = matches.table.set_index("episode_id")
    count = inside = 0
    errors = []
    for name, draws in predicted.groupby("episode_id"):
        if name not in table.index:
            continue
        one: Any = table.loc[str(name)]
        values = draws["difference"].to_numpy(float)
        noisy = values + rng.normal(0.0, float(one["spread"]), len(values))
        low, high = np.quantile(noisy, [0.05, 0.95])
        count += 1
        inside += bool(low <= one["effect"] <= high)
        errors.append(values.mean() - float(one["effect"]))
    return {
        "orders": float(count),
        "held": float(inside),
        "error": float(np.mean(errors)) if errors else float("nan"),
    }
