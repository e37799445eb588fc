"""The standard streams: fit to be written to, whatever they were opened with."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress


def prepare_output() -> None:
    """Open to nowhere what was closed, and let no letter fail that the encoding does not have.

    A closed descriptor would go to the next file that is opened, and prints into it.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    given: io.TextIOWrapper | None = sys.__stdout__
    raw: object = getattr(given, "buffer", None)
    # Python's own under `python -u` forgets what it could not write; this keeps it, line by line.
    if given and sys.stdout is given and isinstance(raw, io.RawIOBase):
        kept = io.BufferedWriter(raw)
        sys.stdout = io.TextIOWrapper(kept, given.encoding, given.errors, line_buffering=True)
    for stream in (sys.stdout, sys.stderr):
        # "surrogateescape" is how Python opens the streams of the locale C; it fails as strict does
        if hasattr(stream, "reconfigure") and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="replace")


def output_fails() -> bool:
    """Whether standard output cannot take what has been printed: a full disk, a closed pipe."""
    try:
        sys.stdout.flush()
    except OSError:
        return True
    return False


def give_up_output() -> None:
    """Send to nowhere what could not be printed; else Python fails again when it ends."""
    with suppress(OSError, ValueError):
        target = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, target)
        os.close(nowhere)
        sys.stdout.flush()
