"""The form of a scenario file: what may stand in it, with units, ranges and descriptions."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from sim.scenario.priors import Prior
from sim.scenario.vocabulary import (
    Activity,
    DecisionMode,
    FactionKind,
    Measure,
    OrderKind,
    ReportRule,
    Role,
    Statistic,
)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Hours = Annotated[float, Field(ge=-10000, le=10000, allow_inf_nan=False)]

ASSUMPTION = "assumption"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Sources = Annotated[
    list[Annotated[str, StringConstraints(min_length=3, max_length=1000)]],
    BeforeValidator(_as_list),
    Field(
        min_length=1,
        description="Statement ids of the evidence, or a text that begins with 'assumption'.",
    ),
]


class Part(BaseModel):
    """Base of every part of a scenario: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(Part):
    """A span of time within which something happened, as wide as the reports leave it."""

    earliest: AwareDatetime = Field(description="Earliest time, ISO 8601 with offset.")
    latest: AwareDatetime = Field(description="Latest time, ISO 8601 with offset.")

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.latest < self.earliest:
            raise ValueError("the window is turned round: latest is before earliest")
        return self


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


class Place(Part):
    """A node of the network of places."""

    id: Slug
    name: Text
    authority: Share = Field(description="How strongly the state holds the place, 0 to 1.")
    security_presence: Share = Field(
        default=0.0, description="Share of the security forces present at the start, 0 to 1."
    )
    security_garrison: Share = Field(
        default=0.0, description="Share of the security forces that never leaves, 0 to 1."
    )
    links: list[Slug] | None = Field(
        default=None, description="Linked places for spillover; left out: all others."
    )
    guarded_site: bool = Field(default=False, description="Whether crowds can push a site here.")
    rocket_target: bool = Field(default=False, description="Whether rockets are fired at it.")
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    source: Sources


class Leader(Part):
    """The one who gives a faction's orders; only public acts of public leaders."""

    id: Slug
    name: Text


class Force(Part):
    """Fighters of a faction at one place."""

    place: Slug
    fighters: Positive = Field(description="Number of fighters.")
    resident: bool = Field(
        default=False, description="Whether the cells live there and so are always present."
    )
    source: Sources


class Faction(Part):
    """A party to the episode."""

    id: Slug
    name: Text
    kind: FactionKind = Field(description="armed, security, movement (unarmed) or external.")
    leader: Leader | None = None
    forces: list[Force] = Field(default_factory=list)


class Crowd(Part):
    """People of a faction on the street at one place."""

    id: Slug
    faction: Slug
    place: Slug
    turnout: tuple[Positive, Positive] = Field(
        description="Lowest and highest turnout in people; drawn log-uniform per replicate."
    )
    gathers: Window = Field(description="When it begins to gather.")
    stays_h: Positive | None = Field(
        default=None, description="Hours until it leaves by itself; left out: until ordered."
    )
    pushes: bool = Field(default=False, description="Whether it pushes a guarded site.")
    enabled: bool = True
    source: Sources

    @model_validator(mode="after")
    def _turnout_in_order(self) -> Crowd:
        if self.turnout[1] < self.turnout[0]:
            raise ValueError("turnout is turned round: the highest is below the lowest")
        return self


class Dyad(Part):
    """Two factions that may clash."""

    between: tuple[Slug, Slug]
    hostility: Share = Field(description="0 (never clash) to 1 (wholly hostile).")
    places: list[Slug] | None = Field(
        default=None, description="Where they may clash; left out: wherever both are."
    )
    casualty_share: Share | None = Field(
        default=None,
        description="Share of the dead on the first side; left out: from deployed strength.",
    )
    live_fire: bool = Field(
        default=False, description="Whether a crowd is shot at even where no armed cell stands."
    )
    source: Sources

    @property
    def id(self) -> str:
        return "-".join(self.between)


class Attack(Part):
    """A clash that the script puts there: who struck whom, and how many died."""

    between: tuple[Slug, Slug] = Field(description="Attacker, attacked.")
    dead: Annotated[int, Field(ge=0, le=100000)] = Field(description="Dead on the attacked side.")


class PloverEvent(Part):
    """A PLOVER event type with its mode, for the escalation ladder."""

    type: Text
    mode: Text | None = None


class Trigger(Part):
    """Something that happens by script: an announcement, a session, a killing."""

    id: Slug
    title: Text
    at: Window
    places: list[Slug] = Field(min_length=1)
    salience: NotNegative = Field(default=0.0, description="Pulse of political salience it gives.")
    actor: Slug | None = None
    event: PloverEvent | None = None
    attack: Attack | None = None
    shift_h: Hours = Field(default=0.0, description="Hours by which a variant moves it.")
    enabled: bool = True
    source: Sources


class Deployment(Part):
    """Security forces sent to a place by script, before anything calls them."""

    id: Slug
    place: Slug
    at: Window
    until: AwareDatetime | None = Field(default=None, description="Left out: to the clock's end.")
    presence: Share = Field(description="Share of the security forces held there, 0 to 1.")
    shift_h: Hours = 0.0
    enabled: bool = True
    source: Sources


class Scope(Part):
    """Whom an order addresses; outside it, the order's reach applies."""

    places: list[Slug] | None = Field(default=None, description="Left out: everywhere.")
    activities: list[Activity] = Field(
        default_factory=lambda: [Activity.FIGHTING, Activity.PROTEST], min_length=1
    )


class Decision(Part):
    """An order that a leader gives, or may give."""

    id: Slug
    leader: Slug
    order: OrderKind
    mode: DecisionMode
    window: Window | None = Field(
        default=None,
        description="When it was given; its earliest time bounds endogenous_not_before.",
    )
    shift_h: Hours = Field(default=0.0, description="Hours by which a variant moves it.")
    scope: Scope = Field(default_factory=Scope)
    lasts_h: Positive | None = Field(
        default=None, description="Hours until it lapses; left out: for the rest of the run."
    )
    source: Sources

    @model_validator(mode="after")
    def _window_where_needed(self) -> Decision:
        needs = (DecisionMode.SCRIPTED, DecisionMode.ENDOGENOUS_NOT_BEFORE)
        if self.mode in needs and self.window is None:
            raise ValueError(f"mode {self.mode} needs a window")
        return self


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


class Span(Part):
    """The part of the clock over which an observable is taken."""

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _forwards(self) -> Span:
        if self.end <= self.start:
            raise ValueError("the span is turned round: end is not after start")
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

    @property
    def leaders(self) -> list[str]:
        """Leader ids in the order of their factions; the order of the parameter vector."""
        return [faction.leader.id for faction in self.factions if faction.leader is not None]
