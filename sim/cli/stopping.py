"""Being stopped: Ctrl-C, a polite kill and a closed terminal all clean up in the same way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
AT_ONCE = 4
"""The signal so manyth since the first one ends the process without any cleaning up."""


@contextmanager
def stopped_politely() -> Iterator[None]:
    """The first signal raises KeyboardInterrupt; the next ones leave the cleaning up in peace.

    What was ignored from the start stays so: ``nohup`` sets SIGHUP, a shell's ``&`` SIGINT.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def stop(number: int, _: object) -> None:
        came.append(number)
        if len(came) == 1:
            raise KeyboardInterrupt
        if len(came) >= AT_ONCE:
            os._exit(INTERRUPTED)
        os.write(2, b"\nstopping; what is under way comes to its end first\n")

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    for number, how in before.items():
        if how != signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, how in before.items():
            signal.signal(number, how)
