"""Observables of a sketch: daily toll, onset, end and peak, each with its role and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from sim.intake.daily import Happening, daily
from sim.intake.drafts.sketch import Sketch
from sim.intake.tables.writing import Names

MOST_FACTS = 20


@dataclass(frozen=True)
class DraftPart:
    """A stretch of the clock and what comparisons within it may be used for."""

    start: datetime
    end: datetime
    role: str
    word: str


def parts(sketch: Sketch) -> list[DraftPart]:
    """The first two thirds of the days to calibrate on, the rest held out."""
    found = [DraftPart(sketch.start, sketch.cut, "calibrate", "early")]
    if sketch.cut < sketch.end:
        found.append(DraftPart(sketch.cut, sketch.end, "hold_out", "late"))
    return found


def observables(sketch: Sketch) -> list[dict[str, Any]]:
    """Every observable, as it stands in a scenario file."""
    names = Names("observable")
    found = _daily(sketch, names)
    for place in sketch.places:
        found += _of_place(sketch, place, names)
    return found


def _daily(sketch: Sketch, names: Names) -> list[dict[str, Any]]:
    """One observable per day over all places."""
    fights = sketch.fights()
    table = daily(fights) if fights else None
    rows = []
    for number in range(sketch.days):
        day = sketch.start + timedelta(days=number)
        part = next(p for p in parts(sketch) if p.start <= day < p.end)
        facts = [one.statement.id for one in fights if _touches(one, day)]
        line = table.loc[pd.Timestamp(day)] if table is not None and day in table.index else None
        measure, statistic = ("dead", "total") if sketch.has_tolls else ("clashes", "any")
        row: dict[str, Any] = {
            "id": names.name(number, f"{measure}_{day:%Y_%m_%d}")[0],
            "title": f"{'Dead' if sketch.has_tolls else 'Any clash'} on {day.day} {day:%B %Y}",
            "measure": measure,
            "statistic": statistic,
            "span": {"start": day.isoformat(), "end": (day + timedelta(days=1)).isoformat()},
            "reported": _reported(sketch, line, bool(facts)),
            "role": part.role,
        }
        if facts:
            row["facts"] = facts[:MOST_FACTS]
        elif sketch.is_complete:
            row["notes"] = "no row on this day; read as none, which holds if the table is complete"
        rows.append(row)
    return rows


def _reported(sketch: Sketch, line: Any, any_fact: bool) -> dict[str, Any]:
    if not any_fact and not sketch.is_complete:
        return {"missing": True}
    return _toll_of(line) if sketch.has_tolls else {"best": int(any_fact)}


def _toll_of(line: Any) -> dict[str, Any]:
    if line is None:
        return {"low": 0, "best": 0, "high": 0}
    if line["unknown"] > 0:
        # Somebody may have died in an event without a toll: what is counted is a floor.
        return {"at_least": _plain(line["dead_low"])} if line["dead_low"] > 0 else {"missing": True}
    # How much of a toll over several days fell on this one nobody says: its best value stays open.
    keys = ("low", "high") if line["spanning"] > 0 else ("low", "best", "high")
    return {key: _plain(line[f"dead_{key}"]) for key in keys}


def _plain(value: float) -> float | int:
    rounded = round(float(value), 3)
    return int(rounded) if rounded == int(rounded) else rounded


def _touches(one: Happening, day: datetime) -> bool:
    return one.first <= day < one.first + timedelta(days=one.days)


def _of_place(sketch: Sketch, place: str, names: Names) -> list[dict[str, Any]]:
    """Toll of each part, onset, end and peak of one place."""
    events = [one for one in sketch.fights() if one.statement.place == place]
    if not events:
        return []
    name = sketch.evidence.places[place].name
    measure = "dead" if sketch.has_tolls else "clashes"
    rows: list[dict[str, Any]] = []

    def add(
        kind: str,
        title: str,
        statistic: str,
        reported: dict[str, Any],
        role: str,
        facts: list[Happening],
        span: DraftPart | None = None,
        notes: str = "",
    ) -> None:
        row: dict[str, Any] = {
            "id": names.name((place, kind), f"{kind}_{place}"[:50])[0],
            "title": f"{title} in {name}"[:400],
            "measure": measure,
            "statistic": statistic,
            "places": [place],
        }
        if span is not None:
            row["span"] = {"start": span.start.isoformat(), "end": span.end.isoformat()}
        row |= {"reported": reported, "role": role}
        if facts:
            row["facts"] = [one.statement.id for one in facts][:MOST_FACTS]
        if notes:
            row["notes"] = notes
        rows.append(row)

    if sketch.has_tolls:
        for part in parts(sketch):
            inside = [one for one in events if part.start <= one.first < part.end]
            reported = _sum(inside) if inside or sketch.is_complete else {"missing": True}
            add(f"dead_{part.word}", f"Dead in the {part.word} part", "total", reported, part.role,
                inside, part)  # fmt: skip
    deadly = [one for one in events if one.best] if sketch.has_tolls else events
    if not deadly:
        return rows
    first = sketch.beginning(place) or deadly[0]
    last = max(deadly, key=lambda one: one.first + timedelta(days=one.days))
    if sketch.is_held_out(first):
        add("onset", "Onset", "first", _window(first), "hold_out", [first],
            notes="no trigger for this place: its first event lies in held-out days")  # fmt: skip
    else:
        add("onset", "Onset", "first", _window(first), "input_check", [first],
            notes="the trigger of this place is put on the same day")  # fmt: skip
    add("end", "End", "last", _window(last), _role(sketch, last), [last])
    if sketch.has_tolls:
        peak = max(deadly, key=lambda one: (one.best or 0, -one.first.timestamp()))
        add("peak", "Peak", "peak_time", _window(peak), _role(sketch, peak), [peak],
            notes="deadliest row; the run's deadliest hour is compared with its days")  # fmt: skip
    return rows


def _sum(events: list[Happening]) -> dict[str, Any]:
    if any(one.best is None or one.high is None for one in events):
        floor = sum(one.low or 0 for one in events)
        return {"at_least": _plain(floor)} if floor else {"missing": True}
    numbers = {
        key: sum(getattr(one, key) or 0 for one in events) for key in ("low", "best", "high")
    }
    return {key: _plain(value) for key, value in numbers.items()}


def _window(one: Happening) -> dict[str, Any]:
    window = one.statement.window
    assert window.earliest is not None and window.latest is not None
    return {"earliest": window.earliest.isoformat(), "latest": window.latest.isoformat()}


def _role(sketch: Sketch, one: Happening) -> str:
    return next(p.role for p in parts(sketch) if p.start <= one.first < p.end)
