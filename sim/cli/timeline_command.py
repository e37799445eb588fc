"""The command ``timeline``: what was reported, in order, with every number's statements."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.inputs import InputError, Problem
from sim.inputs.spreadsheet import spreadsheet_safe

if TYPE_CHECKING:
    from sim.evidence import Evidence


NAME = "timeline"
SUMMARY = "print what was reported as a timeline, and verify the codings against the texts"
EPILOG = """\
examples:
  python run.py timeline                         every coded event, from seeds/
  python run.py timeline scenarios/X.yaml        events that meet that scenario's clock
  python run.py timeline --articles FOLDER       also check each coding against its text
  python run.py timeline --all --csv t.csv --figure t.png

One event per entry: its window, what happened, the numbers, then the place and the ids of the
statements it rests on. '(background)' marks context. Verification compares the checksum of each
text, looks for each paragraph, and for each coded number in it; a failure gives exit code 1."""

FORMATS = (".png", ".svg", ".pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "scenario", metavar="SCENARIO", nargs="?",
        help="only events that meet this scenario's clock (default: all events)",
    )  # fmt: skip
    which.add_argument("--all", action="store_true", help="all events (the default)")
    parser.add_argument(
        "--seeds", metavar="FOLDER", default="seeds",
        help="folder of coded articles, where no scenario names one (default seeds)",
    )  # fmt: skip
    parser.add_argument(
        "--articles", metavar="FOLDER",
        help="folder with the texts of the articles, to verify the codings (default: no check)",
    )  # fmt: skip
    parser.add_argument(
        "--figure", metavar="FILE", help="also draw it: .png, .svg or .pdf (default: no figure)"
    )
    parser.add_argument("--csv", metavar="FILE", help="also write the table (default: no file)")


def execute(options: argparse.Namespace) -> int:
    """Print the timeline; write and verify what was asked for."""
    from sim.ensemble.addition import put_file
    from sim.evidence import load_evidence, timeline, verify
    from sim.show.timeline_lines import timeline_lines

    if options.figure and Path(options.figure).suffix.lower() not in FORMATS:
        problem = Problem(f"--figure {options.figure}", None, None, "the ending names no format",
                          "one of " + ", ".join(FORMATS))  # fmt: skip
        raise InputError([problem])
    evidence: Evidence | None = None
    span: dict[str, Any] = {}
    if options.scenario is not None:
        evidence, span = _of_scenario(options.scenario)
    if evidence is None:
        evidence = load_evidence(options.seeds)
    table = timeline(evidence, **span)
    for line in timeline_lines(table, evidence):
        print(line)
    statements = {name for row in table["statements"] for name in row}
    print(f"{len(table)} events, {len(statements)} statements")
    if options.csv:
        joined = {name: table[name].map(" ".join) for name in ("statements", "conflicts")}
        text = spreadsheet_safe(table.assign(**joined)).to_csv(index=False, lineterminator="\n")
        put_file(Path(options.csv), text.encode("utf-8"))
    if options.figure:
        from sim.show import timeline_figure

        timeline_figure(table, options.figure, evidence)
    if options.articles is None:
        return 0
    try:
        outcome = verify(evidence, options.articles)
    except NotADirectoryError as error:
        problem = Problem(options.articles, None, None, "not a folder", "a folder of texts")
        raise InputError([problem]) from error
    return _say_outcome(outcome)


def _of_scenario(path: str) -> tuple[Evidence | None, dict[str, Any]]:
    from sim.scenario import load_checked

    loaded = load_checked(path)
    clock = loaded.scenario.clock
    return loaded.evidence, {"start": clock.start, "end": clock.end}


def _say_outcome(outcome: Any) -> int:
    for failure in outcome.failures:
        print(failure, file=sys.stderr)
    print(
        f"verified {outcome.checks} points in {len(outcome.read)} texts: "
        f"{len(outcome.failures)} do not hold"
    )
    if outcome.skipped:
        print(f"no text found for {', '.join(outcome.skipped)}")
    return 0 if outcome.passed else 1
