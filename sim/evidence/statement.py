"""Articles and their statements: who says what, of which quantity, how surely."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from sim.evidence.form import Form, Line, Name, StatementId, TimeWindow

Measure = Literal[
    "dead",
    "wounded",
    "rockets",
    "people",
    "troops",
    "arrests",
    "share",
    "hours",
    "days",
    "weeks",
]
"""What is counted. `people` is a crowd; `share` is a part of one; the last three are durations."""

Count = Annotated[float, Field(ge=0, le=1e10, allow_inf_nan=False)]


class Quantity(Form):
    """One number of one statement, no surer than the text."""

    measure: Measure = Field(description="What is counted.")
    unit: Line | None = Field(
        default=None, description="Unit where the measure does not say it, e.g. 'of the dead'."
    )
    low: Count | None = Field(default=None, description="Smallest value the words allow.")
    best: Count | None = Field(default=None, description="The value stated.")
    high: Count | None = Field(default=None, description="Largest value the words allow.")
    at_least: Count | None = Field(
        default=None, description="A floor: 'at least', 'over', 'more than' this value."
    )
    unknown: bool = Field(
        default=False,
        description="The text says or shows that the number is not known: missing, never zero.",
    )
    side: Name | None = Field(
        default=None, description="Actor whose loss this is, where it is a part of a whole."
    )
    words: Line | None = Field(
        default=None, description="The words that carry the number, at most eight, or none."
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Quantity:
        numbers = [v for v in (self.low, self.best, self.high, self.at_least) if v is not None]
        if self.unknown and numbers:
            raise ValueError("unknown: true stands beside a number; unknown is missing, not zero")
        if not self.unknown and not numbers:
            raise ValueError("no number: give low, best, high or at_least, or unknown: true")
        ordered = [("low", self.low), ("best", self.best), ("high", self.high)]
        given = [(name, value) for name, value in ordered if value is not None]
        for (lower, small), (upper, large) in pairwise(given):
            if small > large:
                raise ValueError(f"{lower} {small:g} is above {upper} {large:g}")
        return self

    @property
    def floor(self) -> float | None:
        """The number the text vouches for: its floor, else its low, else its best value."""
        for value in (self.at_least, self.low, self.best):
            if value is not None:
                return value
        return None


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
    window: TimeWindow = Field(description="When what it speaks of happened.")
    as_of: TimeWindow | None = Field(
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


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Citation(Form):
    """Enough to find the text again and to know that it is the same text."""

    outlet: Line = Field(description="Who published it.")
    title: Line | None = Field(default=None, description="Its title, or none if the text has none.")
    published: date = Field(description="Day of publication.")
    latest: AwareDatetime = Field(
        description="Latest moment the text can speak of: its last update, else the day's end."
    )
    date_known_from: Line = Field(description="How the day of publication is known.")
    text: Line = Field(description="Which text was read: original, repost, extract, table.")
    file: Line | None = Field(default=None, description="File name of the text that was read.")
    sha256: Sha256 | None = Field(
        default=None, description="Checksum of the bytes that were read; none for a typed-in table."
    )
    licence: Line | None = Field(default=None, description="Licence of an imported table.")


class Article(Form):
    """A source and its statements."""

    id: Name = Field(description="Identifier; the file is named after it.")
    kind: Literal["article", "table"] = Field(
        default="article", description="An article has paragraphs, a table has rows."
    )
    prefix: Name = Field(description="First part of the ids of its statements.")
    citation: Citation = Field(description="Where it comes from.")
    quality: tuple[Line, ...] = Field(
        default=(), description="What limits the source: garbling, reposting, contradictions."
    )
    statements: tuple[Statement, ...] = Field(min_length=1, description="Its coded statements.")
