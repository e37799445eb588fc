"""The format of POLECAT: machine coded events in PLOVER's own types, no tolls."""

from __future__ import annotations

from typing import get_args

from sim.evidence.registry import Sector
from sim.intake.tables.fields import Cells
from sim.intake.tables.formats import Format, address
from sim.intake.tables.mapping import Mapping
from sim.intake.tables.record import Record, Somebody

COLUMNS = [
    "event_id", "event_date", "event_type", "event_mode", "event_intensity", "quad_code",
    "contexts", "actor_name", "actor_country", "actor_cow", "primary_actor_sector",
    "actor_sectors", "actor_title", "actor_name_raw", "wikipedia_actor_id", "recipient_name",
    "recipient_country", "recipient_cow", "primary_recipient_sector", "recipient_sectors",
    "recipient_title", "recipient_name_raw", "wikipedia_recipient_id", "placename", "city",
    "district", "province", "country", "latitude", "longitude", "geonames_id", "raw_placename",
    "feature_type", "source", "publication_date", "story_people", "story_organizations",
    "story_locations", "language", "version",
]  # fmt: skip
"""Columns in their order, from the public documentation."""

SECTORS = frozenset(get_args(Sector))
NOBODY = frozenset({"", "none", "nan"})


def read(cells: Cells, mapping: Mapping) -> Record:
    """One row. Raises DropError."""
    day = cells.day("event_date")
    kind, mode = cells.text("event_type"), cells.text("event_mode")
    mode = "" if mode.lower() in NOBODY else mode
    return Record(
        row_id=cells.row_id,
        line=cells.line,
        first=day,
        last=day,
        address=address(
            cells,
            ("country", "country"), ("province", "province"), ("district", "district"),
            ("city", "city"),
        ),
        latitude=cells.degrees("latitude", 90),
        longitude=cells.degrees("longitude", 180),
        actor=_party(cells, "actor"),
        target=_party(cells, "recipient"),
        kind=f"{kind} / {mode}" if mode else kind,
        rung=mapping.rung(kind, mode),
        notes=["Machine coded."],
    )  # fmt: skip


def _party(cells: Cells, who: str) -> Somebody | None:
    name = cells.text(f"{who}_name")
    if name.lower() in NOBODY:
        name = cells.text(f"{who}_name_raw")
    if name.lower() in NOBODY:
        return None
    sector = cells.text(f"primary_{who}_sector").upper()
    return Somebody(name, sector if sector in SECTORS else "UAF")


FORMAT = Format(
    name="polecat",
    outlet="POLECAT",
    licence="terms of the data set",
    required=("event_id", "event_date", "event_type"),
    positions={len(COLUMNS): COLUMNS},
    id_column="event_id",
    dates=("event_date",),
    read=read,
)
