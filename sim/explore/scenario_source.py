"""A source: one scenario in one variant, whole in itself, as the points of a sweep change it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.inputs import InputError, Problem, nearest
from sim.model.rule_check import check_rules
from sim.scenario import (
    LoadedScenario,
    RuleFile,
    Scenario,
    load_checked,
    paths,
    scenario_hash,
    with_settings,
)
from sim.scenario.schema import Clock

REASON = "set by a sweep"
AS_WRITTEN = "as_written"


@dataclass(frozen=True)
class ScenarioSource:
    """A scenario as run, variant and settings applied.

    Attributes:
        path: the file as the user named it.
        variant: its name, or None for the scenario as written.
        settings: what was set over the file.
        hash: of the scenario as run.
        text: the scenario as run, JSON; what workers and a resume run from.
        rules: those of the user's own that it runs under, with their text.
    """

    path: str
    variant: str | None
    settings: dict[str, Any]
    hash: str
    text: str
    rules: RuleFile | None = None

    @property
    def scenario(self) -> Scenario:
        return Scenario.model_validate(self.data).under(self.rules)

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.text)
        return data

    @cached_property
    def name(self) -> str:
        return str(self.data["name"])

    def changed(self, values: Mapping[str, Any]) -> Scenario:
        """The scenario with settings by path; raises PathError or pydantic's ValidationError."""
        data = self.data
        for path, value in values.items():
            data = paths.apply(data, path, value, REASON)
        return Scenario.model_validate(data).under(self.rules)

    def described(self) -> dict[str, Any]:
        described: dict[str, Any] = {
            "path": self.path, "variant": self.variant, "settings": self.settings,
            "hash": self.hash, "scenario": self.data,
        }  # fmt: skip
        if self.rules is not None:
            described["rules"] = {"path": self.rules.path, "text": self.rules.text}
        return described


def source_from(described: dict[str, Any]) -> ScenarioSource:
    """The inverse of `Source.described`."""
    text = json.dumps(described["scenario"], ensure_ascii=False)
    rules = RuleFile(**described["rules"]) if "rules" in described else None
    if rules is not None:
        check_rules(rules)
    return ScenarioSource(
        described["path"],
        described["variant"],
        described["settings"],
        described["hash"],
        text,
        rules,
    )


@dataclass(frozen=True)
class LoadedSource:
    """A source with the file and evidence against which changes of it are checked."""

    source: ScenarioSource
    loaded: LoadedScenario

    def problems_of(self, values: Mapping[str, Any], where: str) -> list[Problem]:
        """What is wrong with a change, cross-checks included; empty if nothing is."""
        document = replace(self.loaded.document, data=self.source.data)
        try:
            with_settings(replace(self.loaded, document=document), values)
        except InputError as error:
            return [
                Problem(where, None, None, p.message.partition(": ")[2] or p.message, p.expected,
                        p.nearest or _nearest_key(p, values))
                for p in error.problems
            ]  # fmt: skip
        return []


def _nearest_key(problem: Problem, values: Mapping[str, Any]) -> str | None:
    """The key meant by an unknown one: a whole scenario has every key, so none is left to offer."""
    if problem.expected is None or "unknown key" not in problem.message:
        return None
    known = problem.expected.removeprefix("one of ").split(", ")
    return next((k for path in values if (k := nearest(path.rpartition(".")[2], known))), None)


def load_source(
    path: str | Path,
    variant: str | None,
    settings: Mapping[str, Any],
    still_violent_after: float | None = None,
    rules: RuleFile | None = None,
) -> LoadedSource:
    """Load and check a scenario; with `still_violent_after` it gets an observable of that name.

    Raises InputError.
    """
    loaded = load_checked(path, variant, settings, rules)
    scenario = loaded.scenario
    if still_violent_after is not None:
        scenario = _with_lasting_violence(scenario, still_violent_after, str(path))
    return LoadedSource(source_of(scenario, str(path), variant, settings), loaded)


def source_of(
    scenario: Scenario, path: str = "", variant: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> ScenarioSource:  # fmt: skip
    """A source from a scenario that a program has made."""
    data = scenario.model_dump(mode="json")
    text = json.dumps(data, ensure_ascii=False)
    return ScenarioSource(
        path, variant, dict(settings or {}), scenario_hash(scenario), text, scenario.rules
    )


def _with_lasting_violence(scenario: Scenario, hours: float, path: str) -> Scenario:
    """The scenario, and whether any clash happens later than so many hours after its start."""
    clock: Clock = scenario.clock
    length = (clock.end - clock.start).total_seconds() / 3600
    if not 0 < hours < length:
        message = f"--still-violent-after {hours:g}: not inside the scenario's clock"
        raise InputError([Problem(path, None, None, message, f"hours from 0 to {length:g}")])
    data = scenario.model_dump(mode="json")
    start = clock.start.timestamp() + hours * 3600
    since = clock.start.fromtimestamp(start, clock.start.tzinfo)
    data["observables"].append(
        {
            "id": f"still_violent_{hours:g}h".replace(".", "_"),
            "title": f"Any clash later than {hours:g} h after the start",
            "measure": "clashes", "statistic": "any",
            "span": {"start": since.isoformat(), "end": clock.end.isoformat()},
            "reported": {"missing": True}, "role": "base_rate",
        }
    )  # fmt: skip
    return Scenario.model_validate(data).under(scenario.rules)


def changed_settings(then: dict[str, Any], now: dict[str, Any], prefix: str = "") -> list[str]:
    """Dotted paths at which two scenarios' data differ, in words, at most one per leaf."""
    found = []
    for key in [*then, *(k for k in now if k not in then)]:
        path = f"{prefix}{key}"
        before, after = then.get(key), now.get(key)
        if before == after:
            continue
        if isinstance(before, list) and isinstance(after, list):
            before, after = _by_name(before), _by_name(after)
        if isinstance(before, dict) and isinstance(after, dict):
            found += changed_settings(before, after, f"{path}.")
        else:
            found.append(f"{path} ({_brief(before)} then, {_brief(after)} now)")
    return found


def _by_name(items: list[Any]) -> dict[str, Any]:
    names = [
        str(item.get("id") or "-".join(item.get("between", [])) or item.get("place") or number)
        if isinstance(item, dict) else str(number)
        for number, item in enumerate(items)
    ]  # fmt: skip
    return dict(zip(names, items, strict=True))


def _brief(value: Any) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."
