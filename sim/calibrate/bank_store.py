"""A store of simulations: what a bank has cost is on the disk while anything can still fail.

Each scenario of a bank has a folder, named by all that decides its numbers, with one file per block
of rows: the SHA-256 of the rest, then the observables as little-endian doubles. A file appears by
one rename. Whatever fails later (a defect, Ctrl-C, a full disk), the same command reads the blocks
and goes on with the first row that is missing. When a command has written its result it takes its
folders away; what others left goes after a week, or when it is too much.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

FOLDER = ".banks"
ABANDONED_S = 7 * 86400.0
MOST_BYTES = 2_000_000_000
"""Simulations of other commands beyond which the oldest are thrown away."""
DIGEST = 32
LOCK = "lock"


class BankStore:
    """Kept simulations below one folder; use it as a context, so that its locks are let go.

    Attributes:
        folder: where they lie; made when the first block is kept.
        resumed: rows that were read instead of simulated.
        kept: rows that are on the disk and can be gone on from.
        trouble: why nothing more can be kept, or None.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.resumed = 0
        self.kept = 0
        self.trouble: str | None = None
        self._locks: dict[str, int | None] = {}
        sweep_up(folder)

    def __enter__(self) -> BankStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the locks go; without an error the simulations have served and are thrown away."""
        for key, lock in self._locks.items():
            if error is None:
                shutil.rmtree(self.folder / key, ignore_errors=True)
            if lock is not None:
                os.close(lock)
        self._locks = {}
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def read(self, key: str, width: int) -> NDArray[np.float64]:
        """The rows [n, width] kept from row 0 on; what is damaged ends them and is removed.

        Nothing where another command has the same rows in hand.
        """
        if not self._take(key):
            return np.empty((0, width))
        blocks: list[NDArray[np.float64]] = []
        after = 0
        for start, path in sorted(
            (int(path.stem), path) for path in (self.folder / key).glob("[0-9]*.rows")
        ):
            block = _block(path, width) if start == after else None
            if block is None:
                with contextlib.suppress(OSError):
                    path.unlink()
                continue
            blocks.append(block)
            after += len(block)
        self.resumed += after
        self.kept += after
        return np.concatenate([np.empty((0, width)), *blocks])

    def keep(self, key: str, start: int, rows: NDArray[np.float64]) -> None:
        """Put rows [n, width] on the disk; if that fails, ``trouble`` says why, once for all."""
        if key not in self._locks or self.trouble is not None:
            return
        path = self.folder / key / f"{start:012d}.rows"
        hidden = path.with_suffix(".partial")
        content = np.ascontiguousarray(rows, "<f8").tobytes()
        try:
            hidden.write_bytes(hashlib.sha256(content).digest() + content)
            hidden.replace(path)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            with contextlib.suppress(OSError):
                hidden.unlink()
            return
        self.kept += len(rows)

    def _take(self, key: str) -> bool:
        """Make a folder and lock it; False if another has it or it cannot be made."""
        if key in self._locks:
            return True
        folder = self.folder / key
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = locked(folder)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return False
        if lock == -1:
            return False
        os.utime(folder)
        self._locks[key] = lock
        return True


def locked(folder: Path) -> int | None:
    """The open file that locks a folder, -1 if it is locked already, None where no locks exist."""
    try:
        import fcntl
    except ImportError:  # a system without them
        return None
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return -1
    return descriptor


def sweep_up(folder: Path) -> None:
    """Remove what nobody came back for: older than a week, and the oldest beyond 2 GB."""
    found = []
    for path in folder.glob("*"):
        with contextlib.suppress(OSError):
            files = [file.stat() for file in path.iterdir()]
            last = max([path.stat().st_mtime, *(file.st_mtime for file in files)])
            found.append((last, sum(file.st_size for file in files), path))
    total = 0
    for last, size, path in sorted(found, reverse=True):
        total += size
        if time.time() - last <= ABANDONED_S and total <= MOST_BYTES:
            continue
        with contextlib.suppress(OSError):
            lock = locked(path)
            if lock == -1:
                continue
            shutil.rmtree(path, ignore_errors=True)
            if lock is not None:
                os.close(lock)


def _block(path: Path, width: int) -> NDArray[np.float64] | None:
    """The rows of one file, or None if it is not what was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    content = data[DIGEST:]
    if hashlib.sha256(content).digest() != data[:DIGEST] or len(content) % (8 * width):
        return None
    return np.frombuffer(content, "<f8").reshape(-1, width).astype(np.float64)
