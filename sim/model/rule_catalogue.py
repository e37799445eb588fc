"""The catalogue of rules: what a file of the user's own may replace, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from sim.model.copies import RULE_MODULES
from sim.model.hour import HOUR, Entry

PLUMBING = ("draw", "draw_row")
"""Functions among the rules through which every random number comes; not to be replaced."""


@cache
def replaceable() -> dict[str, dict[str, Callable[..., Any]]]:
    """Every rule that a file may replace, by module and name."""
    return {
        name: {
            rule: function
            for rule, function in vars(import_module(f"{__package__}.{name}")).items()
            if inspect.isfunction(function)
            and function.__module__ == f"{__package__}.{name}"
            and rule not in PLUMBING
        }
        for name in RULE_MODULES
    }


def entry_name(entry: Entry) -> str:
    """An entry of the hour as a file names it where its rule's name alone is not enough."""
    return f"{entry.does.__module__.rpartition('.')[2]}.{entry.name}"


def owners(name: str) -> list[tuple[str, str]]:
    """The rules that a function's name stands for: ``module_rule``, or ``rule`` of any module."""
    known = replaceable()
    module, _, rest = name.partition("_")
    if rest in known.get(module, {}):
        return [(module, rest)]
    return [(module, name) for module, rules in known.items() if name in rules]


def arguments_of(function: Callable[..., Any]) -> list[str]:
    """The names of a rule's arguments."""
    return list(inspect.signature(function).parameters)


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
                ReplaceableRule(
                    name if short else f"{module}_{name}",
                    module,
                    tuple(arguments_of(function)),
                    meaning,
                    tuple(places),
                )
            )
    return found
