"""The text of an input file, or a clear reason why there is none."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass

from sim.inputs.problems import InputError, Problem

MAX_BYTES = 5_000_000
"""Longest file that is read (5 MB); the largest scenario anybody wrote by hand has far less."""

# Everything YAML does not allow in a file, the byte order mark inside the text included.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True)
class Source:
    """The text of a file, the name the user gave it, and the checksum of its bytes."""

    path: str
    text: str
    sha256: str


def read_source(path: str | os.PathLike[str]) -> Source:
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
    return Source(name, text, hashlib.sha256(content).hexdigest())


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


def _bytes(name: str) -> bytes:
    """At most `MAX_BYTES` bytes: the size is asked before anything is read."""
    wanted = "a YAML file"
    try:
        kind = odd_kind(name)
        if kind is not None:
            raise InputError([Problem(name, None, None, f"this is a {kind}", wanted)])
        size = os.stat(name).st_size
        if size <= MAX_BYTES:
            with open(name, "rb") as stream:
                # It may have grown since it was asked for its size.
                content = stream.read(MAX_BYTES + 1)
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
