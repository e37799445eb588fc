"""Where a scenario may send its reader: into its own project, or where the command is run.

A scenario may come from somebody else. What it names beside itself is read and, where something is
wrong with it, talked about; so it must not be any file of this machine.
"""

from __future__ import annotations

import os
from pathlib import Path

from sim.inputs import Document, InputError


def check_inside(document: Document, key: str, name: str) -> None:
    """Raises InputError where the path `name`, relative to the scenario, leads outside.

    Inside are the folder that holds the scenario's folder (`seeds` beside `scenarios`), links
    followed, and the folder in which the command is run.
    """
    folder = Path(document.path).parent
    try:
        target = (folder / name).resolve()
        project = folder.resolve().parent
    except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
        raise InputError([document.problem((key,), "the path cannot be followed")]) from None
    if any(target.is_relative_to(root) for root in (project, Path(os.getcwd()).resolve())):
        return
    raise InputError(
        [document.problem((key,), f"'{name}' leads outside the scenario's project",
                          f"a path inside {project}, or inside the folder you run the command in")]
    )  # fmt: skip
