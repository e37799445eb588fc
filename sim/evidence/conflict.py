"""A conflict between statements: named and kept, with how the timeline reads it; never averaged."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.evidence.form import Form, Line, Name, StatementId
from sim.evidence.statement import Count, Measure

Weight = Annotated[float, Field(ge=0, le=1)]


class Numbers(Form):
    """How a number is read where statements differ."""

    low: Count | None = Field(default=None, description="Smallest value in the reading.")
    best: Count | None = Field(default=None, description="The value taken for a single number.")
    high: Count | None = Field(default=None, description="Largest value in the reading.")
    at_least: Count | None = Field(default=None, description="The floor in the reading.")

    @model_validator(mode="after")
    def _in_order(self) -> Numbers:
        given = [v for v in (self.low, self.best, self.high) if v is not None]
        if given != sorted(given):
            raise ValueError("low, best and high are not in order")
        return self


class Account(Numbers):
    """One side of a disagreement."""

    name: Name = Field(description="Short name of this side.")
    says: Line = Field(description="What this side says, in the coder's own words.")
    statements: tuple[StatementId, ...] = Field(min_length=1, description="Who says it.")
    weight: Weight = Field(
        description="Credence the coder gives it; the weights of a disagreement sum to 1."
    )
    unknown: bool = Field(
        default=False, description="This side says that the number is not known; weight 0."
    )

    @property
    def span(self) -> tuple[float | None, float | None]:
        """Its low and high; an exact value without a floor is both."""
        low = self.low if self.low is not None else self.at_least
        low = low if low is not None else self.best
        high = self.high
        if high is None and self.at_least is None and self.low is None:
            high = self.best
        return low, high

    @property
    def has_number(self) -> bool:
        """Whether this side gives a number at all."""
        return any(v is not None for v in (self.low, self.best, self.high, self.at_least))


class Conflict(Form):
    """Statements that cannot all be read as they stand."""

    id: Name = Field(description="Identifier that the timeline and scenarios use.")
    kind: Literal["running_toll", "disagreement", "quality_flag"] = Field(
        description=(
            "A count that grows, sides that contradict each other, or a source caught in an error."
        )
    )
    title: Line = Field(description="What the conflict is about.")
    events: tuple[Name, ...] = Field(min_length=1, description="Events it touches.")
    measure: Measure | None = Field(default=None, description="Measure, if it is about a number.")
    statements: tuple[StatementId, ...] = Field(
        default=(), description="Of a running toll: its statements as the count grew."
    )
    alternatives: tuple[Account, ...] = Field(default=(), description="Sides, with weights.")
    reading: Numbers | None = Field(
        default=None, description="Of a running toll: the final number the timeline takes."
    )
    how: Line = Field(description="How the timeline reads it, and why.")
    assumption: Line | None = Field(
        default=None, description="What in the reading or the weights no report states."
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Conflict:
        if self.kind == "running_toll":
            if self.measure is None or self.reading is None or not self.statements:
                raise ValueError("a running toll needs measure, statements and reading")
            if self.alternatives:
                raise ValueError("a running toll is a series; it has no alternatives")
            return self
        if len(self.alternatives) < 2:
            raise ValueError(f"a {self.kind.replace('_', ' ')} needs two or more alternatives")
        if self.statements or self.reading is not None:
            raise ValueError("statements and reading are for running tolls; use alternatives")
        total = sum(side.weight for side in self.alternatives)
        if abs(total - 1) > 1e-9:
            raise ValueError(
                f"the weights of the alternatives sum to {total:g}; they must sum to 1"
            )
        for side in self.alternatives:
            if side.unknown and (side.weight > 0 or side.has_number):
                raise ValueError(f"alternative {side.name} is unknown: no number and weight 0")
            if self.measure and not side.unknown and not side.has_number:
                raise ValueError(f"alternative {side.name} gives no number of {self.measure}")
        return self

    @property
    def all_statements(self) -> tuple[str, ...]:
        """Ids of every statement on any side."""
        sides = [name for side in self.alternatives for name in side.statements]
        return (*self.statements, *sides)


class ConflictFile(Form):
    """The content of `conflicts.yaml`."""

    conflicts: tuple[Conflict, ...] = Field(description="All conflicts.")
