"""Forest plot of a validation: the model's advantage over every rival, with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.compare.words import plain
from sim.show.figures.sheet import Sheet, Swatch, wrap
from sim.show.figures.style import INK, QUIET, REPORTED, SIMULATED, Size

LOOKS = {"better": SIMULATED, "worse": REPORTED, "cannot tell": QUIET}
MOST_BITS = 6.0
"""An interval that goes further is cut, with an arrow: a probability of nought has no end."""


def draw_skill(skills: pd.DataFrame, names: Mapping[str, str], size: Size) -> Figure:
    """One row per rival below a heading per trial, mode and group; log score, in bits.

    ``skills`` as `sim.calibrate.scoring` gives them, ``names`` what each rival is called. Unseen
    observables come first. Each comparison is one line with the gid ``gain-<number>``. Call it
    inside ``styled(size)``.
    """
    log = skills[skills["score"] == "log_score"]
    groups = [(key, part) for key, part in log.groupby(["trial", "mode", "group"], sort=False)]
    groups.sort(key=lambda item: str(item[0][2]) == "fitted")
    step, gap = size.font * 0.55, size.font * 0.75
    label, margin = (30.0, 3.0) if size.is_column else (66.0, 48.0)
    width = size.width - label - margin
    top = 3 + size.font * (2.2 if size.is_column else 1.5)
    rows = sum(len(part) for _, part in groups)
    height = rows * step + len(groups) * (gap + step)
    sheet = Sheet(size, top + height + size.font * 1.3 + size.font * 0.5 + 4)
    sheet.heading(
        "By how much is the model better than each rival?",
        "Mean advantage in log score per observable, in bits (1: twice the probability), and its "
        "90 % interval. Right of the line the model is better.",
    )
    axes = sheet.axes(label, top, width, height)
    _frame(axes, log, height)
    y, number = 0.0, 0
    for key, part in groups:
        y += gap
        words = wrap(sheet.figure, plain(", ".join(map(str, key))), "small", size.width - 4, 1)
        axes.text(-label / width + 2 / width, y + step / 2, words, fontsize="small",
                  fontweight="bold", transform=axes.get_yaxis_transform(), va="center_baseline",
                  zorder=5, bbox={"fc": "white", "ec": "none", "pad": 0.5})  # fmt: skip
        y += step
        for row in part.to_dict("records"):
            _row(sheet, axes, {str(k): v for k, v in row.items()}, y + step / 2, number, names,
                 (label, width, margin))  # fmt: skip
            number += 1
            y += step
    foot = top + height + size.font * 1.3
    sheet.key(foot, [Swatch("dot", words, color) for words, color in
                     (("the model is better", SIMULATED), ("cannot tell", QUIET),
                      ("the model is worse", REPORTED))])  # fmt: skip
    return sheet.figure


def _frame(axes: Axes, log: pd.DataFrame, height: float) -> None:
    ends = [float(v) for name in ("gain", "low", "high") for v in log[name] if math.isfinite(v)]
    low, high = min([*ends, -0.5]), max([*ends, 0.5])
    axes.set_xlim(max(low * 1.08, -MOST_BITS), min(high * 1.08, MOST_BITS))
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.axvline(0, color=INK, lw=0.8, zorder=1)
    axes.set_xlabel("bits per observable", fontsize="small", color=QUIET)


def _row(
    sheet: Sheet, axes: Axes, row: Mapping[str, Any], y: float, number: int,
    names: Mapping[str, str], measures: tuple[float, float, float],
) -> None:  # fmt: skip
    label, width, margin = measures
    first, last = axes.get_xlim()
    color = LOOKS[str(row["verdict"])]
    gain = min(max(float(row["gain"]), first), last)
    low, high = (float(row[name]) for name in ("low", "high"))
    if math.isfinite(low) and math.isfinite(high):
        ends = [min(max(low, first), last), min(max(high, first), last)]
        axes.plot(ends, [y, y], color=color, lw=1.3, zorder=2, gid=f"gain-{number}")
        for end, beyond, mark in ((ends[0], low < first, "<"), (ends[1], high > last, ">")):
            if beyond:
                axes.plot([end], [y], marker=mark, ms=3.5, color=color, ls="none", clip_on=False)
    axes.plot([gain], [y], marker="o", ms=4, color=color, mec="white", mew=0.5, ls="none", zorder=3)
    rival = names.get(str(row["rival"]), str(row["rival"]).replace("_", " "))
    words = wrap(sheet.figure, plain(rival), "small", label - 6, 1)
    frame = axes.get_yaxis_transform()
    axes.text(-2 / width, y, words, transform=frame, ha="right", va="center_baseline",
              fontsize="small", color=INK)  # fmt: skip
    if margin < 20:
        return
    said = f"{row['gain']:+.2f}"
    if math.isfinite(low) and math.isfinite(high):
        said += f" ({low:+.2f} to {high:+.2f})"
    axes.text(1 + 2 / width, y, f"{said}, n = {row['n']}", transform=frame, va="center_baseline",
              fontsize="small", color=color)  # fmt: skip


def alt_skill(skills: pd.DataFrame) -> str:
    """Alternative text of the forest plot: verdicts by group."""
    log = skills[skills["score"] == "log_score"]
    said = []
    for group, part in log.groupby("group", sort=False):
        counts = part["verdict"].value_counts()
        words = ", ".join(f"{word} in {counts[word]}" for word in LOOKS if word in counts)
        said.append(f"{group}: {words} of {len(part)} comparisons")
    return f"Advantages of the model over its rivals as dots with intervals. {'; '.join(said)}."
