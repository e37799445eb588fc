"""The newest result: the word ``latest`` where a command asks for a result's folder."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from sim.inputs import InputError, Problem

WORD = "latest"
NAMED = re.compile(r"\d{8}-\d{6}-[0-9a-f]+(?:-(?P<kind>[a-z]+))?(?:-\d+)?")
"""How a result's folder is called: time in UTC, id, kind (none for a run), number of equals."""
RUN, SWEEP = "", "sweep"


def add_result(parser: argparse.ArgumentParser, command: str) -> None:
    """The argument RESULT of a command that reads what ``command`` has written."""
    parser.add_argument(
        "result", metavar="RESULT",
        help=f"folder that the {command} command wrote, or latest for the newest in results/",
    )  # fmt: skip


def result_folder_of(text: str, kind: str = RUN, results: Path = Path("results")) -> str:
    """The folder as given; for ``latest`` the newest result of that kind below ``results/``.

    Raises:
        InputError: there is none.
    """
    if text != WORD:
        return text
    found = [
        folder
        for folder in results.glob("*/*")
        if (name := NAMED.fullmatch(folder.name))
        and (name["kind"] or RUN) == kind
        and folder.is_dir()
    ]
    if not found:
        what = f"no result of {'a sweep' if kind == SWEEP else 'a run'} is here"
        expected = f"one in {results}/, or a folder's path"
        raise InputError([Problem(WORD, None, None, what, expected)])
    return str(max(found, key=lambda folder: (folder.name[:15], folder.stat().st_mtime_ns)))
