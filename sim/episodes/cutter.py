"""A cutter: events and orders in, a library of episodes out, by the documented rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.cutting import FEWEST_DEAD, burst_days, order_qualifies
from sim.episodes.excerpt import DAILY, FightingDyad, excerpt
from sim.episodes.library_columns import DAYS, EPISODES, KINDS
from sim.episodes.series import MARGIN, EventRows, best_of, day_number, rows_of, series_of

SURE_PLACE = 2
"""`where_prec` up to which an event is placed within 25 km."""

NEAR_KM = 250.0


@dataclass(frozen=True)
class Cut:
    """What was cut: two tables in the columns of a library."""

    episodes: pd.DataFrame
    days: pd.DataFrame


def cut(
    events: pd.DataFrame,
    dyads: pd.DataFrame,
    orders: pd.DataFrame | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Cut:
    """All bursts, local bursts and order episodes.

    Args:
        events: columns of `library_columns.EVENTS`.
        dyads: columns of `library_columns.DYADS`; several `dyad_no` may share a `key`.
        orders: columns of `library_columns.ORDERS`; left out: no order episodes.
        told: called with the number of rows of each dyad that is done.

    Only the dyads given are seen: dead of others in the country are not in the column `other`.
    """
    table, binding = _prepared(events, dyads), _binding(orders)
    about = dyads.drop_duplicates("key").set_index("key")
    groups = {str(key): rows_of(rows) for key, rows in table.groupby("key", sort=True)}
    country = _country_days(groups, about)
    episodes: list[dict[str, Any]] = []
    daily: list[NDArray[np.float64]] = []
    for key, rows in groups.items():
        dyad = _dyad(key, about.loc[key], binding.get(key, []), country, rows)
        for episode, days in _episodes(dyad, rows):
            episodes.append(episode)
            daily.append(days)
        told(len(rows.day))
    return _tables(episodes, daily)


def _prepared(events: pd.DataFrame, dyads: pd.DataFrame) -> pd.DataFrame:
    """Events with their key, day number and, where the place is sure, their 1-degree cell."""
    table = events.merge(dyads[["dyad_no", "key"]], on="dyad_no", how="inner")
    table["day"] = day_number(table["date"])
    sure = (
        (table["where_prec"].isna() | (table["where_prec"] <= SURE_PLACE))
        & (table["exact"] == 1)
        & table["lat"].notna()
        & table["lon"].notna()
    )
    corner = [np.floor(table[c].fillna(0.0)).astype(int).astype(str) for c in ("lat", "lon")]
    table["cell"] = (corner[0] + "_" + corner[1]).where(sure, "")
    return table


def _binding(orders: pd.DataFrame | None) -> dict[str, list[dict[str, Any]]]:
    """The dated orders that bind each key, by day."""
    out: dict[str, list[dict[str, Any]]] = {}
    if orders is None:
        return out
    dated = orders[(orders["date"].fillna("") != "") & (orders["ged_dyads"].fillna("") != "")]
    for row, day in zip(_records(dated), day_number(dated["date"]), strict=True):
        for key in str(row["ged_dyads"]).split(";"):
            out.setdefault(key.strip(), []).append({**row, "day": int(day)})
    for bound in out.values():
        bound.sort(key=lambda order: (order["day"], str(order["order_id"])))
    return out


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def _country_days(groups: dict[str, EventRows], about: pd.DataFrame) -> dict[str, dict[int, float]]:
    """Dead of all dyads of each country by day number."""
    out: dict[str, dict[int, float]] = {}
    for key, rows in groups.items():
        days = out.setdefault(str(about.loc[key, "country"]), {})
        _add(days, rows, 1.0)
    return out


def _add(days: dict[int, float], rows: EventRows, sign: float) -> None:
    for day, dead in zip(rows.day[rows.exact], rows.sums["best"][rows.exact], strict=True):
        days[int(day)] = days.get(int(day), 0.0) + sign * float(np.nan_to_num(dead))


def _dyad(
    key: str,
    about: Any,
    bound: list[dict[str, Any]],
    country: dict[str, dict[int, float]],
    rows: EventRows,
) -> FightingDyad:
    others = dict(country[str(about["country"])])
    _add(others, rows, -1.0)
    names = {name: about.get(name, "") for name in ("country", "side_a", "side_b", "conflict")}
    return FightingDyad(
        {**names, "type_of_violence": int(about["type"]), "key": key}, bound, others
    )


def _episodes(
    dyad: FightingDyad, rows: EventRows
) -> Iterator[tuple[dict[str, Any], NDArray[np.float64]]]:
    """All episodes of one dyad."""
    last = max((order["day"] for order in dyad.orders), default=None)
    series = series_of(rows, last)
    for position in burst_days(series.best):
        yield excerpt("burst", dyad, series, position, rows)
    for order in dyad.orders:
        position = series.at(order["day"])
        inside = 28 <= position < len(series.best) - MARGIN + 1
        if inside and order_qualifies(series.best, series.n_events, position):
            yield excerpt("order", dyad, series, position, rows, order)
    placed = rows.chosen(rows.cell != "")
    for cell in np.unique(placed.cell.astype(str)):
        own = placed.cell == cell
        local = placed.chosen(own)
        if np.nansum(local.sums["best"]) < FEWEST_DEAD:
            continue
        starts = burst_days(best_of(local)[1])
        if not starts:
            continue
        series, away = series_of(local), placed.chosen(~own)
        for position in starts:
            episode, days = excerpt("local", dyad, series, position, local, cell=cell)
            _surround(days, series.first + position, cell, away)
            yield episode, days


def _surround(days: NDArray[np.float64], day0: int, cell: str, away: EventRows) -> None:
    """Fill `near` and `far`: the dyad's dead in other cells within `NEAR_KM` and beyond."""
    relative = days[:, DAILY.index("day")].astype(int)
    seen = away.between(day0 + relative[0], day0 + relative[-1])
    lat, lon = (float(part) + 0.5 for part in cell.split("_"))
    near = _km(seen.lat, seen.lon, lat, lon) <= NEAR_KM
    for name, chosen in (("near", near), ("far", ~near)):
        days[:, DAILY.index(name)] = np.bincount(
            seen.day[chosen] - day0 - relative[0],
            np.nan_to_num(seen.sums["best"][chosen]),
            len(relative),
        )


