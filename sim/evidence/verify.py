"""Verification of codings against the texts: checksum, paragraph, numbers, words, means."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.evidence.body import Evidence
from sim.evidence.phrases import (
    cited_values,
    means_fault,
    named_one_by_one,
    stands_in,
    values,
    verbal_ranges,
)
from sim.evidence.statement import Article, Quantity, Statement

LONGEST_BORROWING = 8
"""A coding may share this many words in a row with its text, not more; titles are cited whole."""


@dataclass(frozen=True)
class Fault:
    """One thing that the text does not bear out."""

    article: str
    statement: str | None
    check: str
    message: str

    def __str__(self) -> str:
        return f"{self.statement or self.article}: {self.check}: {self.message}"


@dataclass(frozen=True)
class Verification:
    """The outcome of checking codings against texts.

    Attributes:
        failures: everything that did not hold, in the order of the files.
        read: ids of the sources whose text was there.
        skipped: ids of the sources whose text was not in the folder.
        checks: how many single checks were made.
    """

    failures: tuple[Fault, ...]
    read: tuple[str, ...]
    skipped: tuple[str, ...]
    checks: int

    @property
    def passed(self) -> bool:
        """Whether every check that could be made held."""
        return not self.failures


def paragraphs(text: str) -> list[str]:
    """The non-empty lines of a text; the first is paragraph 1."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def verify(evidence: Evidence, folder: str | os.PathLike[str]) -> Verification:
    """Checks every source whose text lies in `folder` under the file name of its citation.

    The texts are only read. A source without a file name, or whose text is not there, is skipped.

    Raises:
        NotADirectoryError: `folder` is not a folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    outcomes: list[Fault | None] = []
    read, skipped = [], []
    for article in evidence.articles.values():
        path = root / Path(article.citation.file or "").name
        if article.kind == "table" or not article.citation.file or not path.is_file():
            skipped.append(article.id)
            continue
        read.append(article.id)
        outcomes.extend(_article_checks(evidence, article, path.read_bytes()))
    failures = tuple(outcome for outcome in outcomes if outcome is not None)
    return Verification(failures, tuple(read), tuple(skipped), len(outcomes))


def _article_checks(evidence: Evidence, article: Article, content: bytes) -> Iterator[Fault | None]:
    def outcome(holds: bool, s: Statement | None, check: str, message: str) -> Fault | None:
        return None if holds else Fault(article.id, s.id if s else None, check, message)

    digest = hashlib.sha256(content).hexdigest()
    same = digest == article.citation.sha256
    yield outcome(same, None, "checksum", f"the text has {digest}, the seed another")
    lines = paragraphs(content.decode("utf-8", errors="replace"))
    borrowed = set(_runs("\n".join(lines)))
    paragraph_of = {
        s.id: lines[s.paragraph - 1]
        for s in article.statements
        if s.paragraph is not None and s.paragraph <= len(lines)
    }
    for s in article.statements:
        text = "\n".join(lines)
        if s.paragraph is not None:
            there = s.paragraph <= len(lines)
            many = f"there is no paragraph {s.paragraph}; the text has {len(lines)}"
            yield outcome(there, s, "paragraph", many)
            if not there:
                continue
            text = lines[s.paragraph - 1]
        for window in (s.window, s.as_of):
            if window is not None and window.phrase is not None:
                found = stands_in(window.phrase, text)
                yield outcome(found, s, "time words", f"'{window.phrase}' is not in the paragraph")
        for quantity in s.quantities:
            message = _number_fault(quantity, text)
            yield outcome(message is None, s, f"number of {quantity.measure}", message or "")
        if s.plover is not None and s.plover.type == "ASSAULT" and s.plover.mode is not None:
            message = means_fault(s.plover.mode, text, s.notes, paragraph_of)
            yield outcome(message is None, s, "means", message or "")
    for owner, line in _own_words(evidence, article):
        copied = next((run for run in _runs(line) if run in borrowed), None)
        words = " ".join(copied or ())
        yield (
            None if copied is None else Fault(article.id, owner, "own words", f"copies '{words}'")
        )


def _number_fault(quantity: Quantity, text: str) -> str | None:
    """Why a number does not stand in its paragraph, or None if it does."""
    if quantity.words is not None:
        if not stands_in(quantity.words, text):
            return f"'{quantity.words}' is not in the paragraph"
        text = quantity.words
    exact = values(text) if quantity.words is None else cited_values(text)
    ranges = verbal_ranges(text)
    lows = {low for low, _ in ranges}
    highs = {high for _, high in ranges if high is not None}
    # A verbal quantity fixes both ends; an exact value between them would be invented.
    named = named_one_by_one(quantity.words or "")
    allowed = {"low": lows, "at_least": lows | named, "high": highs, "best": lows & highs}
    for key, range_ends in allowed.items():
        number = getattr(quantity, key)
        if number is not None and number not in exact | range_ends:
            return f"{key} {number:g} stands in '{text[:60]}' neither in digits nor in words"
    return None


def _own_words(evidence: Evidence, article: Article) -> Iterator[tuple[str | None, str]]:
    """Every text of the coder's own that belongs to a source, with the statement it stands in."""
    for line in (article.citation.text, article.citation.date_known_from, *article.quality):
        yield None, line
    for s in article.statements:
        parts = [s.says, s.notes, s.window.reading, s.window.phrase, s.attribution.source]
        parts += [quantity.words for quantity in s.quantities]
        for part in parts:
            if part is not None:
                yield s.id, part
    for event in evidence.events.values():
        yield event.id, event.title
    for conflict in evidence.conflicts.values():
        for part in (conflict.title, conflict.how, conflict.assumption):
            if part is not None:
                yield conflict.id, part
        for side in conflict.alternatives:
            yield conflict.id, side.says


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of words one longer than may be borrowed."""
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    length = LONGEST_BORROWING + 1
    for start in range(len(words) - length + 1):
        yield tuple(words[start : start + length])
