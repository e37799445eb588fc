"""A prior file: priors estimated elsewhere that a scenario names instead of assuming its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from sim.inputs import Document, InputError, Problem, nearest, read_yaml, validate
from sim.scenario.inside import check_inside
from sim.scenario.parameters import row_of
from sim.scenario.paths import parameter_names
from sim.scenario.schema import ASSUMPTION, ParameterSetting, Part, Text


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
