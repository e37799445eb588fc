"""How the pages print what was measured: numbers, shares, lists, tables, filled lines."""

from __future__ import annotations

import math
import textwrap

NUMERALS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen",
)  # fmt: skip


def short(value: float | None, digits: int = 2) -> str:
    """A number without the zero before the point; a dash where there is none."""
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def two(value: float | None) -> str:
    """Two significant digits."""
    if value is None or value == 0:
        return "-" if value is None else "0"
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return short(value, digits)


def share(value: float) -> str:
    """A share in per cent."""
    return f"{100 * value:.0f} %"


def filled(text: str, hang: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()), 100, subsequent_indent=hang, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def word(number: int) -> str:
    """A small number as a word."""
    return NUMERALS[number] if number < len(NUMERALS) else str(number)


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def power(number: int) -> str:
    """30000 as 3 * 10^4."""
    exponent = len(str(number)) - 1
    lead = number / 10**exponent
    return f"10^{exponent}" if lead == 1 else f"{lead:g} * 10^{exponent}"
