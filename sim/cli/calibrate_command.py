"""The command ``calibrate``: learn the free parameters from the reports, or say they were not."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from sim.cli.kept_banks import kept_simulations, resumed_line
from sim.cli.options import add_out, add_rules, add_seed, add_threads, word_of
from sim.inputs import InputError, Problem
from sim.inputs.program import command_text

NAME = "calibrate"
SUMMARY = "learn the free parameters from the reported facts, and say which were not learned"
EPILOG = """\
examples:
  python run.py calibrate scenarios/X.yaml
  python run.py calibrate scenarios/X.yaml scenarios/Y.yaml      parameters shared by name
  python run.py calibrate scenarios/X.yaml --mode generative     the orders' hours are outcomes
  python run.py run scenarios/X.yaml --posterior FOLDER/posterior.parquet

Only observables with role calibrate are fitted. In mode conditional the scripted orders' hours
are given and not scored; in mode generative the scenario's variant of that name is used, or every
scripted order is left to its leader. Same command: same posterior, byte for byte.

written, in <out>/calibration/<time in UTC>-<id>/: posterior.parquet, manifest.json, learned.csv,
figures and report.html. The folder appears whole at the end or not at all. Until then the
simulations are kept in <out>/.banks: whatever ends the command, the same command goes on from them.
What nobody comes back for goes after a week."""

SIMULATIONS = 1_000_000
MODES = ("conditional", "generative")  # of sim.calibrate.facts, whose libraries load slowly


def simulation_count(text: str) -> int:
    """An argparse type: a number of simulations, 1e6 allowed."""
    try:
        value = float(text)
    except ValueError:
        value = 0.5
    if value != int(value) or not 2_000 <= value <= 50_000_000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 2000 to 5e7")
    return int(value)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenarios", metavar="SCENARIO", nargs="+", help="scenario files (YAML)")
    parser.add_argument(
        "--mode", metavar="MODE", type=word_of(MODES), default=MODES[0],
        help="conditional (scripted orders are given) or generative (default conditional)",
    )  # fmt: skip
    add_common(parser)
    add_rules(parser)
    parser.add_argument(
        "--population", metavar="WHICH", default="none",
        help="where assumed priors come from: none (the scenario), shipped (what reported episodes "
        "taught), or a record of 'episodes fit' (default none)",
    )  # fmt: skip
    parser.add_argument(
        "--no-figures", action="store_true", help="tables only, neither figures nor report"
    )
    parser.add_argument(
        "--reference", action="store_true",
        help="also make this the posterior that 'run' takes by default for the scenario",
    )  # fmt: skip


def add_common(parser: argparse.ArgumentParser, simulations: int = SIMULATIONS) -> None:
    """Options that every command on a bank of simulations has."""
    parser.add_argument(
        "--simulations", metavar="N", type=simulation_count, default=simulations,
        help=f"runs per scenario drawn from the prior (default {simulations:g})",
    )  # fmt: skip
    add_seed(parser)
    add_threads(parser)
    add_out(parser)


def check_out(out: str) -> Path:
    """The folder for results, which must not be a file."""
    path = Path(out)
    if path.exists() and not path.is_dir():
        raise InputError([Problem(out, None, None, "not a folder", "a folder for results")])
    return path


def execute(options: argparse.Namespace) -> int:
    """Calibrate; the result folder is put in place last, whole."""
    from sim.calibrate.calibration_run import calibrate_files
    from sim.cli.progress import progress_bar, say_stage
    from sim.show.reports.calibration_report import calibration_table, write_calibration
    from sim.show.terminal import terminal_columns

    out = check_out(options.out)
    if options.reference and (len(options.scenarios) > 1 or options.mode != MODES[0]):
        raise InputError(
            [Problem("--reference", None, None, "a reference is of one scenario, conditional")]
        )
    if options.reference and options.rules:
        raise InputError(
            [Problem("--reference", None, None, "a reference is of the model's own rules")]
        )
    population = _population(options.population)
    if options.reference and population is not None:
        raise InputError([Problem("--reference", None, None, "a reference has no population")])
    total = options.simulations * len(options.scenarios)
    with kept_simulations(out, options.command_line) as store:
        with progress_bar(total, "simulations") as advance:
            found = calibrate_files(
                options.scenarios, options.simulations, options.seed, mode=options.mode,
                threads=options.threads, progress=advance, say=say_stage, store=store,
                rules=options.rules, population=population,
            )  # fmt: skip
        resumed_line(store)
        command = command_text(options.command_line)
        final = write_calibration(found, out, command, figures=not options.no_figures)
        print(calibration_table(found.study, terminal_columns()))
        print("\n".join(_stages(found)), end="")
    print(f"written: {final}")
    if options.reference:
        _ship(final, next(iter(found.loaded)))
    sys.stdout.flush()
    return 0


def _population(which: str) -> Any:
    """The record that was asked for, or None."""
    from sim.episodes.population_record import RECORD, read_record

    if which == "none":
        return None
    path = RECORD if which == "shipped" else Path(which)
    try:
        return read_record(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a record of 'episodes fit'"
        raise InputError(
            [Problem(str(path), None, None, f"the population cannot be read: {reason}",
                     "none, shipped, or a JSON record of 'episodes fit'")]
        ) from None  # fmt: skip


def _stages(found: Any) -> list[str]:
    """What each source taught of the parameters that began with a population, line by line."""
    from sim.calibrate.learned_priors import stages

    if not found.carried:
        return []
    calibration = found.study.calibration
    table = stages(found.carried, calibration.draws, calibration.weights)
    lines = ["contraction against the assumed prior, after episodes and after these articles too:"]
    lines += [
        f"  {row['name']:24}{row['episodes']:7.2f}{row['articles']:7.2f}"
        for row in table.to_dict("records")
    ]
    return [*lines, ""]


def _ship(result: Path, scenario: str) -> None:
    """Copy posterior and manifest to where `run` looks for them."""
    from sim.calibrate.posterior_file import MANIFEST, POSTERIOR
    from sim.inputs.shipped import REFERENCE

    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, ending in ((POSTERIOR, "parquet"), (MANIFEST, "json")):
        target = REFERENCE / f"{scenario}.{ending}"
        shutil.copyfile(result / name, target)
        print(f"written: {target}")
