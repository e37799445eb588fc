"""Features: what is known of an episode when its forecast is made, as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.series import day_number
from sim.episodes.task import Task

WINDOWS = {
    "order": (
        (-28, -22),
        (-21, -15),
        (-14, -8),
        (-7, -4),
        (-3, -1),
        (0, 0),
        (-28, 0),
        (-14, 0),
        (-7, 0),
        (-3, 0),
        (-1, 0),
    ),
    "burst": (
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
        (5, 5),
        (6, 6),
        (0, 6),
        (1, 6),
        (3, 6),
        (5, 6),
    ),
}
"""Spans of days, one scale beside another; a local burst has those of a burst."""

BEFORE_BURST = (-7, -1)
ORDER_NUMBERS = (
    "fixed",
    "purpose_humanitarian",
    "purpose_peace_process",
    "purpose_holiday",
    "mediator",
    "monitor",
    "enforcement",
    "timing",
)
UNKNOWN = -1.0
NEVER = 9.0
"""Log of days since something that has not been: beyond 20 years. Assumption."""


def spans(task: Task) -> tuple[tuple[int, int], ...]:
    """The windows of a task's kind; none reaches beyond the last day that is given."""
    return WINDOWS["order" if task.kind == "order" else "burst"]


def known_dead(panel: DayPanel, task: Task) -> NDArray[np.float64]:
    """Dead in all of the days that the episode's fighting is known by, f8[N]: what scales donors.

    Orders: days -28 to 0; bursts: days 0 to 6.
    """
    return panel.total(*((-28, 0) if task.kind == "order" else (0, 6)))


def features(panel: DayPanel, task: Task, orders: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per episode, all numbers; nothing after day `task.given` is used.

    Args:
        panel: all episodes that may be each other's past: those of a dyad stay together.
        orders: the library's table of orders, for what an order's row of episodes leaves out.
    """
    table = panel.table
    columns: dict[str, Any] = {}
    low = spans(task)[0][0] if task.kind == "order" else 0
    for first, last in spans(task):
        name = f"{first}_{last}"
        columns[f"dead_{name}"] = np.log1p(panel.total(first, last))
        columns[f"events_{name}"] = np.log1p(panel.total(first, last, "n_events"))
        columns[f"elsewhere_{name}"] = _log(panel.total(first, last, "other"))
        if last > first:
            columns[f"days_{name}"] = (panel.days(first, last) > 0).sum(axis=1).astype(float)
    known = panel.days(low, task.given)
    dead_day = known > 0
    columns["quiet"] = np.where(
        dead_day.any(axis=1), np.argmax(dead_day[:, ::-1], axis=1), known.shape[1]
    )
    columns["peak"], columns["peak_day"] = np.log1p(known.max(axis=1)), known.argmax(axis=1)
    columns["uneven"] = np.log1p(known).std(axis=1)
    columns["doubt"] = _log(
        panel.total(low, task.given, "high") - panel.total(low, task.given, "low")
    )
    columns["places"] = np.log1p(panel.total(low, task.given, "n_places"))
    columns["places_week"] = np.log1p(panel.total(task.given - 6, task.given, "n_places"))
    for side in ("deaths_a", "deaths_b", "deaths_civ", "deaths_unk"):
        columns[f"share_{side}"] = panel.total(low, task.given, side) / (1.0 + known.sum(axis=1))
    if task.kind != "order":
        for name, column in (("dead", "best"), ("events", "n_events"), ("elsewhere", "other")):
            columns[f"{name}_before"] = _log(panel.total(*BEFORE_BURST, column))
    if task.kind == "local":
        for first, last in (BEFORE_BURST, (0, 6), (3, 6), (0, 0)):
            for name in ("near", "far"):
                columns[f"{name}_{first}_{last}"] = _log(panel.total(first, last, name))
    columns["year"] = table["day0"].str[:4].astype(float)
    columns["month"] = table["day0"].str[5:7].astype(float)
    for name in ("lat", "lon", "has_sides", "type_of_violence"):
        columns[name] = table[name].fillna(0.0)
    columns |= _past(panel, task)
    if task.kind == "order":
        columns |= _order(table, orders)
    return pd.DataFrame({name: np.asarray(v, dtype=np.float64) for name, v in columns.items()})


def _log(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.log1p(np.maximum(values, 0.0)))


def _past(panel: DayPanel, task: Task) -> dict[str, NDArray[np.float64]]:
    """Outcomes of earlier episodes of the same group and dyad that were over by day 0."""
    table = panel.table
    day, outcome = day_number(table["day0"]), np.log1p(task.outcome(panel))
    names = {
        "own": (table["key"] + "|" + table["cell"].fillna("")).to_numpy(),
        "dyad": table["key"].to_numpy(),
    }
    if task.kind != "local":
        del names["dyad"]
    out: dict[str, Any] = {}
    for name, keys in names.items():
        mean, count = np.zeros(len(table)), np.zeros(len(table))
        since = np.full(len(table), NEVER)
        earlier: dict[str, list[int]] = {}
        for i in np.argsort(day, kind="stable"):
            past = [j for j in earlier.get(keys[i], []) if day[i] - day[j] >= task.last]
            if past:
                mean[i], count[i] = outcome[past].mean(), np.log1p(len(past))
                since[i] = np.log(day[i] - day[past[-1]])
            earlier.setdefault(keys[i], []).append(int(i))
        out |= {f"past_{name}_dead": mean, f"past_{name}_count": count, f"past_{name}_since": since}
    return out


def _order(table: pd.DataFrame, orders: pd.DataFrame | None) -> dict[str, Any]:
    """Of what kind the order is, and how long ago the dyad had another."""
    out: dict[str, Any] = {}
    for side in ("unilateral", "bilateral", "multilateral"):
        out[f"side_{side}"] = (table["order_side"] == side).to_numpy(float)
    for who in ("government", "non-state", "both"):
        out[f"by_{who}"] = (table["order_by"] == who).to_numpy(float)
    for name in ("order_class", "order_partial", "order_written"):
        out[name] = table[name].fillna(UNKNOWN).to_numpy(float)
    numbers = (*ORDER_NUMBERS, "lag", "since_order", "orders_year")
    if orders is None:
        return out | {name: np.full(len(table), UNKNOWN) for name in numbers}
    by_id = orders.drop_duplicates("order_id").set_index("order_id")
    mine = by_id.reindex(table["order_id"])
    for name in ORDER_NUMBERS:
        out[name] = mine[name].fillna(UNKNOWN).to_numpy(float)
    lag = pd.to_datetime(mine["effective"].replace("", None)) - pd.to_datetime(
        mine["declared"].replace("", None)
    )
    out["lag"] = (lag / pd.Timedelta(days=1)).clip(-5, 30).fillna(-9.0).to_numpy(float)
    bound: dict[str, list[int]] = {}
    dated = orders[(orders["date"] != "") & (orders["ged_dyads"] != "")]
    for keys, day in zip(dated["ged_dyads"], day_number(dated["date"]), strict=True):
        for key in str(keys).split(";"):
            bound.setdefault(key.strip(), []).append(int(day))
    since, count = [], []
    for key, day in zip(table["key"], day_number(table["day0"]), strict=True):
        ago = [int(day) - one for one in bound.get(key, []) if one < day]
        since.append(np.log1p(min(ago)) if ago else NEVER)
        count.append(np.log1p(sum(1 for days in ago if days < 365)))
    return out | {"since_order": np.array(since), "orders_year": np.array(count)}
