"""Effects: what each rule reads, writes and calls, found in its source.

The kernel passes over whoever would do nothing in a step. That it may is known of the model's own
rules. Where a rule of the user's own could touch what this rests on, the kernel asks everybody, as
Mesa does: slower, and right whatever the rule does. Fields are told apart by name alone, so two of
one name count as one, and too many are asked rather than too few.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import Any

from sim.model import begin, hour
from sim.model.copies import RULE_MODULES
from sim.model.layout import CHANGING, State
from sim.model.rule_check import CheckedRules

Key = tuple[str, str]
"""A function: the last part of its module's name, and its own."""
OWN = "own"
"""What stands for the module of the user's own functions."""
ARRAYS = set(State._fields) - set(CHANGING) - {"sides", "p"}
"""What of the state are numbers, not records with fields."""
OF_ROWS = {"chances", "book", "log"}
ANALYSED = (*RULE_MODULES, "begin", "journal", "book")


@dataclass(frozen=True)
class RuleEffect:
    """What one function reads, writes and calls itself, fields and arrays by name."""

    reads: frozenset[str]
    writes: frozenset[str]
    calls: frozenset[Key]


def effect_of(function: ast.FunctionDef, found: Callable[[ast.expr], Key | None]) -> RuleEffect:
    """The effect of a function; ``found`` tells which rule a called expression is."""
    reads: set[str] = set()
    writes: set[str] = set()
    calls: set[Key] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            if isinstance(node.slice.value, str):
                (writes if isinstance(node.ctx, ast.Store) else reads).add(node.slice.value)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            writes |= _arrays(node.value)
        elif isinstance(node, ast.Attribute):
            reads |= _arrays(node)
        elif isinstance(node, ast.Call):
            calls |= {key for key in [found(node.func)] if key is not None}
            for argument in node.args:  # a row that is handed on may be written to
                if not _is_number(argument):
                    writes |= _arrays(argument)
    return RuleEffect(frozenset(reads | writes), frozenset(writes), frozenset(calls))


def _arrays(node: ast.expr) -> set[str]:
    """The name of an array of numbers of the state that an expression is, or is a part of."""
    while isinstance(node, ast.Subscript):
        node = node.value
    is_state = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "s"
    return {node.attr} & ARRAYS if isinstance(node, ast.Attribute) and is_state else set()


def _is_number(node: ast.expr) -> bool:
    """Whether an argument is one number of an array, not a row of it."""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
        return False
    return not (isinstance(node.value, ast.Attribute) and node.value.attr in OF_ROWS)


@cache
def effects_of_model() -> dict[Key, RuleEffect]:
    """The effects of every function of the modules that an hour is made of."""
    found = {}
    for name in ANALYSED:
        module = import_module(f"{__package__}.{name}")
        which = partial(_key, vars(module))
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef):
                found[name, node.name] = effect_of(node, which)
    return found


def key_of(function: Any) -> Key:
    """The key of a rule of the model."""
    return function.__module__.rpartition(".")[2], function.__name__


def _key(names: dict[str, Any], called: ast.expr) -> Key | None:
    """Which rule of the model an expression stands for in a module with these names."""
    value: Any = None
    if isinstance(called, ast.Name):
        value = names.get(called.id)
    elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        value = getattr(names.get(called.value.id), called.attr, None)
    return key_of(value) if inspect.isfunction(value) else None


def _reached(start: Iterable[Key], effects: dict[Key, RuleEffect]) -> set[Key]:
    """These functions and all that they call, straight or through others."""
    found: set[Key] = set()
    left = [key for key in start if key in effects]
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left += [other for other in effects[key].calls if other in effects]
    return found


def _written(keys: Iterable[Key], effects: dict[Key, RuleEffect]) -> set[str]:
    return {name for key in keys for name in effects[key].writes}


def still_spared(checked: CheckedRules) -> list[bool]:
    """For each entry of the hour whether its conditions hold on under these rules.

    They do where the entry calls no rule that is replaced, reads nothing that the file's functions
    or those in whose place they are write, nor what whoever calls these writes with what it gets
    from them; and where no run begins by a rule that is replaced.
    """
    model = effects_of_model()
    replaced = {(module, name): own for module, name, own in checked.replaced}
    own = {(OWN, name): _own_effect(node, checked) for name, node in checked.functions.items()}
    both = {**model, **own}
    if set(replaced) & _reached([key_of(begin.begin), key_of(begin.take_over)], model):
        return [False] * len(hour.HOUR)
    touched = _written(_reached([*own, *replaced], both), both)
    callers = {key for key in model if set(replaced) & _reached([key], model)}
    touched |= _written(callers, model)
    return [_is_free(entry, touched, set(replaced), model) for entry in hour.HOUR]


def _is_free(
    entry: hour.Entry, touched: set[str], replaced: set[Key], model: dict[Key, RuleEffect]
) -> bool:
    parts = [part for part in entry[1:] if part is not None]
    called = _reached([key_of(part) for part in parts], model)
    read = {name for key in called for name in model[key].reads}
    return not called & replaced and not read & touched


def _own_effect(node: ast.FunctionDef, checked: CheckedRules) -> RuleEffect:
    """The effect of one of the file's functions."""

    def found(called: ast.expr) -> Key | None:
        if isinstance(called, ast.Name):
            return (OWN, called.id) if called.id in checked.functions else None
        if not (isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)):
            return None
        if called.value.id == "standard":
            return next(((m, n) for m, n, own in checked.replaced if own == called.attr), None)
        return called.value.id, called.attr

    return effect_of(node, found)
