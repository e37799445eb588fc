"""A rulebook: the hour, how a run begins and the kernel made of both, under the model's own rules
or with some of the user's in their place.

Both engines take their functions from here, so they run under the same rules, whichever these are.
"""

from __future__ import annotations

import ast
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from sim.model import begin, hour, kernel
from sim.model.cache import CacheFolder, cache_root, open_cache
from sim.model.compiled import CACHE, compiled, own_rule, source_hash
from sim.model.copies import RULE_MODULES, SHARED, Copies
from sim.model.hour import Entry
from sim.model.rule_check import CheckedRules, check_rules
from sim.model.rule_effects import still_spared
from sim.scenario.rule_file import RuleFile

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Rulebook:
    """What a run follows.

    Attributes:
        hour: who does what, in order.
        begin, take_over: how a run begins, and goes on in another world.
        run_block: the compiled kernel.
        cache: where the kernel is kept.
        rules: the user's own among them.
    """

    hour: tuple[Entry, ...]
    begin: Rule
    take_over: Rule
    run_block: Any
    cache: CacheFolder
    rules: RuleFile | None = None


STANDARD = Rulebook(hour.HOUR, begin.begin, begin.take_over, kernel.run_block, CACHE)
"""The model as it stands."""

_MADE: dict[str, Rulebook] = {}
_LOCK = threading.RLock()


def rulebook_of(rules: RuleFile | None) -> Rulebook:
    """The rulebook with some rules of the user's own, made once; raises InputError."""
    if rules is None:
        return STANDARD
    with _LOCK:  # the threads of a sweep may ask at the same time
        if rules.hash not in _MADE:
            _MADE[rules.hash] = _made(check_rules(rules))
        return _MADE[rules.hash]


def _made(checked: CheckedRules) -> Rulebook:
    """Put the functions of a file in place in copies of the model's modules, and compose anew."""
    rules = checked.file
    copies = Copies(rules.package)
    modules = {name: copies.module(name) for name in RULE_MODULES}
    beginning, hours = copies.module("begin"), copies.module("hour")
    own, standard = _own_functions(copies, modules, checked)
    changes = {}
    for module, name, replacement in checked.replaced:
        original = getattr(modules[module], name)
        changes[original] = own[replacement]
        setattr(standard, replacement, original)
    spared = still_spared(checked)
    entries = [
        Entry(entry.who, *(changes.get(part, part) for part in entry[1:]))
        if spared[number]
        else Entry(entry.who, changes.get(entry.does, entry.does))
        for number, entry in enumerate(hours.HOUR)
    ]
    entries = _with_additions(entries, hour.HOUR, checked, own)
    copies.replace(changes)
    whole = tuple(entries)
    hours.__dict__["HOUR"] = whole  # of which the kernel is composed
    cache = open_cache(cache_root(), f"rules-{source_hash()}-{rules.hash}")
    source = copies.module("kernel").run_block
    run_block = compiled(getattr(source, "py_func", source), cache=cache)
    return Rulebook(whole, beginning.begin, beginning.take_over, run_block, cache, rules)


def _own_functions(
    copies: Copies, modules: dict[str, ModuleType], checked: CheckedRules
) -> tuple[dict[str, Rule], ModuleType]:
    """The functions of a file, made to be compiled, and the module ``standard`` that they see."""
    standard = ModuleType(f"{copies.package}.standard")
    shared = {name: import_module(f"{__package__}.{name}") for name in SHARED}
    known = {**modules, **shared, "standard": standard, "math": math}
    code = compile(ast.fix_missing_locations(checked.tree), checked.file.package, "exec")
    module = copies.run("own", code, {"__file__": checked.file.package, **known})
    functions = {name: own_rule(getattr(module, name)) for name in checked.functions}
    return functions, standard


def _with_additions(
    entries: list[Entry], before: tuple[Entry, ...], checked: CheckedRules, own: dict[str, Rule]
) -> list[Entry]:
    """The hour with the entries that a file adds, each at the side of one that stands there."""
    ahead: dict[int, list[Entry]] = {}
    behind: dict[int, list[Entry]] = {}
    for one in checked.additions:
        place = ahead if one.where == "before" else behind
        place.setdefault(one.position, []).append(Entry(one.who, own[one.name]))
    found: list[Entry] = []
    for number in range(len(before)):
        found += [*ahead.get(number, []), entries[number], *behind.get(number, [])]
    return found
