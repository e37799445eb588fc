"""The command ``chance``: how probable a further clash is within so many days."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any

from sim.cli.options import (
    add_posterior,
    add_seed,
    add_threads,
    settings_of,
    whole_number,
)
from sim.inputs import InputError, Problem

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
    add_threads(parser)
    parser.add_argument("--csv", metavar="FILE", help="write the table there too (default: no)")


def execute(options: argparse.Namespace) -> int:
    """Print the table; write it where asked for."""
    from sim.calibrate.posterior_file import posterior_for
    from sim.cli.progress import progress_bar
    from sim.explore.chance import HORIZONS_DAYS, chance_of_clash
    from sim.scenario import load_checked, with_base, with_variant
    from sim.show.chance_table import chance_table

    settings = settings_of(options.assignments)
    loaded = load_checked(options.scenario)
    as_written = loaded.scenario
    if settings:
        loaded = with_base(loaded, settings)
    scenario = with_variant(loaded, options.variant) if options.variant else loaded.scenario
    since = _since(options.since, scenario)
    posterior, drawn = posterior_for(options.posterior, as_written)
    with progress_bar(options.draws * options.replicates, NAME) as advance:
        found = chance_of_clash(
            scenario, since, options.days or HORIZONS_DAYS, options.draws, options.replicates,
            options.seed, posterior=posterior, threads=options.threads, progress=advance,
        )  # fmt: skip
    print(drawn)
    print(chance_table(found))
    if options.csv:
        from pathlib import Path

        Path(options.csv).write_text(found.table.to_csv(index=False, lineterminator="\n"))
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


def _since(text: str | None, scenario: Any) -> datetime:
    if text is None:
        return scenario.clock.end
    expected = f"a time with offset, from {scenario.clock.start.isoformat()} on"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a time"
        raise InputError([Problem("--since", None, None, message, expected)]) from None
    if at.tzinfo is None or at < scenario.clock.start:
        message = f"{text} has no offset" if at.tzinfo is None else f"{text} is before the clock"
        raise InputError([Problem("--since", None, None, message, expected)])
    return at
