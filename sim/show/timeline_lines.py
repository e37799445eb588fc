"""A timeline of what was reported, in lines to read."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import pandas as pd

from sim.evidence import Evidence
from sim.evidence.timeline import MEASURES

WIDTH = 80
INDENT = " " * 8


def timeline_lines(table: Any, evidence: Evidence) -> list[str]:
    """The timeline in lines of at most `WIDTH` columns."""
    lines: list[str] = []
    for row in table.to_dict("records"):
        mark = " (background)" if row["background"] else ""
        numbers = "; ".join(_numbers(row))
        head = f"{_window(row)}  {row['title']}{mark}" + (f": {numbers}" if numbers else "")
        place = evidence.places[row["place"]].name
        sources = f"{place}; {', '.join(row['statements'])}"
        if row["conflicts"]:
            sources += f"; disputed: {', '.join(row['conflicts'])}"
        lines += textwrap.wrap(head, WIDTH, subsequent_indent=INDENT)
        lines += textwrap.wrap(
            sources, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False
        )
    return lines


def _window(row: dict[str, Any]) -> str:
    first, last = _moment(row["earliest"]), _moment(row["latest"])
    if not first:
        return f"until {last}" if last else "undated"
    if not last:
        return f"from {first}"
    return first if first == last else f"{first} to {last}"


def _moment(stamp: Any) -> str:
    """Local time to the minute, '' where open."""
    return "" if pd.isna(stamp) else f"{stamp:%Y-%m-%d %H:%M}"


def _numbers(row: dict[str, Any]) -> list[str]:
    found = []
    for measure in MEASURES:
        low, best, high, floor = (
            row[f"{measure}_{part}"] for part in ("low", "best", "high", "at_least")
        )
        words = []
        if not math.isnan(best):
            words.append(f"{best:,.0f}")
        if not math.isnan(low) and not math.isnan(high) and low != high:
            words.append(f"{low:,.0f} to {high:,.0f}")
        if not math.isnan(floor):
            words.append(f"at least {floor:,.0f}")
        if words:
            found.append(f"{measure} {', '.join(words)}")
    return found
