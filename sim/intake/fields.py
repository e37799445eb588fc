"""Single fields of event tables: dates in several forms, counts with separators, coordinates."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

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
