"""The escalation ladder: PLOVER event type and mode to a score, from -10 (war) to +10 (aid)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

SCORES = Path(__file__).with_name("plover_scores.csv")
"""The table, with its origin, licence and one correction in its header."""


@cache
def _table() -> pd.DataFrame:
    table = pd.read_csv(SCORES, comment="#", dtype={"score": float}, keep_default_na=False)
    return table.rename(columns={"event_type": "type"})


@cache
def _scores() -> dict[tuple[str, str], float]:
    table = _table()
    keys = zip(table["type"], table["mode"], strict=True)
    return {
        (str(kind), str(mode)): float(score)
        for (kind, mode), score in zip(keys, table["score"], strict=True)
    }


def ladder() -> pd.DataFrame:
    """The whole ladder, most hostile rung first.

    Columns: type, mode (empty for the bare type), quad (material or verbal, conflict or
    cooperation), score (no unit), note. A copy; changing it changes nothing here.
    """
    return _table().sort_values(["score", "type", "mode"], ignore_index=True)


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
