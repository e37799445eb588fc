"""Observables of a sketch: daily toll, onset, end and peak, each with its role and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sim.intake.daily import Happening
from sim.intake.drafts.sketch import Sketch
from sim.intake.tables.writing import Names

MOST_FACTS = 20
MOST_FITTED, MOST_HELD = 60, 300
"""Facts in time that are fitted, and held out: of longer parts weeks are taken, or four weeks."""

LENGTHS_DAYS = (1, 7, 28)


@dataclass(frozen=True)
class DraftPart:
    """A stretch of the clock and what comparisons within it may be used for."""

    start: datetime
    end: datetime
    role: str
    word: str

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def stretches(self) -> list[tuple[datetime, datetime]]:
        """Days, weeks or four weeks, as many as the part may have; the last may be shorter."""
        most = MOST_FITTED if self.role == "calibrate" else MOST_HELD
        length = next((n for n in LENGTHS_DAYS if self.days <= most * n), LENGTHS_DAYS[-1])
        step = timedelta(days=length)
        return [
            (start, min(start + step, self.end))
            for start in (self.start + step * n for n in range(-(-self.days // length)))
        ]


def parts(sketch: Sketch) -> list[DraftPart]:
    """The days to calibrate on, and the rest held out, as far as the timeline knows them."""
    end = sketch.known_end
    found = [DraftPart(sketch.start, min(sketch.cut, end), "calibrate", "early")]
    if sketch.cut < end:
        found.append(DraftPart(sketch.cut, end, "hold_out", "late"))
    return found


def observables(sketch: Sketch) -> list[dict[str, Any]]:
    """Every observable, as it stands in a scenario file."""
    names = Names("observable")
    found = [row for part in parts(sketch) for row in _in_time(sketch, part, names)]
    for part in parts(sketch):
        more = len(sketch.places) > 1 or (part.role == "hold_out" and sketch.elsewhere)
        if sketch.has_tolls and more:
            found.append(_of_part(sketch, part, names))
        if sketch.has_wounded:
            found.append(_wounded(sketch, part, names))
    for place in sketch.places:
        found += _of_place(sketch, place, names)
    return found


def _in_time(sketch: Sketch, part: DraftPart, names: Names) -> list[dict[str, Any]]:
    """One observable per day, or week, over all places."""
    fights = sketch.reported()
    rows = []
    for start, end in part.stretches():
        found = [one for one in fights if _touches(one, start, end)]
        measure, statistic = ("dead", "total") if sketch.has_tolls else ("clashes", "any")
        last = end - timedelta(days=1)
        when = f"on {start.day} {start:%B %Y}"
        if last > start:
            when = f"from {start.day} {start:%B} to {last.day} {last:%B %Y}"
        row: dict[str, Any] = {
            "id": names.name(start, f"{measure}_{start:%Y_%m_%d}")[0],
            "title": f"{'Dead' if sketch.has_tolls else 'Any clash'} {when}",
            "measure": measure,
            "statistic": statistic,
            "span": {"start": start.isoformat(), "end": end.isoformat()},
            "reported": _reported(sketch, found, start, end),
            "role": part.role,
        }
        if found:
            row["facts"] = [one.statement.id for one in found][:MOST_FACTS]
        elif sketch.is_complete:
            row["notes"] = (
                f"no row on {'this day' if last == start else 'these days'}; read as none, which "
                "holds if the table is complete"
            )
        rows.append(row)
    return rows


def _reported(
    sketch: Sketch, found: list[Happening], start: datetime, end: datetime
) -> dict[str, Any]:
    if not found and not sketch.is_complete:
        return {"missing": True}
    return _toll(found, start, end) if sketch.has_tolls else {"best": int(bool(found))}


def _toll(found: list[Happening], start: datetime, end: datetime) -> dict[str, Any]:
    """Dead from one midnight to another by all rows that touch the days between."""
    low = best = high = 0.0
    unknown = spanning = False
    for one in found:
        if not _within(one, start, end):
            # How many of its dead fell on these days nobody says: none for sure, all at most.
            spanning = True
            unknown |= one.high is None
            high += one.high or 0.0
        else:
            # Somebody may have died in an event without a toll: what is counted is a floor.
            unknown |= one.best is None or one.high is None
            low, best, high = low + (one.low or 0), best + (one.best or 0), high + (one.high or 0)
    if unknown:
        return {"at_least": _plain(low)} if low else {"missing": True}
    toll = {"low": low, "high": high} if spanning else {"low": low, "best": best, "high": high}
    return {key: _plain(value) for key, value in toll.items()}


def _plain(value: float) -> float | int:
    rounded = round(float(value), 3)
    return int(rounded) if rounded == int(rounded) else rounded


def _within(one: Happening, start: datetime, end: datetime) -> bool:
    return start <= one.first and one.first + timedelta(days=one.days) <= end


def _touches(one: Happening, start: datetime, end: datetime) -> bool:
    return one.first < end and one.first + timedelta(days=one.days) > start


def _of_part(sketch: Sketch, part: DraftPart, names: Names) -> dict[str, Any]:
    """The toll of a part over all places."""
    found = [one for one in sketch.reported() if _touches(one, part.start, part.end)]
    row: dict[str, Any] = {
        "id": names.name(part.word, f"dead_{part.word}")[0],
        "title": f"Dead in the {part.word} part, all places",
        "measure": "dead",
        "statistic": "total",
        "span": {"start": part.start.isoformat(), "end": part.end.isoformat()},
        "reported": _reported(sketch, found, part.start, part.end),
        "role": part.role,
    }
    if found:
        row["facts"] = [one.statement.id for one in found][:MOST_FACTS]
    return row


def _wounded(sketch: Sketch, part: DraftPart, names: Names) -> dict[str, Any]:
    """Wounded of a part over all places: a floor where a row with dead gives none."""
    found = [one for one in sketch.reported() if _touches(one, part.start, part.end)]
    inside = [one for one in found if _within(one, part.start, part.end)]
    given = sum(one.wounded or 0.0 for one in inside)
    if not found and not sketch.is_complete:
        reported: dict[str, Any] = {"missing": True}
    elif all(one.wounded is not None for one in found) and inside == found:
        reported = {"low": _plain(given), "best": _plain(given), "high": _plain(given)}
    else:
        reported = {"at_least": _plain(given)} if given else {"missing": True}
    row: dict[str, Any] = {
        "id": names.name(("wounded", part.word), f"wounded_{part.word}")[0],
        "title": f"Wounded in the {part.word} part, all places",
        "measure": "wounded",
        "statistic": "total",
        "span": {"start": part.start.isoformat(), "end": part.end.isoformat()},
        "reported": reported,
        "role": part.role,
    }
    if inside:
        row["facts"] = [one.statement.id for one in inside if one.wounded is not None][:MOST_FACTS]
    return {key: value for key, value in row.items() if value != []}


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

    stretches = parts(sketch)
    if sketch.has_tolls:
        for part in stretches:
            inside = [one for one in events if _touches(one, part.start, part.end)]
            reported = _reported(sketch, inside, part.start, part.end)
            add(f"dead_{part.word}", f"Dead in the {part.word} part", "total", reported, part.role,
                inside, part)  # fmt: skip
    deadly = [one for one in events if one.best] if sketch.has_tolls else events
    if not deadly:
        return rows
    first = sketch.beginning(place) or deadly[0]
    if sketch.is_held_out(first):
        add("onset", "Onset", "first", _window(first), "hold_out", [first],
            notes="no trigger for this place: its first event lies in held-out days")  # fmt: skip
    else:
        add("onset", "Onset", "first", _window(first), "input_check", [first],
            notes="the trigger of this place is put on the same day")  # fmt: skip
    # That nothing came later, and nothing worse, only those know who know all days of the clock.
    early = [one for one in deadly if not sketch.is_held_out(one)]
    spans: list[tuple[list[Happening], str, str, str, DraftPart | None]] = []
    if sketch.cut < sketch.end:
        spans.append((early, "_early", " of the early part", "calibrate", stretches[0]))
    if sketch.known_end == sketch.end:
        spans.append((deadly, "", "", stretches[-1].role, None))
    for found, kind, title, role, span in spans:
        if not found:
            continue
        last = max(found, key=lambda one: one.first + timedelta(days=one.days))
        add(f"end{kind}", f"End{title}", "last", _window(last), role, [last], span)
        if sketch.has_tolls:
            peak = max(found, key=lambda one: (one.best or 0, -one.first.timestamp()))
            add(f"peak{kind}", f"Peak{title}", "peak_time", _window(peak), role, [peak], span,
                "deadliest row; the run's deadliest hour is compared with its days")  # fmt: skip
    return rows


def _window(one: Happening) -> dict[str, Any]:
    window = one.statement.window
    assert window.earliest is not None and window.latest is not None
    return {"earliest": window.earliest.isoformat(), "latest": window.latest.isoformat()}
