"""The command ``demo``: the scenarios that come with the program, copied to play with."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from sim.inputs import InputError, Problem
from sim.inputs.program import called
from sim.inputs.shipped import SCENARIOS, SEEDS

NAME = "demo"
SUMMARY = "copy the scenarios that come with the program, and their reports, into a folder"
EPILOG = """\
examples:
  python run.py demo
  python run.py demo my_folder

Writes scenarios/ (with the JSON Schema for editors) and seeds/, the statements that were coded from
the reports. What is there already is never overwritten: the command then refuses."""

FIRST = "baghdad_2022_08.yaml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", default=".",
        help="where to (default: the present folder)",
    )  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Copy both folders, or neither."""
    from sim.ensemble.folder import whole_folder

    folder = Path(options.folder)
    targets = {folder / "scenarios": SCENARIOS, folder / "seeds": SEEDS}
    there = [target for target in targets if target.exists()]
    if there:
        expected = "a folder without it; nothing is overwritten"
        raise InputError(
            [Problem(str(target), None, None, "is there already", expected) for target in there]
        )
    for target, source in targets.items():
        with whole_folder(target) as hidden:
            for file in sorted(source.iterdir()):
                if file.suffix in (".yaml", ".json"):
                    shutil.copyfile(file, hidden / file.name)
    scenarios = sorted((folder / "scenarios").glob("*.yaml"))
    print(f"written: {folder / 'scenarios'} ({len(scenarios)} scenarios), {folder / 'seeds'}")
    print(f"next: {called()} run {folder / 'scenarios' / FIRST}")
    return 0
