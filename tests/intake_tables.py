"""Event tables of an invented country, for the tests of the importers."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

GED_COLUMNS = [
    "id", "year", "type_of_violence", "dyad_name", "side_a", "side_b", "where_prec",
    "where_coordinates", "adm_1", "adm_2", "latitude", "longitude", "country", "date_prec",
    "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low",
    "best", "high",
]  # fmt: skip
ACLED_COLUMNS = [
    "event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
    "inter1", "actor2", "inter2", "country", "admin1", "location", "latitude", "longitude",
    "fatalities",
]  # fmt: skip


def ged_row(number: int, day: str = "2030-05-01", **changes: Any) -> dict[str, Any]:
    """One GED row: a clash of Government of Ansa with the Reds in Port Ansa."""
    row = {
        "id": number, "year": day[:4], "type_of_violence": 1, "dyad_name": "x",
        "side_a": "Government of Ansa", "side_b": "Reds", "where_prec": 1,
        "where_coordinates": "Port Ansa", "adm_1": "Coast province", "adm_2": "",
        "latitude": 10.5, "longitude": 20.25, "country": "Ansa", "date_prec": 1,
        "date_start": day, "date_end": day, "deaths_a": 1, "deaths_b": 2, "deaths_civilians": 0,
        "deaths_unknown": 0, "low": 3, "best": 3, "high": 5,
    }  # fmt: skip
    return row | changes


def acled_row(number: int, day: str = "2030-05-01", **changes: Any) -> dict[str, Any]:
    """One ACLED row: the same clash."""
    row = {
        "event_id_cnty": f"ANS{number}", "event_date": day, "time_precision": 1,
        "event_type": "Battles", "sub_event_type": "Armed clash",
        "actor1": "Military Forces of Ansa",
        "inter1": 1, "actor2": "Reds", "inter2": 2, "country": "Ansa", "admin1": "Coast",
        "location": "Port Ansa", "latitude": 10.5, "longitude": 20.25, "fatalities": 3,
    }  # fmt: skip
    return row | changes


def gdelt_row(number: int, day: str = "20300501", code: str = "190") -> list[str]:
    """One GDELT row of 61 cells."""
    cells = [""] * 61
    cells[0], cells[1], cells[5], cells[6] = str(number), day, "ANSGOV", "ANSA"
    cells[12], cells[15], cells[16], cells[22] = "GOV", "REB", "REDS", "REB"
    cells[26], cells[31] = code, "7"
    cells[52], cells[55], cells[56] = "Port Ansa, Coast, Ansa", "10.5", "20.25"
    return cells


def text_of(
    rows: list[dict[str, Any]], columns: list[str], delimiter: str = ",", header: bool = True
) -> str:
    """A table as text."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    if header:
        writer.writerow(columns)
    writer.writerows([[row.get(name, "") for name in columns] for row in rows])
    return stream.getvalue()


def ged_file(path: Path, rows: list[dict[str, Any]], **how: Any) -> Path:
    """Write a GED table."""
    path.write_text(text_of(rows, GED_COLUMNS, **how), encoding="utf-8")
    return path


def acled_file(path: Path, rows: list[dict[str, Any]], **how: Any) -> Path:
    """Write an ACLED table."""
    path.write_text(text_of(rows, ACLED_COLUMNS, **how), encoding="utf-8")
    return path


def gdelt_file(path: Path, rows: list[list[str]]) -> Path:
    """Write a GDELT table."""
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path
