"""A sheet laid out in millimetres: axes, headings, the key, and labels that never touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.compare.words import plain
from sim.show.figures.style import INK, ORDER, QUIET, REPORTED, SIMULATED, Size, new_figure

BOLD = 1.14  # how much wider the bold letters of a title are than those that are measured


@dataclass(frozen=True)
class Swatch:
    """One entry of the key: how it is drawn, and its words."""

    kind: str
    words: str
    color: str = INK
    marker: str = ""


class Sheet:
    """A figure whose parts are placed in mm; y runs downwards from the top edge."""

    def __init__(self, size: Size, height: float, width: float | None = None) -> None:
        self.size = size
        self.width = width or size.width
        self.height = height
        self.figure = new_figure(self.width, height)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """New axes with this top left corner and extent in mm."""
        return self.figure.add_axes(
            (
                left / self.width,
                1 - (top + height) / self.height,
                width / self.width,
                height / self.height,
            )
        )

    def text(self, left: float, top: float, words: str, **how: Any) -> None:
        """Text whose top left corner is here, in mm."""
        how = {"ha": "left", "va": "top", "color": INK, **how}
        self.figure.text(left / self.width, 1 - top / self.height, words, **how)

    def rectangle(self, left: float, top: float, width: float, height: float, **how: Any) -> None:
        self.figure.add_artist(
            Rectangle(
                (left / self.width, 1 - (top + height) / self.height),
                width / self.width, height / self.height,
                transform=self.figure.transFigure, **how,
            )
        )  # fmt: skip

    def line(self, xs: Sequence[float], ys: Sequence[float], **how: Any) -> None:
        self.figure.add_artist(
            Line2D(
                [x / self.width for x in xs], [1 - y / self.height for y in ys],
                transform=self.figure.transFigure, **how,
            )
        )  # fmt: skip

    def heading(self, title: str, subtitle: str = "") -> None:
        """Bold title and a quiet line below, each cut to the width."""
        room = self.width - 4
        words = wrap(self.figure, plain(title), self.size.font * 1.15, room / BOLD, 1)
        self.text(2, 1.5, words, fontsize=self.size.font * 1.15, fontweight="bold")
        if subtitle:
            words = wrap(
                self.figure,
                plain(subtitle),
                self.size.font * 0.9,
                room,
                3 if self.size.is_column else 2,
            )
            top = 1.5 + self.size.font * 1.15 * 0.50
            self.text(2, top, words, fontsize=self.size.font * 0.9, color=QUIET, linespacing=1.15)

    def key_rows(self, swatches: Sequence[Swatch]) -> list[list[tuple[float, Swatch]]]:
        """The key broken into rows that fit the width: (left edge in mm, entry)."""
        rows: list[list[tuple[float, Swatch]]] = [[]]
        left = 2.0
        for swatch in swatches:
            need = 6.2 + text_width(self.figure, swatch.words, "small") + 3.0
            if rows[-1] and left + need > self.width - 1:
                rows.append([])
                left = 2.0
            rows[-1].append((left, swatch))
            left += need
        return rows

    def key(self, top: float, swatches: Sequence[Swatch]) -> float:
        """Draw the key from ``top`` down; returns its lower edge in mm."""
        step = self.size.font * 0.46
        for row in self.key_rows(swatches):
            for left, swatch in row:
                self._swatch(left, top + step * 0.42, swatch)
                self.text(
                    left + 6.2, top + step * 0.42, swatch.words,
                    fontsize="small", va="center_baseline",
                )  # fmt: skip
            top += step
        return top

    def _swatch(self, left: float, middle: float, swatch: Swatch) -> None:
        color = swatch.color
        if swatch.kind == "line":
            self.line([left, left + 5], [middle, middle], color=color, lw=1.6)
        elif swatch.kind == "thin":
            self.line([left, left + 5], [middle, middle], color=color, lw=0.5)
        elif swatch.kind == "marker":
            self.line([left + 2.5], [middle], color=color, marker=swatch.marker, ms=3.5, mew=0.7,
                      mfc="white", ls="none")  # fmt: skip
        elif swatch.kind == "dot":
            self.line([left + 2.5], [middle], color=color, marker="o", ms=4, ls="none")
        else:
            how: dict[str, Any] = {
                "wide": {"fc": SIMULATED, "alpha": 0.16, "lw": 0},
                "narrow": {"fc": SIMULATED, "alpha": 0.45, "lw": 0},
                "box": {"fc": (*_rgb(REPORTED), 0.22), "ec": REPORTED, "lw": 0.9},
                "hollow": {"fc": "none", "ec": REPORTED, "lw": 0.8, "ls": (0, (2.5, 1.2))},
                "band": {"fc": (*_rgb(REPORTED), 0.13), "ec": REPORTED, "lw": 0.9},
                "order": {"fc": ORDER, "alpha": 0.2, "lw": 0},
                "order_simulated": {"fc": "none", "ec": ORDER, "lw": 0.7, "ls": (0, (2, 1.5))},
                "patch": {"fc": color, "lw": 0},
            }[swatch.kind]
            self.rectangle(left, middle - 1.0, 5, 2.0, **how)


def _rgb(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def spread(
    wanted: Sequence[float],
    gap: float,
    low: float,
    high: float,
    rows: Sequence[int] | None = None,
) -> list[float]:
    """Positions as near as possible to ``wanted``, at least ``gap`` apart, within low..high.

    ``rows`` says how many gaps each takes (one, if left out). Where they cannot all fit, the gap
    shrinks evenly. Order is kept; ties stay in the order given.
    """
    count = len(wanted)
    if count == 0:
        return []
    order = sorted(range(count), key=lambda i: wanted[i])
    tall = [1 if rows is None else rows[i] for i in order]
    # From the middle of the lowest to the middle of each, in gaps.
    offsets = [0.0]
    for below, above in pairwise(tall):
        offsets.append(offsets[-1] + (below + above) / 2)
    gap = min(gap, (high - low) / max(offsets[-1], 1))
    # Subtracting the gaps turns "at least gap apart" into "not decreasing": pool violators.
    blocks: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        mean, size = wanted[i] - offsets[rank] * gap, 1
        while blocks and blocks[-1][0] > mean:
            before, members = blocks.pop()
            mean = (mean * size + before * members) / (size + members)
            size += members
        blocks.append((mean, size))
    flat = [mean for mean, size in blocks for _ in range(size)]
    top = high - offsets[-1] * gap
    flat = [min(max(value, low), max(top, low)) for value in flat]
    placed = [0.0] * count
    for rank, i in enumerate(order):
        placed[i] = flat[rank] + offsets[rank] * gap
    return placed


@dataclass(frozen=True)
class MarginLabel:
    """A label for the right margin: where its line starts (x data, y as axes share), its words."""

    x: float
    y: float
    text: str
    color: str
    bold: bool = False


def draw_margin(
    axes: Axes, items: Sequence[MarginLabel], gap: float, start_mm: float, width_mm: float,
    top: float = 1.0,
) -> list[Text]:  # fmt: skip
    """Write labels right of ``axes`` in order of height, each joined by a line to its box.

    ``gap`` is the share of the axes' height per label, ``start_mm`` the distance of the text from
    the axes, ``width_mm`` the axes' width, ``top`` how far up labels may go, the axes' top being 1.
    """
    if not items:
        return []
    rows = [item.text.count("\n") + 1 for item in items]
    heights = spread([item.y for item in items], gap, gap / 2, top - gap / 2, rows)
    edge = 1 + (start_mm - 0.8) / width_mm
    texts = []
    low, high = axes.get_xlim()
    for item, height in zip(items, heights, strict=True):
        upright = "center" if "\n" in item.text else "center_baseline"
        x = min(max((item.x - low) / (high - low), 0.0), 1.0)
        axes.add_line(
            Line2D(
                [x, 1 + 0.6 / width_mm, edge], [item.y, item.y, height],
                transform=axes.transAxes, color=item.color, linewidth=0.4, alpha=0.6,
                clip_on=False, zorder=2.5,
            )
        )  # fmt: skip
        texts.append(
            axes.text(
                1 + start_mm / width_mm, height, item.text, transform=axes.transAxes,
                ha="left", va=upright, fontsize="small", color=item.color or INK,
                fontweight="bold" if item.bold else "normal", clip_on=False,
            )
        )  # fmt: skip
    return texts


def text_width(figure: Figure, text: str, size: float | str) -> float:
    """Width of ``text`` in mm at this size."""
    artist = figure.text(0, 0, text, fontsize=size)
    box = artist.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    artist.remove()
    return float(box.width / figure.dpi * 25.4 * 1.05)  # hinting differs with resolution


def wrap(figure: Figure, text: str, size: float | str, width_mm: float, lines: int) -> str:
    """``text`` broken at words into at most ``lines`` lines of ``width_mm``, then cut."""
    rows: list[str] = [""]
    for word in text.split():
        trial = f"{rows[-1]} {word}".strip()
        if rows[-1] and text_width(figure, trial, size) > width_mm:
            if len(rows) == lines:
                rows[-1] += " …"
                break
            rows.append(word)
        else:
            rows[-1] = trial
    return "\n".join(_fit(figure, row, size, width_mm) for row in rows)


def fit_pair(figure: Figure, head: str, tag: str, size: float | str, width_mm: float) -> str:
    """``head · tag`` in one line of this width; the head gives way first, never the source."""
    if not head or not tag:
        return wrap(figure, head or tag, size, width_mm, 1)
    left = width_mm - text_width(figure, f" · {tag}", size)
    if left < 6:
        return wrap(figure, tag, size, width_mm, 1)
    return f"{_fit(figure, head, size, left)} · {tag}"


def two_lines(figure: Figure, head: str, tag: str, size: float | str, width_mm: float) -> str:
    """``head · tag`` in one line where it fits, else in two; the tag is never broken or cut."""
    whole = " · ".join(part for part in (head, tag) if part)
    if not head or not tag or text_width(figure, whole, size) <= width_mm:
        return wrap(figure, whole, size, width_mm, 1)
    first, rest = "", head.split()
    while rest and text_width(figure, f"{first} {rest[0]}".strip(), size) <= width_mm:
        first = f"{first} {rest.pop(0)}".strip()
    if not first:
        return fit_pair(figure, head, tag, size, width_mm)
    return f"{first}\n{fit_pair(figure, ' '.join(rest), tag, size, width_mm)}"


def _fit(figure: Figure, row: str, size: float | str, width_mm: float) -> str:
    while len(row) > 4 and text_width(figure, row, size) > width_mm:
        row = row.rstrip("…").rstrip()[:-1].rstrip() + "…"
    return row


def contrast_ink(rgb: tuple[float, float, float]) -> str:
    """Black or white, whichever is easier to read on this colour."""
    channel = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    luminance = float(np.dot(channel, (0.2126, 0.7152, 0.0722)))
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"
