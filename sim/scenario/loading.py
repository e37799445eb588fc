"""Loading a scenario: file, variant and settings in; a checked scenario out, or all its errors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from sim.evidence import Evidence, load_evidence
from sim.inputs import Document, InputError, Problem, nearest, read_yaml, validate
from sim.scenario import paths
from sim.scenario.crosscheck import CrossCheck
from sim.scenario.parameters import row_of
from sim.scenario.paths import check_inside, parameter_names
from sim.scenario.rule_file import RuleFile
from sim.scenario.schema import (
    ASSUMPTION,
    Crowd,
    Decision,
    Deployment,
    Dyad,
    Force,
    ParameterSetting,
    Part,
    Place,
    Scenario,
    Scope,
    Text,
    Trigger,
    Variant,
)

PARTS = (Crowd, Decision, Deployment, Dyad, Force, Place, Scope, Trigger)


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario with the file and the evidence that it rests on."""

    scenario: Scenario
    document: Document
    evidence: Evidence | None

    @property
    def as_written(self) -> Scenario:
        """The scenario as its file stands, before any variant or setting."""
        return load_scenario(self.document.path, rules=self.scenario.rules)


def load_scenario(
    path: str | Path,
    variant: str | None = None,
    settings: Mapping[str, Any] | None = None,
    rules: RuleFile | None = None,
) -> Scenario:
    """The scenario of a file, with a variant and settings applied in that order.

    ``settings`` maps dotted paths to values, as ``{"compliance": 0.7}``; ``rules`` are those of the
    user's own that it is to run under. Raises InputError with every problem of the file, the
    variant and the settings.
    """
    return load_checked(path, variant, settings, rules).scenario


def load_checked(
    path: str | Path,
    variant: str | None = None,
    settings: Mapping[str, Any] | None = None,
    rules: RuleFile | None = None,
) -> LoadedScenario:
    """As :func:`load_scenario`, with the document and the evidence beside it. Raises InputError."""
    document = with_priors(read_yaml(str(path)))
    scenario = validate(Scenario, document)
    evidence = _evidence(scenario, document)
    problems = CrossCheck(scenario, document, evidence).run()
    if problems:
        raise InputError(problems)
    _check_variants(scenario, document, evidence)
    changed = document.data
    if variant is not None:
        changed = _with_variant(changed, scenario, document, variant)
    changed = _set_all(changed, settings or {}, str(path))
    if changed is not document.data:
        scenario = _check_set(replace(document, data=changed), evidence, settings or {})
    return LoadedScenario(scenario.under(rules), document, evidence)


def with_rules(loaded: LoadedScenario, rules: RuleFile | None) -> LoadedScenario:
    """A loaded file under rules of the user's own; its variants and settings too."""
    return replace(loaded, scenario=loaded.scenario.under(rules))


def with_settings(loaded: LoadedScenario, settings: Mapping[str, Any]) -> Scenario:
    """A loaded file's scenario with settings applied; raises InputError."""
    changed = _set_all(loaded.document.data, settings, loaded.document.path)
    document = replace(loaded.document, data=changed)
    return _check_set(document, loaded.evidence, settings).under(loaded.scenario.rules)


def with_base(loaded: LoadedScenario, settings: Mapping[str, Any]) -> LoadedScenario:
    """A loaded file with settings applied, so that its variants stand on them too."""
    changed = _set_all(loaded.document.data, settings, loaded.document.path)
    document = replace(loaded.document, data=changed)
    scenario = _check_set(document, loaded.evidence, settings)
    return replace(loaded, scenario=scenario.under(loaded.scenario.rules), document=document)


def with_variant(loaded: LoadedScenario, variant: str) -> Scenario:
    """A loaded file's scenario in one of its variants; raises InputError for an unknown one."""
    changed = _with_variant(loaded.document.data, loaded.scenario, loaded.document, variant)
    document = replace(loaded.document, data=changed)
    return _check(document, loaded.evidence).under(loaded.scenario.rules)


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the scenario as run, in canonical JSON, first 16 hex digits.

    Keys at their default are left out, so that a key which is new to the form and off moves no
    identity; a default that changes moves the code's. Rules of the user's own are part of it.
    """
    said = scenario.model_dump(mode="json", exclude_defaults=True)
    if scenario.rules is not None:
        said["rules of the user's own"] = scenario.rules.hash
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _evidence(scenario: Scenario, document: Document) -> Evidence | None:
    if scenario.evidence is None:
        return None
    folder = Path(document.path).parent / scenario.evidence
    check_inside(document, "evidence", scenario.evidence)
    if not folder.is_dir():
        raise InputError(
            [document.problem(("evidence",), f"no folder '{scenario.evidence}'",
                              "a folder of coded statements, relative to this file")]
        )  # fmt: skip
    return load_evidence(folder)


def _check(document: Document, evidence: Evidence | None) -> Scenario:
    scenario = validate(Scenario, document)
    problems = CrossCheck(scenario, document, evidence).run()
    if problems:
        raise InputError(problems)
    return scenario


def _check_set(
    document: Document, evidence: Evidence | None, settings: Mapping[str, Any]
) -> Scenario:
    """As `_check`; what a setting made wrong is not at the place where the file has it."""
    try:
        return _check(document, evidence)
    except InputError as error:
        if not settings:
            raise
        given = ", ".join(f"{path}={value}" for path, value in settings.items())
        raise InputError(
            [
                replace(p, line=None, column=None, message=f"with {given}: {p.message}")
                for p in error.problems
            ]
        ) from None


def _sibling(path: str) -> str | None:
    """The nearest key that the schema knows for the last part of a path."""
    known = {key for part in PARTS for key in part.model_fields}
    last = path.rpartition(".")[2]
    return None if last in known else nearest(last, sorted(known))


def _set_all(data: dict[str, Any], settings: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Raw data with every setting applied; raises InputError with all that lead nowhere."""
    problems: list[Problem] = []
    for path, value in settings.items():
        try:
            data = _set(data, path, value, "set by the user", where)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return data


