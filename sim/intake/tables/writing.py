"""Seed files written from records: names, registries and statements."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sim.intake.tables.fields import plain
from sim.intake.tables.formats import Format
from sim.intake.tables.record import Record, Somebody, Somewhere
from sim.intake.tables.table_reading import TableReading

LONGEST = 50


def slug(text: str, fallback: str) -> str:
    """`text` as an identifier: lower-case ASCII letters, digits and `_`, a letter first."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    marks = "'’‘ʼʻʾʿ`"
    letters = "".join(c for c in bare if not unicodedata.combining(c) and c not in marks)
    name = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:LONGEST].strip("_")
    if not name:
        return fallback
    return name if name[0].isalpha() else f"{fallback}_{name}"


class Names:
    """Gives every key its own identifier, the same one whenever it comes again."""

    def __init__(self, fallback: str) -> None:
        self.fallback = fallback
        self.of: dict[Hashable, str] = {}
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def name(self, key: Hashable, text: str, qualifier: str | None = None) -> tuple[str, bool]:
        """The identifier of `key`, and whether it is new.

        Args:
            text: what it is called.
            qualifier: what to append first where another key has the same name already.
        """
        if key in self.of:
            return self.of[key], False
        wanted = slug(text, self.fallback)
        if wanted in self._taken and qualifier is not None:
            wanted = f"{wanted[: LONGEST - 10]}_{qualifier}"
        found, number = wanted, self._next.get(wanted, 2)
        while found in self._taken:
            found = f"{wanted}_{number}"
            number += 1
        # where to go on: thousands of rows of one name must not each begin at 2
        self._next[wanted] = number
        self._taken.add(found)
        self.of[key] = found
        return found, True


NOWHERE = (Somewhere("region", "Place not given"),)


class Registries:
    """Places and actors in the order in which a table names them.

    Attributes:
        places, actors: rows for `places.yaml` and `actors.yaml`, by id.
    """

    def __init__(self) -> None:
        self.places: dict[str, dict[str, Any]] = {}
        self.actors: dict[str, dict[str, Any]] = {}
        self._place_names, self._actor_names = Names("place"), Names("party")

    def place(self, record: Record) -> str:
        """The id of the place of a record; its larger places are entered too."""
        steps = record.address or NOWHERE
        within: str | None = None
        for depth, step in enumerate(steps):
            # Spellings of one name that differ by diacritics are one place.
            key = tuple(plain(s.name) or s.name for s in steps[: depth + 1])
            name, new = self._place_names.name(key, step.name, step.kind)
            if new:
                self.places[name] = {"id": name, "name": step.name[:600], "kind": step.kind}
                if within is not None:
                    self.places[name]["within"] = within
            within = name
        assert within is not None
        entry = self.places[within]
        if record.latitude is not None and record.longitude is not None:
            # The first row wins: coordinates of one name differ only in their last digits.
            entry.setdefault("latitude", record.latitude)
            entry.setdefault("longitude", record.longitude)
        return within

    def actor(self, somebody: Somebody) -> str:
        """The id of a party."""
        key = plain(somebody.name) or somebody.name
        name, new = self._actor_names.name(key, somebody.name)
        if new:
            self.actors[name] = {
                "id": name, "name": somebody.name[:600], "sector": somebody.sector,
            }  # fmt: skip
        return name


PER_FILE = 2000
MOST_BYTES = 2_000_000
"""Entries and bytes per file, so that each stays small enough to open, to check and to read back:
a seeds file may have 5 MB and `MAX_VALUES` values (`sim.inputs`)."""

REPORT = "import.json"


@dataclass(frozen=True)
class Zone:
    """The offset from UTC of the table's days, as `+03:00`."""

    offset: str = "+00:00"

    def midnight(self, day: date) -> str:
        return f"{day.isoformat()}T00:00:00{self.offset}"


def write_evidence(folder: Path, reading: TableReading, format: Format, zone: Zone) -> None:
    """Write `actors`, `places`, `events`, the table's statements and the report into `folder`."""
    registries = Registries()
    names = Names("row")
    last = max(record.last for record in reading.records)
    made = []
    for record in reading.records:
        local, _ = names.name(record.line, record.row_id or f"line_{record.line}")
        local = local.removeprefix("row_") if local.startswith("row_") else local
        made.append(_statement(record, local, f"{format.name}_{local}", registries, zone))
    parts = _parts(made)
    events: list[dict[str, Any]] = []
    for number, part in enumerate(parts, 1):
        prefix = format.name if len(parts) == 1 else f"{format.name}{number}"
        for statement in part:
            statement["id"] = f"{prefix}.{statement['id']}"
            title, lead = statement["says"], [statement["id"]]
            events.append({"id": statement["event"], "title": title, "lead": lead})
        _write_article(folder, prefix, number, len(parts), reading, format, zone, last, part)
    _write_list(folder, "places", registries.places.values(),
                "Places of the table, from its own columns.")  # fmt: skip
    _write_list(folder, "actors", registries.actors.values(),
                "Parties of the table; sectors by its codes or by rule.")  # fmt: skip
    _write_list(folder, "events", events, "One event per row of the table.")
    (folder / REPORT).write_text(reading.report.to_json(), encoding="utf-8")


