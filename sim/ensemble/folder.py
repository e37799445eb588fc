"""Folders that appear whole or not at all, and that a stopped run leaves clean."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Signals with which a user or a system asks a process to end."""

_STANDING: list[Path] = []


def record_standing(path: Path) -> None:
    """Note that something is in place, whole, and stays whatever happens after."""
    _STANDING.append(path)


def standing(since: int = 0) -> list[Path]:
    """What is in place by now, in order, without the first `since`."""
    return _STANDING[since:]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Signals to stop take effect when the block has ended: for a rename and the note of it."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals interrupt the main thread only
        return
    came: list[int] = []

    def later(number: int, _: Any) -> None:
        came.append(number)

    before = {number: signal.getsignal(number) for number in STOPPING}
    held = {number: how for number, how in before.items() if callable(how)}
    for number in held:
        signal.signal(number, later)
    try:
        yield
    finally:
        for number, how in held.items():
            signal.signal(number, how)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


ABANDONED_S = 86400.0
"""Seconds after which a hidden folder that nobody holds is taken for a killed run's."""

LOCK = ".held"
"""File in a hidden folder whose lock its writer holds; gone when the folder is in place."""

TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
"""What a rename says where something stands already."""

ATTEMPTS = 100


class NewFolder:
    """A folder in the making.

    Attributes:
        hidden: where to write.
        final: where it goes; the wished name until the block has ended, then the one it got.
    """

    def __init__(self, hidden: Path, final: Path) -> None:
        self.hidden, self.final = hidden, final


@contextmanager
def new_folder(wished: Path) -> Iterator[NewFolder]:
    """A hidden folder beside `wished`; put there when the block ends well.

    Where something stands at `wished` by then, the first free number is appended: any number of
    processes may wish for one name, and each gets a folder. Whatever goes wrong (a full disk,
    Ctrl-C, a defect), the hidden folder and the parents made for it are removed and the error goes
    on. What a killed process left here a day ago or longer goes too.
    """
    with hidden_folder(wished) as hidden:
        folder = NewFolder(hidden, wished)
        yield folder
        flush(hidden)
        with uninterrupted():
            folder.final = _renamed(hidden, wished)
            record_standing(folder.final)


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """As `new_folder`, at exactly `final`; yields the folder to write into.

    Raises:
        FileExistsError: something stands at `final` when the block ends; it is left as it is.
    """
    with hidden_folder(final) as hidden:
        yield hidden
        flush(hidden)
        with uninterrupted():
            if not _moved(hidden, final):
                raise FileExistsError(errno.EEXIST, "something stands there already", str(final))
            record_standing(final)


@contextmanager
def hidden_folder(final: Path) -> Iterator[Path]:
    """A hidden folder beside `final`, held by a lock; whatever is left of it at the end goes."""
    made = _make_parents(final.parent)
    hidden, lock = _made_and_held(final)
    try:
        _sweep_up(final.parent, hidden)
        yield hidden
        _remove(hidden)
    except BaseException:
        _remove(hidden)
        for folder in made:
            try:
                folder.rmdir()
            except OSError:
                break  # somebody else has put something there
        raise
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def _made_and_held(final: Path) -> tuple[Path, int]:
    """A new hidden folder and the descriptor of its lock.

    Another process may tidy up between any two steps: parents that it made and gives up, or this
    very folder before it is held. Then it is made again.
    """
    for _ in range(ATTEMPTS):
        hidden = final.parent / f".{final.name}.{secrets.token_hex(4)}.partial"
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            hidden.mkdir()
            lock = os.open(hidden / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except FileNotFoundError:
            continue
        except OSError:
            with suppress(OSError):
                hidden.rmdir()
            raise
        lock_file(lock, wait=True)
        if (hidden / LOCK).exists():
            return hidden, lock
        os.close(lock)
    raise FileNotFoundError(errno.ENOENT, "the folder vanishes again and again", str(final.parent))


def _renamed(hidden: Path, wished: Path) -> Path:
    """Put a folder in place under the first free name."""
    final, number = wished, 2
    while not _moved(hidden, final):
        final = wished.with_name(f"{wished.name}-{number}")
        number += 1
    return final


def _moved(hidden: Path, final: Path) -> bool:
    """Rename a folder unless something stands there; the rename itself decides races."""
    if os.path.lexists(final):
        return False
    try:
        hidden.rename(final)
    except OSError as error:
        if error.errno in TAKEN and os.path.lexists(final):
            return False
        raise
    with suppress(OSError):
        (final / LOCK).unlink()
    return True


def lock_file(descriptor: int, wait: bool = False) -> bool | None:
    """Lock an open file: True, False if another process holds it, None where nothing can be told.

    The lock ends with the process, however it ends.
    """
    try:
        import fcntl
    except ImportError:  # no such lock on this system
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return None
    return True


def _sweep_up(parent: Path, mine: Path) -> None:
    """Remove the hidden folders of runs that were killed long ago.

    Only one that nobody has written to for a day, and whose lock is free. Age is measured against
    a folder made this very moment on the same disk, so clocks of machines do not matter. Whatever
    cannot be told is left alone: others make, rename and remove their folders meanwhile.
    """
    try:
        now = mine.stat().st_mtime
        hidden = [path for path in parent.glob(".*.????????.partial") if path != mine]
    except OSError:
        return
    for folder in hidden:
        with suppress(OSError):
            if now - folder.stat().st_mtime > ABANDONED_S:
                remove_unless_held(folder)


def remove_unless_held(folder: Path) -> None:
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:  # killed before it had one
        shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        if lock_file(lock):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _make_parents(parent: Path) -> list[Path]:
    """Make the missing parents; returns those made, innermost first."""
    missing = []
    folder = parent
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    return missing


def flush(folder: Path) -> None:
    """Force the content to the disk: a disk that is full may say so only now."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != LOCK:
            descriptor = os.open(path, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
