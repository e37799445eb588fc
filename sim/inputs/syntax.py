"""The text of a file and its smallest parts: bytes, scalars as YAML 1.2 has them, bad syntax.

YAML 1.1 reads `no`, `on` and `yes` as booleans, `2:30` as 150 and `2022-08-29` as a date. Here
they stay the text that was written; so does a number with leading zeros (`003` is a name).
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import stat
from dataclasses import dataclass

import yaml

from sim.inputs.problems import InputError, Problem

MAX_BYTES = 5_000_000
"""Longest file that is read (5 MB); the largest scenario anybody wrote by hand has far less."""

# Everything YAML does not allow in a file, the byte order mark inside the text included.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True)
class SourceText:
    """The text of a file, the name the user gave it, and the checksum of its bytes."""

    path: str
    text: str
    sha256: str


def read_source(path: str | os.PathLike[str]) -> SourceText:
    """The file as text.

    Raises:
        InputError: the file is missing, a folder, unreadable, empty, too big, not UTF-8, or holds
            control characters.
    """
    name = os.fspath(path)
    content = _bytes(name)
    text = _text(name, content)
    if not text.strip():
        raise InputError([Problem(name, 1, 1, "the file is empty", "keys and values in YAML")])
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        line, column = _position(text[: forbidden.start()])
        code = f"U+{ord(forbidden.group()):04X}"
        message = f"the control character {code} cannot stand in YAML"
        raise InputError([Problem(name, line, column, message, "printable text")])
    return SourceText(name, text, hashlib.sha256(content).hexdigest())


def odd_kind(path: str | os.PathLike[str]) -> str | None:
    """What a path names if it is no plain file: a folder, or what one could wait on for ever.

    Raises OSError or ValueError where there is nothing to ask.
    """
    mode = os.stat(path).st_mode
    if stat.S_ISREG(mode):
        return None
    kinds = {
        stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket",
        stat.S_IFCHR: "device", stat.S_IFBLK: "device",
    }  # fmt: skip
    return kinds.get(stat.S_IFMT(mode), "thing that is no file")


def open_at_once(path: str, flags: int) -> int:
    """An `opener` of files that waits for nobody, should a pipe stand there by now."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _bytes(name: str) -> bytes:
    """At most `MAX_BYTES` bytes: the size is asked before anything is read."""
    wanted = "a YAML file"
    try:
        kind = odd_kind(name)
        if kind is not None:
            raise InputError([Problem(name, None, None, f"this is a {kind}", wanted)])
        size = os.stat(name).st_size
        content = b""  # of size 0 is also what a system makes up as it is read, without an end
        if 0 < size <= MAX_BYTES:
            with open(name, "rb", opener=open_at_once) as stream:
                # It may have grown since it was asked for its size, or hold nothing yet (None).
                content = stream.read(MAX_BYTES + 1) or b""
            size = len(content)
    except FileNotFoundError:
        raise InputError([Problem(name, None, None, "there is no such file", wanted)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the file cannot be read: {reason}"
        raise InputError([Problem(name, None, None, message, wanted)]) from None
    if size > MAX_BYTES:
        limit = f"at most {MAX_BYTES / 1e6:g} MB"
        message = f"the file is too big ({size / 1e6:.1f} MB or more)"
        raise InputError([Problem(name, None, None, message, limit)])
    return content


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, column = _position(content[: error.start].decode("utf-8"))
        byte = f"byte 0x{content[error.start]:02X} at offset {error.start}"
        message = f"the file is not UTF-8: {byte} (line {line})"
        raise InputError([Problem(name, line, column, message, "text saved as UTF-8")]) from None


def _position(before: str) -> tuple[int, int]:
    """Line and column, from 1, of the character that follows the text `before`."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


# What the two parsers of PyYAML say, and what it nearly always means to the one who wrote it.
_MEANINGS: tuple[tuple[str, str, str | None], ...] = (
    (
        "mapping values are not allowed",
        "a colon where no value can begin",
        "'key: value' at the same indentation as its neighbours, or the text in quotes",
    ),
    (
        "could not find expected ':'",
        "a line that is neither 'key: value' nor '- item'",
        "a colon and a space after the key",
    ),
    (
        "did not find expected key",
        "this does not fit what stands above it",
        "a key at the indentation of its neighbours, and every bracket and quote closed",
    ),
    (
        "expected <block end>",
        "this does not fit what stands above it",
        "a key or '-' at the indentation of its neighbours, and every bracket and quote closed",
    ),
    (
        "did not find expected '-' indicator",
        "this does not fit the list above it",
        "'- item' at the indentation of the other items",
    ),
    ("unexpected end of stream", "a quote is opened and never closed", "a closing quote"),
    ("expected ',' or", "a bracket is opened and not closed", "',' or the closing bracket"),
    (
        "cannot start any token",
        "this character cannot begin a value",
        "the text in quotes",
    ),
)


def syntax_problem(source: SourceText, error: yaml.MarkedYAMLError) -> Problem:
    """The problem behind a parser's error, at the place where the parser gave up.

    An unclosed quote or bracket is reported where it was opened: that is where it is mended.
    """
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    tab = _tab(source.text, line)
    if tab is not None:
        message = "a tab cannot indent YAML; use spaces"
        return Problem(source.path, line, tab, message)
    said = error.problem or error.context or "syntax error"
    for words, message, expected in _MEANINGS:
        if words in said:
            opened = error.context_mark
            if "is opened" in message and opened is not None:
                line, column = opened.line + 1, opened.column + 1
            return Problem(source.path, line, column, message, expected)
    return Problem(source.path, line, column, f"this is not YAML: {said}")


def _tab(text: str, line: int) -> int | None:
    """The column of a tab in the indentation of a line, if there is one."""
    lines = text.split("\n")
    if line > len(lines):
        return None
    content = lines[line - 1]
    indentation = content[: len(content) - len(content.lstrip(" \t"))]
    return indentation.find("\t") + 1 or None


MAX_DIGITS = 300
"""Longest whole number; Python itself refuses to read one beyond 4300 digits."""

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(
    r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*|(?:0|[1-9][0-9]*)(?=[eE]))(?:[eE][-+]?[0-9]+)?"
)


def plain_value(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar means; anything that is not a number, boolean or null is text.

    Raises:
        ValueError: a whole number of more than `MAX_DIGITS` digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _WHOLE.fullmatch(text) or _OTHER_BASE.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"a whole number of {len(text)} digits")
        return int(text, 0)
    if _FRACTION.fullmatch(text):
        return float(text)
    return text
