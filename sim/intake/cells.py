"""The cells of one row by column name, with everything unreadable reported and none mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sim.inputs.spreadsheet import unescaped
from sim.intake.fields import FieldError, clean, coordinate, count, day
from sim.intake.report import ImportReport

TURNED = "low, best and high are not in order; the widest span of the three is taken"
UNREADABLE_COUNT = "a toll that is no whole number; read as unknown"
UNREADABLE_COORDINATE = "coordinates that cannot be read; left out"


class DropError(Exception):
    """This row cannot be used; the message is the reason it is counted under."""


class Cells:
    """One row of a table.

    Attributes:
        line: line of the file.
        report: where oddities go.
        row_id: set by the format as soon as it is known.
    """

    def __init__(
        self,
        at: dict[str, int],
        cells: list[str],
        line: int,
        report: ImportReport,
        order: str | None,
        decimal_comma: bool,
    ) -> None:
        self.at, self.cells, self.line, self.report = at, cells, line, report
        self.order, self.decimal_comma = order, decimal_comma
        self.row_id = ""

    @property
    def where(self) -> str:
        """How the row is named in the report."""
        return f"{self.row_id} (line {self.line})" if self.row_id else f"line {self.line}"

    def raw(self, name: str) -> str:
        """A cell as it stands; empty where the table has no such column."""
        position = self.at.get(name)
        return unescaped(self.cells[position]) if position is not None else ""

    def text(self, name: str) -> str:
        """A cell as one line of printable text."""
        return clean(self.raw(name))

    def day(self, name: str) -> date:
        """A cell as a day. Raises DropError."""
        try:
            return day(self.raw(name), self.order)
        except FieldError as error:
            reason = str(error).split(":")[0]
            raise DropError(f"{reason} in {name}") from None

    def toll(self, name: str) -> float | None:
        """A cell as a count; None and a flag where it is none."""
        return self._or_flag(lambda: count(self.raw(name)), UNREADABLE_COUNT)

    def degrees(self, name: str, most: float) -> float | None:
        """A cell as a coordinate; None and a flag where it is none."""
        return self._or_flag(
            lambda: coordinate(self.raw(name), most, self.decimal_comma), UNREADABLE_COORDINATE
        )

    def _or_flag(self, read: Callable[[], float | None], oddity: str) -> float | None:
        try:
            return read()
        except FieldError:
            self.report.flag(oddity, self.where)
            return None

    def tolls(
        self, low: str, best: str, high: str
    ) -> tuple[float | None, float | None, float | None, list[str]]:
        """Low, best and high, with a note where their order had to be questioned."""
        numbers = (self.toll(low), self.toll(best), self.toll(high))
        given = [n for n in numbers if n is not None]
        if given == sorted(given):
            return (*numbers, [])
        self.report.flag(TURNED, self.where)
        printed = "/".join("-" if n is None else f"{n:g}" for n in numbers)
        return min(given), numbers[1], max(given), [f"Printed as low/best/high {printed}."]
