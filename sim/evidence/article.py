"""One coded source: the citation of a text (or table) and the statements read out of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sim.evidence.form import Form, Line, Name
from sim.evidence.statement import Statement

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Citation(Form):
    """Enough to find the text again and to know that it is the same text."""

    outlet: Line = Field(description="Who published it.")
    title: Line | None = Field(default=None, description="Its title, or none if the text has none.")
    published: date = Field(description="Day of publication.")
    latest: AwareDatetime = Field(
        description="Latest moment the text can speak of: its last update, else the day's end."
    )
    date_known_from: Line = Field(description="How the day of publication is known.")
    text: Line = Field(description="Which text was read: original, repost, extract, table.")
    file: Line | None = Field(default=None, description="File name of the text that was read.")
    sha256: Sha256 | None = Field(
        default=None, description="Checksum of the bytes that were read; none for a typed-in table."
    )
    licence: Line | None = Field(default=None, description="Licence of an imported table.")


class Article(Form):
    """A source and its statements."""

    id: Name = Field(description="Identifier; the file is named after it.")
    kind: Literal["article", "table"] = Field(
        default="article", description="An article has paragraphs, a table has rows."
    )
    prefix: Name = Field(description="First part of the ids of its statements.")
    citation: Citation = Field(description="Where it comes from.")
    quality: tuple[Line, ...] = Field(
        default=(), description="What limits the source: garbling, reposting, contradictions."
    )
    statements: tuple[Statement, ...] = Field(min_length=1, description="Its coded statements.")
