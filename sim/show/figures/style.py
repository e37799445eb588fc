"""The look that all figures share: style file, colours by meaning, sizes, plain text, saving."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.compare.words import plain
from sim.show.figures.scripts import set_scripts

STYLE_FILE = Path(__file__).with_name("standdown.mplstyle")

# Okabe and Ito's colours, each with one meaning in every figure.
SIMULATED = "#0072B2"
REPORTED = "#B84A00"  # their vermilion, darkened until small text in it has AA contrast on white
ORDER = "#006B4F"  # their bluish green, darkened likewise
QUIET = "#595959"
FAINT = "#BDBDBD"
INK = "#1A1A1A"
SIDES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5195", "#8C8C00")

MM = 1 / 25.4
COLOURS = 255  # of a PNG's palette
ALMOST_WHITE = 252

_lock = threading.RLock()


@dataclass(frozen=True)
class Size:
    """One width at which a figure is drawn; lengths in mm, type in points."""

    name: str
    width: float
    left: float
    margin: float
    font: float

    @property
    def is_column(self) -> bool:
        return self.name == "column"


PAGE = Size("page", width=178.0, left=13.0, margin=54.0, font=8.0)
COLUMN = Size("column", width=85.0, left=10.0, margin=16.0, font=6.3)


@contextmanager
def styled(size: Size = PAGE) -> Iterator[None]:
    """Draw and save inside this: the style holds here only, for one thread at a time."""
    with _lock, mpl.rc_context():
        mpl.rcParams.update(mpl.rc_params_from_file(STYLE_FILE, use_default_template=False))
        mpl.rcParams["font.size"] = size.font
        yield


def new_figure(width_mm: float, height_mm: float) -> Figure:
    """An empty figure with its own canvas; nothing registers with pyplot."""
    figure = Figure(figsize=(width_mm * MM, height_mm * MM))
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: Path, title: str, manifest_id: str) -> Path:
    """Write ``path`` (.png or .svg) with the manifest id in corner and metadata; returns it.

    A PNG has 200 dots per inch and a palette, a third of the bytes of full colour and an eye sees
    no difference. The same figure gives the same bytes: no date is written and SVG ids are salted.
    Call it inside ``styled``.
    """
    figure.text(
        1 - 1.5 * MM / figure.get_figwidth(), 1.2 * MM / figure.get_figheight(),
        plain(manifest_id), ha="right", va="bottom", fontsize=5, color=QUIET,
    )  # fmt: skip
    set_scripts(figure)
    title = plain(title)
    if path.suffix == ".svg":
        marks = {"Title": title, "Creator": "Standdown", "Date": None}
        figure.savefig(path, metadata=marks | {"Identifier": f"manifest {manifest_id}"})
        return path
    whole = io.BytesIO()
    figure.savefig(whole, format="png", pil_kwargs={"compress_level": 1})
    words = PngInfo()
    for key, value in (
        ("Title", title), ("Software", "Standdown"), ("Source", f"manifest {manifest_id}"),
    ):  # fmt: skip
        words.add_itxt(key, value)
    with Image.open(whole) as drawn:
        few = drawn.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        colours = np.array(few.getpalette() or [], dtype=np.uint8).reshape(-1, 3)
        colours[(colours >= ALMOST_WHITE).all(axis=1)] = 255  # paper is white, not nearly so
        few.putpalette(colours.ravel().tolist())
        few.save(path, optimize=True, pnginfo=words, dpi=drawn.info["dpi"])
    return path