def _km(
    lat: NDArray[np.float64], lon: NDArray[np.float64], lat0: float, lon0: float
) -> NDArray[np.float64]:
    """Distance along the sphere in km."""
    a, b, c, d = (np.radians(x) for x in (lat, lon, lat0, lon0))
    h = np.sin((a - c) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((b - d) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(np.clip(h, 0, 1))))


def _tables(episodes: list[dict[str, Any]], daily: list[NDArray[np.float64]]) -> Cut:
    """Both tables, episodes sorted; daily rows that hold nothing are left out."""
    if not episodes:
        return Cut(pd.DataFrame(columns=list(EPISODES)), pd.DataFrame(columns=list(DAYS)))
    table = pd.DataFrame(episodes)[list(EPISODES)]
    rank = table["kind"].map({kind: number for number, kind in enumerate(KINDS)})
    order = (
        table.assign(rank=rank)
        .sort_values(["rank", "key", "cell", "day0", "order_id"], kind="stable")
        .index
    )
    days = pd.DataFrame(np.concatenate(daily), columns=list(DAILY))
    days.insert(0, "episode_id", np.repeat(table["episode_id"].to_numpy(), [len(d) for d in daily]))
    something = days.drop(columns=["episode_id", "day"]).fillna(0.0).abs().sum(axis=1) > 0
    return Cut(table.loc[order].reset_index(drop=True), days[something].reset_index(drop=True))
