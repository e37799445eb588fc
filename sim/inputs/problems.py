"""Problems with input: where, what, what was expected, and the nearest valid name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MAX_PROBLEMS = 100
"""No more problems than this are listed for one file; the rest are counted."""

SHOWN_LENGTH = 60
"""Characters of a user's value that a message repeats."""


def printable(text: str) -> str:
    """`text` with every control, format and surrogate character replaced by `?`.

    Input files are not trusted: an escape sequence in a value must not reach the terminal.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "?" for character in text)


def shown(value: object) -> str:
    """A value as a message repeats it: text in quotes, cut to `SHOWN_LENGTH` characters."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, str):
        return f"'{_cut(value)}'"
    return _cut(str(value))


def _cut(text: str) -> str:
    if len(text) > SHOWN_LENGTH:
        text = text[: SHOWN_LENGTH - 3] + "..."
    return printable(text)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one input.

    Attributes:
        path: the file as the user named it.
        line: line in the file, from 1, or None where a line makes no sense (a missing file).
        column: character in the line, from 1, or None.
        message: what is wrong.
        expected: what would have been right, or None.
        nearest: the valid name closest to the one given, or None.
    """

    path: str
    line: int | None
    column: int | None
    message: str
    expected: str | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        """`path:line:column: message; expected ...; did you mean '...'?`, safe to print."""
        where = [str(part) for part in (self.path, self.line, self.column) if part is not None]
        text = f"{':'.join(where)}: {self.message}"
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.nearest is not None:
            text += f"; did you mean '{self.nearest}'?"
        return printable(text)


class InputError(Exception):
    """A user's input cannot be used; `problems` says why, all reasons at once.

    Attributes:
        problems: at least one problem, in the order in which they stand in the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = list(problems)
        if not self.problems:
            raise ValueError("an InputError needs at least one problem")
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems sorted by line and column, without repeats, at most `MAX_PROBLEMS` of them."""
    unique = list(dict.fromkeys(problems))
    unique.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    more = len(unique) - MAX_PROBLEMS
    if more > 0:
        last = unique[MAX_PROBLEMS]
        rest = Problem(last.path, last.line, last.column, f"and {more} more from here on")
        return [*unique[:MAX_PROBLEMS], rest]
    return unique


CUTOFF = 0.6
"""Similarity (0 to 1) below which a name is no help to somebody who mistyped another."""

LONGEST = 100
"""A longer name is not a slip of the finger, and comparing it would take long."""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `name`, whatever the case of its letters, or None if none is close.

    A candidate that differs only in case, or in `-`, `_` and spaces, always wins.
    """
    if len(name) > LONGEST:
        return None
    by_folded: dict[str, str] = {}
    for candidate in candidates:
        by_folded.setdefault(_folded(candidate), candidate)
    close = get_close_matches(_folded(name), list(by_folded), n=1, cutoff=CUTOFF)
    return by_folded[close[0]] if close else None


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
