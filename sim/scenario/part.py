"""What every part of a scenario file is made of: names, shares, windows, sources."""

from __future__ import annotations

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


class Span(Part):
    """The part of the clock over which an observable is taken."""

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _forwards(self) -> Span:
        if self.end <= self.start:
            raise ValueError("the span is turned round: end is not after start")
        return self
