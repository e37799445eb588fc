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
from sim.show.explorer.shelf import Shelved

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
    if text is None or _plain(text) != _plain(_dumped(wanted)):
        return _dumped(wanted)
    return text


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


def _dumped(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=False, width=100)


def _plain(text: str) -> Any:
    """What a YAML text says, for comparing two; None where it says nothing that can be read."""
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # makes strings only
    except yaml.YAMLError:
        return None
