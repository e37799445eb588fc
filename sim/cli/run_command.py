"""The command ``run``: simulate a scenario, compare with the reports, write one result folder."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from sim.cli.options import (
    ENGINES,
    add_out,
    add_posterior,
    add_seed,
    add_threads,
    chosen_posterior,
    settings_of,
    whole_number,
    word_of,
)
from sim.inputs import InputError, Problem
from sim.inputs.spreadsheet import spreadsheet_safe

NAME = "run"
SUMMARY = "simulate a scenario many times and compare it with what was reported"
EPILOG = """\
examples:
  python run.py run scenarios/X.yaml
  python run.py run scenarios/X.yaml --replicates 2000 --seed 7
  python run.py run scenarios/X.yaml --variant no_reprisals
  python run.py run scenarios/X.yaml --set compliance=0.8 --set decisions.ID.shift_h=12

A setting changes the scenario for this run only: a parameter by its name, anything else by its
dotted path, the value as in the file. Same scenario, code, seed and replicates: same numbers, for
any number of threads and either engine.

written, in <out>/<scenario>/<time in UTC>-<id>/: manifest.json, scenario.yaml (as run),
replicates.parquet, hourly.parquet, events/*.csv, comparison.csv, curves.csv, figures and
report.html. The folder appears whole at the end or not at all."""

MOST_BYTES = 2_000_000_000
"""Memory that the hourly series may take; a run keeps all of them until they are drawn."""

FITTED = """\
note: this posterior was fitted to facts with role 'calibrate'; agreement with those is no test"""

ENOUGH = 500
"""Replicates below which the ends of a 90 % interval are too rough to be quoted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help="scenario file (YAML)")
    parser.add_argument(
        "--replicates", metavar="N", type=whole_number(1, 10_000_000), default=500,
        help="runs, each with its own parameters and chance (default 500; fewer are rough)",
    )  # fmt: skip
    add_seed(parser)
    parser.add_argument(
        "--variant", metavar="NAME", help="variant of the scenario to run (default: as written)"
    )
    parser.add_argument(
        "--set", metavar="PATH=VALUE", action="append", default=[], dest="assignments",
        help="change one value for this run; repeatable (default: nothing is changed)",
    )  # fmt: skip
    parser.add_argument(
        "--engine", metavar="NAME", type=word_of(ENGINES), default="kernel",
        help="kernel (compiled) or mesa (agents to read; slower, the same numbers) "
        "(default kernel)",
    )  # fmt: skip
    add_threads(parser)
    add_posterior(parser)
    add_out(parser)
    parser.add_argument(
        "--no-figures", action="store_true", help="tables only, neither figures nor report"
    )


def execute(options: argparse.Namespace) -> int:
    """Run; the result folder is put in place last, whole."""
    from sim.compare import baselines_of, compare
    from sim.ensemble import manifest_of, result_folder
    from sim.scenario import load_checked, load_scenario

    out = Path(options.out)
    if out.exists() and not out.is_dir():
        raise InputError([Problem(str(out), None, None, "not a folder", "a folder for results")])
    settings = settings_of(options.assignments)
    loaded = load_checked(options.scenario, options.variant, settings)
    scenario, evidence = loaded.scenario, loaded.evidence
    _check_size(scenario, options.replicates)
    as_written = load_scenario(options.scenario) if options.variant or settings else scenario
    posterior, drawn = chosen_posterior(options.posterior, as_written)
    ensemble, without = _simulated(scenario, posterior, options)
    comparison = compare(ensemble, evidence, baselines_of(ensemble, without))
    command = shlex.join(["run.py", *options.command_line])
    manifest = manifest_of(ensemble, command, options.scenario, settings)
    with result_folder(ensemble, manifest, out) as folder:
        table = comparison.table.assign(statements=comparison.table["statements"].map(" ".join))
        table = spreadsheet_safe(table)
        table.to_csv(folder.hidden / "comparison.csv", index=False, lineterminator="\n")
        comparison.curves.to_csv(folder.hidden / "curves.csv", index=False, lineterminator="\n")
        if not options.no_figures:
            _draw(ensemble, comparison, evidence, manifest, folder.hidden)
    print(drawn)
    _print(comparison, scenario, folder.final, options, posterior is not None)
    return 0


def _check_size(scenario: Any, replicates: int) -> None:
    """Refuse a run whose hourly series would not fit into memory."""
    from sim.ensemble.tables import MEASURE_UNITS

    per_replicate = scenario.clock.steps * len(scenario.places) * len(MEASURE_UNITS) * 4
    if replicates * per_replicate > MOST_BYTES:
        message = f"--replicates {replicates}: the hourly series would not fit into memory"
        expected = f"at most {MOST_BYTES // per_replicate} for this scenario"
        raise InputError([Problem("run", None, None, message, expected)])


def _simulated(scenario: Any, posterior: Any, options: argparse.Namespace) -> tuple[Any, Any]:
    """The ensemble, and the same replicates and parameters without reprisals."""
    from sim.cli.progress import progress_bar
    from sim.ensemble import simulate

    with progress_bar(2 * options.replicates, scenario.name) as advance:
        ensemble = simulate(
            scenario,
            options.replicates,
            options.seed,
            options.engine,
            threads=options.threads,
            posterior=posterior,
            progress=advance,
            variant=options.variant,
        )
        without = simulate(
            scenario,
            options.replicates,
            options.seed,
            options.engine,
            threads=options.threads,
            keep="totals",
            theta=ensemble.parameters.assign(reprisal_ratio=0.0),
            progress=advance,
            logs=0,
        )
    return ensemble, without


def _draw(ensemble: Any, comparison: Any, evidence: Any, manifest: Any, folder: Path) -> None:
    from sim.show import run_figures, write_report

    drawn = run_figures(ensemble, comparison, evidence, folder, manifest.id)
    write_report(folder / "report.html", ensemble, comparison, evidence, drawn, manifest)


def _print(
    comparison: Any, scenario: Any, final: Path, options: argparse.Namespace, fitted: bool
) -> None:
    from sim.explore.whatif import unreported
    from sim.show.terminal import terminal_columns, terminal_table

    print(terminal_table(comparison, scenario, terminal_columns()))
    if fitted:
        print(FITTED)
    if options.variant or options.assignments:
        print("note: the reports speak of what happened, not of this changed scenario")
    for why in unreported(scenario):
        print(f"note: extrapolation: {why}")
    if options.replicates < ENOUGH:
        print(
            f"note: {options.replicates} replicates are few; quote intervals from {ENOUGH} or more"
        )
    print(f"written: {final}")
    sys.stdout.flush()
