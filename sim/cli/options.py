"""Values of options: numbers in their range, settings ``path=value``, words of a list."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from sim.inputs import InputError, Problem, nearest
from sim.inputs.reader import read_value

ENGINES = ("kernel", "mesa")
SHOWN = 200


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """An argparse type: a whole number from `low` to `high`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {low} to {high}")
        return value

    return parse


def word_of(words: Sequence[str]) -> Callable[[str], str]:
    """An argparse type: one of `words`, with the nearest where it is misspelt."""

    def parse(text: str) -> str:
        if text in words:
            return text
        closest = nearest(text, words)
        hint = f"; did you mean '{closest}'?" if closest else ""
        raise argparse.ArgumentTypeError(f"'{text}' is none of {', '.join(words)}{hint}")

    return parse


def settings_of(assignments: Sequence[str]) -> dict[str, Any]:
    """``path=value`` texts as a dict; each value is read as YAML, as in a scenario file.

    Raises:
        InputError: all assignments that cannot be read.
    """
    settings: dict[str, Any] = {}
    problems = []
    for text in assignments:
        path, equals, value = text.partition("=")
        where = f"--set {text if len(text) <= SHOWN else text[: SHOWN - 3] + '...'}"
        if not equals or not path.strip() or not value.strip():
            problems.append(
                Problem(where, None, None, "not a setting", "path=value, as compliance=0.8")
            )
        elif path.strip() in settings:
            problems.append(Problem(where, None, None, f"'{path.strip()}' is set twice"))
        else:
            try:
                settings[path.strip()] = read_value(value)
            except ValueError as error:
                problems.append(Problem(where, None, None, str(error), "a value as in YAML"))
    if problems:
        raise InputError(problems)
    return settings
