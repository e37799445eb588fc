"""A selection: the places, actors and days of an event table that are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sim.inputs import InputError, Problem
from sim.inputs import nearest as nearest_of
from sim.intake.fields import plain
from sim.intake.record import Record

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
