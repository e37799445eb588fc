"""A record: one row of any event table, in one form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sim.intake.tables.mapping import Rung


class Somewhere(NamedTuple):
    """One step of an address, such as a province."""

    kind: str
    name: str


class Somebody(NamedTuple):
    """A party with its sector in the manner of PLOVER."""

    name: str
    sector: str


@dataclass
class Record:
    """One reported event.

    Attributes:
        row_id: id of the row in its table.
        line: line of the file.
        first, last: days between which it happened, both included.
        address: where, from the largest to the smallest; empty where the table does not say.
        latitude, longitude: in degrees, None where not given.
        actor, target: None where nobody is named.
        low, best, high: dead; None where not given, which is not zero.
        wounded: None where not given.
        sides: dead by party, where the table divides them.
        kind: event type as printed in the table.
        rung: where it stands on the ladder, None where the mapping has nothing.
        notes: what the second coder has to know.
    """

    row_id: str
    line: int
    first: date
    last: date
    address: tuple[Somewhere, ...]
    latitude: float | None = None
    longitude: float | None = None
    actor: Somebody | None = None
    target: Somebody | None = None
    low: float | None = None
    best: float | None = None
    high: float | None = None
    wounded: float | None = None
    sides: tuple[tuple[Somebody, float], ...] = ()
    kind: str = ""
    rung: Rung | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def days(self) -> int:
        """Days that it may have fallen on."""
        return (self.last - self.first).days + 1
