"""Numbers in print: counts without exponents, chances never rounded to certainty."""

from __future__ import annotations

import math

NOTHING = "–"


def number(value: float) -> str:
    """A count: whole from 100 on, else to three digits, never with an exponent."""
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else "0"


def chance_text(value: float) -> str:
    """A probability to two digits, never rounded to certainty."""
    if not math.isfinite(value):
        return NOTHING
    if 0 < value < 0.005:
        return "<0.01"
    if 0.995 < value < 1:
        return ">0.99"
    return f"{value:.2f}"


def percent(share: float) -> str:
    """A share in percent, never rounded to nothing or all."""
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 < share < 1:
        return ">99 %"
    return f"{100 * share:.0f} %"
