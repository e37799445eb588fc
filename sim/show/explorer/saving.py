"""Saving a variant: the scenario's own file with one more variant in it, comments and all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from sim.inputs import InputError, Problem
from sim.scenario import Scenario
from sim.scenario.loading import with_variant
from sim.scenario.schema import Variant
from sim.show.explorer.futures import Shelved

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
HEADING = re.compile(r"^variants:[ \t]*(#.*)?$", re.MULTILINE)


def variant_file(
    shelved: Shelved, name: str, title: str, settings: Mapping[str, Any], beyond: bool = False
) -> str:
    """The text of a scenario file that has ``settings`` as its variant ``name``.

    Raises InputError: a name that is taken or is no name, no settings, or settings that cannot be.
    """
    scenario, path = shelved.loaded.scenario, shelved.loaded.document.path
    if not NAME.fullmatch(name):
        expected = "small letters, digits and _, a letter first"
        raise InputError([Problem(path, None, None, f"'{name}' is no name", expected)])
    if name in scenario.variants:
        raise InputError([Problem(path, None, None, f"there is a variant '{name}' already")])
    if not settings:
        raise InputError([Problem(path, None, None, "nothing is changed", "a control moved")])
    entry: dict[str, Any] = {"title": title or name, "set": dict(settings)}
    if beyond:
        entry["extrapolation"] = True
    wanted = dict(shelved.loaded.document.data)
    wanted["variants"] = {**(wanted.get("variants") or {}), name: entry}
    _check(shelved, wanted, name)
    text = _inserted(shelved.text, name, entry)
    if text is not None and _only_added(shelved.text, text, name, entry):
        return text
    return yaml.safe_dump(wanted, sort_keys=False, allow_unicode=False, width=100)


def _check(shelved: Shelved, data: dict[str, Any], name: str) -> Scenario:
    """The variant as ``run`` will see it; raises InputError."""
    loaded = shelved.loaded
    variants = {**loaded.scenario.variants, name: Variant.model_validate(data["variants"][name])}
    whole = replace(
        loaded,
        scenario=loaded.scenario.model_copy(update={"variants": variants}),
        document=replace(loaded.document, data=data),
    )
    return with_variant(whole, name)


def _inserted(text: str, name: str, entry: dict[str, Any]) -> str | None:
    """The file's text with the variant as the first under its heading, or at the end."""
    line = f"  {name}: {json.dumps(entry)}\n"  # JSON is YAML, quotes and marks escaped
    heading = HEADING.search(text)
    if heading is not None:
        at = text.index("\n", heading.end()) + 1 if "\n" in text[heading.end() :] else len(text)
        return text[:at] + line + text[at:]
    if re.search(r"^variants:", text, re.MULTILINE):
        return None  # written on one line: only a dump can hold one more
    return text.rstrip("\n") + f"\n\nvariants:\n{line}"


def _only_added(before: str, after: str, name: str, entry: dict[str, Any]) -> bool:
    """Whether the longer text says what the shorter does, and the variant beside it."""
    try:
        # values as written: "0.10" is not to become 0.1
        old, new = (yaml.load(text, Loader=yaml.BaseLoader) for text in (before, after))
        wanted = yaml.load(json.dumps(entry), Loader=yaml.BaseLoader)
        added = new["variants"].pop(name)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        return False
    old["variants"] = old.get("variants") or {}
    return bool(added == wanted and new == old)
