"""The table of a sweep for a terminal: along each axis, what the observables do."""

from __future__ import annotations

import pandas as pd

from sim.show.style import plain, shorten

COLUMNS = 5
"""Observables shown; all of them stand in effects.csv."""


def effects_table(table: pd.DataFrame, columns: int = COLUMNS) -> str:
    """Lines of text: per axis and step the median and 90 % range of the first observables."""
    wanted = list(dict.fromkeys(table["observable"]))
    lines = []
    for axis in dict.fromkeys(table["axis"]):
        along = table[table["axis"] == axis]
        heads = [shorten(str(axis), 30), *(shorten(plain(name), 22) for name in wanted[:columns])]
        rows = [
            [shorten(str(step), 30)]
            + [_cell(along[(along["step"] == step) & (along["observable"] == name)])
               for name in wanted[:columns]]
            for step in dict.fromkeys(along["step"])
        ]  # fmt: skip
        widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
        lines += ["  ".join(w.ljust(n) for w, n in zip(row, widths, strict=True)).rstrip()
                  for row in [heads, *rows]]  # fmt: skip
        lines.append("")
    lines.append("median (5 to 95 %) over the replicates and the other axes; a time in h since the "
                 "start, '-' where it never happened")  # fmt: skip
    if len(wanted) > columns:
        lines.append(f"{len(wanted) - columns} more observables stand in effects.csv")
    return "\n".join(lines)


def _cell(rows: pd.DataFrame) -> str:
    if rows.empty or rows["q50"].isna().all():
        return "-"
    one = rows.iloc[0]
    return f"{_short(one['q50'])} ({_short(one['q05'])} to {_short(one['q95'])})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
