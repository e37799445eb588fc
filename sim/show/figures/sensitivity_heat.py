"""The sensitivity figure: parameters by observables, coloured by their share of the variance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.compare.words import plain, shorten
from sim.show.figures.sheet import Sheet, Swatch, contrast_ink, text_width, wrap
from sim.show.figures.style import QUIET, Size, new_figure

CELL = 6.2
TOP = 14.0
SHOWN = 0.02
"""Total shares below this are left blank: nobody should read anything into them."""


def draw_heat(
    variance: pd.DataFrame, noise: pd.DataFrame, titles: Mapping[str, str], size: Size,
    subtitle: str,
) -> Figure:  # fmt: skip
    """Total order shares; grey where the 95 % interval reaches zero, chance in its own column."""
    outputs = list(dict.fromkeys(variance["output"]))
    table = variance.pivot(index="output", columns="factor", values="total").loc[outputs]
    low = variance.pivot(index="output", columns="factor", values="total_low").loc[outputs]
    order = table.mean().sort_values(ascending=False).index
    chance = noise.set_index("output").loc[outputs]
    names = [*map(str, order), "chance"]
    return _grid(
        np.column_stack([table[order].to_numpy(float), chance["process"].to_numpy(float)]),
        np.column_stack([low[order].to_numpy(float) <= 0, np.zeros(len(outputs), bool)]),
        [titles[str(o)] for o in outputs], names, size,
        ("Share of the variance that each parameter has a part in", subtitle),
        [
            Swatch("patch", "total order index (0 to 1)", _colour(0.7)),
            Swatch("patch", "cannot be told from none", "#E8E8E8"),
            Swatch("patch", "chance: share of variance between single runs", _colour(0.4, True)),
        ],
        apart=len(names) - 1,
    )  # fmt: skip


def draw_screening(
    screening: pd.DataFrame, titles: Mapping[str, str], size: Size, title: str, subtitle: str
) -> Figure:
    """Morris' effects, each output scaled by its largest."""
    outputs = list(dict.fromkeys(screening["output"]))
    effect = screening.pivot(index="output", columns="factor", values="mu_star").loc[outputs]
    half = screening.pivot(index="output", columns="factor", values="confidence").loc[outputs]
    largest = effect.max(axis=1).replace(0, np.nan)
    share = effect.div(largest, axis=0).fillna(0.0)
    order = share.mean().sort_values(ascending=False).index
    unsure = (effect - half <= 0)[order].to_numpy(bool)
    return _grid(
        share[order].to_numpy(float), unsure, [titles[str(o)] for o in outputs],
        [str(name) for name in order], size, (title, subtitle),
        [
            Swatch("patch", "mean effect, as a share of the row's largest", _colour(0.7)),
            Swatch("patch", "cannot be told from none", "#E8E8E8"),
        ],
        apart=None,
    )  # fmt: skip


def _grid(
    values: np.ndarray, unsure: np.ndarray, rows: list[str], columns: list[str], size: Size,
    heading: tuple[str, str], key: list[Swatch], apart: int | None,
) -> Figure:  # fmt: skip
    probe = new_figure(10, 10)
    left = 58.0
    seen = [c for c in range(len(columns)) if c == apart or (values[:, c] >= SHOWN).any()]
    left_out = [name for c, name in enumerate(columns) if c not in seen]
    apart = None if apart is None else seen.index(apart)
    values, unsure = values[:, seen], unsure[:, seen]
    columns = [columns[c] for c in seen]
    deepest = max((text_width(probe, name, "small") for name in columns), default=0.0)
    cell = min(13.0, (size.width - left - 6) / max(1, len(columns)))
    top = TOP + deepest + 3
    foot = 11.0 + (11.5 if left_out else 0.0)
    sheet = Sheet(size, top + len(rows) * CELL + foot)
    sheet.heading(*heading)
    if left_out:
        said = f"Below {SHOWN:g} everywhere and not shown: {', '.join(left_out)}."
        words = wrap(sheet.figure, said, "small", size.width - 4, 3)
        sheet.text(2, sheet.height - foot + 2, words, fontsize="small", color=QUIET)
    for c, name in enumerate(columns):
        x = left + c * cell + (2 if c == apart else 0)
        sheet.text(x + cell / 2, top - 1.5, name, rotation=90, va="bottom", ha="center",
                   fontsize="small")  # fmt: skip
    for r, title in enumerate(rows):
        y = top + r * CELL
        words = wrap(sheet.figure, shorten(plain(title), 60), "small", left - 5, 2)
        small = "x-small" if "\n" in words else "small"
        sheet.text(left - 2, y + CELL / 2, words, ha="right", va="center", fontsize=small,
                   linespacing=1.0)  # fmt: skip
        for c in range(len(columns)):
            _cell(sheet, left + c * cell + (2 if c == apart else 0), y, cell, values[r, c],
                  bool(unsure[r, c]), c == apart)  # fmt: skip
    sheet.key(sheet.height - 5.5, key)
    return sheet.figure


def _cell(
    sheet: Sheet, x: float, y: float, width: float, value: float, unsure: bool, chance: bool
) -> None:  # fmt: skip
    blank = not np.isfinite(value) or value < SHOWN
    color = "#F7F7F7" if blank else ("#E8E8E8" if unsure else _colour(min(1.0, value), chance))
    sheet.rectangle(x + 0.2, y + 0.2, width - 0.4, CELL - 0.4, fc=color, lw=0)
    if not blank:
        red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
        ink = QUIET if unsure else contrast_ink((red, green, blue))
        sheet.text(x + width / 2, y + CELL / 2, f"{min(value, 1.0):.2f}".removeprefix("0"),
                   ha="center", va="center_baseline", fontsize="small", color=ink)  # fmt: skip


def _colour(share: float, chance: bool = False) -> str:
    """From near white to blue (parameters) or to brown (chance)."""
    end = (0xB8, 0x4A, 0x00) if chance else (0x00, 0x4B, 0x7A)
    start = (0xFB, 0xEE, 0xE6) if chance else (0xE6, 0xF0, 0xF6)
    return "#" + "".join(
        f"{round(a + (b - a) * share):02X}" for a, b in zip(start, end, strict=True)
    )
