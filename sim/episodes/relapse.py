"""Relapse: how long the quiet after an order lasts, and how far deaths fall, week by week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.episodes.fact import Fact, bootstrap

SPANS = ((1, 3), (4, 7), (8, 14), (15, 28))
SOURCE = "orders"


def order_days(episodes: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Deaths of every order episode by day -28..28, index `episode_id`."""
    ids = episodes.loc[episodes["kind"] == "order", "episode_id"]
    part = days[days["episode_id"].isin(ids)]
    wide = part.pivot(index="episode_id", columns="day", values="best")
    return wide.reindex(index=ids, columns=range(-28, 29)).fillna(0.0)


def relapse_facts(episodes: pd.DataFrame, days: pd.DataFrame) -> list[Fact]:
    """Deaths after an order relative to before, quiet spells and relapses; conflicts resampled."""
    table = order_days(episodes, days)
    orders = episodes.set_index("episode_id").loc[table.index]
    groups = list(orders.groupby("conflict", sort=True).indices.values())
    before = table[list(range(-14, 0))].sum(axis=1).to_numpy() / 14.0
    facts = []

    def add(name: str, values: np.ndarray, what: str, unit: str, how: str = "mean") -> None:
        usable = np.isfinite(values)

        def statistic(chosen: np.ndarray) -> float:
            rows = np.concatenate([groups[k] for k in chosen])
            rows = rows[usable[rows]]
            if not len(rows):
                return float("nan")
            return float(np.median(values[rows]) if how == "median" else values[rows].mean())

        facts.append(
            Fact(
                name,
                "order",
                *bootstrap(len(groups), statistic, 41),
                unit,
                int(usable.sum()),
                f"{what}; interval by bootstrap over conflicts.",
                SOURCE,
            )
        )

    for first, last in SPANS:
        after = table[list(range(first, last + 1))].sum(axis=1).to_numpy() / (last - first + 1)
        add(
            f"order_relative_{first}_{last}",
            after / before,
            f"Deaths per day on days {first} to {last} after an order over the 14 days before, "
            "median (raw: most of it is regression to the mean)",
            "ratio",
            "median",
        )
        add(
            f"order_none_{first}_{last}",
            (after == 0).astype(float),
            f"Share of orders with no death at all on days {first} to {last}",
            "share",
        )
    for quiet in (3, 7, 14, 28):
        span = table[list(range(1, quiet + 1))].sum(axis=1).to_numpy()
        add(
            f"order_first_death_after_{quiet}",
            (span == 0).astype(float),
            f"Share of orders whose first death comes after day {quiet}",
            "share",
        )
    # relapse: of the orders that halved deaths in week 1, how many are back at half by each week?
    week = [table[list(range(7 * k + 1, 7 * k + 8))].sum(axis=1).to_numpy() / 7.0 for k in range(4)]
    held = week[0] < 0.5 * before
    for k in (1, 2, 3):
        back = np.max([week[j] >= 0.5 * before for j in range(1, k + 1)], axis=0)
        add(
            f"order_relapse_by_week_{k + 1}",
            np.where(held, back.astype(float), np.nan),
            "Of the orders with less than half of before's deaths in week 1, share with a later "
            f"week up to week {k + 1} at half or more",
            "share",
        )
    add(
        "order_halved_week_1",
        held.astype(float),
        "Share of orders with less than half of before's deaths per day in week 1",
        "share",
    )
    kinds = {
        "by_nonstate": (orders["order_side"] == "unilateral") & (orders["order_by"] == "non-state"),
        "by_government": (orders["order_side"] == "unilateral")
        & (orders["order_by"] == "government"),
        "bilateral": orders["order_side"] == "bilateral",
    }
    fortnight = table[list(range(1, 15))].sum(axis=1).to_numpy() / 14.0
    for name, chosen in kinds.items():
        add(
            f"order_relative_1_14_{name}",
            np.where(chosen.to_numpy(), fortnight / before, np.nan),
            f"Deaths per day on days 1 to 14 over the 14 days before, median, {name}",
            "ratio",
            "median",
        )
    return facts
