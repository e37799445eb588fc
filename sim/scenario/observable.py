"""What is reported and compared: outlets, reported values, observables."""

from __future__ import annotations

import math

from pydantic import AwareDatetime, Field, model_validator

from sim.scenario.part import NotNegative, Part, Share, Slug, Sources, Span, Text
from sim.scenario.vocabulary import Measure, ReportRule, Role, Statistic


class Outlet(Part):
    """An outlet that reports the toll with its own lag and rounding."""

    id: Slug
    name: Text
    publishes: AwareDatetime
    lag_h: tuple[NotNegative, NotNegative] = Field(
        description="Lowest and highest age in hours of what it knows; drawn uniform per replicate."
    )
    counts: Measure = Field(default=Measure.DEAD, description="dead, wounded or crowd.")
    places: list[Slug] | None = None
    rule: ReportRule
    source: Sources

    @model_validator(mode="after")
    def _countable(self) -> Outlet:
        if self.counts not in (Measure.DEAD, Measure.WOUNDED, Measure.CROWD):
            raise ValueError("an outlet counts dead, wounded or crowd")
        if self.lag_h[1] < self.lag_h[0]:
            raise ValueError("lag_h is turned round: the highest is below the lowest")
        return self


class Alternative(Part):
    """One of several readings of a disputed fact."""

    weight: Share
    low: NotNegative | None = None
    best: NotNegative | None = None
    high: NotNegative | None = None
    at_least: NotNegative | None = None
    unknown: bool = False


class Reported(Part):
    """What was reported: a number with its range, a time window, or disagreeing alternatives."""

    low: NotNegative | None = None
    best: NotNegative | None = None
    high: NotNegative | None = None
    at_least: NotNegative | None = None
    earliest: AwareDatetime | None = None
    latest: AwareDatetime | None = None
    alternatives: list[Alternative] | None = None
    missing: bool = Field(default=False, description="True where nothing was reported.")

    @model_validator(mode="after")
    def _says_something(self) -> Reported:
        numbers = [x for x in (self.low, self.best, self.high) if x is not None]
        if numbers != sorted(numbers):
            raise ValueError("low, best and high are not in order")
        if (self.earliest is None) != (self.latest is None):
            raise ValueError("a reported time needs both earliest and latest")
        if self.earliest is not None and self.latest is not None and self.latest < self.earliest:
            raise ValueError("the window is turned round: latest is before earliest")
        kinds = [
            bool(numbers) or self.at_least is not None,
            self.earliest is not None,
            self.alternatives is not None,
            self.missing,
        ]
        if sum(kinds) != 1:
            raise ValueError("give one of: numbers, a time window, alternatives, missing: true")
        if self.alternatives is not None and not math.isclose(
            sum(a.weight for a in self.alternatives), 1.0, abs_tol=1e-6
        ):
            raise ValueError("the weights of the alternatives do not add up to 1")
        return self


class Observable(Part):
    """One number of a run that is compared with a report."""

    id: Slug
    title: Text
    measure: Measure
    statistic: Statistic
    places: list[Slug] | None = Field(default=None, description="Left out: all places.")
    factions: list[Slug] | None = Field(
        default=None, description="Whose dead or wounded, or both sides of the clashes counted."
    )
    decision: Slug | None = Field(default=None, description="For measure order.")
    outlet: Slug | None = Field(default=None, description="For measure report.")
    span: Span | None = Field(default=None, description="Left out: the whole clock.")
    reported: Reported
    facts: list[str] = Field(default_factory=list, description="Statement ids it rests on.")
    role: Role
    notes: Text | None = None
