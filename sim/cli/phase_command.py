"""The command ``phase``: an observable over two axes of a sweep, as a figure."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli.latest_result import SWEEP, add_result, result_folder_of
from sim.cli.options import word_of

NAME = "phase"
SUMMARY = "draw an observable over two axes of a sweep, one panel per value of a third"
EPILOG = """\
examples:
  python run.py phase results/X/TIME-ID-sweep --observable dead_total
  python run.py phase results/X/TIME-ID-sweep --observable still_violent_72h \\
      --x compliance --y decisions.ID.shift_h --by dyads.A-B.hostility

The colour is the median over replicates and all other axes, or the probability of a yes or no.
Contours are the ends of what was reported, or the probability one half. 'sweep
--still-violent-after 72' makes the observable still_violent_72h."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_result(parser, "sweep")
    parser.add_argument(
        "--observable", metavar="ID", required=True, help="of the scenario; required"
    )
    parser.add_argument("--x", metavar="PATH", help="axis to the right (default: the first number)")
    parser.add_argument("--y", metavar="PATH", help="axis upwards (default: the second number)")
    parser.add_argument(
        "--by",
        metavar="PATH",
        help="one panel per value of this: an axis, variant or scenario (default: one panel)",
    )
    parser.add_argument(
        "--statistic", metavar="NAME", type=word_of(("median", "mean", "probability")),
        help="median, mean, or probability (default: probability of a yes or no, else median)",
    )  # fmt: skip
    parser.add_argument(
        "--out", metavar="FOLDER", help="where the figure goes (default: the sweep's figures)"
    )


def execute(options: argparse.Namespace) -> int:
    """Draw and save the figure."""
    from sim.ensemble.addition import added_files
    from sim.explore.phase import phase
    from sim.explore.sweep import open_sweep
    from sim.show.figures.drawing import Easel
    from sim.show.figures.sweep_figures import phase_figure
    from sim.show.reports.sweep_report import sweep_subtitle

    sweep = open_sweep(result_folder_of(options.result, SWEEP))
    found = phase(
        sweep, options.observable, options.x, options.y, options.by, options.statistic
    )  # fmt: skip
    target = Path(options.out) if options.out else sweep.folder / "figures"
    target.mkdir(parents=True, exist_ok=True)
    with added_files(target) as hidden:
        record = phase_figure(found, Easel(hidden, sweep.id), sweep_subtitle(sweep))
    print(f"written: {target / record.path.name}")
    return 0
