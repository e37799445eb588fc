"""The command ``episodes facts``: time scales, tolls and relapses, learned from a library."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

NAME = "facts"
SUMMARY = "learn time scales, tolls and relapses from a library, with intervals"
EPILOG = """\
examples:
  python run.py episodes facts LIBRARY
  python run.py episodes facts LIBRARY --to-file learned.json

Takes a few minutes: hundreds of dyads are fitted, and every interval is a bootstrap over dyads or
conflicts. The numbers that the project ships (sim/episodes/learned.json) were made like this."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", help="folder of a library; it is only read")
    parser.add_argument(
        "--to-file", metavar="FILE", help="file to write (default: none, only the table)"
    )


def execute(options: argparse.Namespace) -> int:
    """Learn, print, write."""
    from sim.episodes.study import learn

    study = learn(Path(options.library), lambda what: print(f"... {what}", file=sys.stderr))
    width = max(len(name) for name in study.facts)
    for fact in study.facts.values():
        print(
            f"{fact.name:{width}}  {fact.value:9.4g}  {fact.low:9.4g} to {fact.high:9.4g}  "
            f"{fact.unit} (n {fact.count})"
        )
    print(f"study {study.id}; intervals of 90 %")
    if options.to_file:
        Path(options.to_file).write_text(study.to_json(), encoding="utf-8")
        print(f"written: {options.to_file}")
    return 0
