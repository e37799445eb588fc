"""An import report: every row of a file accounted for, and everything odd about it listed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 20
"""Of each oddity no more rows than this are listed; all are counted."""


@dataclass
class ImportReport:
    """What an import did with a file; `rows` equals `used` plus all of `dropped`.

    Attributes:
        format, file, sha256, size: what was read; size in bytes.
        encoding, delimiter, header: how it was read.
        rows: data rows in the file, broken ones too, without the header.
        used: rows that became a statement.
        dropped: reason to number of rows.
        flags: oddity to number of rows; such rows are used, as the text of the flag says.
        examples: reason or oddity to its first rows.
        unmapped: event types without a rung on the ladder, to number of rows.
        notes: what else to know of how the file was read.
    """

    format: str
    file: str
    sha256: str = ""
    size: int = 0
    encoding: str = ""
    delimiter: str = ""
    header: str = ""
    rows: int = 0
    used: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    unmapped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def drop(self, reason: str, row: str) -> None:
        """Count a row that is not used."""
        self.dropped[reason] += 1
        self._example(reason, row)

    def flag(self, oddity: str, row: str) -> None:
        """Count a row that is used although something about it is odd."""
        self.flags[oddity] += 1
        self._example(oddity, row)

    def _example(self, key: str, row: str) -> None:
        listed = self.examples.setdefault(key, [])
        if len(listed) < EXAMPLES:
            listed.append(row)

    @property
    def adds_up(self) -> bool:
        """Whether every row is either used or dropped."""
        return self.rows == self.used + self.dropped.total()

    def to_json(self) -> str:
        """The whole report."""
        data: dict[str, Any] = {
            name: dict(value) if isinstance(value, Counter) else value
            for name, value in vars(self).items()
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    def lines(self) -> list[str]:
        """The report for a terminal."""
        out = [
            f"{self.file}: {self.format}, {self.encoding}, {self.delimiter}, {self.header}",
            f"{self.rows:>9} rows in",
            f"{self.used:>9} used",
        ]
        out += [f"{count:>9} dropped: {reason}" for reason, count in self.dropped.most_common()]
        for oddity, count in self.flags.most_common():
            shown = ", ".join(self.examples[oddity][:5])
            out.append(f"{count:>9} odd but used: {oddity} ({shown}{', ...' * (count > 5)})")
        for kind, count in self.unmapped.most_common(EXAMPLES):
            out.append(f"{count:>9} without a rung on the ladder: {kind}")
        return out + [f"note: {note}" for note in self.notes]
