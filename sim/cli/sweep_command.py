"""The command ``sweep``: many points, crash-safe, resumable, here or on a Dask cluster."""

from __future__ import annotations

import argparse
import errno
import shlex
import sys
from pathlib import Path
from typing import Any

from sim.cli.options import (
    ENGINES,
    add_cluster,
    add_out,
    add_posterior,
    add_rules,
    add_threads,
    settings_of,
    whole_number,
    word_of,
)
from sim.cli.streams import give_up_output, output_fails
from sim.inputs import InputError, Problem
from sim.inputs.program import called
from sim.inputs.spreadsheet import spreadsheet_safe

NAME = "sweep"
SUMMARY = "vary parameters, orders, hostility or strength over many runs; survives a crash"
EPILOG = """\
examples:
  python run.py sweep scenarios/X.yaml --vary compliance=0.3:1:15 --replicates 200
  python run.py sweep scenarios/X.yaml --vary compliance=0.3:1:15 \\
      --vary decisions.ID.shift_h=-12,0,6,12,24 --vary decisions.ID.mode=scripted,off
  python run.py sweep scenarios/X.yaml scenarios/Y.yaml --vary compliance=0:1 \\
      --vary reprisal_ratio=0:1.2 --design lhs --points 5000 --replicates 20 --per point
  python run.py sweep scenarios/X.yaml --design file --points points.csv
  python run.py sweep --resume results/X/TIME-ID-sweep

--vary takes a parameter by its name, anything else by its dotted path: PATH=LOW:HIGH:N (N evenly
spaced values), PATH=LOW:HIGH (a range, for lhs and sobol), PATH=A,B,C (values, words or lists as
in a scenario file). What is not varied is drawn from its prior. Replicate 7 has the same draws at
every point, so points are compared on common random numbers.

written, in <out>/<scenario>/<time in UTC>-<id>-sweep/: plan.json, points.parquet, rows/ (one
Parquet dataset), failed/, and when all is done effects.csv, figures and report.html. Each part of
the work appears whole; kill it at any moment and --resume does what is missing, to the same
bytes. It refuses if code, libraries or scenario have changed, and does a part again whose files
are not what was written (sums/ holds their checksums). exit code 1: some units failed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenarios", metavar="SCENARIO", nargs="*", help="scenario files (YAML)")
    parser.add_argument(
        "--vary", metavar="PATH=VALUES", action="append", default=[],
        help="what to vary and over what; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--design", metavar="NAME", type=word_of(("grid", "lhs", "sobol", "file")),
        default="grid", help="grid (all combinations), lhs, sobol, or file (default grid)",
    )  # fmt: skip
    parser.add_argument(
        "--points", metavar="N|FILE",
        help="number of points for lhs and sobol, CSV file of points for file",
    )  # fmt: skip
    parser.add_argument(
        "--replicates", metavar="R", type=whole_number(1, 10_000_000), default=100,
        help="runs at each point (default 100)",
    )  # fmt: skip
    parser.add_argument(
        "--variant", metavar="NAME", action="append", default=[], dest="variants",
        help="variant to sweep; repeatable; as_written is the scenario without any",
    )  # fmt: skip
    parser.add_argument(
        "--set", metavar="PATH=VALUE", action="append", default=[], dest="assignments",
        help="change one value at every point; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--still-violent-after", metavar="H", type=float, default=None,
        help="also observe clashes later than H hours after the start (default: not)",
    )  # fmt: skip
    parser.add_argument(
        "--per", metavar="NAME", type=word_of(("replicate", "point")), default="replicate",
        help="rows: one per replicate, or statistics per point (default replicate)",
    )  # fmt: skip
    parser.add_argument(
        "--seed", metavar="N", type=whole_number(0, 2**63 - 1), default=1,
        help="whole number that fixes every draw and the design (default 1)",
    )  # fmt: skip
    add_posterior(parser)
    parser.add_argument(
        "--engine", metavar="NAME", type=word_of(ENGINES), default="kernel",
        help="kernel or mesa; the same numbers (default kernel)",
    )  # fmt: skip
    add_rules(parser)
    add_out(parser)
    parser.add_argument(
        "--resume",
        metavar="RESULT",
        help="finish the sweep in this folder; takes no scenario (default: a new one)",
    )
    parser.add_argument(
        "--retry-failed", action="store_true", help="with --resume: do again what failed"
    )
    add_threads(parser)
    add_cluster(parser)
    parser.add_argument(
        "--estimate", action="store_true", help="say how long it would take, and stop there"
    )
    parser.add_argument(
        "--no-figures", action="store_true", help="the dataset only, neither figures nor report"
    )


def execute(options: argparse.Namespace) -> int:
    """Start or resume; from the moment the folder is there, whatever is done is kept."""
    from sim.ensemble.simulation import available_cores
    from sim.explore.crew import check_scheduler
    from sim.explore.estimate import estimate
    from sim.explore.request import extrapolations, make_plan, with_parameters
    from sim.explore.sweep import begin, check_unchanged, open_sweep

    _check_usage(options)
    threads = options.threads or available_cores()
    if options.resume:
        sweep = open_sweep(options.resume)
        check_unchanged(sweep.folder, sweep.plan, {})
        print(sweep.drawn_from)
        return finish(sweep, options)
    out = Path(options.out)
    if out.exists() and not out.is_dir():
        raise InputError([Problem(str(out), None, None, "not a folder", "a folder for results")])
    request, drawn = with_parameters(request_of(options))
    plan = make_plan(request)
    print(drawn)
    expected = estimate(plan, out, threads)
    for note in extrapolations(plan):
        print(f"note: extrapolation: {note}")
    print(expected if not options.cluster else f"{expected} on this machine's {threads} threads")
    if options.estimate:
        return 0
    if expected.disk > expected.free:
        message = f"{expected.disk / 1e9:.1f} GB would not fit"
        raise InputError([Problem(str(out), None, None, message, "fewer runs, or --per point")])
    sys.stdout.flush()
    if options.cluster:
        check_scheduler(options.cluster, plan)
    return finish(begin(plan, out, options.command_line), options)


def request_of(options: argparse.Namespace) -> Any:
    """The request that the options make."""
    from sim.explore.request import Request

    points: Any = options.points
    if points is not None and options.design != "file" and str(points).isdigit():
        points = int(points)
    return Request(
        scenarios=options.scenarios, vary=options.vary, design=options.design, points=points,
        replicates=options.replicates, seed=options.seed, variants=options.variants,
        settings=settings_of(options.assignments), engine=options.engine, per=options.per,
        posterior=options.posterior, still_violent_after=options.still_violent_after,
        rules=options.rules,
    )  # fmt: skip


def finish(sweep: Any, options: argparse.Namespace) -> int:
    """Do what is missing, then say what came of it; the exit code tells whether all is done.

    From here on the folder stands, so whatever stops it is told with how to go on.
    """
    from sim.ensemble.folder import record_standing, standing

    if sweep.folder not in standing():
        record_standing(sweep.folder)
    try:
        with sweep.store.locked():
            _do_parts(sweep, options)
            table = _conclude(sweep, options) if sweep.store.row_files() else ""
        _list_failures(sweep)
        print(table, end="")
        print(f"written: {sweep.folder}")
        sys.stdout.flush()
    except KeyboardInterrupt:
        _kept(sweep, "\nstopped")
        return 130
    except BrokenPipeError:
        raise
    except OSError as error:
        where = str(error.filename or sweep.folder)
        if output_fails():
            where = "standard output"
            give_up_output()
        _kept(sweep, f"{where}: {why_not(error)}")
        return 1
    return 1 if sweep.failures else 0


def _do_parts(sweep: Any, options: argparse.Namespace) -> None:
    from sim.cli.progress import progress_bar
    from sim.explore.sweep import mend, work_on

    for line in mend(sweep):
        print(line)
    sys.stdout.flush()
    plan = sweep.plan
    left = sweep.status["pending"] * plan.replicates // plan.chunks
    with progress_bar(left, plan.sources[0].name) as advance:
        work_on(
            sweep,
            retry_failed=options.retry_failed,
            threads=options.threads,
            cluster=options.cluster,
            progress=advance,
        )


def why_not(error: OSError) -> str:
    """Why something could not be written, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "the disk is full"
    return error.strerror or str(error).partition("\n")[0] or type(error).__name__


