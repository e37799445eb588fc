"""The command ``run``: simulate a scenario, compare with the reports, write one result folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.answer import add_answer, print_json
from sim.cli.options import (
    ENGINES,
    add_out,
    add_posterior,
    add_rules,
    add_seed,
    add_threads,
    rules_of,
    settings_of,
    whole_number,
    word_of,
)
from sim.inputs import InputError, Problem
from sim.inputs.program import command_text

if TYPE_CHECKING:
    from sim.explore.run import Run

NAME = "run"
SUMMARY = "simulate a scenario many times and compare it with what was reported"
EPILOG = """\
examples:
  python run.py run scenarios/X.yaml
  python run.py run scenarios/X.yaml --replicates 2000 --seed 7
  python run.py run scenarios/X.yaml --variant no_reprisals
  python run.py run scenarios/X.yaml --rules my_rules.py
  python run.py run scenarios/X.yaml --set compliance=0.8 --set decisions.ID.shift_h=12

A setting changes the scenario for this run only: a parameter by its name, anything else by its
dotted path, the value as in the file. Same scenario, code, seed and replicates: same numbers, for
any number of threads and either engine.

written, in <out>/<scenario>/<time in UTC>-<id>/: manifest.json, scenario.yaml (as run),
replicates.parquet, hourly.parquet, events/*.csv, comparison.csv, curves.csv, figures and
report.html. The folder appears whole at the end or not at all."""


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
    add_rules(parser)
    add_out(parser)
    parser.add_argument(
        "--no-figures", action="store_true", help="tables only, neither figures nor report"
    )
    parser.add_argument(
        "--for-print", action="store_true",
        help="each figure also as SVG and at the width of a column (default: one PNG each)",
    )  # fmt: skip
    parser.add_argument(
        "--map", metavar="FILE",
        help="GeoJSON of inner borders, drawn on the map (default: countries only)",
    )  # fmt: skip
    add_answer(parser)


def execute(options: argparse.Namespace) -> int:
    """Run and print; figures follow, and the result folder is put in place last, whole."""
    from sim.cli.progress import progress_bar, say_stage
    from sim.scenario import load_checked

    out = Path(options.out)
    if out.exists() and not out.is_dir():
        raise InputError([Problem(str(out), None, None, "not a folder", "a folder for results")])
    settings = settings_of(options.assignments)
    rules = rules_of(options.rules)
    # before slow libraries load
    loaded = load_checked(options.scenario, options.variant, settings, rules)
    outlines = []
    if options.map is not None:
        from sim.show.maps.outlines import read_geojson

        outlines = read_geojson(options.map)
    from sim.explore.run import run

    with progress_bar(
        2 * options.replicates, Path(options.scenario).stem, options.quiet
    ) as advance:
        found = run(
            options.scenario, options.replicates, options.seed, variant=options.variant,
            settings=settings, posterior=options.posterior, engine=options.engine,
            threads=options.threads, progress=advance, loaded=loaded,
        )  # fmt: skip
    in_words = options.format != "json" and not options.quiet
    deaf: OSError | None = None
    if in_words:
        try:
            _print_words(found)
        except (
            OSError
        ) as error:  # nobody listens, or a full disk; the result is written all the same
            deaf = error
        what = "tables" if options.no_figures else "tables, figures and the report"
        say_stage(f"writing {what}")
    from sim.show.reports.run_report import write_run

    command = command_text(options.command_line)
    final = write_run(
        found,
        out,
        command,
        figures=not options.no_figures,
        for_print=options.for_print,
        outlines=outlines,
    )
    if deaf is not None:
        raise deaf
    if options.format == "json":
        print_json(answer_of(found, final))
    else:
        print(f"written: {final}" if in_words else final)
    sys.stdout.flush()
    return 0


def answer_of(found: Run, written: Path) -> dict[str, Any]:
    """The answer as one object: the names are those of the tables that are written."""
    return {
        "parameters": found.drawn,
        "verdict": str(found.comparison.summary),
        "notes": found.notes,
        "observables": found.comparison.table,
        "curves": found.comparison.curves,
        "written": written,
    }


def _print_words(found: Run) -> None:
    from sim.show.terminal import terminal_columns, terminal_table, wrapped

    print(found.drawn)
    print(terminal_table(found.comparison, found.ensemble.scenario, terminal_columns()))
    for number, note in enumerate(found.notes):
        for line in wrapped(f"{'note' if number else 'caveat'}: {note}", terminal_columns()):
            print(line)
    sys.stdout.flush()
