"""The command ``discover``: under which conditions something happens in a sweep."""

from __future__ import annotations

import argparse

from sim.cli.latest_result import SWEEP, add_result, result_folder_of
from sim.cli.options import whole_number

NAME = "discover"
SUMMARY = "find the conditions under which something happens in a sweep, in words"
EPILOG = """\
examples:
  python run.py discover results/X/TIME-ID-sweep --observable dead_total --above 50
  python run.py discover results/X/TIME-ID-sweep --observable dead_total --below 10 --depth 2

A classification tree is grown on one half of the runs; density (share of the runs under these
conditions in which it happens) and coverage (share of all in which it happens that lie under
them) are of the other half. Conditions are on what the sweep varied and on drawn parameters."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_result(parser, "sweep")
    parser.add_argument(
        "--observable", metavar="ID", required=True, help="of the scenario; required"
    )
    parser.add_argument(
        "--above", metavar="X", type=float, help="it happens above this value (default: none)"
    )
    parser.add_argument(
        "--below", metavar="X", type=float, help="it happens below this value (default: none)"
    )
    parser.add_argument(
        "--depth", metavar="N", type=whole_number(1, 6), default=3,
        help="most conditions that are put together (default 3)",
    )  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Print the sentences."""
    from sim.explore.discovery import discover
    from sim.explore.sweep import open_sweep

    sweep = open_sweep(result_folder_of(options.result, SWEEP))
    found = discover(sweep, options.observable, options.above, options.below, options.depth)
    for line in (found.drawn_from, *found.sentences()):
        print(line)
    return 0
