"""A reported number: low, best, high, a floor, or known to be unknown, which is not zero."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.evidence.form import Form, Line, Name

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
