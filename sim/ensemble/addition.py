"""An addition: files put into a folder that stands already, each of them whole, all or none."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.ensemble.folder import LOCK, flush, hidden_folder, uninterrupted

NAME = "added"
BEFORE = ".before"
LAST = "report.html"
"""What a reader opens first is put in place last: where it stands, the rest stands too."""


@contextmanager
def added_files(folder: Path) -> Iterator[Path]:
    """A hidden folder inside `folder`; its files are put into `folder` when the block ends well.

    A file of the same name is replaced, others stay. Whatever goes wrong before or meanwhile (a
    full disk, Ctrl-C, a defect), `folder` is as it was.

    Raises:
        OSError: the disk is full or cannot be written to.
    """
    with hidden_folder(folder / NAME) as hidden:
        yield hidden
        flush(hidden)
        paths = sorted(path for path in hidden.rglob("*") if path.is_file() and path.name != LOCK)
        paths.sort(key=lambda path: path.name == LAST)
        with uninterrupted():
            _exchange(hidden, folder, [path.relative_to(hidden) for path in paths])


def _exchange(hidden: Path, folder: Path, names: list[Path]) -> None:
    """Move files into place, and those before them out of the way, or all of them back."""
    made: list[Path] = []
    kept: list[Path] = []
    before = hidden / BEFORE
    try:
        for name in names:
            (before / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                (folder / name).rename(before / name)
                kept.append(name)
            (hidden / name).rename(folder / name)
            made.append(name)
    except BaseException:
        for name in made:
            (folder / name).unlink(missing_ok=True)
        for name in kept:
            (before / name).rename(folder / name)
        raise


def put_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place, flushed, then renamed.

    Raises OSError; whatever was half written is removed.
    """
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with open(hidden, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(path)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
