"""Columns: what the tables of a library hold, for reading, writing and checking them."""

from __future__ import annotations

TEXT, WHOLE, NUMBER, DAY = "text", "whole number", "number", "day (YYYY-MM-DD)"

EPISODES = {
    "episode_id": TEXT,
    "kind": TEXT,
    "country": TEXT,
    "type_of_violence": WHOLE,
    "side_a": TEXT,
    "side_b": TEXT,
    "conflict": TEXT,
    "key": TEXT,
    "day0": DAY,
    "window_pre": WHOLE,
    "window_post": WHOLE,
    "lat": NUMBER,
    "lon": NUMBER,
    "source": TEXT,
    "has_sides": WHOLE,
    "pre28_15": NUMBER,
    "pre14_1": NUMBER,
    "pre7_1": WHOLE,
    "d0": WHOLE,
    "d1_7": WHOLE,
    "d8_14": WHOLE,
    "d15_21": WHOLE,
    "d22_28": NUMBER,
    "events_pre7": WHOLE,
    "events_0_7": WHOLE,
    "events_8_21": WHOLE,
    "peak": WHOLE,
    "duration_days": WHOLE,
    "a_0_7": NUMBER,
    "b_0_7": NUMBER,
    "civ_0_7": NUMBER,
    "imprecise": WHOLE,
    "n_orders_in_window": WHOLE,
    "order_id": TEXT,
    "order_day": NUMBER,
    "order_side": TEXT,
    "order_by": TEXT,
    "order_class": NUMBER,
    "order_partial": NUMBER,
    "order_written": NUMBER,
    "cell": TEXT,
}
"""Of episodes.csv, in order. `key` names country, type of violence and dyad."""

DAYS = {
    "episode_id": TEXT,
    "day": WHOLE,
    "n_events": WHOLE,
    "best": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "deaths_a": NUMBER,
    "deaths_b": NUMBER,
    "deaths_civ": NUMBER,
    "deaths_unk": NUMBER,
    "n_places": WHOLE,
    "imprecise_best": NUMBER,
    "near": NUMBER,
    "far": NUMBER,
    "other": NUMBER,
}
"""Of episode_days.csv.gz; a day that is not there holds zeros."""

ORDERS = {
    "order_id": TEXT,
    "country": TEXT,
    "declared": DAY,
    "effective": DAY,
    "side": TEXT,
    "declared_by": TEXT,
    "actors": TEXT,
    "partial": WHOLE,
    "written": WHOLE,
    "fixed": WHOLE,
    "fixed_time": NUMBER,
    "purpose_humanitarian": WHOLE,
    "purpose_peace_process": WHOLE,
    "purpose_holiday": WHOLE,
    "purpose_election": WHOLE,
    "cf_class": WHOLE,
    "timing": WHOLE,
    "mediator": WHOLE,
    "monitor": WHOLE,
    "enforcement": WHOLE,
    "ddr": WHOLE,
    "ended": WHOLE,
    "end": DAY,
    "date": DAY,
    "ged_dyads": TEXT,
}
"""Of orders.csv; `ged_dyads` names the keys that an order binds, parted by ' ; '."""

EVENTS = {
    "id": TEXT,
    "dyad_no": TEXT,
    "date": DAY,
    "days": NUMBER,
    "exact": WHOLE,
    "where_prec": NUMBER,
    "lat": NUMBER,
    "lon": NUMBER,
    "best": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "deaths_a": NUMBER,
    "deaths_b": NUMBER,
    "deaths_civ": NUMBER,
    "deaths_unk": NUMBER,
    "src": TEXT,
}
"""Of events.csv.gz."""

DYADS = {
    "dyad_no": TEXT,
    "key": TEXT,
    "country": TEXT,
    "type": WHOLE,
    "side_a": TEXT,
    "side_b": TEXT,
    "conflict": TEXT,
}
"""Of dyads.csv."""

KINDS = ("burst", "local", "order")
SIDES = ("unilateral", "bilateral", "multilateral")
WORDS = {
    "episodes.kind": KINDS,
    "orders.side": SIDES,
    "orders.declared_by": ("government", "non-state", "both"),
}
"""Columns that take one of a few words."""

NEEDED_EPISODES = ("episode_id", "kind", "country", "type_of_violence", "conflict", "key", "day0")
NEEDED_DAYS = ("episode_id", "day", "n_events", "best")
NEEDED_ORDERS = ("order_id", "declared", "ged_dyads", "side", "declared_by")
NEEDED_EVENTS = ("dyad_no", "date", "exact", "lat", "lon", "best")
NEEDED_DYADS = ("dyad_no", "key", "country", "type", "conflict")
"""Columns without which a table cannot be used; the others may be missing or empty."""
