"""Identifiers: short names for the places and parties of a table, each with one meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable

LONGEST = 50


def slug(text: str, fallback: str) -> str:
    """`text` as an identifier: lower-case ASCII letters, digits and `_`, a letter first."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    marks = "'’‘ʼʻʾʿ`"
    letters = "".join(c for c in bare if not unicodedata.combining(c) and c not in marks)
    name = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:LONGEST].strip("_")
    if not name:
        return fallback
    return name if name[0].isalpha() else f"{fallback}_{name}"


class Names:
    """Gives every key its own identifier, the same one whenever it comes again."""

    def __init__(self, fallback: str) -> None:
        self.fallback = fallback
        self.of: dict[Hashable, str] = {}
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def name(self, key: Hashable, text: str, qualifier: str | None = None) -> tuple[str, bool]:
        """The identifier of `key`, and whether it is new.

        Args:
            text: what it is called.
            qualifier: what to append first where another key has the same name already.
        """
        if key in self.of:
            return self.of[key], False
        wanted = slug(text, self.fallback)
        if wanted in self._taken and qualifier is not None:
            wanted = f"{wanted[: LONGEST - 10]}_{qualifier}"
        found, number = wanted, self._next.get(wanted, 2)
        while found in self._taken:
            found = f"{wanted}_{number}"
            number += 1
        # where to go on: thousands of rows of one name must not each begin at 2
        self._next[wanted] = number
        self._taken.add(found)
        self.of[key] = found
        return found, True
