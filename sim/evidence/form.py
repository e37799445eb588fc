"""What all parts of the evidence share: strict models, identifiers and windows of time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

NAME = r"^[a-z][a-z0-9_]*$"
"""Identifiers of articles, events, conflicts, actors and places."""

STATEMENT_ID = r"^[a-z][a-z0-9_]*\.[a-z0-9_]+$"
"""`<prefix of the article>.<paragraph or row and a letter>`, such as `bbc.13a`."""

Name = Annotated[str, Field(pattern=NAME, max_length=80)]
StatementId = Annotated[str, Field(pattern=STATEMENT_ID, max_length=80)]


def _one_line(text: str) -> str:
    """Text without line breaks, so that it fits one cell of a table."""
    return " ".join(text.split())


Line = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_one_line)]


class Form(BaseModel):
    """Base of every model here: unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class TimeWindow(Form):
    """The interval of calendar time in which something lies, as far as it was reported."""

    earliest: AwareDatetime | None = Field(
        default=None,
        description="Earliest time it can have begun, ISO 8601 with offset; none = open.",
    )
    latest: AwareDatetime | None = Field(
        default=None,
        description="Latest time it can have ended, ISO 8601 with offset; none = open.",
    )
    lasts: bool = Field(
        default=False,
        description="True where it filled the window; false where it fell somewhere inside it.",
    )
    phrase: Line | None = Field(
        default=None, description="The time words of the text, at most eight words, or none."
    )
    reading: Line | None = Field(
        default=None, description="How the coder came from the words or the context to the hours."
    )

    @model_validator(mode="after")
    def _runs_forward(self) -> TimeWindow:
        if self.earliest and self.latest and self.latest < self.earliest:
            raise ValueError(
                f"window turned round: latest {self.latest.isoformat()} "
                f"is before earliest {self.earliest.isoformat()}"
            )
        return self

    def meets(self, start: datetime | None, end: datetime | None) -> bool:
        """Whether some moment of the window lies from `start` to before `end`, open where None.

        A window that ends at midnight belongs to the day before, so its own end does not count;
        the end of a window without length does.
        """
        instant = self.earliest == self.latest
        after = start is None or self.latest is None or self.latest > start
        before = end is None or self.earliest is None or self.earliest < end
        return before and (after or (instant and self.latest == start))


def common(windows: list[TimeWindow]) -> TimeWindow | None:
    """The time that all `windows` share, or None where they share none.

    It lasts if any of them does: what filled a window also filled every part of it.
    """
    begins = [w.earliest for w in windows if w.earliest is not None]
    ends = [w.latest for w in windows if w.latest is not None]
    earliest = max(begins) if begins else None
    latest = min(ends) if ends else None
    if earliest and latest and latest < earliest:
        return None
    lasts = any(w.lasts for w in windows)
    return TimeWindow(earliest=earliest, latest=latest, lasts=lasts)
