"""One figure as written: drawn at page and column width, saved as PNG and SVG, described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.show.figures.style import (
    COLUMN,
    PAGE,
    Size,
    save,
    styled,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class FigureRecord:
    """One figure as written: page width (``png``, ``svg``) and 85 mm column width."""

    name: str
    title: str
    alt: str
    png: Path
    svg: Path
    column_png: Path
    column_svg: Path


def draw_all(
    folder: Path, manifest_id: str, name: str, title: str, alt: str, draw: Callable[[Size], Figure]
) -> FigureRecord:
    """Draw one figure at page and column width and save each as PNG and SVG."""
    target = folder / "figures"
    target.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for size in (PAGE, COLUMN):
        with styled(size):
            stem = target / (name + ("_column" if size.is_column else ""))
            paths += save(draw(size), stem, title, manifest_id)
    return FigureRecord(name, title, alt, *paths)


def draw_page(
    target: Path, name: str, title: str, alt: str, manifest_id: str, draw: Callable[[Size], Figure]
) -> FigureRecord:
    """Save one figure at page width; narrow screens get the same."""
    with styled(PAGE):
        png, svg = save(draw(PAGE), target / name, title, manifest_id)
    return FigureRecord(name, title, alt, png, svg, png, svg)
