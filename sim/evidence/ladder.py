"""The escalation ladder: PLOVER event type and mode to a score, from -10 (war) to +10 (aid)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # loaded where a table is made: reading evidence does not need it

SCORES = Path(__file__).with_name("plover_scores.csv")
"""The table, with its origin, licence and one correction in its header."""


@cache
def _rows() -> list[dict[str, str]]:
    lines = SCORES.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if line and not line.startswith("#")))


@cache
def _scores() -> dict[tuple[str, str], float]:
    return {(row["event_type"], row["mode"]): float(row["score"]) for row in _rows()}


def ladder() -> pd.DataFrame:
    """The whole ladder, most hostile rung first.

    Columns: type, mode (empty for the bare type), quad (material or verbal, conflict or
    cooperation), score (no unit), note. A copy; changing it changes nothing here.
    """
    import pandas as pd

    table = pd.DataFrame(_rows()).rename(columns={"event_type": "type"})
    table["score"] = table["score"].astype(float)
    return table.sort_values(["score", "type", "mode"], ignore_index=True)


def types() -> list[str]:
    """All event types of the ladder."""
    return sorted({kind for kind, _ in _scores()})


def modes(type: str) -> list[str]:
    """All modes of an event type, without the bare type; empty for an unknown type."""
    return sorted(mode for kind, mode in _scores() if kind == type and mode)


def severity(type: str, mode: str | None = None) -> float:
    """The score of an event type and mode: below 0 is conflict, above 0 is cooperation.

    Raises:
        KeyError: no such type, or no such mode of it; a mode is never replaced by its bare type.
    """
    try:
        return _scores()[(type, mode or "")]
    except KeyError:
        raise KeyError(f"no PLOVER type {type} with mode {mode}") from None
