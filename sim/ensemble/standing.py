"""What stands: the folders and files that this process has put in place, for its last words."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
