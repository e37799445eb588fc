"""What happens by script or by decision: triggers, deployments, orders."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from sim.scenario.part import Hours, NotNegative, Part, Positive, Share, Slug, Sources, Text, Window
from sim.scenario.vocabulary import Activity, DecisionMode, OrderKind


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
