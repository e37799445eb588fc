"""The body of evidence: all coded sources of one folder with their registries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.evidence.conflict import Conflict
from sim.evidence.registry import Actor, Event, PlaceEntry
from sim.evidence.statement import Article, Statement
from sim.inputs import Document

SPLIT = re.compile(r"(actors|places|events)(?:_\d+)?")
"""File names, without `.yaml`, of registries that may be split: `events`, `events_2`, ..."""


@dataclass(frozen=True)
class Evidence:
    """What was reported. Every dict is keyed by id and in the order of the files.

    Attributes:
        folder: the folder as the user named it.
        articles: the coded sources.
        statements: all statements of all sources.
        events: what the statements speak of.
        conflicts: where statements differ.
        actors, places: the registries.
        documents: the files read, by name without `.yaml`; for positions and checksums.
    """

    folder: str
    articles: dict[str, Article] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    places: dict[str, PlaceEntry] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict, repr=False)

    def article_of(self, statement: str) -> Article:
        """The source of a statement. Raises KeyError for an unknown id."""
        found = self.statements[statement]
        for article in self.articles.values():
            if found.id.split(".")[0] == article.prefix:
                return article
        raise KeyError(statement)

    def source(self, statement: str) -> str:
        """Where a statement stands, for print: outlet, date and paragraph or row."""
        article, found = self.article_of(statement), self.statements[statement]
        where = f"paragraph {found.paragraph}" if found.paragraph else found.row or "whole text"
        return f"{article.citation.outlet}, {article.citation.published.isoformat()}, {where}"

    def entries(self, kind: str) -> Iterator[tuple[Document, int]]:
        """For each actor, place or event in order: its file, and its number in that file's list."""
        for stem, document in self.documents.items():
            match = SPLIT.fullmatch(stem)
            if match and match[1] == kind:
                for index in range(len(document.data[kind])):
                    yield document, index

    def statements_by_event(self) -> dict[str, list[Statement]]:
        """Event to all statements that speak of it, each in the order of the files."""
        spoken: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements.values():
            if statement.event is not None:
                spoken[statement.event].append(statement)
        return spoken

    def statements_of(self, event: str) -> list[Statement]:
        """All statements that speak of an event, in the order of the files."""
        return [s for s in self.statements.values() if s.event == event]

    def conflicts_of(self, event: str) -> list[Conflict]:
        """All conflicts that touch an event."""
        return [c for c in self.conflicts.values() if event in c.events]

    def lies_in(self, place: str, larger: str) -> bool:
        """Whether `place` is `larger` or lies within it."""
        return larger in self.above(place)

    def above(self, place: str) -> list[str]:
        """`place` and all that it lies in, the nearest first. Raises KeyError for an unknown id."""
        chain = [place]
        while (larger := self.places[chain[-1]].within) is not None and larger not in chain:
            chain.append(larger)
        return chain
