"""Fields of a table: text in, numbers, days and words out, or what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from sim.inputs.spreadsheet import unescaped
from sim.intake.tables.report import ImportReport

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?$")
_WORDS = re.compile(r"(\d{1,2})[ -]([A-Za-z]+)\.?[ ,-]+(\d{4}|\d{2})$")
_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T].*)?$")
_GROUPED = re.compile(r"\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})+$")
_WHOLE = re.compile(r"\d{1,10}(?:\.0*)?$")


EARLIEST_YEAR, LATEST_YEAR = 1000, 2999
"""Years beyond these are slips of the pen."""


class FieldError(ValueError):
    """A field that cannot be read; the message says why."""


@lru_cache(maxsize=20_000)
def clean(text: str) -> str:
    """One line of printable text: white space and what cannot be printed become single spaces."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case without diacritics or punctuation, for comparing names."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = (c if c.isalnum() else " " for c in bare if not _marks(c))
    return " ".join("".join(letters).split())


def column_key(name: str) -> str:
    """A column name as it is looked up: `Event Date` and `event_date` are the same."""
    return plain(name.lstrip("\ufeff")).replace(" ", "_")


def _marks(character: str) -> bool:
    # Hamza, ayn and their apostrophes belong to a letter and do not part a word.
    return unicodedata.combining(character) != 0 or character in "'’‘ʼʻʾʿ`"


def slash_order(text: str) -> str | None:
    """`dmy` or `mdy` where a date with slashes or dots shows it by a number above 12, else None."""
    match = _SLASHES.match(text.strip())
    if match:
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second:
            return "dmy"
        if second > 12 >= first:
            return "mdy"
    return None


def has_slashes(text: str) -> bool:
    """Whether a date is written with slashes or dots."""
    return _SLASHES.match(text.strip()) is not None


@lru_cache(maxsize=20_000)
def day(text: str, order: str | None = None) -> date:
    """A date: 2030-05-01, 20300501, 1 May 2030, or 01/05/2030 in the `order` given.

    Raises:
        FieldError: none of these, no such day, or slashes without a known order.
    """
    found = _day(text.strip(), order)
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise FieldError(f"no year of ours: {found.year}")
    return found


def _day(text: str, order: str | None) -> date:
    try:
        for form in (_ISO, _COMPACT):
            if match := form.match(text):
                return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _WORDS.match(text):
            month = MONTHS.get(match[2].lower())
            if month is None:
                raise FieldError(f"no month '{clean(match[2])[:20]}'")
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            return date(year, month, int(match[1]))
        if match := _SLASHES.match(text):
            if order is None:
                raise FieldError("day and month cannot be told apart")
            first, second = int(match[1]), int(match[2])
            month, number = (second, first) if order == "dmy" else (first, second)
            return date(int(match[3]), month, number)
    except FieldError:
        raise
    except ValueError:
        raise FieldError(f"no such day: '{clean(text)[:30]}'") from None
    raise FieldError(f"no date: '{clean(text)[:30]}'" if text else "no date: empty")


def count(text: str) -> float | None:
    """A whole number of 0 or more, with or without thousands separators; None where empty.

    Raises:
        FieldError: anything else.
    """
    text = text.strip()
    if not text:
        return None
    if _WHOLE.match(text):
        return float(text)
    if _GROUPED.match(text):
        return float(re.sub(r"\D", "", text))
    raise FieldError(f"no count: '{clean(text)[:20]}'")


def coordinate(text: str, most: float, decimal_comma: bool = False) -> float | None:
    """Degrees between -most and most; None where empty.

    Raises:
        FieldError: no number or out of range.
    """
    text = text.strip()
    if not text:
        return None
    if decimal_comma:
        text = text.replace(",", ".")
    if not re.match(r"[+-]?\d{1,3}(\.\d+)?$", text):
        raise FieldError(f"no coordinate: '{clean(text)[:20]}'")
    value = float(text)
    if abs(value) > most:
        raise FieldError(f"no coordinate: {value:g} is beyond {most:g}")
    return value


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
