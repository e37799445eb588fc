"""The registry: actors, places and events that statements speak of."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.evidence.form import Form, Line, Name, StatementId

Sector = Literal[
    "GOV",
    "MIL",
    "COP",
    "JUD",
    "LEG",
    "PTY",
    "PRM",
    "REB",
    "UAF",
    "CVL",
    "CRM",
    "IGO",
    "NGO",
    "JRN",
]
"""Sectors in the manner of PLOVER: government, military, police, judiciary, legislature, party,
paramilitary, rebels, unidentified armed force, civilians, suspects, international and
non-governmental organisations, press."""


class Actor(Form):
    """Somebody who acts or is acted upon: an organisation, an office or a public leader."""

    id: Name = Field(description="Identifier used in statements.")
    name: Line = Field(description="Name as printed in tables; private persons are never named.")
    sector: Sector = Field(description="Sector code in the manner of PLOVER.")
    country: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="ISO 3166 code, none if international."
    )
    part_of: Name | None = Field(default=None, description="Actor it belongs to, if any.")
    spellings: tuple[Line, ...] = Field(
        default=(), description="Other names and spellings met in the texts."
    )


class PlaceEntry(Form):
    """Somewhere, at the grain at which texts name it."""

    id: Name = Field(description="Identifier used in statements.")
    name: Line = Field(description="Name as printed in tables.")
    kind: Literal["site", "district", "city", "province", "region", "country", "world"] = Field(
        description="How large it is."
    )
    within: Name | None = Field(default=None, description="The next larger place, if any.")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="Degrees north.")
    longitude: float | None = Field(default=None, ge=-180, le=180, description="Degrees east.")


class ActorFile(Form):
    """The content of `actors.yaml`."""

    actors: tuple[Actor, ...] = Field(description="All actors.")


class PlaceFile(Form):
    """The content of `places.yaml`."""

    places: tuple[PlaceEntry, ...] = Field(description="All places.")


def and_above(name: str, above: dict[str, str | None]) -> list[str]:
    """`name` and everything it lies in or belongs to, nearest first; stops at a circle."""
    chain: list[str] = []
    step: str | None = name
    while step is not None and step not in chain:
        chain.append(step)
        step = above.get(step)
    return chain


class Event(Form):
    """A name for what happened. All that is known about it stands in its statements."""

    id: Name = Field(description="Identifier that statements and scenarios use.")
    title: Line = Field(description="What happened, for a table or a figure.")
    lead: tuple[StatementId, ...] = Field(
        min_length=1,
        description=(
            "Statements that date and describe it: kind, place, actors and ladder type come from "
            "the first, the window is the time that all of them share."
        ),
    )
    ends: tuple[Name, ...] = Field(
        default=(),
        description="Events that this one says are over; the reported curve steps down after it.",
    )


class EventFile(Form):
    """The content of `events.yaml`."""

    events: tuple[Event, ...] = Field(description="All events, in any order.")
