"""The form of a scenario, its priors in effect, and the JSON schema made from it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import AwareDatetime, Field, PrivateAttr, model_validator

from sim.scenario.observable import Alternative, Observable, Outlet, Reported
from sim.scenario.parameters import PER_LEADER, ROWS, row_of, vector_names
from sim.scenario.part import ASSUMPTION, Part, Positive, Slug, Sources, Span, Text, Window
from sim.scenario.parties import (
    Attack,
    Crowd,
    Decision,
    Deployment,
    Dyad,
    Faction,
    Force,
    Leader,
    Place,
    PloverEvent,
    Scope,
    Trigger,
)
from sim.scenario.priors import Prior
from sim.scenario.rule_file import RuleFile

__all__ = [
    "ASSUMPTION", "Alternative", "Attack", "Clock", "Crowd", "Decision", "Deployment", "Dyad",
    "Faction", "Force", "Leader", "Observable", "Outlet", "ParameterSetting", "Part", "Place",
    "PloverEvent", "Reported", "Scenario", "Scope", "Span", "Trigger", "Variant", "Window",
]  # fmt: skip


FIRST_YEAR = 1000
"""Earlier dates have no four-digit year to print, and the first of all no UTC."""


class Clock(Part):
    """The span simulated and the step."""

    start: AwareDatetime = Field(description="First instant, ISO 8601 with offset.")
    end: AwareDatetime = Field(description="Last instant, ISO 8601 with offset.")
    step_h: float = Field(
        default=1.0, ge=1 / 12, le=6, allow_inf_nan=False, description="Length of a step in hours."
    )

    @model_validator(mode="after")
    def _forwards(self) -> Clock:
        if self.end <= self.start:
            raise ValueError("the clock runs backwards: end is not after start")
        if self.start.year < FIRST_YEAR:
            raise ValueError(f"the clock starts in the year {self.start.year}; the first that can "
                             f"be run is {FIRST_YEAR}")  # fmt: skip
        hours = (self.end - self.start).total_seconds() / 3600
        steps = hours / self.step_h
        if abs(steps - round(steps)) > 1e-9:
            raise ValueError(f"{hours:g} h is not a whole number of steps of {self.step_h:g} h")
        if steps > 50000:
            raise ValueError(f"{steps:.0f} steps are more than the 50000 that a run may have")
        return self

    @property
    def steps(self) -> int:
        return round((self.end - self.start).total_seconds() / 3600 / self.step_h)


class ParameterSetting(Part):
    """A scenario's own value or prior for a parameter, with its source."""

    value: float | None = Field(default=None, allow_inf_nan=False)
    uniform: tuple[float, float] | None = None
    log_uniform: tuple[Positive, Positive] | None = None
    scaled_beta: tuple[Positive, Positive, Positive] | None = Field(
        default=None, description="scale, a, b"
    )
    gamma: tuple[Positive, Positive] | None = Field(default=None, description="shape, scale")
    source: Sources

    @model_validator(mode="after")
    def _one_form(self) -> ParameterSetting:
        given = [x for x in (self.value, *self._families().values()) if x is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of value, uniform, log_uniform, scaled_beta, gamma")
        for low_high in (self.uniform, self.log_uniform):
            if low_high is not None and low_high[1] <= low_high[0]:
                raise ValueError("the prior's range is turned round")
        return self

    def _families(self) -> dict[str, tuple[float, ...] | None]:
        return {
            "uniform": self.uniform,
            "log_uniform": self.log_uniform,
            "scaled_beta": self.scaled_beta,
            "gamma": self.gamma,
        }

    @property
    def prior(self) -> Prior:
        if self.value is not None:
            return Prior("fixed", (self.value,))
        for family, arguments in self._families().items():
            if arguments is not None:
                return Prior(family, tuple(arguments))
        raise AssertionError("validated: one form is given")


class Variant(Part):
    """A named change to the scenario, as dotted paths and their new values."""

    title: Text
    set: dict[str, Any] = Field(min_length=1, description="Dotted path to new value.")
    extrapolation: bool = Field(
        default=False, description="True where no report can speak for the result."
    )


class Scenario(Part):
    """One episode: what is supposed, and what of it is compared with reports."""

    name: Slug
    title: Text
    summary: Text
    evidence: str | None = Field(
        default=None, description="Folder of coded statements, relative to this file."
    )
    priors: str | None = Field(
        default=None,
        description="Prior file, relative to this file; the scenario's own parameters win.",
    )
    clock: Clock
    places: list[Place] = Field(min_length=1, max_length=200)
    factions: list[Faction] = Field(min_length=1, max_length=100)
    crowds: list[Crowd] = Field(default_factory=list, max_length=200)
    dyads: list[Dyad] = Field(default_factory=list, max_length=2000)
    triggers: list[Trigger] = Field(default_factory=list, max_length=2000)
    schedules: list[Trigger] = Field(default_factory=list, max_length=2000)
    deployments: list[Deployment] = Field(default_factory=list, max_length=500)
    decisions: list[Decision] = Field(default_factory=list, max_length=200)
    parameters: dict[str, ParameterSetting] = Field(default_factory=dict)
    outlets: list[Outlet] = Field(default_factory=list, max_length=200)
    observables: list[Observable] = Field(default_factory=list, max_length=500)
    variants: dict[Slug, Variant] = Field(default_factory=dict)
    _rules: RuleFile | None = PrivateAttr(default=None)  # no key: a file cannot set it

    @property
    def rules(self) -> RuleFile | None:
        """The rules of the user's own that the scenario runs under; None for the model's."""
        return self._rules

    def under(self, rules: RuleFile | None) -> Scenario:
        """The same scenario under a file of rules, or under the model's own."""
        changed = self.model_copy()
        changed._rules = rules
        return changed

    @property
    def leaders(self) -> list[str]:
        """Leader ids in the order of their factions; the order of the parameter vector."""
        return [faction.leader.id for faction in self.factions if faction.leader is not None]


def effective_priors(scenario: Scenario) -> dict[str, Prior]:
    """Prior of every entry of the parameter vector, in its order; fixed values are priors too."""
    return {
        name: (
            scenario.parameters[name].prior if name in scenario.parameters else row_of(name).prior
        )
        for name in vector_names(scenario.leaders)
    }


def json_schema() -> dict[str, Any]:
    """The schema as a dictionary, parameters with unit, meaning, prior and source."""
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Standdown scenario"
    setting = schema["properties"]["parameters"]["additionalProperties"]
    properties: dict[str, Any] = {}
    patterns: dict[str, Any] = {}
    for row in ROWS:
        described = {
            "allOf": [setting],
            "description": f"{row.meaning} Unit: {row.unit}. Default: {row.prior}. "
            f"Source: {row.source}.",
        }
        if row.name == PER_LEADER:
            patterns[f"^{PER_LEADER}\\.[a-z][a-z0-9_]*$"] = described
        else:
            properties[row.name] = described
    schema["properties"]["parameters"] = {
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": False,
    }
    return schema


def schema_text() -> str:
    """The schema as it stands in a file beside scenarios."""
    return json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
