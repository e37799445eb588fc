"""Checksums: what a part's files were when they were put in place, and what has become of them."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Mapping
from pathlib import Path

SUMS = "sums"
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")

_known: dict[tuple[str, int, int, int], str] = {}
"""Digests by path, inode, size and time of writing: a file that stands is read once."""


def sums_text(files: Mapping[str, bytes]) -> bytes:
    """Lines of `files` (path in the store to content) that ``sha256sum -c`` reads."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in files.items()]
    return "".join(line + "\n" for line in lines).encode()


def read_sums(path: Path) -> dict[str, str] | None:
    """Path to digest, or None where the file is not there or out of shape."""
    try:
        matches = [_LINE.fullmatch(line) for line in path.read_text("ascii").splitlines()]
    except (OSError, ValueError):
        return None
    if not matches or not all(matches):
        return None
    return {match[2]: match[1] for match in matches if match}


def digest(path: Path) -> str | None:
    """SHA-256 of a file, or None where it cannot be read or is none (a FIFO is waited for)."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return None
        key = (str(path), found.st_ino, found.st_size, found.st_mtime_ns)
        if key not in _known:
            with open(path, "rb") as file:
                _known[key] = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return _known[key]
