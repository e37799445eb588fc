"""Who takes part and where: places, factions with their forces, crowds, dyads."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.part import Part, Positive, Share, Slug, Sources, Text, Window
from sim.scenario.vocabulary import FactionKind


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
    casualty_share: Share | dict[Slug, Share] | None = Field(
        default=None,
        description="Share of the dead on the first side, one for all places or place by place; "
        "left out: from deployed strength.",
    )
    live_fire: bool = Field(
        default=False, description="Whether a crowd is shot at even where no armed cell stands."
    )
    source: Sources

    @property
    def id(self) -> str:
        return "-".join(self.between)