def _write_article(
    folder: Path, prefix: str, number: int, parts: int, reading: TableReading, format: Format,
    zone: Zone, last: date, statements: list[dict[str, Any]],
) -> None:  # fmt: skip
    report = reading.report
    name = slug(Path(report.file).stem, "table")[:40]
    identity = f"{format.name}_{name}" if parts == 1 else f"{format.name}_{name}_{number}"
    head = {
        "id": identity,
        "kind": "table",
        "prefix": prefix,
        "citation": {
            "outlet": format.outlet,
            "title": report.file[:600],
            "published": last.isoformat(),
            "latest": zone.midnight(last + timedelta(days=1)),
            "date_known_from": "last day in the table; the day of publication is later",
            "text": f"{report.used} of the {report.rows} rows of the table",
            "file": report.file[:600],
            "sha256": report.sha256,
            "licence": format.licence,
        },
        "quality": _quality(reading),
    }
    lines = [f"{key}: {flow(value)}" for key, value in head.items() if value]
    lines.append("statements:")
    lines += [f"  - {flow(statement)}" for statement in statements]
    (folder / f"{identity}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quality(reading: TableReading) -> list[str]:
    report = reading.report
    found = [f"{count} rows: {oddity}." for oddity, count in report.flags.most_common()]
    if report.unmapped:
        found.append(f"{report.unmapped.total()} rows are of a type without a rung on the ladder.")
    return found


def _statement(
    record: Record, name: str, event: str, registries: Registries, zone: Zone
) -> dict[str, Any]:
    # The key order is that in which a reader wants them.
    statement: dict[str, Any] = {
        "id": name,
        "row": f"{record.row_id[:400] or 'no id'}, line {record.line}",
        "kind": "act",
        "event": event,
        "says": _title(record),
        "window": {
            "earliest": zone.midnight(record.first),
            "latest": zone.midnight(record.last + timedelta(days=1)),
        },
        "place": registries.place(record),
    }
    for key, somebody in (("actor", record.actor), ("target", record.target)):
        if somebody is not None:
            statement[key] = registries.actor(somebody)
    if record.rung is not None:
        kind, mode = record.rung
        statement["plover"] = {"type": kind, "mode": mode} if mode else {"type": kind}
    numbers = _quantities(record, registries)
    if numbers:
        statement["quantities"] = numbers
    if record.notes:
        statement["notes"] = " ".join(record.notes)[:600]
    return statement


def _quantities(record: Record, registries: Registries) -> list[dict[str, Any]]:
    toll = {"low": record.low, "best": record.best, "high": record.high}
    given = {key: _number(value) for key, value in toll.items() if value is not None}
    numbers: list[dict[str, Any]] = [{"measure": "dead", **given}] if given else []
    if record.wounded is not None:
        numbers.append({"measure": "wounded", "best": _number(record.wounded)})
    if not given:
        return numbers
    seen = set()
    for somebody, dead in record.sides:
        side = registries.actor(somebody)
        if side not in seen:
            numbers.append({"measure": "dead", "best": _number(dead), "side": side})
        seen.add(side)
    return numbers


def _title(record: Record) -> str:
    sides = [s.name for s in (record.actor, record.target) if s is not None]
    where = record.address[-1].name if record.address else "place not given"
    words = " and ".join(sides) if sides else "nobody named"
    return f"{words[:400]}: {record.kind[:100] or 'event'} in {where[:80]}"


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _parts(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows in their order, cut into files of at most `PER_FILE` rows and `MOST_BYTES`."""
    parts: list[list[dict[str, Any]]] = []
    size = 0
    for row in rows:
        length = len(flow(row).encode()) + 100  # and the prefix of its id
        if not parts or len(parts[-1]) == PER_FILE or size + length > MOST_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    return parts


def _write_list(folder: Path, key: str, rows: Iterable[dict[str, Any]], comment: str) -> None:
    """`KEY.yaml`, and where it would grow too long `KEY_2.yaml` and so on."""
    for number, part in enumerate(_parts(rows) or [[]], 1):
        lines = [f"# {comment}"]
        written = [f"  - {flow(row)}" for row in part]
        lines += [f"{key}:", *written] if written else [f"{key}: []"]
        name = f"{key}.yaml" if number == 1 else f"{key}_{number}.yaml"
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def flow(value: Any) -> str:
    """A value in JSON, which is YAML on one line; identifiers stay bare."""
    if isinstance(value, dict):
        inner = ", ".join(f"{key}: {flow(item)}" for key, item in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
