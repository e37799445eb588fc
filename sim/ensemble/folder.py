"""A result folder: filled out of sight, put in place whole by one rename, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ABANDONED_S = 86400.0
"""Seconds after which a hidden folder that nobody writes to is taken for a killed run's."""


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """A hidden folder beside `final` to write into; renamed to `final` when the block ends well.

    Whatever goes wrong (a full disk, Ctrl-C, a defect), the hidden folder and the parents made for
    it are removed and the error goes on; what a killed process left here a day ago or longer goes
    too. Take `final` from `placed_at`, so that it is free.
    """
    made = _make_parents(final.parent)
    _sweep_up(final.parent)
    hidden = final.parent / f".{final.name}.{secrets.token_hex(4)}.partial"
    try:
        hidden.mkdir()
        yield hidden
        _flush(hidden)
        hidden.rename(final)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        for folder in made:
            try:
                folder.rmdir()
            except OSError:
                break  # somebody else has put something there
        raise


def placed_at(final: Path) -> Path:
    """Where a folder wished for at `final` goes: there, or with the first free number appended."""
    candidate, number = final, 2
    while candidate.exists():
        candidate = final.with_name(f"{final.name}-{number}")
        number += 1
    return candidate


def _sweep_up(parent: Path) -> None:
    """Remove the hidden folders of runs that were killed long ago."""
    for folder in parent.glob(".*.????????.partial"):
        times = [path.stat().st_mtime for path in (folder, *folder.rglob("*"))]
        if time.time() - max(times) > ABANDONED_S:
            shutil.rmtree(folder, ignore_errors=True)


def _make_parents(parent: Path) -> list[Path]:
    """Make the missing parents; returns those made, innermost first."""
    missing = []
    folder = parent
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    return missing


def _flush(folder: Path) -> None:
    """Force the content to the disk: a disk that is full may say so only now."""
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
