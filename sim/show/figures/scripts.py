"""Scripts of the world in a figure: direction of mixed lines, and a font that has every sign.

Matplotlib joins Arabic letters and turns right-to-left text by itself (libraqm, since 3.11). What
is left: a line of both directions takes that of its first letter, so that "name: dead by day" would
stand back to front; and DejaVu Sans has no Chinese, Devanagari or Amharic.
"""

from __future__ import annotations

import unicodedata
import warnings
from functools import cache

from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

OWN = "DejaVu Sans"
LEFT_TO_RIGHT = "\u200e"


def set_scripts(figure: Figure) -> None:
    """Give every text of a figure its direction and the fonts it needs; call it before saving.

    Warns of signs that no font of this system has: they are drawn as boxes.
    """
    missing: set[str] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            formatter = axis.get_major_formatter()
            if isinstance(formatter, FixedFormatter):  # it writes its labels anew when drawn
                formatter.seq = [directed(str(words)) for words in formatter.seq]
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        words = text.get_text()
        if words.isascii():
            continue
        text.set_text(directed(words))
        fonts, lacking = fonts_for(words)
        if fonts:
            text.set_fontfamily([OWN, *fonts])
        missing |= lacking
    if missing:
        signs = "".join(sorted(missing)[:8])
        warnings.warn(f"no font on this system has {signs}: drawn as boxes", stacklevel=2)


def directed(words: str) -> str:
    """A line that runs from left to right where it holds letters of both directions."""
    kinds = [unicodedata.bidirectional(sign) for sign in words]
    strong = [kind for kind in kinds if kind in ("L", "R", "AL")]
    if not strong or strong[0] == "L" or "L" not in strong:
        return words
    return LEFT_TO_RIGHT + words


def fonts_for(words: str) -> tuple[list[str], set[str]]:
    """Installed families for the signs that the own font lacks, and the signs that none has."""
    fonts: list[str] = []
    missing = set()
    for sign in dict.fromkeys(words):
        if unicodedata.category(sign)[0] in "CZ" or sign.isascii() or _has(OWN, sign):
            continue
        if any(_has(font, sign) for font in fonts):
            continue
        found = _family_with(sign)
        if found is None:
            missing.add(sign)
        else:
            fonts.append(found)
    return fonts, missing


@cache
def _signs(path: str) -> frozenset[int]:
    return frozenset(get_font(path).get_charmap())


@cache
def _has(family: str, sign: str) -> bool:
    faces = (font.fname for font in fontManager.ttflist if font.name == family)
    return any(ord(sign) in _signs(face) for face in faces)


@cache
def _family_with(sign: str) -> str | None:
    for font in sorted(fontManager.ttflist, key=lambda one: (one.style != "normal", one.name)):
        try:
            if ord(sign) in _signs(font.fname):
                return font.name
        except (OSError, RuntimeError):  # a font file that cannot be read is no help
            continue
    return None
