"""The command ``list``: the scenarios that are there, what they are about, what was learned."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli.answer import add_answer, print_json
from sim.inputs import InputError, Problem
from sim.inputs.shipped import SCENARIOS

NAME = "list"
SUMMARY = "list scenarios with title, clock and the state of their posterior"
EPILOG = """\
examples:
  python run.py list
  python run.py list my_scenarios

The posterior is what was learned from the reports. 'shipped' is used by default; where there is
none, parameters come from the scenario's priors. Files that cannot be read are named at the end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", default=None,
        help="where to look (default: scenarios, and what comes with the program)",
    )  # fmt: skip
    add_answer(parser)


def execute(options: argparse.Namespace) -> int:
    """One entry for each scenario; exit code 2 if a file cannot be read."""
    from sim.show.terminal import table, terminal_columns

    rows, problems = _rows(_folder(options.folder))
    if options.format == "json":
        print_json({"scenarios": rows})
    elif not options.quiet:
        cells = [(row["file"], row["title"], row["clock"], row["posterior"]) for row in rows]
        heads = ("file", "title", "clock", "posterior")
        print("\n".join(table(heads, cells, terminal_columns())))
    if problems:
        raise InputError(problems)
    return 0


def _folder(given: str | None) -> Path:
    folder = Path(given or "scenarios")
    if given is None and not folder.is_dir():
        folder = SCENARIOS
    if not folder.is_dir():
        raise InputError([Problem(str(folder), None, None, "not a folder", "one of scenarios")])
    return folder


def _rows(folder: Path) -> tuple[list[dict[str, str]], list[Problem]]:
    from sim.calibrate.posterior_file import made_for
    from sim.scenario import load_scenario

    rows, problems = [], []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            scenario = load_scenario(path)
        except InputError as error:
            problems += error.problems
            continue
        found = made_for(scenario)
        start, end = scenario.clock.start, scenario.clock.end
        rows.append(
            {
                "file": str(path),
                "name": scenario.name,
                "title": scenario.title,
                "clock": f"{start:%Y-%m-%d} to {end:%Y-%m-%d}",
                "posterior": "shipped" if found.path else f"none: {found.why}",
            }
        )
    return rows, problems
