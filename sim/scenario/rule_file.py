"""A rule file: rules of the user's own, as text, which a scenario can be run under.

It is code, so no scenario file can name one: it is given on the command line or in Python, goes
with the scenario from there on, and is part of its identity. The text is read once; what is hashed
is what runs, here or in any worker.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath


@dataclass(frozen=True)
class RuleFile:
    """A checked file of rules, as `sim.model.own_rules.read_rules` returns it.

    Attributes:
        path: as the user named it; no part of its identity.
        text: the source, line ends as ``\\n``.
    """

    path: str
    text: str

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the text, first 16 hex digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def package(self) -> str:
        """The name under which its code is compiled and found again, the same for the same text."""
        return f"standdown_rules_{self.hash}"

    @property
    def name(self) -> str:
        """What the file is called, for tables and figures."""
        return PurePath(self.path).name
