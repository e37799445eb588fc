"""Importing: an event table in, a folder of evidence out."""

from __future__ import annotations

import os
from pathlib import Path

from sim.inputs import InputError, Problem
from sim.intake.tables import acled, gdelt, ged, polecat
from sim.intake.tables.columns import table_format
from sim.intake.tables.formats import Format
from sim.intake.tables.mapping import shipped_mapping, with_overrides
from sim.intake.tables.report import ImportReport
from sim.intake.tables.selection import Selection, mark_overlaps
from sim.intake.tables.table_reading import MOST, TableReading, read_table
from sim.intake.tables.writing import Zone, write_evidence

FORMATS = ("ged", "acled", "gdelt", "polecat", "table")
_BUILT_IN = {f.name: f for f in (ged.FORMAT, acled.FORMAT, gdelt.FORMAT, polecat.FORMAT)}


def read_events(
    path: str | os.PathLike[str],
    format: str,
    selection: Selection | None = None,
    mapping: str | os.PathLike[str] | None = None,
    columns: str | os.PathLike[str] | None = None,
    date_order: str | None = None,
    most: int = MOST,
) -> tuple[Format, TableReading]:
    """The wanted rows of an event table, each in one form, with the report on all of them.

    Args:
        format: one of `FORMATS`.
        mapping: a CSV whose rows go over the shipped mapping of event types.
        columns: the column map of a `table`.

    Raises:
        InputError: the table, the mapping or the column map cannot be used.
    """
    if format == "table":
        if columns is None:
            raise InputError([Problem(os.fspath(path), None, None, "a table needs a column map",
                                      "--columns MAP.yaml")])  # fmt: skip
        kind = table_format(columns)
    else:
        kind = _BUILT_IN[format]
    rungs = shipped_mapping(format)
    if mapping is not None:
        rungs = with_overrides(rungs, mapping)
    return kind, read_table(path, kind, rungs, selection, date_order, most)


def import_events(
    path: str | os.PathLike[str],
    format: str,
    folder: str | os.PathLike[str],
    *,
    selection: Selection | None = None,
    mapping: str | os.PathLike[str] | None = None,
    columns: str | os.PathLike[str] | None = None,
    date_order: str | None = None,
    most: int = MOST,
    utc_offset: str = "+00:00",
) -> ImportReport:
    """Write the wanted rows of an event table into an empty `folder`, as `load_evidence` reads it.

    Args:
        utc_offset: of the table's days, `+03:00`; tables do not say it.
        (the others as in `read_events`)

    Raises:
        InputError: as `read_events`; nothing is written then.
    """
    kind, reading = read_events(path, format, selection, mapping, columns, date_order, most)
    mark_overlaps(reading.records, reading.report)
    write_evidence(Path(folder), reading, kind, Zone(utc_offset))
    return reading.report
