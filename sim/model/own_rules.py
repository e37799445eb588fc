"""Rules of the user's own: a file of them read and checked, and what they may take the place of."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path

from sim.inputs import InputError, Problem, odd_kind
from sim.model.hour import HOUR
from sim.model.rule_check import arguments_of, check_rules, owners, replaceable
from sim.scenario.rule_file import RuleFile

MOST_BYTES = 200_000


def read_rules(path: str | Path | RuleFile) -> RuleFile:
    """A file of rules, read once and checked; a file that was read before is returned as it is.

    Raises InputError with every line that is wrong.
    """
    if isinstance(path, RuleFile):
        return path
    shown, expected = str(path), "a Python file of rules"
    try:
        kind = odd_kind(shown)
        if kind is not None:
            raise InputError([Problem(shown, None, None, f"this is a {kind}", expected)])
        content = Path(path).read_bytes()
        if len(content) > MOST_BYTES:
            raise InputError(
                [Problem(shown, None, None, f"{len(content):,} bytes are too many for rules",
                         f"at most {MOST_BYTES:,}")]
            )  # fmt: skip
        text = content.decode("utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        problem = Problem(shown, None, None, f"cannot be read: {reason}", expected)
        raise InputError([problem]) from None
    rules = RuleFile(shown, text.replace("\r\n", "\n").replace("\r", "\n"))
    check_rules(rules)
    return rules


@dataclass(frozen=True)
class ReplaceableRule:
    """A rule that a file may replace.

    Attributes:
        name: of a function that takes its place.
        module: of the model, in which it stands.
        arguments: their names, in order.
        meaning: the first sentence of its docstring.
        entries: who does it in the hour, with their place in it from 1; empty for what others call.
    """

    name: str
    module: str
    arguments: tuple[str, ...]
    meaning: str
    entries: tuple[tuple[int, str], ...]


def replaceable_rules() -> list[ReplaceableRule]:
    """Every rule that a file may replace, module by module in the order of their text."""
    found = []
    for module, rules in replaceable().items():
        for name, function in rules.items():
            places = [(i, e.who) for i, e in enumerate(HOUR, 1) if e.does is function]
            short = len(owners(name)) == 1
            meaning = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
            found.append(
                ReplaceableRule(name if short else f"{module}_{name}", module,
                                tuple(arguments_of(function)), meaning, tuple(places))
            )  # fmt: skip
    return found
