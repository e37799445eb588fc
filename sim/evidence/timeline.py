"""The timeline: one table, one row per reported event, every number with its statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timezone
from typing import TYPE_CHECKING, Any

from sim.evidence.body import Evidence
from sim.evidence.form import TimeWindow, common
from sim.evidence.ladder import severity
from sim.evidence.merging import reading
from sim.evidence.registry import Event
from sim.evidence.statement import Statement

if TYPE_CHECKING:
    import pandas as pd  # loaded where a table is made: reading evidence does not need it

MEASURES = ("dead", "wounded", "rockets", "people", "troops", "arrests")
"""Measures with four columns each: `_low`, `_best`, `_high`, `_at_least`."""

PARTS = ("low", "best", "high", "at_least")


def timeline(
    evidence: Evidence,
    statements: Iterable[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    places: Iterable[str] | None = None,
) -> pd.DataFrame:
    """One row per event, in the order of its window.

    Args:
        statements: only these are read, and events without any of them are left out.
        start, end: only events whose window meets this span; an open window meets every span.
        places: only events in these places or in places within them.

    Columns: event, title, kind, earliest, latest (time zone of the first window met), lasts,
    place, actor, target, plover_type, plover_mode, score (of the ladder), `<measure>_low`,
    `_best`, `_high`, `_at_least` for each of `MEASURES`, statements and conflicts (tuples of ids),
    background. A number that nobody gave is NaN, an open end of a window NaT.

    Raises:
        KeyError: an unknown statement or place.
    """
    import pandas as pd

    chosen = set(evidence.statements if statements is None else statements)
    for name in chosen - set(evidence.statements):
        raise KeyError(name)
    wanted = list(places) if places is not None else None
    for name in wanted or ():
        evidence.places[name]
    rows = []
    by_event = evidence.statements_by_event()
    for event in evidence.events.values():
        spoken = [s for s in by_event.get(event.id, []) if s.id in chosen]
        if not spoken:
            continue
        leads = _leads(event, spoken)
        window = common([s.window for s in leads]) or leads[0].window
        if window.meets(start, end) and _lies(evidence, spoken, wanted):
            rows.append(_row(evidence, event, spoken, leads[0], window))
    table = timestamps(pd.DataFrame(rows, columns=_columns()), evidence)
    for measure in MEASURES:
        for part in PARTS:
            table[f"{measure}_{part}"] = table[f"{measure}_{part}"].astype(float)
    table["score"] = table["score"].astype(float)
    return table.sort_values(["earliest", "latest"], na_position="first", ignore_index=True)


def timestamps(table: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """`earliest` and `latest` of a table as time stamps in the zone of the evidence."""
    import pandas as pd

    zones = (w.earliest for s in evidence.statements.values() if (w := s.window).earliest)
    offset = next((time.utcoffset() for time in zones), None)
    zone = UTC if offset is None else timezone(offset)
    for column in ("earliest", "latest"):
        # Through UTC, so that mixed offsets in one column are no object column.
        table[column] = pd.to_datetime(table[column], utc=True).dt.tz_convert(zone)
    return table


def _columns() -> list[str]:
    head = "event title kind earliest latest lasts place actor target plover_type plover_mode score"
    numbers = [f"{measure}_{part}" for measure in MEASURES for part in PARTS]
    return [*head.split(), *numbers, "statements", "conflicts", "background"]


def _leads(event: Event, spoken: list[Statement]) -> list[Statement]:
    """The leading statements among those read; failing these the most telling of the others."""
    by_id = {s.id: s for s in spoken}
    leads = [by_id[name] for name in event.lead if name in by_id]
    if leads:
        return leads
    telling = [s for s in spoken if s.kind not in ("toll", "condition", "silence")]
    return (telling or spoken)[:1]


def _lies(evidence: Evidence, spoken: list[Statement], wanted: list[str] | None) -> bool:
    if wanted is None:
        return True
    named = {place for s in spoken for place in (s.place, *s.places_named)}
    return any(evidence.lies_in(place, larger) for place in named for larger in wanted)


def _row(
    evidence: Evidence, event: Event, spoken: list[Statement], lead: Statement, window: TimeWindow
) -> dict[str, Any]:
    ids = tuple(s.id for s in spoken)
    row: dict[str, Any] = {
        "event": event.id,
        "title": event.title,
        "kind": lead.kind,
        "earliest": window.earliest,
        "latest": window.latest,
        "lasts": window.lasts,
        "place": lead.place,
        "actor": lead.actor,
        "target": lead.target,
        "plover_type": lead.plover.type if lead.plover else None,
        "plover_mode": lead.plover.mode if lead.plover else None,
        "score": severity(lead.plover.type, lead.plover.mode) if lead.plover else None,
        "statements": ids,
        "conflicts": tuple(c.id for c in evidence.conflicts_of(event.id)),
        "background": all(s.background for s in spoken),
    }
    for measure in MEASURES:
        # The share of one side is no number of the event, so divided numbers stay out of the row.
        whole = [s.id for s in spoken if s.quantity(measure) is not None]
        number = reading(evidence, whole, measure)
        for part in PARTS:
            row[f"{measure}_{part}"] = getattr(number, part)
    return row
