"""The value of a plain (unquoted) YAML scalar, by the rules of YAML 1.2 rather than 1.1.

YAML 1.1 reads `no`, `on` and `yes` as booleans, `2:30` as 150 and `2022-08-29` as a date. Here
they stay the text that was written; so does a number with leading zeros (`003` is a name).
"""

from __future__ import annotations

import math
import re

MAX_DIGITS = 300
"""Longest whole number; Python itself refuses to read one beyond 4300 digits."""

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(
    r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*|(?:0|[1-9][0-9]*)(?=[eE]))(?:[eE][-+]?[0-9]+)?"
)


def plain_value(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar means; anything that is not a number, boolean or null is text.

    Raises:
        ValueError: a whole number of more than `MAX_DIGITS` digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _WHOLE.fullmatch(text) or _OTHER_BASE.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"a whole number of {len(text)} digits")
        return int(text, 0)
    if _FRACTION.fullmatch(text):
        return float(text)
    return text
