"""The short table on the terminal: what agrees with the reports and what does not."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from sim.compare import Comparison
from sim.compare.words import NOTHING, chance_text, number, plain, shorten
from sim.scenario.schema import Scenario
from sim.show.observables import value_text

WIDTHS = (34, 28, 28)
FULL = 115
"""Columns that a line takes; a narrower terminal gets two lines an observable."""
FEWEST = 20
"""Columns that a line has at least; a terminal of fewer wraps it."""


def terminal_table(
    comparison: Comparison, scenario: Scenario | None = None, columns: int = FULL
) -> str:
    """One line per observable under a head, or two where ``columns`` are few; then the verdict.

    Simulated times are local times given the ``scenario``, else hours since the clock's start.
    """
    columns = max(columns, FEWEST)
    lines = []
    if columns >= FULL:
        lines.append(_line("observable", "reported", "simulated 90 %", "P", ""))
        lines.append("-" * len(lines[0].rstrip()) + "-" * 14)
    for row in comparison.table.to_dict("records"):
        simulated = _interval({str(k): v for k, v in row.items()}, scenario)
        if not row["tested"]:
            verdict = "not tested"
        else:
            verdict = "inside" if row["inside90"] else "OUTSIDE"
        cells = (
            str(row["title"]), str(row["reported_text"]), simulated,
            chance_text(float(row["probability"])), verdict,
        )  # fmt: skip
        lines += [_line(*cells)] if columns >= FULL else _two_lines(*cells, columns)
    verdict = str(comparison.summary)
    if columns < FULL:
        verdict = "\n".join(textwrap.wrap(verdict, columns))
    return "\n".join([*lines, verdict])


def _interval(row: dict[str, Any], scenario: Scenario | None) -> str:
    ends = (row["q05"], row["q95"])
    if any(math.isnan(value) for value in ends):
        return NOTHING
    is_any = row["statistic"] == "any"
    if scenario is not None:
        low, high = (value_text(v, bool(row["is_time"]), is_any, scenario) for v in ends)
        return low if low == high else f"{low} to {high}"
    low, high = (number(float(v)) for v in ends)
    unit = " h" if row["is_time"] else ""
    return (low if low == high else f"{low} to {high}") + unit


def _two_lines(
    title: str, reported: str, simulated: str, chance: str, verdict: str, columns: int
) -> list[str]:
    """The same in a narrow terminal: the title and the verdict, below them the figures."""
    room = columns - len(verdict) - 2
    figures = f"  reported {plain(reported)}; simulated 90 % {plain(simulated)}; P {chance}"
    return [
        f"{shorten(plain(title), room):<{room}}  {verdict}",
        *textwrap.wrap(figures, columns, initial_indent="  ", subsequent_indent="    "),
    ]


def _line(title: str, reported: str, simulated: str, chance: str, verdict: str) -> str:
    cells = [
        f"{shorten(plain(text), width):<{width}}"
        for text, width in zip((title, reported, simulated), WIDTHS, strict=True)
    ]
    return f"{'  '.join(cells)}  {chance:>5}  {verdict}".rstrip()
