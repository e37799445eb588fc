"""The command ``validate``: freeze predictions, print their hash, and score them only then."""

from __future__ import annotations

import argparse
import sys

from sim.cli.calibrate_command import add_common, check_out
from sim.cli.kept_banks import kept_simulations, resumed_line
from sim.cli.options import add_rules
from sim.inputs.program import command_text

NAME = "validate"
SUMMARY = "predict what was held out, freeze the predictions, and score them beside baselines"
EPILOG = """\
examples:
  python run.py validate scenarios/X.yaml                       fit on X, score what X holds out
  python run.py validate scenarios/X.yaml scenarios/Y.yaml      fit on X, predict X and Y
  python run.py validate A.yaml B.yaml C.yaml                   and each from all the others

Predictions are written and their SHA-256 printed before any held-out fact is looked at.
Conditional (the orders' hours are given) and generative (they are outcomes) are never mixed, nor
are fitted, held-out and negative observables. If the model loses to a baseline, the first lines
say so; where the difference is within its error, they say that it cannot be told.

written, in <out>/validation/<time in UTC>-<id>/: predictions.parquet, manifest.json, scores.csv,
skill.csv and report.html."""

SIMULATIONS = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scenarios", metavar="SCENARIO", nargs="+",
        help="scenario files (YAML); the first is fitted alone",
    )  # fmt: skip
    add_common(parser, SIMULATIONS)
    add_rules(parser)


def execute(options: argparse.Namespace) -> int:
    """Predict, freeze, score; the result folder is put in place last, whole."""
    from sim.calibrate.validation_run import validate_files
    from sim.cli.progress import say_stage
    from sim.show.reports.validation_report import validation_table, write_validation
    from sim.show.terminal import terminal_columns

    out = check_out(options.out)
    with kept_simulations(out, options.command_line) as store:
        found = validate_files(
            options.scenarios, options.simulations, options.seed, threads=options.threads,
            say=say_stage, frozen=_say_frozen, store=store, rules=options.rules,
        )  # fmt: skip
        resumed_line(store)
        final = write_validation(found, out, command_text(options.command_line))
        print(validation_table(found.skills, found.means, terminal_columns(), found.refused))
    print(f"written: {final}")
    sys.stdout.flush()
    return 0


def _say_frozen(digest: str) -> None:
    print(f"predictions frozen, sha256 {digest}")
