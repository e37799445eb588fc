"""A mapping: from the event types of a data set to the types and modes of the ladder."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sim.evidence.ladder import modes, types
from sim.inputs import InputError, Problem, nearest
from sim.inputs.syntax import read_source

COLUMNS = ("type", "sub_type", "plover_type", "plover_mode")
Rung = tuple[str, str | None]
"""PLOVER event type and mode."""


@dataclass(frozen=True)
class Mapping:
    """Types of one data set and where they stand on the ladder.

    Attributes:
        rungs: (type, sub-type), both lower case, to a rung, or to None where none fits.
        codes: whether types are CAMEO codes, which fall back on their base and root code.
    """

    rungs: dict[tuple[str, str], Rung | None] = field(default_factory=dict)
    codes: bool = False

    def rung(self, kind: str, sub_kind: str = "") -> Rung | None:
        """The rung of an event type; None where there is none.

        The pair is looked up, then the type alone, then PLOVER's own names.
        """
        first, second = kind.strip().lower(), sub_kind.strip().lower()
        keys = [(first, second), (first, "")]
        if self.codes:
            keys += [(first[:length], "") for length in (3, 2)]
        for key in keys:
            if key in self.rungs:
                return self.rungs[key]
        plover = first.upper()
        if plover in types() and (not second or second in modes(plover)):
            return plover, second or None
        return None


def shipped_mapping(format: str) -> Mapping:
    """The mapping that comes with a format. Raises KeyError for an unknown format."""
    path = Path(__file__).with_name(f"plover_{format}.csv")
    if not path.is_file():
        raise KeyError(format)
    return Mapping(_read(path, str(path)), codes=format == "gdelt")


def with_overrides(mapping: Mapping, path: str | os.PathLike[str]) -> Mapping:
    """`mapping` with the rows of a user's CSV over it.

    The file has the columns `COLUMNS` (more are ignored); an empty plover_type takes a type off
    the ladder.

    Raises:
        InputError: every row that names no type or mode of the ladder.
    """
    return Mapping({**mapping.rungs, **_read(Path(path), os.fspath(path))}, mapping.codes)


def _read(path: Path, shown_as: str) -> dict[tuple[str, str], Rung | None]:
    lines = read_source(path).text.lstrip("\ufeff").splitlines()
    numbered = [(n, line) for n, line in enumerate(lines, 1) if not line.startswith("#")]
    rows = csv.reader([line for _, line in numbered])
    header = [name.strip() for name in next(rows, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        message = f"a mapping without the columns {', '.join(missing)}"
        expected = "a CSV with " + ", ".join(COLUMNS)
        raise InputError([Problem(shown_as, numbered[0][0] if numbered else 1, 1, message,
                                  expected)])  # fmt: skip
    rungs: dict[tuple[str, str], Rung | None] = {}
    problems: list[Problem] = []
    for (line, _), row in zip(numbered[1:], rows, strict=False):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(header, [cell.strip() for cell in row], strict=False))
        key = (cells.get("type", "").lower(), cells.get("sub_type", "").lower())
        kind, mode = cells.get("plover_type", "").upper(), cells.get("plover_mode", "").lower()
        problems += _problems(shown_as, line, kind, mode)
        rungs[key] = (kind, mode or None) if kind else None
    if problems:
        raise InputError(problems)
    return rungs


def _problems(path: str, line: int, kind: str, mode: str) -> Iterable[Problem]:
    if not kind and mode:
        yield Problem(path, line, None, f"the mode '{mode}' has no type")
    elif kind and kind not in types():
        yield Problem(path, line, None, f"unknown PLOVER type '{kind}'", None,
                      nearest(kind, types()))  # fmt: skip
    elif mode and mode not in modes(kind):
        yield Problem(path, line, None, f"unknown mode '{mode}' of {kind}",
                      "one of " + ", ".join(modes(kind)) if modes(kind) else "no mode",
                      nearest(mode, modes(kind)))  # fmt: skip
