"""The command ``sensitivity``: which inputs matter for what, chance told apart."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from sim.cli.options import (
    add_cluster,
    add_out,
    add_posterior,
    add_rules,
    add_threads,
    rules_of,
    settings_of,
    whole_number,
)
from sim.cli.sweep_command import why_not
from sim.inputs import InputError, Problem
from sim.inputs.program import called, command_text

NAME = "sensitivity"
SUMMARY = "which parameters and assumptions matter for which observable, chance told apart"
EPILOG = """\
examples:
  python run.py sensitivity scenarios/X.yaml
  python run.py sensitivity scenarios/X.yaml --base 2048 --replicates 64
  python run.py sensitivity scenarios/X.yaml --posterior results/calibration/posterior.parquet
  python run.py sensitivity --resume results/X/TIME-ID-sensitivity

Three stages, each a sweep that survives a crash: Morris' screening of every parameter with a
prior, Sobol's first and total order indices of those that move anything (the others held at their
middle), and a screening of the registry's assumptions over their stated ranges. What is analysed
is the mean over the replicates at each point; the variance within points is chance, and its share
is reported beside the indices. With a posterior its marginals are used, not how parameters go
together. Indices carry 95 % intervals.

written, in <out>/<scenario>/<time in UTC>-<id>-sensitivity/: screening.csv, variance.csv,
assumptions.csv, noise.csv, figures, report.html and the three sweeps."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="scenario file (YAML)")
    parser.add_argument(
        "--trajectories", metavar="N", type=whole_number(2, 100_000), default=60,
        help="of each screening; it takes N * (inputs + 1) points (default 60)",
    )  # fmt: skip
    parser.add_argument(
        "--base", metavar="N", type=whole_number(2, 2**20), default=1024,
        help="size of the Sobol design, a power of two; N * (inputs + 2) points (default 1024)",
    )  # fmt: skip
    parser.add_argument(
        "--replicates", metavar="R", type=whole_number(2, 1_000_000), default=32,
        help="runs at each point (default 32)",
    )  # fmt: skip
    parser.add_argument(
        "--variant", metavar="NAME", help="variant of the scenario (default: as written)"
    )
    parser.add_argument(
        "--set", metavar="PATH=VALUE", action="append", default=[], dest="assignments",
        help="change one value; repeatable",
    )  # fmt: skip
    add_posterior(parser)
    parser.add_argument(
        "--seed", metavar="N", type=whole_number(0, 2**63 - 1), default=1,
        help="whole number that fixes every draw and design (default 1)",
    )  # fmt: skip
    add_rules(parser)
    add_out(parser)
    parser.add_argument(
        "--resume", metavar="RESULT", help="finish the analysis in this folder (default: a new one)"
    )
    add_threads(parser)
    add_cluster(parser)


def execute(options: argparse.Namespace) -> int:
    """Run or finish the stages, then write tables, figures and report."""
    from sim.ensemble.addition import added_files
    from sim.ensemble.parameter_draws import parameters_line
    from sim.explore.sensitivity import study_sensitivity
    from sim.show.reports.sensitivity_report import sensitivity_table, write_sensitivity_report
    from sim.show.terminal import terminal_columns

    study, folder, identity = _resumed(options) if options.resume else _begun(options)
    try:
        from sim.cli.progress import progress_bar

        with progress_bar(_runs(study), "sensitivity") as advance:
            found = study_sensitivity(
                study, folder, threads=options.threads, cluster=options.cluster, progress=advance
            )
        with added_files(folder) as hidden:
            write_sensitivity_report(found, hidden, identity, folder, study.posterior)
    except KeyboardInterrupt:
        return _kept(folder, "\nstopped", 130)
    except OSError as error:
        return _kept(folder, why_not(error), 1)
    print(parameters_line(study.posterior))
    print(sensitivity_table(found, terminal_columns()))
    print(f"written: {folder}")
    return 0


def _kept(folder: Path, why: str, code: int) -> int:
    print(f"{why}; what is done is kept", file=sys.stderr)
    again = f"{called()} sensitivity --resume {shlex.quote(str(folder))}"
    print(f"go on with: {again}", file=sys.stderr)
    return code


def _begun(options: argparse.Namespace) -> tuple[Any, Path, str]:
    from sim.calibrate.posterior_file import common_posterior
    from sim.explore.sensitivity import SensitivityStudy, begin_study
    from sim.scenario import load_scenario

    if not options.scenario:
        raise InputError([Problem("sensitivity", None, None, "no scenario is given",
                                  "scenarios/X.yaml, or --resume RESULT")])  # fmt: skip
    if options.base & (options.base - 1):
        below = 2 ** (options.base.bit_length() - 1)
        raise InputError([Problem(f"--base {options.base}", None, None, "not a power of two",
                                  f"{below} or {2 * below}")])  # fmt: skip
    rules = rules_of(options.rules)
    scenario = load_scenario(options.scenario, rules=rules)
    posterior, _ = common_posterior(options.posterior, [scenario])
    study = SensitivityStudy(
        options.scenario, options.variant, settings_of(options.assignments), posterior,
        options.trajectories, options.base, options.replicates, options.seed,
        None if rules is None else {"path": rules.path, "text": rules.text},
    )  # fmt: skip
    command = command_text(options.command_line)
    folder, identity = begin_study(study, Path(options.out), command)
    return study, folder, identity


def _resumed(options: argparse.Namespace) -> tuple[Any, Path, str]:
    from sim.explore.sensitivity import open_study

    folder = Path(options.resume)
    study, identity = open_study(folder)
    return study, folder, identity


def _runs(study: Any) -> int:
    """Roughly: the variance stage's inputs are known only after the screening."""
    inputs = 12
    points = 2 * study.trajectories * (inputs + 8) + study.base * (inputs + 2)
    return int(points * study.replicates)
