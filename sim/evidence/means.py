"""The means of an attack: the words by which a text names what a mode of ASSAULT stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.evidence.phrases import plain

MEANS: dict[str, tuple[str, ...]] = {
    "firearms": ("gun", "shot", "shoot", "fire", "firing", "ammunition", "bullet", "rifle"),
    "heavy-weapons": ("rocket", "missile", "mortar", "shell", "artillery", "heavy machine gun"),
    "explosives": ("bomb", "explosi", "grenade", "mine", "blast", "detonat"),
    "drone": ("drone", "unmanned"),
}
"""Beginnings of words, by mode. Modes that say how and not with what need no means."""

ELSEWHERE = re.compile(r"\bMeans by ([a-z0-9_]+\.[a-z0-9]+)")


def names_means(mode: str, text: str) -> bool:
    """Whether `text` names a means of `mode`; true for a mode that needs none."""
    words = MEANS.get(mode)
    if words is None:
        return True
    return any(re.search(rf"(?<!\w){re.escape(word)}", plain(text)) for word in words)


def means_fault(
    mode: str, text: str, notes: str | None, elsewhere: Mapping[str, str]
) -> str | None:
    """Why a mode does not stand in its text, or None if it does.

    Args:
        text: the paragraph of the statement.
        notes: its notes; `Means by ID` points to the statement whose paragraph names the means.
        elsewhere: the paragraphs of the same source, by the ids of their statements.
    """
    if names_means(mode, text):
        return None
    pointed = ELSEWHERE.search(notes or "")
    if pointed is not None and names_means(mode, elsewhere.get(pointed[1], "")):
        return None
    return (
        f"no means of '{mode}' is named in the paragraph; leave the mode out, or let the notes say "
        "'Means by' and the statement of this source that names it"
    )
