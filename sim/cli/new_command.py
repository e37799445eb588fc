"""The command ``new``: a first scenario from a timeline, or one to learn on."""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.import_command import day_of
from sim.inputs import InputError, Problem
from sim.inputs.program import spoken

if TYPE_CHECKING:
    from sim.intake.drafts.draft_parameters import LearnedFacts

NAME = "new"
SUMMARY = "write a first scenario: from a timeline, or an invented one to learn on"
EPILOG = """\
examples:
  python run.py new lesson                          two invented factions, every line explained
  python run.py new mine --from imports/mine        places, parties, days and tolls of a timeline
  python run.py new mine --from imports/mine --start 2030-05-01 --end 2030-05-31
  python run.py new mine --from imports/mine --cut 2030-05-20 --order reds=2030-05-21,written

--cut: the days up to it are fitted, the rest is held out, and nothing that only the held-out days
know (places, parties, beginnings) goes in. --order: an order by a party's leader on a day, with
its kind by commas: withdraw, restrain or close_offices; leader, government or both declare it; to
own_side, both_sides or public; written, monitored, humanitarian; whole or part; lasts_h=HOURS,
ultimatum_h=HOURS. It may lie after the cut: it is given, not foretold.

Writes scenarios/NAME.yaml, which passes check and runs as it stands, and beside it the JSON Schema
for editors where there is none. What is reported names its statements, what is guessed says
'assumption'. An existing file is never overwritten."""

SCHEMA = "scenario.schema.json"
LEARNED = Path(__file__).parents[1] / "episodes" / "learned.json"
"""What reported episodes taught; read as it is, as the library's code loads slowly."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the scenario: a-z, 0-9 and _")
    parser.add_argument("--from", dest="source", metavar="FOLDER",
                        help="timeline to start from (default: none, a lesson)")  # fmt: skip
    parser.add_argument(
        "--start",
        metavar="DAY",
        type=day_of,
        help="first day, YYYY-MM-DD (default: the timeline's)",
    )
    parser.add_argument(
        "--end",
        metavar="DAY",
        type=day_of,
        help="last day, YYYY-MM-DD, included (default: the timeline's)",
    )
    parser.add_argument(
        "--cut",
        metavar="DAY",
        type=day_of,
        help="last day to fit; later days are held out (default: two thirds)",
    )
    parser.add_argument(
        "--order",
        dest="orders",
        metavar="PARTY=DAY[,KIND]",
        action="append",
        default=[],
        help="an order by a party's leader (may be repeated; default: none)",
    )
    parser.add_argument("--folder", metavar="FOLDER", default="scenarios",
                        help="where to write (default: scenarios)")  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Write the file, check it, say what to do next."""
    from sim.cli.check_command import sound_line
    from sim.intake.drafts.lesson import teaching_text

    target = Path(options.folder) / f"{options.name}.yaml"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", options.name):
        raise InputError([Problem(options.name, None, None, "not a name for a scenario",
                                  "a lower-case letter, then letters, digits, _")])  # fmt: skip
    if target.exists():
        raise InputError([Problem(str(target), None, None, "there is such a file already",
                                  "another name; nothing is overwritten")])  # fmt: skip
    asked = (options.cut, options.start, options.end, options.orders)
    if options.source is None and any(asked):
        raise InputError([Problem("--cut, --order, --start, --end", None, None,
                                  "a lesson has no timeline", "--from FOLDER")])  # fmt: skip
    made = not target.parent.exists()
    text = (
        teaching_text(options.name, SCHEMA) if options.source is None
        else _from_timeline(options, target)
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    hidden = target.with_name(f".{target.name}.partial.yaml")
    try:
        hidden.write_text(spoken(text), encoding="utf-8")
        line = sound_line(str(hidden))
        hidden.rename(target)
    except BaseException:
        hidden.unlink(missing_ok=True)
        if made:
            target.parent.rmdir()
        raise
    put_schema_beside(target)
    print(line.replace(str(hidden), str(target)))
    print(spoken(_next_commands(target)))
    return 0


def _next_commands(target: Path) -> str:
    commands = (f"run {target}", f"calibrate {target} --simulations 20000",
                f"validate {target} --simulations 20000")  # fmt: skip
    return "\n".join(
        f"{'next:' if n == 0 else '     '} python run.py {command}"
        for n, command in enumerate(commands)
    )


def put_schema_beside(scenario: Path) -> None:
    """Write the JSON Schema that the scenario's first line names, where there is none yet."""
    from sim.ensemble.addition import put_file
    from sim.scenario.schema import schema_text

    schema = scenario.with_name(SCHEMA)
    if not schema.exists():
        put_file(schema, schema_text().encode("utf-8"))


def learned_facts() -> LearnedFacts:
    """What the project ships of what reported episodes taught."""
    from sim.intake.drafts.draft_parameters import LearnedFacts

    document = json.loads(LEARNED.read_text(encoding="utf-8"))
    return LearnedFacts(
        document["study"],
        {row["name"]: row["value"] for row in document["facts"] if row["value"] is not None},
    )


def _from_timeline(options: argparse.Namespace, target: Path) -> str:
    from sim.evidence import load_evidence
    from sim.intake.drafts.draft import draft_text
    from sim.intake.drafts.given_order import read_orders
    from sim.intake.drafts.sketch import sketch

    evidence = load_evidence(options.source)
    orders = read_orders(options.orders, list(evidence.actors))
    relative = Path(os.path.relpath(options.source, target.parent)).as_posix()
    try:
        drawn = sketch(evidence, options.start, options.end, options.cut)
        return draft_text(options.name, drawn, relative, SCHEMA, learned_facts(), orders)
    except ValueError as error:
        raise InputError([Problem(options.source, None, None, str(error))]) from None
