"""The command ``chance``: how probable a further clash is within so many days."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from sim.cli.answer import add_answer, print_json
from sim.cli.options import (
    add_posterior,
    add_rules,
    add_seed,
    add_threads,
    settings_of,
    whole_number,
)
from sim.inputs import InputError, Problem
from sim.inputs.spreadsheet import spreadsheet_safe

NAME = "chance"
SUMMARY = "the chance of a further clash within so many days: by place, pair and side"
EPILOG = """\
examples:
  python run.py chance scenarios/X.yaml
  python run.py chance scenarios/X.yaml --since 2022-09-02T00:00+03:00 --days 7 --days 90

The scenario is run on past its clock. Each probability has its 90 % interval over
the parameters, and beside it the answer of a Hawkes process, which knows of the
reported deaths and of no leader, order or reprisal ('-': it says nothing)."""

MOST_DAYS = 1000.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help="scenario file (YAML)")
    parser.add_argument(
        "--since", metavar="TIME",
        help="instant from which on, ISO 8601 with offset (default: the clock's end)",
    )  # fmt: skip
    parser.add_argument(
        "--days", metavar="N", type=_days, action="append", default=[],
        help="horizon in days; repeatable (default: 1, 7, 30 and 90)",
    )  # fmt: skip
    parser.add_argument("--variant", metavar="NAME", help="a variant of it (default: as written)")
    parser.add_argument(
        "--set", metavar="PATH=VALUE", action="append", default=[], dest="assignments",
        help="change one value; repeatable (default: nothing)",
    )  # fmt: skip
    parser.add_argument(
        "--draws", metavar="N", type=whole_number(2, 100_000), default=200,
        help="draws of the parameters (default 200)",
    )  # fmt: skip
    parser.add_argument(
        "--replicates", metavar="N", type=whole_number(2, 100_000), default=50,
        help="runs of each draw (default 50)",
    )  # fmt: skip
    add_seed(parser)
    add_posterior(parser)
    add_rules(parser)
    add_threads(parser)
    parser.add_argument("--csv", metavar="FILE", help="write the table there too (default: no)")
    add_answer(parser)


def execute(options: argparse.Namespace) -> int:
    """Print the table; write it where asked for."""
    from sim.cli.progress import progress_bar
    from sim.ensemble.addition import put_file
    from sim.explore.chance import HORIZONS_DAYS, chance
    from sim.show.chance_table import chance_table
    from sim.show.terminal import terminal_columns

    since = _time(options.since)
    with progress_bar(options.draws * options.replicates, NAME, options.quiet) as advance:
        found = chance(
            options.scenario, since, options.days or HORIZONS_DAYS, options.draws,
            options.replicates, options.seed, variant=options.variant,
            settings=settings_of(options.assignments), posterior=options.posterior,
            threads=options.threads, progress=advance, rules=options.rules,
        )  # fmt: skip
    if options.format == "json":
        print_json({"parameters": found.drawn, "since": found.since, "chances": found.table})
    elif not options.quiet:
        print(found.drawn)
        print(chance_table(found, terminal_columns()))
    if options.csv:
        text = spreadsheet_safe(found.table).to_csv(index=False, lineterminator="\n")
        put_file(Path(options.csv), text.encode("utf-8"))
        if options.format == "text":
            print(f"written: {options.csv}")
    sys.stdout.flush()
    return 0


def _days(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= MOST_DAYS:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a number of days above 0 and up to {MOST_DAYS:g}"
        )
    return value


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        problem = Problem("--since", None, None, f"'{text}' is not a time", "a time with offset")
        raise InputError([problem]) from None
