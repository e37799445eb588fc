"""One figure as written: one PNG at page width, for print also SVG and a column's width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from sim.show.figures.style import COLUMN, PAGE, Size, save, styled


@dataclass(frozen=True)
class FigureRecord:
    """One figure as written: the file that a report shows, and those for print, if asked for."""

    name: str
    title: str
    alt: str
    path: Path
    for_print: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Easel:
    """Where figures go and what each is saved as.

    Attributes:
        folder: of the figures; it is made when the first one is drawn.
        manifest_id: stands in the corner of each.
        for_print: also SVG at page width, and PNG and SVG at the 85 mm of a column.
    """

    folder: Path
    manifest_id: str
    for_print: bool = False

    def draw(self, name: str, title: str, alt: str, draw: Callable[[Size], Figure]) -> FigureRecord:
        """Draw one figure and save it as ``name``.png; the shapes for print beside it."""
        self.folder.mkdir(parents=True, exist_ok=True)

        def put(size: Size, ending: str) -> Path:
            with styled(size):
                stem = name + ("_column" if size.is_column else "")
                path = self.folder / f"{stem}.{ending}"
                return save(draw(size), path, title, self.manifest_id)

        shown = put(PAGE, "png")
        more = ((PAGE, "svg"), (COLUMN, "png"), (COLUMN, "svg")) if self.for_print else ()
        return FigureRecord(name, title, alt, shown, tuple(put(*one) for one in more))
