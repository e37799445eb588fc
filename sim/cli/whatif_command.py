"""The command ``whatif``: the baseline and other futures on common random numbers."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.cli.answer import add_answer, print_json
from sim.cli.options import (
    add_out,
    add_posterior,
    add_rules,
    add_seed,
    add_threads,
    rules_of,
    settings_of,
    whole_number,
)
from sim.inputs import InputError, Problem
from sim.inputs.program import command_text

NAME = "whatif"
SUMMARY = "compare variants with the baseline, pair by pair, without noise"
EPILOG = """\
examples:
  python run.py whatif scenarios/X.yaml --variant late_24h --variant never
  python run.py whatif scenarios/X.yaml --variant compliance_07 --fork-at 2022-08-30T12:00+03:00

Replicate 7 of the baseline and replicate 7 of a variant share every draw that the change does not
touch, so their difference is the effect and not the noise. With --fork-at a variant's changes hold
from that time on, and the history before it is the baseline's to the byte.

written, in <out>/<scenario>/<time in UTC>-<id>/: manifest.json, pairs.csv, baseline/ and one folder
per variant (each a result that 'replay' takes), figures and report.html."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help="scenario file (YAML)")
    parser.add_argument(
        "--variant", metavar="NAME", action="append", default=[], dest="variants",
        help="variant to compare; repeatable (default: all of the scenario)",
    )  # fmt: skip
    parser.add_argument(
        "--replicates", metavar="N", type=whole_number(2, 1_000_000), default=2000,
        help="pairs of runs (default 2000)",
    )  # fmt: skip
    add_seed(parser)
    parser.add_argument(
        "--set", metavar="PATH=VALUE", action="append", default=[], dest="assignments",
        help="change one value in baseline and variants alike; repeatable (default: nothing)",
    )  # fmt: skip
    parser.add_argument(
        "--fork-at", metavar="TIME",
        help="keep the baseline's history up to this time, ISO 8601 with offset (default: no fork)",
    )  # fmt: skip
    add_posterior(parser)
    add_rules(parser)
    add_threads(parser)
    add_out(parser)
    parser.add_argument("--no-figures", action="store_true", help="tables only")
    add_answer(parser)


def execute(options: argparse.Namespace) -> int:
    """Run; the result folder is put in place last, whole."""
    from sim.calibrate.posterior_file import PRIOR, posterior_for
    from sim.cli.progress import progress_bar
    from sim.ensemble import manifest_of
    from sim.explore import what_if
    from sim.scenario import load_checked, with_base
    from sim.show.reports.whatif_report import caveat, whatif_table, write_whatif
    from sim.show.terminal import terminal_columns

    settings = settings_of(options.assignments)
    loaded = load_checked(options.scenario, rules=rules_of(options.rules))
    as_written = loaded.scenario
    if settings:
        loaded = with_base(loaded, settings)
    known = list(loaded.scenario.variants)
    if not known:
        problem = Problem(options.scenario, None, None, "the scenario has no variants", "variants:")
        raise InputError([problem])
    variants = list(dict.fromkeys(options.variants)) or known
    fork_at = _time(options.fork_at, loaded.scenario)
    posterior, drawn = posterior_for(options.posterior, as_written)
    with progress_bar(options.replicates * (1 + len(variants)), NAME, options.quiet) as advance:
        result = what_if(
            loaded, variants, options.replicates, options.seed, threads=options.threads,
            posterior=posterior or PRIOR, fork_at=fork_at, progress=advance,
        )  # fmt: skip
    command = command_text(options.command_line)
    manifest = manifest_of(result.baseline, command, options.scenario, settings)
    final = write_whatif(result, manifest, Path(options.out), figures=not options.no_figures)
    if options.format == "json":
        answer = {"parameters": drawn, "caveat": caveat(result), "differences": result.table}
        print_json({**answer, "reasons": result.reasons, "written": final})
    elif options.quiet:
        print(final)
    else:
        print(drawn)
        print(whatif_table(result, terminal_columns()))
        print(f"written: {final}")
    sys.stdout.flush()
    return 0


def _time(text: str | None, scenario: Any) -> datetime | None:
    if text is None:
        return None
    expected = f"a time from {scenario.clock.start.isoformat()} to {scenario.clock.end.isoformat()}"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            [Problem("--fork-at", None, None, f"'{text}' is not a time", expected)]
        ) from None
    if at.tzinfo is None:
        message = f"'{text}' has no offset from UTC"
        raise InputError([Problem("--fork-at", None, None, message, expected)])
    if not scenario.clock.start <= at <= scenario.clock.end:
        message = f"{text} is outside the clock"
        raise InputError([Problem("--fork-at", None, None, message, expected)])
    return at
