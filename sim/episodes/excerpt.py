"""An excerpt: one episode's row and its daily rows, cut out of a series."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.episodes.cutting import WINDOWS, duration
from sim.episodes.library_columns import DAYS
from sim.episodes.series import SUMS, EventRows, Series, day_text

DAILY = tuple(name for name in DAYS if name != "episode_id")
"""Columns of an excerpt's daily rows."""


@dataclass(frozen=True)
class FightingDyad:
    """Who fights: what every episode of a dyad repeats.

    Attributes:
        about: country, type_of_violence, side_a, side_b, conflict, key.
        orders: the dated orders that bind the dyad, sorted by day (`day` its number).
        country: dead in the country's other dyads by day number.
    """

    about: dict[str, Any]
    orders: list[dict[str, Any]]
    country: dict[int, float]


def excerpt(
    kind: str,
    dyad: FightingDyad,
    series: Series,
    position: int,
    rows: EventRows,
    order: dict[str, Any] | None = None,
    cell: str = "",
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """One row of episodes and its daily rows, f8[window, `DAILY`] (`near` and `far` NaN).

    Args:
        position: of day 0 in the series.
        rows: the events that the series is made of.
        order: the order that an order episode is about.
    """
    before, after = WINDOWS[kind]
    day0 = series.first + position
    window = slice(position - before, position + after + 1)
    relative = np.arange(-before, after + 1)
    days = np.full((len(relative), len(DAILY)), np.nan)
    values = {
        "day": relative,
        "n_events": series.n_events[window],
        "n_places": series.places[window],
        "imprecise_best": series.imprecise[window],
        "other": [dyad.country.get(int(day0 + day), 0.0) for day in relative],
        **{name: series.sums[name][window] for name in SUMS},
    }
    for name, value in values.items():
        days[:, DAILY.index(name)] = value

    def total(first: int, last: int, column: str = "best") -> float:
        part = days[(relative >= first) & (relative <= last), DAILY.index(column)]
        return float(np.nansum(part))

    inside = [o for o in dyad.orders if -before <= o["day"] - day0 <= after]
    seen = rows.between(day0 - before, day0 + after)
    seen = seen.chosen(seen.exact)
    sided = bool(np.isfinite(seen.sums["deaths_a"]).any())
    identity = f"{kind}|{dyad.about['key']}|{cell}|{day0}|{order['order_id'] if order else ''}"
    lat, lon = _centre(seen)
    long = before >= 28
    episode = {
        "episode_id": f"{kind[0]}-{hashlib.sha256(identity.encode()).hexdigest()[:10]}",
        "kind": kind,
        **dyad.about,
        "day0": day_text(day0),
        "window_pre": before,
        "window_post": after,
        "lat": lat,
        "lon": lon,
        "source": ",".join(sorted(set(seen.src) - {""})),
        "has_sides": int(sided),
        "pre28_15": total(-28, -15) if long else np.nan,
        "pre14_1": total(-14, -1) if long else np.nan,
        "pre7_1": total(-7, -1),
        "d0": total(0, 0),
        "d1_7": total(1, 7),
        "d8_14": total(8, 14),
        "d15_21": total(15, 21),
        "d22_28": total(22, 28) if long else np.nan,
        "events_pre7": total(-7, -1, "n_events"),
        "events_0_7": total(0, 7, "n_events"),
        "events_8_21": total(8, 21, "n_events"),
        "peak": float(series.best[position : position + after + 1].max()),
        "duration_days": duration(series.n_events, position),
        "a_0_7": total(0, 7, "deaths_a") if sided else np.nan,
        "b_0_7": total(0, 7, "deaths_b") if sided else np.nan,
        "civ_0_7": total(0, 7, "deaths_civ") if sided else np.nan,
        "imprecise": total(-before, after, "imprecise_best"),
        "n_orders_in_window": len(inside),
        **_told(order, inside, day0),
        "cell": cell,
    }
    return episode, days


def _told(order: dict[str, Any] | None, inside: list[dict[str, Any]], day0: int) -> dict[str, Any]:
    """The columns that say which order it was: the episode's own, else the first from day 0 on."""
    one = order or next((o for o in inside if o["day"] >= day0), inside[0] if inside else None)
    names = {"order_id": "order_id", "order_side": "side", "order_by": "declared_by"}
    numbers = {"order_class": "cf_class", "order_partial": "partial", "order_written": "written"}
    if one is None:
        return {**dict.fromkeys(names, ""), **dict.fromkeys((*numbers, "order_day"), np.nan)}
    return {
        "order_day": one["day"] - day0,
        **{name: one[column] for name, column in (names | numbers).items()},
    }


def _centre(seen: EventRows) -> tuple[float, float]:
    """Mean place of a window's events, weighted by their dead."""
    if not len(seen.day):
        return np.nan, np.nan
    weights = np.nan_to_num(seen.sums["best"])
    weights = weights if weights.sum() > 0 else np.ones(len(weights))
    lat, lon = (float(np.average(x, weights=weights)) for x in (seen.lat, seen.lon))
    return round(lat, 3), round(lon, 3)