def _kept(sweep: Any, why: str) -> None:
    status = sweep.status
    total = sum(status.values())
    print(f"{why}; {status['done']:,} of {total:,} units are done and kept", file=sys.stderr)
    again = f"{called()} sweep --resume {shlex.quote(str(sweep.folder))}"
    print(f"go on with: {again}", file=sys.stderr)


def _list_failures(sweep: Any) -> None:
    failures = sweep.failures
    for one in failures[:10]:
        where = f"point {one.point}"
        where += f", replicate {one.replicate}" if one.replicate >= 0 else ""
        print(f"failed: {where}, seed {one.seed}, at '{one.stage}': {one.error}: {one.message}")
    if failures:
        more = f" ({len(failures) - 10} more)" if len(failures) > 10 else ""
        print(f"{len(failures)} units failed{more}; tracebacks in {sweep.folder / 'failed'}; "
              "--resume RESULT --retry-failed does them again")  # fmt: skip


def _conclude(sweep: Any, options: argparse.Namespace) -> str:
    """Put effects, figures and report in place, all or none; returns the table in words."""
    from sim.ensemble.addition import added_files
    from sim.explore.effects import effects, observables_of
    from sim.show.reports.sweep_report import effects_table, largest_moves, moves_sentence
    from sim.show.terminal import terminal_columns, wrapped

    table = effects(sweep)
    if table.empty:
        return ""
    with added_files(sweep.folder) as hidden:
        safe = spreadsheet_safe(table)
        safe.to_csv(hidden / "effects.csv", index=False, lineterminator="\n")
        if not options.no_figures:
            from sim.show.reports.sweep_report import write_sweep_report

            write_sweep_report(sweep, table, hidden)
    columns = terminal_columns()
    moves = moves_sentence(largest_moves(table, observables_of(sweep)))
    said = [*wrapped(f"{moves}.", columns), "", effects_table(table, columns), ""]
    return "\n".join(said)


def _check_usage(options: argparse.Namespace) -> None:
    problems = []
    if options.resume and (options.scenarios or options.vary or options.points):
        problems.append(
            Problem("--resume", None, None, "the plan stands in the folder",
                    "no scenario, no --vary and no --points beside it")
        )  # fmt: skip
    if options.retry_failed and not options.resume:
        problems.append(Problem("--retry-failed", None, None, "there is nothing to retry",
                                "--resume RESULT --retry-failed"))  # fmt: skip
    if not options.resume and not options.scenarios:
        problems.append(Problem("sweep", None, None, "no scenario is given",
                                "scenarios/X.yaml, or --resume RESULT"))  # fmt: skip
    if problems:
        raise InputError(problems)
