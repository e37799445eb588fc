"""The format of ACLED: one row per event and day, one estimate of the dead."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from sim.intake.tables.fields import Cells
from sim.intake.tables.formats import Format, address, cut_off_kind
from sim.intake.tables.mapping import Mapping
from sim.intake.tables.record import Record, Somebody

REQUIRED = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "fatalities")
COLUMNS = [
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp",
]  # fmt: skip
"""Columns of an export in their order, from the public codebook."""

SECTORS = {
    "1": "MIL", "state forces": "MIL",
    "2": "REB", "rebel group": "REB", "rebel groups": "REB",
    "3": "PRM", "political militia": "PRM", "political militias": "PRM",
    "4": "PRM", "identity militia": "PRM", "identity militias": "PRM",
    "5": "CVL", "rioters": "CVL",
    "6": "CVL", "protesters": "CVL",
    "7": "CVL", "civilians": "CVL",
    "8": "MIL", "external/other forces": "MIL", "other forces": "MIL",
}  # fmt: skip
"""`inter1` and `inter2`, in numbers or in words, to a sector in the manner of PLOVER."""


def read(cells: Cells, mapping: Mapping) -> Record:
    """One row. Raises DropError."""
    first, last = _days(cells.day("event_date"), cells.text("time_precision"))
    kind, sub_kind = cells.text("event_type"), cells.text("sub_event_type")
    best = cells.toll("fatalities")
    coarse = {"3": 2}.get(cells.text("geo_precision"), 0)
    steps = address(
        cells,
        ("country", "country"), ("province", "admin1"), ("district", "admin2"),
        ("city", "location"),
    )  # fmt: skip
    return Record(
        row_id=cells.row_id,
        line=cells.line,
        first=first,
        last=last,
        address=cut_off_kind(steps, coarse),
        latitude=cells.degrees("latitude", 90),
        longitude=cells.degrees("longitude", 180),
        actor=_party(cells, "1"),
        target=_party(cells, "2"),
        best=best,
        kind=f"{kind} / {sub_kind}" if sub_kind else kind,
        rung=mapping.rung(kind, sub_kind),
    )


def _party(cells: Cells, number: str) -> Somebody | None:
    name = cells.text("actor" + number)
    if not name:
        return None
    sector = SECTORS.get(cells.text("inter" + number).lower())
    if sector is None:
        sector = "MIL" if name.startswith("Military Forces of") else "UAF"
        sector = "COP" if name.startswith("Police Forces of") else sector
    elif name.startswith("Police Forces of"):
        sector = "COP"
    return Somebody(name, sector)


def _days(day: date, precision: str) -> tuple[date, date]:
    """The days an event may have fallen on: one, a week around it, or its month."""
    if precision == "2":
        return day - timedelta(days=3), day + timedelta(days=3)
    if precision == "3":
        length = calendar.monthrange(day.year, day.month)[1]
        return day.replace(day=1), day.replace(day=length)
    return day, day


FORMAT = Format(
    name="acled",
    outlet="ACLED",
    licence="terms of use of ACLED; the rows are not ours to pass on",
    required=REQUIRED,
    positions={len(COLUMNS): COLUMNS},
    id_column="event_id_cnty",
    dates=("event_date",),
    read=read,
)
