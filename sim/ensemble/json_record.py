"""A record: a JSON file of one mapping, whose problems name the file and the line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.inputs import InputError, Problem
from sim.inputs.problems import shown

Checks = Mapping[str, tuple[Callable[[Any], bool], str]]
"""By name: whether a value will do, and what is expected in words."""


@dataclass(frozen=True)
class JsonRecord:
    """A record as read: where it stands, its text and what it holds."""

    path: Path
    text: str
    data: dict[str, Any]

    def problem(self, name: str, expected: str) -> Problem:
        """That the value of a name is not the expected one, with its line."""
        if name not in self.data:
            return Problem(str(self.path), None, None, f"'{name}' is missing", expected)
        found = re.search(rf'^ {{0,2}}\{{?\s*"{re.escape(name)}"\s*:', self.text, re.MULTILINE)
        line = self.text.count("\n", 0, found.start()) + 1 if found else None
        return Problem(
            str(self.path), line, None, f"'{name}' is {shown(self.data[name])}", expected
        )

    def check(self, checks: Checks) -> None:
        """Raises InputError naming every value that will not do."""
        problems = [
            self.problem(name, expected)
            for name, (will_do, expected) in checks.items()
            if name not in self.data or not will_do(self.data[name])
        ]
        if problems:
            raise InputError(problems)


def read_record(path: Path) -> JsonRecord:
    """A record from its file.

    Raises:
        InputError: it cannot be read, is no JSON or no mapping; says where.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
    except json.JSONDecodeError as error:
        problem = Problem(str(path), error.lineno, error.colno, f"no JSON: {error.msg}")
        raise InputError([problem]) from error
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Problem(str(path), None, None, f"cannot be read: {reason}")]) from error
    if not isinstance(data, dict):
        problem = Problem(str(path), 1, 1, f"holds {shown(data)}", "a mapping: {...}")
        raise InputError([problem])
    return JsonRecord(path, text, data)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_text_or_nothing(value: Any) -> bool:
    return value is None or isinstance(value, str)


def is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def whole_from(low: int, high: int) -> Callable[[Any], bool]:
    """Whether a value is a whole number from low to high."""

    def will_do(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high

    return will_do
