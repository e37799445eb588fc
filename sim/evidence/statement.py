"""A statement: one thing that one paragraph (or one row of a table) says about one event."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.evidence.form import Form, Line, Name, StatementId, Window
from sim.evidence.quantity import Quantity

Kind = Literal["act", "toll", "order", "statement", "condition", "background", "silence"]
SourceClass = Literal[
    "outlet",
    "news_agency",
    "official",
    "anonymous_official",
    "anonymous",
    "medic",
    "party",
    "state_media",
    "civil_society",
    "rights_body",
    "international",
    "social_media",
    "witness",
]
Hedging = Literal["none", "reported", "suspected", "alleged", "claimed", "unclear"]


class Plover(Form):
    """A place on the escalation ladder: an event type and, where it has one, its mode."""

    type: str = Field(description="PLOVER event type, such as ASSAULT; must be on the ladder.")
    mode: str | None = Field(
        default=None, description="Mode of the type, such as firearms, or none for the bare type."
    )


class Attribution(Form):
    """Who vouches for a statement."""

    source: Line = Field(default="the outlet", description="Who says it, by office, not by name.")
    of_class: SourceClass = Field(
        default="outlet", alias="class", description="What sort of source that is."
    )


class Statement(Form):
    """One coded statement. Without `attribution` the outlet speaks in its own voice."""

    id: StatementId = Field(description="Unique over all files: prefix.paragraph+letter, bbc.13a.")
    paragraph: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Non-empty paragraph of the text, from 1, title included."
    )
    row: Line | None = Field(
        default=None, description="Row of the table it was imported from, instead of a paragraph."
    )
    kind: Kind = Field(description="What sort of thing is said.")
    event: Name | None = Field(
        default=None, description="Event it speaks of; only pure background may have none."
    )
    says: Line = Field(description="What it says, tersely, in the coder's own words.")
    window: Window = Field(description="When what it speaks of happened.")
    as_of: Window | None = Field(
        default=None,
        description="Of a toll: when the count was taken, if not by the day of publication.",
    )
    place: Name = Field(description="Where it happened, as closely as the text says.")
    places_named: tuple[Name, ...] = Field(
        default=(), description="Places the text names without dividing its number among them."
    )
    actor: Name | None = Field(default=None, description="Who acts; none where nobody is named.")
    target: Name | None = Field(default=None, description="At whom; none where nobody is named.")
    plover: Plover | None = Field(
        default=None,
        description="Type and mode; none where no type fits, with a note that says so.",
    )
    quantities: tuple[Quantity, ...] = Field(default=(), description="The numbers it gives.")
    attribution: Attribution = Field(
        default_factory=Attribution, description="Who vouches for it, as the text says."
    )
    hedging: Hedging = Field(default="none", description="How far the text stands back from it.")
    background: bool = Field(
        default=False, description="True where it is context and not news of the episode."
    )
    notes: Line | None = Field(default=None, description="What a second coder has to know.")

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Statement:
        if self.paragraph is not None and self.row is not None:
            raise ValueError("both paragraph and row are given; a statement stands in one of them")
        if self.paragraph is None and self.row is None and self.kind != "silence":
            raise ValueError("neither paragraph nor row is given; only a silence may have neither")
        if self.event is None and not self.background:
            raise ValueError(
                "no event is given; only a statement with background: true may lack one"
            )
        if self.kind == "background" and not self.background:
            raise ValueError("kind background needs background: true")
        if self.as_of is not None and self.kind != "toll":
            raise ValueError("as_of is for tolls only")
        if self.kind == "toll" and not self.quantities:
            raise ValueError("a toll without quantities; an unknown toll is written unknown: true")
        return self

    def quantity(self, measure: str, side: str | None = None) -> Quantity | None:
        """The number for `measure` and `side` (None: not divided by side), or None."""
        for quantity in self.quantities:
            if quantity.measure == measure and quantity.side == side:
                return quantity
        return None