def _set(data: dict[str, Any], path: str, value: Any, reason: str, where: str) -> dict[str, Any]:
    try:
        return paths.apply(data, path, value, reason)
    except paths.PathError as error:
        raise InputError(
            [Problem(where, None, None, error.message, error.expected, error.nearest)]
        ) from None


def _with_variant(
    data: dict[str, Any], scenario: Scenario, document: Document, variant: str
) -> dict[str, Any]:
    if variant not in scenario.variants:
        known = list(scenario.variants)
        raise InputError(
            [document.problem(("variants",), f"unknown variant '{variant}'",
                              f"one of {', '.join(known)}" if known else "none are defined",
                              nearest(variant, known))]
        )  # fmt: skip
    for path, value in scenario.variants[variant].set.items():
        data = _set(data, path, value, f"variant {variant}", document.path)
    return data


def _check_variants(scenario: Scenario, document: Document, evidence: Evidence | None) -> None:
    problems: list[Problem] = []
    for name, variant in scenario.variants.items():
        try:
            _check(replace(document, data=_with_variant_data(document, variant)), evidence)
        except (InputError, paths.PathError):
            problems += _blame(name, variant, document, evidence)
    if problems:
        raise InputError(problems)


def _with_variant_data(document: Document, variant: Variant) -> dict[str, Any]:
    data = document.data
    for path, value in variant.set.items():
        data = paths.apply(data, path, value, "variant")
    return data


def _blame(
    name: str, variant: Variant, document: Document, evidence: Evidence | None
) -> list[Problem]:
    """The problems of a variant, each at the first of its settings that brings it about."""
    problems: list[Problem] = []
    data = document.data
    for path, value in variant.set.items():
        loc = ("variants", name, "set", path)
        try:
            data = paths.apply(data, path, value, f"variant {name}")
            _check(replace(document, data=data), evidence)
        except paths.PathError as error:
            problems.append(document.problem(loc, error.message, error.expected, error.nearest))
        except InputError as error:
            problems += [
                document.problem(
                    loc, f"'{path}': {p.message}", p.expected, p.nearest or _sibling(path)
                )
                for p in error.problems
            ]
            break
    return problems


class PriorFile(Part):
    """The content of a prior file."""

    title: Text = Field(description="What the priors were estimated from.")
    parameters: Annotated[dict[str, ParameterSetting], Field(min_length=1)] = Field(
        description="Parameter to prior, each with its source in words."
    )


def with_priors(document: Document) -> Document:
    """A scenario's document with the priors of the file it names under its own parameters.

    The scenario's own settings win. The key `priors` itself is gone from the data, so that the
    scenario as run holds every prior and rests on no other file.

    Raises:
        InputError: the prior file cannot be used with this scenario; positions are in that file.
    """
    name = document.data.get("priors")
    own = document.data.get("parameters", {})
    if not isinstance(name, str) or not isinstance(own, dict):
        return document
    path = Path(document.path).parent / name
    check_inside(document, "priors", name)
    if not path.is_file():
        raise InputError([document.problem(("priors",), f"no file '{name}'",
                                           "a prior file, relative to this file")])  # fmt: skip
    found = read_yaml(path)
    settings = validate(PriorFile, found).parameters
    problems = _problems(found, settings, parameter_names(document.data))
    if problems:
        raise InputError(problems)
    merged: dict[str, Any] = {}
    for key in settings:
        raw = dict(found.data["parameters"][key])
        sources = raw["source"] if isinstance(raw["source"], list) else [raw["source"]]
        raw["source"] = [f"{ASSUMPTION}: prior file {name}: {text}"[:1000] for text in sources]
        merged[key] = raw
    data = {key: value for key, value in document.data.items() if key != "priors"}
    data["parameters"] = {**merged, **own}
    return replace(document, data=data)


def _problems(
    document: Document, settings: dict[str, ParameterSetting], names: list[str]
) -> list[Problem]:
    problems = []
    for name, setting in settings.items():
        loc = ("parameters", name)
        if name not in names:
            problems.append(
                document.problem(loc, f"unknown parameter '{name}' of the scenario",
                                 "a name of the registry", nearest(name, names))
            )  # fmt: skip
            continue
        row, (low, high) = row_of(name), setting.prior.bounds()
        if low < row.low or (high > row.high and high < float("inf")):
            problems.append(
                document.problem(loc, f"'{name}' reaches from {low:g} to {high:g} {row.unit}",
                                 f"a value from {row.low:g} to {row.high:g}")
            )  # fmt: skip
    return problems
