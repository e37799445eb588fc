"""An event: the thing that several statements speak of; one row of the timeline."""

from __future__ import annotations

from pydantic import Field

from sim.evidence.form import Form, Line, Name, StatementId


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
