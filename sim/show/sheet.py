"""A sheet laid out in millimetres from the top left: axes, headings and the key at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.show.labels import text_width, wrap
from sim.show.style import INK, ORDER, QUIET, REPORTED, SIMULATED, Size, new_figure, plain

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
                "order": {"fc": ORDER, "alpha": 0.2, "lw": 0},
                "order_simulated": {"fc": "none", "ec": ORDER, "lw": 0.7, "ls": (0, (2, 1.5))},
                "patch": {"fc": color, "lw": 0},
            }[swatch.kind]
            self.rectangle(left, middle - 1.0, 5, 2.0, **how)


def _rgb(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
