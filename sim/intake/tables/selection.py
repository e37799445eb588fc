"""The selection of rows: by time, place and party, and none counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sim.inputs import InputError, Problem
from sim.inputs import nearest as nearest_of
from sim.intake.tables.fields import plain
from sim.intake.tables.record import Record
from sim.intake.tables.report import ImportReport

MOST_NAMES = 20_000
"""No more names than this are remembered for a hint."""


@dataclass
class Selection:
    """Which rows to keep. Names match whole words, without diacritics or case.

    Attributes:
        places: any of these in the address of a row; empty for all.
        actors: any of these as actor or target; empty for all.
        start, end: first and last day wanted, both included; a row that spans a bound is kept.
    """

    places: Sequence[str] = ()
    actors: Sequence[str] = ()
    start: date | None = None
    end: date | None = None
    _wanted: dict[str, list[str]] = field(init=False, default_factory=dict)
    _met: dict[str, set[str]] = field(init=False, default_factory=dict)
    _seen: dict[str, set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = {
            "place": [plain(name) for name in self.places],
            "actor": [plain(name) for name in self.actors],
        }
        self._met = {"place": set(), "actor": set()}
        self._seen = {"place": set(), "actor": set()}

    def refusal(self, record: Record) -> str | None:
        """Why a record is not wanted, or None if it is."""
        places = [step.name for step in record.address]
        if not self._any("place", places):
            return "another place"
        actors = [s.name for s in (record.actor, record.target) if s is not None]
        if not self._any("actor", actors):
            return "other actors"
        if self.start is not None and record.last < self.start:
            return "before the first day asked for"
        if self.end is not None and record.first > self.end:
            return "after the last day asked for"
        return None

    def _any(self, what: str, names: Iterable[str]) -> bool:
        wanted = self._wanted[what]
        if not wanted:
            return True
        found = False
        for name in names:
            bare = f" {plain(name)} "
            if len(self._seen[what]) < MOST_NAMES:
                self._seen[what].add(name)
            for one in wanted:
                if f" {one} " in bare:
                    self._met[what].add(one)
                    found = True
        return found

    def check_met(self, path: str) -> None:
        """Refuse names that stand nowhere in the table: a misspelling must not look like peace.

        Raises:
            InputError: each of them, with the nearest name met.
        """
        problems = []
        for what, given in (("place", self.places), ("actor", self.actors)):
            for name in given:
                if plain(name) not in self._met[what] or not plain(name):
                    words = {plain(seen): seen for seen in sorted(self._seen[what])}
                    close = nearest_of(plain(name), list(words))
                    if close is None:
                        parts = {part for seen in words for part in seen.split()}
                        close = nearest_of(plain(name), sorted(parts))
                    message = f"no row has the {what} '{name}'"
                    problems.append(
                        Problem(path, None, None, message, f"a {what} of the table",
                                words.get(close, close) if close else None)
                    )  # fmt: skip
        if problems:
            raise InputError(problems)


OVERLAP = "covers days of other rows of the same place and sides; left out of daily sums"
NOTE = "Overlaps rows"
"""How the note of such a row begins."""

SHOWN = 3


def mark_overlaps(records: list[Record], report: ImportReport) -> set[str]:
    """Flag every row of several days that meets another row of its place and sides.

    Both rows stay. The wider one gets a note, and its id is returned, so that sums over days can
    leave it out: whether it counts the same deaths cannot be told from the table.
    """
    groups: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for record in records:
        sides = frozenset((record.actor, record.target))
        groups[(record.address, sides)].append(record)
    marked = set()
    for group in groups.values():
        for record in sorted((r for r in group if r.days > 1), key=lambda r: (-r.days, r.line)):
            others = [
                other
                for other in group
                if other is not record
                and (other.days, -other.line) < (record.days, -record.line)
                and other.first <= record.last
                and other.last >= record.first
            ]
            if others:
                marked.add(record.row_id)
                report.flag(OVERLAP, f"{record.row_id} (line {record.line})")
                ids = ", ".join(other.row_id for other in others[:SHOWN])
                more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
                record.notes.append(f"{NOTE} {ids}{more}; may count the same deaths.")
    return marked
