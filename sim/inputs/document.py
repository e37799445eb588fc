"""A file that was read: its data, and the line and column of every key and list item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.inputs.problems import Problem

Location = Sequence[str | int]
"""The way to a value from the top: keys of mappings and indices of lists, from 0."""


@dataclass(slots=True)
class Position:
    """Where a value stands, and where the values inside it stand.

    Attributes:
        line: from 1.
        column: from 1, in characters.
        inside: the places of the values of a mapping or of the items of a list.
        keys: line and column of each key of a mapping; empty for anything else.
    """

    line: int
    column: int
    inside: Mapping[str | int, Position] = field(default_factory=dict)
    keys: Mapping[str | int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """The content of one input file.

    Attributes:
        data: plain dicts, lists, strings, numbers, booleans and None.
        path: the file as the user named it.
        sha256: checksum of the file's bytes, 64 hexadecimal digits.
        place: where `data` stands, to any depth.
    """

    data: dict[str, Any]
    path: str
    sha256: str
    place: Position = field(repr=False)

    def position(self, loc: Location) -> tuple[int, int]:
        """Line and column, from 1, of the key or the list item at `loc`.

        Where `loc` leads to nothing in the file, the position of the nearest parent that is there.
        """
        place = self.place
        position = (place.line, place.column)
        for part in loc:
            child = place.inside.get(part)
            if child is None:
                break
            position = place.keys.get(part, (child.line, child.column))
            place = child
        return position

    def problem(
        self, loc: Location, message: str, expected: str | None = None, nearest: str | None = None
    ) -> Problem:
        """A problem that points at `loc` in this file."""
        line, column = self.position(loc)
        return Problem(self.path, line, column, message, expected, nearest)
