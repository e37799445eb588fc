"""Errors of the user's own rules: what the compiler or a run says, as problems of their file."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from numba.core.errors import NumbaError

from sim.inputs import InputError, Problem
from sim.model.rule_subset import PERMITTED
from sim.scenario.rule_file import RuleFile

TELLING = (
    "unify",
    "NameError",
    "Unknown attribute",
    "cannot be found",
    "No conversion",
    "cannot determine",
    "No implementation",
)
"""Words of the compiler's sentences that say what is wrong, the plainest first."""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
OUTSIDE = "a record that is there: numbers from 0 to one less than w.places.shape[0], and so on"


@contextmanager
def errors_of(rules: RuleFile | None) -> Iterator[None]:
    """Whatever the compiler refuses, or goes wrong in a run, is a problem of the file of rules.

    Raises InputError; without rules of the user's own nothing is caught.
    """
    if rules is None:
        yield
        return
    try:
        yield
    except NumbaError as error:
        text = COLOURS.sub("", str(error))
        message = f"cannot be compiled: {_reason(text)}"
        raise InputError(
            [Problem(rules.path, _line(text, rules), None, message, PERMITTED)]
        ) from error
    except (ArithmeticError, LookupError, TypeError, ValueError, NameError) as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == rules.package]
        expected = OUTSIDE if isinstance(error, IndexError) else None
        message = f"a rule failed in a run: {error}"
        line = lines[-1] if lines else None
        raise InputError([Problem(rules.path, line, None, message, expected)]) from error


def _reason(text: str) -> str:
    """The sentence of the compiler that says most: what it came to at last, if that has words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for word in TELLING for line in lines if word in line]
    return (telling or lines)[0]


def _line(text: str, rules: RuleFile) -> int | None:
    """The last line of the file that the compiler names, else of the last of its functions."""
    name = rules.package
    found = re.findall(rf'{name}", line (\d+)', text) + re.findall(rf"{name} \((\d+)\)", text)
    if found:
        return int(found[-1])
    lines = rules.text.splitlines()
    for function in reversed(re.findall(r"<function (\w+) at", text)):
        for number, line in enumerate(lines, 1):
            if line.startswith(f"def {function}("):
                return number
    return None
