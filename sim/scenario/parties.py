"""Parties and happenings: who is where with how many, and what is done to or by them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Discriminator, Field, Tag, model_validator

from sim.scenario.part import Hours, NotNegative, Part, Positive, Share, Slug, Sources, Text, Window
from sim.scenario.vocabulary import (
    Activity,
    AddressedTo,
    DecisionMode,
    DeclaredBy,
    Extent,
    FactionKind,
    OrderKind,
)


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


class Incidents(Part):
    """How often two factions clash over nothing but their feud."""

    rate: NotNegative = Field(
        le=1000, description="Local incidents a week at full contact and hostility 1, per place."
    )
    source: Sources


def _kind_of_share(value: object) -> str | None:
    """The tag of a casualty share: one number, or one for each place."""
    if isinstance(value, dict):
        return "by place"
    return "everywhere" if isinstance(value, (int, float)) else None


def _kind_of_incidents(value: object) -> str | None:
    """The tag of a dyad's incidents: off, or a rate."""
    if isinstance(value, (dict, Incidents)):
        return "Incidents"
    return "off" if value == "off" else None


CasualtyShare = Annotated[
    Annotated[Share, Field(title="everywhere"), Tag("everywhere")]
    | Annotated[dict[Slug, Share], Field(title="by place"), Tag("by place")],
    Discriminator(_kind_of_share),
]
OwnIncidents = Annotated[
    Annotated[Literal["off"], Field(title="off"), Tag("off")]
    | Annotated[Incidents, Tag("Incidents")],
    Discriminator(_kind_of_incidents),
]


class Dyad(Part):
    """Two factions that may clash."""

    between: tuple[Slug, Slug]
    hostility: Share = Field(description="0 (never clash) to 1 (wholly hostile).")
    places: list[Slug] | None = Field(
        default=None, description="Where they may clash; left out: wherever both are."
    )
    casualty_share: CasualtyShare | None = Field(
        default=None,
        description="Share of the dead on the first side, one for all places or place by place; "
        "left out: from deployed strength.",
    )
    live_fire: bool = Field(
        default=False, description="Whether a crowd is shot at even where no armed cell stands."
    )
    incidents: OwnIncidents | None = Field(
        default=None,
        description="Local incidents: off, or a rate with its source; left out: the parameter "
        "incident_rate.",
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
    declared_by: DeclaredBy = Field(
        default=DeclaredBy.LEADER, description="Who announced it: leader, government or both."
    )
    addressed_to: AddressedTo = Field(
        default=AddressedTo.OWN_SIDE, description="own_side, both_sides or public."
    )
    written: bool = Field(default=False, description="Whether it was given in writing.")
    monitored: bool = Field(default=False, description="Whether somebody watches over it.")
    part: Extent = Field(default=Extent.WHOLE, description="whole, or part of what they do.")
    humanitarian: bool = Field(default=False, description="Whether its end is humanitarian.")
    ultimatum_h: Positive | None = Field(
        default=None,
        description="Hours within which all who obey have left; left out: no such limit.",
    )
    source: Sources

    @model_validator(mode="after")
    def _window_where_needed(self) -> Decision:
        needs = (DecisionMode.SCRIPTED, DecisionMode.ENDOGENOUS_NOT_BEFORE)
        if self.mode in needs and self.window is None:
            raise ValueError(f"mode {self.mode} needs a window")
        return self
