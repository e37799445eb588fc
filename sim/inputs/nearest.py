"""The valid name closest to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CUTOFF = 0.6
"""Similarity (0 to 1) below which a name is no help to somebody who mistyped another."""

LONGEST = 100
"""A longer name is not a slip of the finger, and comparing it would take long."""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `name`, whatever the case of its letters, or None if none is close.

    A candidate that differs only in case, or in `-`, `_` and spaces, always wins.
    """
    if len(name) > LONGEST:
        return None
    by_folded: dict[str, str] = {}
    for candidate in candidates:
        by_folded.setdefault(_folded(candidate), candidate)
    close = get_close_matches(_folded(name), list(by_folded), n=1, cutoff=CUTOFF)
    return by_folded[close[0]] if close else None


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
