"""Where a reported number comes from: a statement's outlet, paragraph, attribution and hedging."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from sim.compare.words import plain

if TYPE_CHECKING:
    from sim.evidence import Evidence


@dataclass(frozen=True)
class Cited:
    """One statement as a reader needs it."""

    id: str
    tag: str
    outlet: str
    title: str
    published: date | None
    where: str
    says: str
    attribution: str
    of_class: str
    hedging: str
    background: bool
    as_of: tuple[pd.Timestamp | None, pd.Timestamp | None]


@dataclass(frozen=True)
class Side:
    """One side of a disagreement: its range (None where open) and who says it."""

    low: float | None
    high: float | None
    statements: tuple[str, ...]


def short_outlet(prefix: str, outlet: str) -> str:
    """The outlet's name as short as its readers write it: BBC, AP, Reuters."""
    words = [word.strip(",.()") for word in outlet.split()]
    words = [word for word in words if word]
    initials = "".join(word[0] for word in words if word[0].isupper())
    for word in words:
        if word.lower() == prefix.lower():
            return word
    if prefix.lower() == initials.lower():
        return initials
    if not words:
        return prefix.upper()
    if words[0].lower() == "the" and len(words) > 1:
        return words[1]
    return words[0]


class Citations:
    """Looks statements up by id; an id that no file holds is shown as it stands."""

    def __init__(
        self,
        cited: Iterable[Cited] = (),
        conflicts: Mapping[str, Sequence[str]] | None = None,
        sides: Mapping[str, Sequence[Side]] | None = None,
    ) -> None:
        self._by_id = {item.id: item for item in cited}
        self._conflicts = dict(conflicts or {})
        self._sides = dict(sides or {})

    @classmethod
    def of(cls, evidence: Evidence | None) -> Citations:
        """Every statement of the evidence; empty where there is none."""
        if evidence is None:
            return cls()
        cited = (
            Cited(
                id=statement.id,
                tag=_tag(article.prefix, article.citation.outlet, statement),
                outlet=article.citation.outlet,
                title=article.citation.title or "",
                published=article.citation.published,
                where=_where(statement),
                says=statement.says,
                attribution=statement.attribution.source,
                of_class=statement.attribution.of_class.replace("_", " "),
                hedging=statement.hedging,
                background=statement.background,
                as_of=_known_by(statement, article.citation),
            )
            for article in evidence.articles.values()
            for statement in article.statements
        )
        return cls(
            cited,
            {c.id: c.all_statements for c in evidence.conflicts.values()},
            {
                c.id: [Side(*side.span, side.statements) for side in c.alternatives]
                for c in evidence.conflicts.values()
            },
        )

    def get(self, name: str) -> Cited | None:
        return self._by_id.get(name)

    def statements(self, names: Iterable[str]) -> list[str]:
        """The ids with each conflict replaced by the statements on all its sides; no repeats."""
        found = [one for name in names for one in self._conflicts.get(name, (name,))]
        return list(dict.fromkeys(found))

    def who_says(
        self, names: Iterable[str], low: float | None, high: float | None
    ) -> tuple[str, ...]:
        """Of names with a disagreement, those who say this range; all, where it is nobody's."""
        names = tuple(names)
        ours = [
            one
            for name in names
            for side in self._sides.get(name, ())
            if (side.low, side.high) == (low, high)
            for one in side.statements
        ]
        return tuple(dict.fromkeys(ours)) or names

    def tag(self, names: Iterable[str], most: int = 2) -> str:
        """Short source tag such as ``BBC ¶3 ¶13, AP ¶4 +1``; "assumption" texts say just that.

        With ``most`` 1 the first statement stands for all: ``BBC ¶3 +2``.
        """
        tags: list[str] = []
        for name in self.statements(names):
            cited = self.get(name)
            tag = cited.tag if cited else plain(name)
            if tag.startswith("assumption"):
                tag = "assumption"
            if tag not in tags:
                tags.append(tag)
        merged = _merge(tags) if most > 1 else tags
        more = f" +{len(merged) - most}" if len(merged) > most else ""
        return ", ".join(merged[:most]) + more

    def known_from(self, names: Iterable[str]) -> pd.Timestamp | None:
        """Earliest time at which any of these statements counted, or None."""
        known = [
            c.as_of[0]
            for c in map(self.get, self.statements(names))
            if c and c.as_of[0] is not None
        ]
        return min(known) if known else None


def _where(statement: object) -> str:
    paragraph, row = getattr(statement, "paragraph", None), getattr(statement, "row", None)
    if paragraph is not None:
        return f"¶{paragraph}"
    return f"row {row}" if row is not None else "silence"


def _tag(prefix: str, outlet: str, statement: object) -> str:
    return f"{short_outlet(prefix, plain(outlet))} {_where(statement)}"


def _merge(tags: list[str]) -> list[str]:
    """``BBC ¶3`` and ``BBC ¶13`` become ``BBC ¶3 ¶13``."""
    merged: dict[str, str] = {}
    for tag in tags:
        outlet, space, where = tag.rpartition(" ")
        if space and where.startswith("¶") and outlet in merged:
            merged[outlet] += f" {where}"
        elif space and where.startswith("¶"):
            merged[outlet] = tag
        else:
            merged[tag] = tag
    return list(merged.values())


def _known_by(
    statement: object, citation: object
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    window = getattr(statement, "as_of", None)
    if window is not None:
        start, end = window.earliest, window.latest
    else:
        start = end = getattr(citation, "latest", None)
    return (
        pd.Timestamp(start) if start is not None else None,
        pd.Timestamp(end) if end is not None else None,
    )
