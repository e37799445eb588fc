"""Phrases of a text: its numbers and the means it names, to hold a coding against."""

from __future__ import annotations

import re
from collections.abc import Mapping

SMALL = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

VERBAL: dict[str, tuple[float, float | None]] = {
    "hundreds": (200, None),
    "thousands": (2_000, None),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    "millions": (2_000_000, None),
    "dozens": (24, None),
    "scores": (40, None),
    "several": (3, 9),
    "a few": (2, 6),
    "a number of": (2, None),
    "a couple": (2, 2),
    "a dozen": (12, 12),
    "hours": (2, None),
    "days": (2, None),
    "weeks": (2, None),
}
"""Lowest and highest value that a phrase is coded with; None is an open top: a bare plural is a
floor of two of its unit. These ranges are a convention of the codebook."""

IN_CITED_WORDS: dict[str, float] = {
    "another": 1,
    "a": 1,
    "an": 1,
    "all": 1,
    "no": 0,
    "none": 0,
    "silence": 0,
    "second": 2,
}
"""Words so common that they count as numbers only in the words a quantity cites. `all` is a share
of 1, `silence` a stated absence, `second` the second of a row."""

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def plain(text: str) -> str:
    """`text` in lower case with straight quotes and single spaces, so that words can be found."""
    text = text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(text.replace("-", " ").replace("–", " ").split())


def stands_in(words: str, text: str) -> bool:
    """Whether `words` stand in `text` as whole words, whatever their case, quotes and hyphens."""
    return re.search(rf"(?<!\w){re.escape(plain(words))}(?!\w)", plain(text)) is not None


def values(text: str) -> set[float]:
    """Every exact number in `text`: digits (with thousands separators) and number words."""
    clean = plain(text)
    found = {float(match.replace(",", "")) for match in _DIGITS.findall(clean)}
    words = re.findall(r"[a-z]+|\d[\d,.]*", clean)
    total, running = 0.0, False
    for before, word in zip(["", *words], [*words, ""], strict=True):
        if word in SMALL:
            # "twenty three" adds up; "two three" are two numbers.
            if running and not (total % 100 >= 20 and total % 10 == 0 and SMALL[word] < 10):
                found.add(total)
                total = 0.0
            total, running = total + SMALL[word], True
        elif word in LARGE and not before[-1:].isdigit():
            total, running = (total or 1.0) * LARGE[word], True
        elif running:
            found.add(total)
            total, running = 0.0, False
    # "5 million": digits before a large word.
    for digits, large in re.findall(rf"({_DIGITS.pattern}) ({'|'.join(LARGE)})\b", clean):
        found.add(float(digits.replace(",", "")) * LARGE[large])
    return found


def cited_values(words: str) -> set[float]:
    """Every exact number in the words that a quantity cites."""
    common = {value for word, value in IN_CITED_WORDS.items() if stands_in(word, words)}
    return values(words) | common


def named_one_by_one(words: str) -> set[float]:
    """How many are named in "Ann Lee and Bo Ray" (2): a floor. Empty where it is no such list."""
    parts = re.split(r",? and |, ", words)
    listed = len(parts) > 1 and all(part[:1].isupper() for part in parts)
    return {float(len(parts))} if listed else set()


def verbal_ranges(text: str) -> list[tuple[float, float | None]]:
    """The ranges of the verbal quantities in `text`; the longest phrase wins over those in it."""
    clean, ranges = plain(text), []
    for phrase in sorted(VERBAL, key=len, reverse=True):
        found = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)")
        if found.search(clean):
            ranges.append(VERBAL[phrase])
            clean = found.sub("*", clean)
    return ranges


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
