"""Orders of a draft: those given, those that the timeline records, else one left to each leader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sim.inputs import InputError, Problem, nearest
from sim.intake.daily import Happening
from sim.intake.drafts.draft_yaml import entry
from sim.intake.drafts.given_order import GivenOrder
from sim.intake.drafts.sketch import Sketch

GUESS = "assumption: first guess of the new command"
FIGHTERS = {"armed": 400, "security": 1000}
"""Kinds of parties with fighters, and how many they are given at a place."""


def leader_of(party: str) -> str:
    """The id of a party's leader."""
    return f"{party[:52]}_leader"


def _leads(kind: str, party: str, sketch: Sketch) -> bool:
    return kind in FIGHTERS and bool(sketch.stands.get(party))


def check_orders(sketch: Sketch, orders: Sequence[GivenOrder]) -> None:
    """Raise InputError for orders that nobody in the draft could hear."""
    able = [party for party, kind in sketch.parties.items() if _leads(kind, party, sketch)]
    first, last = sketch.start.date(), (sketch.end - timedelta(days=1)).date()
    problems = []
    for one in orders:
        where = f"--order {one.text or one.party}"
        if one.party not in able:
            problems.append(
                Problem(where, None, None, f"the party '{one.party}' has no fighters in this draft",
                        f"one of {', '.join(able)}", nearest(one.party, able))
            )  # fmt: skip
        if not first <= one.day <= last:
            problems.append(
                Problem(where, None, None, f"the day {one.day} lies outside the clock",
                        f"a day from {first} to {last}, or another --start or --end")
            )  # fmt: skip
    if problems:
        raise InputError(problems)


def first_hours(one: Happening, most_h: float) -> tuple[datetime, datetime]:
    """The reported window of something, or its first `most_h` hours."""
    window = one.statement.window
    assert window.earliest is not None and window.latest is not None
    return window.earliest, min(window.latest, window.earliest + timedelta(hours=most_h))


def decisions_of(sketch: Sketch, orders: Sequence[GivenOrder]) -> list[dict[str, Any]]:
    """Every decision as it stands in a scenario: orders given take the place of a party's own."""
    rows: list[dict[str, Any]] = []
    for party, kind in sketch.parties.items():
        given = [one for one in orders if one.party == party]
        if given:
            rows += [_given(sketch, one, number) for number, one in enumerate(given, 1)]
        elif kind == "armed" and sketch.stands.get(party):
            rows.append(_own_accord(sketch, party))
    return rows


def _given(sketch: Sketch, order: GivenOrder, number: int) -> dict[str, Any]:
    """An order that the user gave: some time on its day."""
    zone = sketch.start.tzinfo
    day = datetime(order.day.year, order.day.month, order.day.day, tzinfo=zone)
    keys = dict(order.keys)
    return {
        "id": f"{keys['order']}_{order.party[:42]}" + (f"_{number}" if number > 1 else ""),
        "leader": leader_of(order.party), "order": keys.pop("order"), "mode": "scripted",
        "window": {"earliest": day.isoformat(), "latest": (day + timedelta(days=1)).isoformat()},
        **keys,
        "source": ["assumption: given to the new command; name the statement that reports it"],
    }  # fmt: skip


def _own_accord(sketch: Sketch, party: str) -> dict[str, Any]:
    """The order that the timeline records of a party, else one left to its leader's rule."""
    ordered = [
        one
        for one in sketch.events
        if one.statement.actor == party
        and not sketch.is_held_out(one)
        and one.statement.plover is not None
        and (one.statement.plover.type, one.statement.plover.mode)
        in (("RETREAT", "ceasefire"), ("RETREAT", "withdraw"))
    ]
    row: dict[str, Any] = {
        "id": f"restraint_{party[:45]}", "leader": leader_of(party), "order": "restrain",
        "mode": "endogenous", "source": [GUESS],
    }  # fmt: skip
    if ordered:
        first = ordered[0]
        earliest, latest = first_hours(first, 24)
        row |= {"mode": "scripted", "window": {
            "earliest": earliest.isoformat(), "latest": latest.isoformat()},
            "source": [first.statement.id, f"{GUESS}: the hour"]}  # fmt: skip
    return row


def order_variants(decisions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lines of the variant without the orders that are given by their day; none without any."""
    given = [str(row["id"]) for row in decisions if row["mode"] == "scripted"]
    if not given:
        return []
    off = {f"decisions.{name}.mode": "off" for name in given}
    return entry("no_order", {"title": "No order is given", "set": off}, 2)
