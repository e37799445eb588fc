"""The program by the name it was started with, so that what it prints can be typed again."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

INSTALLED = "standdown"
IN_A_CLONE = "run.py"
SPOKEN = re.compile(r"(?:\bpython )?\brun\.py\b")


def program() -> str:
    """``standdown`` for the installed command and ``python -m standdown``, else ``run.py``.

    By the name of the file that Python was started with.
    """
    started = Path(sys.argv[0] if sys.argv else "")
    named = started.parent.name if started.stem == "__main__" else started.stem
    return INSTALLED if named == INSTALLED else IN_A_CLONE


def called() -> str:
    """The beginning of a command line: ``standdown``, or ``python run.py`` in a clone."""
    return INSTALLED if program() == INSTALLED else f"python {IN_A_CLONE}"


def spoken(text: str) -> str:
    """A text that speaks of ``python run.py``, in the name that the reader started."""
    return text if program() == IN_A_CLONE else SPOKEN.sub(program(), text)


def command_text(words: Sequence[str]) -> str:
    """The command that was given, as a shell takes it."""
    return shlex.join([program(), *words])
