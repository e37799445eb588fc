"""A column map: a small YAML that says which column of any table is what."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sim.inputs import read_yaml, validate
from sim.intake.tables.fields import Cells, DropError, column_key
from sim.intake.tables.formats import Format, address
from sim.intake.tables.mapping import Mapping
from sim.intake.tables.record import Record, Somebody

Column = Annotated[str, Field(min_length=1, max_length=200)]


class Columns(BaseModel):
    """Names of columns as they stand in the table's first line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: Column = Field(description="Day, or first day.")
    last_day: Column | None = Field(default=None, description="Last day, where there is one.")
    id: Column | None = Field(default=None, description="Row id; else the number of the line.")
    country: Column | None = None
    province: Column | None = None
    district: Column | None = None
    city: Column | None = None
    latitude: Column | None = None
    longitude: Column | None = None
    actor: Column | None = None
    target: Column | None = None
    type: Column | None = Field(default=None, description="Event type, for the ladder.")
    sub_type: Column | None = None
    low: Column | None = Field(default=None, description="Dead, lowest estimate.")
    best: Column | None = Field(default=None, description="Dead.")
    high: Column | None = Field(default=None, description="Dead, highest estimate.")
    wounded: Column | None = Field(default=None, description="Wounded.")


class ColumnMap(BaseModel):
    """The content of a column map."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="Who publishes the table, for the citation."
    )
    licence: str | None = Field(default=None, max_length=200)
    columns: Columns


def table_format(path: str | os.PathLike[str]) -> Format:
    """The format that a column map describes. Raises InputError."""
    found = validate(ColumnMap, read_yaml(path))
    names = {field: column_key(name) for field, name in found.columns.model_dump().items() if name}

    def read(cells: Cells, mapping: Mapping) -> Record:
        return _record(cells, mapping, names)

    return Format(
        name="table",
        outlet=found.name,
        licence=found.licence or "not stated",
        required=tuple(names.values()),
        id_column=names.get("id", ""),
        dates=tuple(names[key] for key in ("day", "last_day") if key in names),
        read=read,
    )


STATE = (("Government of ", "MIL"), ("Military Forces of ", "MIL"), ("Police Forces of ", "COP"))
"""Beginnings of names that GED and ACLED use for a state's forces."""


def _party(name: str) -> Somebody | None:
    if not name:
        return None
    if name.casefold() == "civilians":
        return Somebody(name, "CVL")
    sector = next((sector for words, sector in STATE if name.startswith(words)), "UAF")
    return Somebody(name, sector)


def _record(cells: Cells, mapping: Mapping, names: dict[str, str]) -> Record:
    def text(field: str) -> str:
        return cells.text(names[field]) if field in names else ""

    first = cells.day(names["day"])
    last = cells.day(names["last_day"]) if "last_day" in names else first
    if last < first:
        raise DropError("the last day is before the first")
    low, best, high, notes = cells.tolls(*(names.get(n, "") for n in ("low", "best", "high")))
    kind, sub_kind = text("type"), text("sub_type")
    steps = [(kind_, names[kind_]) for kind_ in ("country", "province", "district", "city")
             if kind_ in names]  # fmt: skip
    return Record(
        row_id=cells.row_id,
        line=cells.line,
        first=first,
        last=last,
        address=address(cells, *steps),
        latitude=cells.degrees(names.get("latitude", ""), 90),
        longitude=cells.degrees(names.get("longitude", ""), 180),
        actor=_party(text("actor")),
        target=_party(text("target")),
        low=low,
        best=best,
        high=high,
        wounded=cells.toll(names.get("wounded", "")),
        kind=f"{kind} / {sub_kind}" if sub_kind else kind,
        rung=mapping.rung(kind, sub_kind) if kind else None,
        notes=notes,
    )
