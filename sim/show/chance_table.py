"""The table of chances of a further clash: subjects down, horizons across."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.show.terminal import table, wrapped

if TYPE_CHECKING:
    from sim.explore.chance import Chance

ACROSS = 3
"""Horizons side by side on a terminal: 80 columns hold three beside ordinary names."""


def chance_table(found: Chance, columns: int | None = None) -> str:
    """The chance with its 90 % interval over the parameters, beside that by a Hawkes process."""
    lines = [f"Chance of at least one clash, from {found.since.isoformat()} on."]
    days = list(dict.fromkeys(found.table["days"]))
    blocks = [
        (_title(str(kind), str(subject)), block.set_index("days").to_dict("index"))
        for (kind, subject), block in found.table.groupby(["kind", "subject"], sort=False)
    ]
    across = len(days) if columns is None else ACROSS
    for first in range(0, len(days), across):
        some = days[first : first + across]
        heads = ["", *(f"{d:g} day" + ("" if d == 1 else "s") for d in some)]
        rows = []
        for title, by_days in blocks:
            asked = [by_days[d] for d in some]
            rows.append([title, *(_cell(row) for row in asked)])
            if any(not math.isnan(row["hawkes"]) for row in asked):
                rows.append(["... by Hawkes", *(_chance(row["hawkes"]) for row in asked)])
        lines += ["", *table(heads, rows, columns, right=range(1, len(heads)))]
    worst = float(found.table["error"].max())
    said = (
        "In brackets 90 % over the parameters. Hawkes: no leaders, no orders. "
        f"{found.draws} draws of them, {found.replicates} runs of each: error at most {worst:.3f}."
    )
    return "\n".join([*lines, "", *wrapped(said, columns)])


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
