"""A single value as a user types it on the command line or in a table: what YAML would read."""

from __future__ import annotations

import re
from typing import Any

from sim.inputs.problems import InputError, shown
from sim.inputs.reader import read_text
from sim.inputs.scalars import plain_value

LONGEST = 100_000
"""Characters of a value; a sweep's list of levels may be long."""

_PLAIN = re.compile(r"[A-Za-z0-9_.+-]+")


def read_value(text: str) -> Any:
    """The value of a text, by the rules of files: no tags, no deep nesting, each key once.

    Raises:
        ValueError: it cannot be read; the message says why.
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text):,} characters; expected at most {LONGEST:,}")
    bare = text.strip()
    if _PLAIN.fullmatch(bare) and bare not in ("-", "---", "..."):
        return plain_value(bare)
    if not bare:
        return None
    try:
        return read_text(text, "value")
    except InputError as error:
        first = error.problems[0]
        expected = f"; expected {first.expected}" if first.expected else ""
        raise ValueError(f"{shown(text)} cannot be read: {first.message}{expected}") from None
