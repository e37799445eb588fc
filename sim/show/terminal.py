"""Tables on the terminal: one maker for all of them, and the table of a run."""

from __future__ import annotations

import math
import os
import shutil
import sys
import textwrap
from collections.abc import Collection, Sequence
from typing import Any

from sim.compare import Comparison
from sim.compare.verdict import Judgement, verdict_text
from sim.compare.words import NOTHING, chance_text, number, plain, span_text
from sim.scenario.schema import Scenario
from sim.show.observables import reported_words, share_text, value_text

GAP = 2
"""Spaces between two columns."""
CURVE_BASELINES = {"nothing": "nothing", "constant": "best constant", "straight": "straight line"}
"""Baselines of the curves, by column and in words: see ``sim.compare.curves.curve_table``."""


def terminal_columns() -> int | None:
    """Columns of the terminal, or of COLUMNS where set; None where the output is piped."""
    if "COLUMNS" not in os.environ and not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: int | None = None,
    right: Collection[int] = (),
) -> list[str]:
    """Lines of a table, one per row below a head; ``right`` are the columns set to the right.

    Nothing is ever cut. Where a row is wider than ``columns`` (None: no limit, as in a pipe), each
    row becomes its first cell with the others below, each after its head.
    """
    cells = [[plain(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if columns is not None and sum(widths) + GAP * (len(widths) - 1) > columns:
        return [line for row in cells[1:] for line in _stacked(cells[0], row, columns)]
    lines = [
        (" " * GAP)
        .join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        .rstrip()
        for row in cells
    ]
    lines.insert(1, "-" * max(map(len, lines)))
    return lines


def wrapped(text: str, columns: int | None) -> list[str]:
    """A text in lines of so many columns; in one line where there is no limit."""
    return [text] if columns is None else textwrap.wrap(text, columns)


def _stacked(heads: Sequence[str], row: Sequence[str], columns: int) -> list[str]:
    named = "; ".join(
        cell if cell.startswith(f"not {head}") else f"{head} {cell}".strip()
        for head, cell in zip(heads[1:], row[1:], strict=True)
        if cell
    )
    return [
        *textwrap.wrap(row[0], columns, subsequent_indent="  "),
        *textwrap.wrap(named, columns, initial_indent="  ", subsequent_indent="    "),
    ]


def terminal_table(
    comparison: Comparison, scenario: Scenario | None = None, columns: int | None = None
) -> str:
    """The verdict in a sentence, then one row per observable; ``columns`` as in `table`.

    Simulated times are local times given the ``scenario``, else hours since the clock's start.
    """
    rows = []
    for row in comparison.table.to_dict("records"):
        verdict = verdict_text(row)
        rows.append(
            (
                str(row["title"]),
                reported_words(row),
                _interval({str(k): v for k, v in row.items()}, scenario),
                "" if row["missing"] else chance_text(float(row["probability"])),
                verdict.upper() if row["verdict"] == Judgement.DISAGREES else verdict,
            )
        )
    heads = ("observable", "reported", "simulated 90 %", "P", "")
    summary = wrapped(f"{verdict_sentence(comparison)}.", columns)
    observables = table(heads, rows, columns, right=(3,)) if rows else []
    return "\n".join([*summary, *observables, *_curves(comparison, columns)])


def verdict_sentence(comparison: Comparison) -> str:
    """What agrees and what does not, in one sentence; then the curves, where any were scored."""
    said = str(comparison.summary)
    said = said[0].upper() + said[1:]
    curves = comparison.curves
    if curves.empty:
        return said
    rules = curves[list(CURVE_BASELINES)].min(axis=1)
    closer = int((curves["model"] < rules).sum())
    return (
        f"{said}. By the hour, {closer or 'none'} of {len(curves)} curves "
        f"{'is' if closer < 2 else 'are'} closer to the reports than every simple rule"
    )


def _curves(comparison: Comparison, columns: int | None) -> list[str]:
    """The scores of the curves that the reports decide in part, beside the baselines'."""
    if comparison.curves.empty:
        return []
    head = "The curves by the hour: score against what reports decide (0 is right and sure):"
    rows = [
        (
            f"{row['place']}, {row['curve']}",
            f"{100 * row['decided']:.0f} %",
            *(
                f"{row[name]:.2f}" if math.isfinite(row[name]) else ""
                for name in ("model", *CURVE_BASELINES)
            ),
        )
        for row in comparison.curves.to_dict("records")
    ]
    heads = ("curve", "decided", "model", *CURVE_BASELINES.values())
    return [*wrapped(head, columns), *table(heads, rows, columns, right=range(1, len(heads)))]


def _interval(row: dict[str, Any], scenario: Scenario | None) -> str:
    if row["statistic"] == "any":
        return share_text(float(row["share_yes"]))
    ends = (row["q05"], row["q95"])
    if any(math.isnan(value) for value in ends):
        return NOTHING
    if scenario is not None:
        return span_text(*(value_text(v, bool(row["is_time"]), False, scenario) for v in ends))
    unit = " h" if row["is_time"] else ""
    return span_text(*(number(float(v)) for v in ends)) + unit
