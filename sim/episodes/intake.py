"""Intake: a user's own event table becomes the events and dyads that a cutter takes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.episodes.library_columns import DYADS, EVENTS
from sim.intake import ImportReport, read_events
from sim.intake.tables import ged
from sim.intake.tables.fields import Cells
from sim.intake.tables.mapping import Mapping, shipped_mapping
from sim.intake.tables.record import Record
from sim.intake.tables.table_reading import read_table

MOST = 2_000_000
LONGEST_EXACT = 2
"""Days that an event may span and still count as exact."""

CIVILIANS = ("civilians",)
KINDS = {kind: int(number) for number, kind in ged.KINDS.items()}


@dataclass
class PreciseRecord(Record):
    """A record with what only some tables say.

    Attributes:
        date_prec, where_prec: precision codes of GED, None where not given.
        conflict: name of the conflict, empty where not given.
    """

    date_prec: int | None = None
    where_prec: int | None = None
    conflict: str = ""


def read_events_table(
    path: str | Path, format: str, columns: str | Path | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, ImportReport]:
    """Events, dyads (both as in `library_columns`) and the report on every row.

    Args:
        format: one of the formats of the command `import`; GED says most.
        columns: the column map of a `table`.

    Raises:
        InputError: the table cannot be read.
    """
    if format == "ged":
        reading = read_table(
            path, replace(ged.FORMAT, read=_precise), shipped_mapping("ged"), most=MOST
        )
    else:
        _, reading = read_events(path, format, columns=columns, most=MOST)
    rows = [row for row in map(_row, reading.records) if row is not None]
    table = pd.DataFrame(rows)
    dyads = table.drop_duplicates("key").reset_index(drop=True)
    dyads["dyad_no"] = dyads.index.astype(str)
    table["dyad_no"] = table["key"].map(dict(zip(dyads["key"], dyads["dyad_no"], strict=True)))
    table["src"] = Path(path).name
    return table[list(EVENTS)], dyads[list(DYADS)], reading.report


def _precise(cells: Cells, mapping: Mapping) -> Record:
    """A row of GED with its precisions. Raises DropError."""
    record = ged.read(cells, mapping)
    plain = {field.name: getattr(record, field.name) for field in fields(Record)}
    codes: dict[str, Any] = {}
    for name in ("date_prec", "where_prec"):
        text = cells.text(name).removesuffix(".0")
        codes[name] = int(text) if text.isdigit() else None
    return PreciseRecord(**plain, **codes, conflict=cells.text("conflict_name"))


def _row(record: Record) -> dict[str, Any] | None:
    """A row of events with its dyad; None where nobody is named."""
    if record.actor is None:
        return None
    best = next((x for x in (record.best, record.low, record.high) if x is not None), 0.0)
    date_prec = getattr(record, "date_prec", None)
    exact = record.days <= LONGEST_EXACT and date_prec in (None, 1)
    side_a = record.actor.name
    side_b = record.target.name if record.target is not None else "unknown"
    country = next((step.name for step in record.address if step.kind == "country"), "unknown")
    kind = KINDS.get(record.kind, 3 if side_b.casefold() in CIVILIANS else 1)
    parts = {party.name: dead for party, dead in record.sides}
    civilians = sum(dead for name, dead in parts.items() if name.casefold() in CIVILIANS)
    known = bool(parts) or best == 0
    sides = (
        parts.get(side_a, 0.0),
        0.0 if side_b.casefold() in CIVILIANS else parts.get(side_b, 0.0),
        civilians,
        max(best - sum(parts.values()), 0.0),
    )
    dead = sides if known else (np.nan,) * 4
    return {
        "id": record.row_id,
        "date": record.first.isoformat(),
        "days": float(record.days),
        "exact": int(exact),
        "where_prec": _number(getattr(record, "where_prec", None)),
        "lat": _number(record.latitude),
        "lon": _number(record.longitude),
        "best": best,
        "low": _number(record.low),
        "high": _number(record.high),
        **dict(zip(("deaths_a", "deaths_b", "deaths_civ", "deaths_unk"), dead, strict=True)),
        "key": f"{country}|{kind}|{side_a} - {side_b}",
        "country": country,
        "type": kind,
        "side_a": side_a,
        "side_b": side_b,
        "conflict": getattr(record, "conflict", "") or f"{side_a} - {side_b}",
    }


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
