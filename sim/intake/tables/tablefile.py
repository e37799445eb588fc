"""A table file read row by row: its encoding, delimiter and header found, its rows never stored."""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from sim.inputs import InputError, Problem, odd_kind
from sim.inputs.problems import printable
from sim.inputs.syntax import open_at_once
from sim.intake.tables.fields import clean, column_key

CHUNK = 1 << 20
LONGEST_FIELD = 1 << 20
MOST_EMPTY = 1 << 20
"""Empty rows in succession: a spreadsheet saved to its last row has so many, no table has more."""
DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


@dataclass(frozen=True)
class Content:
    """What the bytes of a file say of it before any row is read."""

    path: str
    sha256: str
    size: int
    encoding: str
    has_mark: bool


@dataclass(frozen=True)
class Row:
    """One data row: its number of line in the file and its cells."""

    line: int
    cells: list[str]
    lines: int


def look_at(path: str | os.PathLike[str]) -> Content:
    """Checksum, size and encoding of a file, read once in chunks.

    Raises:
        InputError: it cannot be read, is empty, is no text, or is UTF-16.
    """
    name = os.fspath(path)
    digest, size, valid = hashlib.sha256(), 0, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    head = b""
    try:
        kind = odd_kind(name)
        if kind is not None:
            # It is read four times over, which a pipe cannot be.
            raise _unusable(name, f"this is a {kind}", "a file, such as one the pipe is saved to")
        if os.stat(name).st_size == 0:  # or made up by the system as it is read, without an end
            raise _unusable(name, "the file is empty", "a table with rows")
        with open(name, "rb", opener=open_at_once) as stream:
            while chunk := stream.read(CHUNK):
                head = head or chunk[:4]
                size += len(chunk)
                digest.update(chunk)
                if b"\0" in chunk:
                    what = "UTF-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "no text"
                    raise _unusable(name, f"the file is {what}", "a table in UTF-8 or Windows-1252")
                if valid:
                    valid = _decodes(decoder, chunk)
            valid = valid and _decodes(decoder, b"", final=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unusable(name, f"the file cannot be read: {reason}", "a table") from None
    if size == 0:
        raise _unusable(name, "the file is empty", "a table with rows")
    encoding = "utf-8" if valid else "cp1252"
    return Content(name, digest.hexdigest(), size, encoding, head.startswith(codecs.BOM_UTF8))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _unusable(path: str, message: str, expected: str | None = None) -> InputError:
    return InputError([Problem(path, None, None, message, expected)])


class TableFile:
    """A table whose columns are known by name.

    Attributes:
        content: the file.
        delimiter: one of `DELIMITERS`.
        names: column names in their order, lower case.
        has_header: whether the names stand in the file (else they are known by position).
    """

    def __init__(
        self,
        content: Content,
        required: Sequence[str],
        positions: dict[int, Sequence[str]],
        never_header: bool = False,
    ) -> None:
        """Find out how the rows are written.

        Args:
            required: columns without which nothing can be read, lower case.
            positions: number of columns to their names, for files without a header.
            never_header: whether files of this form have no header.

        Raises:
            InputError: columns are missing and their number is none of `positions`.
        """
        self.content = content
        csv.field_size_limit(LONGEST_FIELD)
        line = self._first_line()
        first = [
            (
                delimiter,
                [column_key(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])],
            )
            for delimiter in DELIMITERS
        ]
        wanted = [column_key(name) for name in required]
        best = max(first, key=lambda pair: (len(set(wanted) & set(pair[1])), len(pair[1])))
        self.delimiter, cells = best
        self.has_header = not never_header and any(name in cells for name in wanted)
        if self.has_header:
            missing = [name for name, key in zip(required, wanted, strict=True) if key not in cells]
            if missing:
                found = printable(", ".join(clean(c) for c in cells if c)[:200])
                raise InputError([Problem(content.path, 1, 1,
                    f"missing columns: {', '.join(missing)}", f"them among: {found}")])  # fmt: skip
            self.names = cells
        else:
            self.names = self._by_position(positions, wanted)

    def _by_position(self, positions: dict[int, Sequence[str]], wanted: list[str]) -> list[str]:
        counts = {}
        line = self._first_line()
        for delimiter in DELIMITERS:
            counts[delimiter] = len(next(csv.reader([line], delimiter=delimiter), []))
        for delimiter, count in counts.items():
            if count in positions:
                self.delimiter = delimiter
                return [column_key(name) for name in positions[count]]
        lengths = " or ".join(str(n) for n in positions)
        raise InputError([Problem(
            self.content.path, 1, 1, f"no header that can be read and {max(counts.values())} "
            "columns", f"a first line with {', '.join(wanted[:4])}, ..."
            + (f", or {lengths} columns" if positions else ""))])  # fmt: skip

    def _open(self) -> TextIO:
        encoding = "utf-8-sig" if self.content.encoding == "utf-8" else "cp1252"
        return open(self.content.path, encoding=encoding, errors="replace", newline="")

    def _first_line(self) -> str:
        with self._open() as stream:
            return str(stream.readline(LONGEST_FIELD))

    def rows(self) -> Iterator[Row]:
        """Every row after the header, blank ones too.

        Raises:
            InputError: a field longer than `LONGEST_FIELD`: a quotation mark that never ends; more
                than `MOST_EMPTY` rows with nothing in them.
        """
        with self._open() as stream:
            # Tabs part fields without quotation in GDELT and POLECAT; a quote is then a character.
            reader = (
                csv.reader(stream, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
                if self.delimiter == "\t"
                else csv.reader(stream, delimiter=self.delimiter)
            )
            before = empty = 0
            try:
                for number, cells in enumerate(reader):
                    empty = 0 if any(map(str.strip, cells)) else empty + 1
                    if empty > MOST_EMPTY:
                        raise self._too_empty(before + 1)
                    line, lines = before + 1, reader.line_num - before
                    before = reader.line_num
                    if number > 0 or not self.has_header:
                        yield Row(line, cells, lines)
            except csv.Error as error:
                message = f"the row cannot be read: {error}"
                raise InputError([Problem(self.content.path, before + 1, 1, message,
                    "every quotation mark closed")]) from None  # fmt: skip

    def _too_empty(self, line: int) -> InputError:
        message = f"more than {MOST_EMPTY:,} empty rows one after the other"
        return InputError(
            [Problem(self.content.path, line, 1, message, "rows that hold something")]
        )

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers may be written with a decimal comma."""
        return self.delimiter == ";"
