"""The table of chances of a further clash, within 80 columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.explore.chance import Chance

NAME, CELL, ACROSS = 19, 15, 4


def chance_table(found: Chance) -> str:
    """Subjects down, horizons across: the chance with its 90 % interval over the parameters.

    Under each subject of which it speaks, the chance by a Hawkes process.
    """
    lines = [f"Chance of at least one clash, from {found.since.isoformat()} on."]
    days = list(dict.fromkeys(found.table["days"]))
    for some in _groups(days):
        lines.append("")
        heads = [f"{d:g} day" + ("" if d == 1 else "s") for d in some]
        lines.append(" " * NAME + "".join(f"{head:>{CELL}}" for head in heads))
        for (kind, subject), block in found.table.groupby(["kind", "subject"], sort=False):
            by_days = block.set_index("days").to_dict("index")
            rows = [by_days[d] for d in some]
            lines += _row(_title(str(kind), str(subject)), [_cell(row) for row in rows])
            if any(not math.isnan(row["hawkes"]) for row in rows):
                lines += _row("  by Hawkes", [_chance(row["hawkes"]) for row in rows])
    worst = float(found.table["error"].max())
    lines += [
        "",
        "In brackets 90 % over the parameters. Hawkes: no leaders, no orders.",
        f"{found.draws} draws of them, {found.replicates} runs of each: error at most {worst:.3f}.",
    ]
    return "\n".join(lines)


def _groups(days: Sequence[float]) -> Iterator[Sequence[float]]:
    """As many horizons as fit side by side."""
    for first in range(0, len(days), ACROSS):
        yield days[first : first + ACROSS]


def _row(title: str, cells: list[str]) -> list[str]:
    """One line, or two where the title is longer than its column."""
    figures = "".join(f"{cell:>{CELL}}" for cell in cells)
    if len(title) < NAME:
        return [f"{title:{NAME}}{figures}"]
    return [title, " " * NAME + figures]


def _title(kind: str, subject: str) -> str:
    if kind == "all":
        return "anywhere"
    return f"{subject.replace('-', ' - ')} ({kind})" if kind == "pair" else subject


def _cell(row: dict[Any, Any]) -> str:
    low, high = _chance(row["low"]), _chance(row["high"])
    span = low if low == high else f"{low}-{high}"
    return f"{_chance(row['probability'])} ({span})"


def _chance(value: float) -> str:
    """Two digits without the leading nought, as elsewhere in tables of probabilities."""
    if math.isnan(value):
        return "-"
    if value < 0.005:
        return "0" if value == 0 else "<.01"
    return "1" if value >= 0.995 else f"{value:.2f}".lstrip("0")
