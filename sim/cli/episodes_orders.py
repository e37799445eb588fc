"""The command ``episodes orders``: what orders changed, beside matched days without one."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "orders"
SUMMARY = "what orders changed, beside days of the same dyad that looked alike without one"
EPILOG = """\
examples:
  python run.py episodes orders LIBRARY
  python run.py episodes orders LIBRARY --to-file orders.png

Needs the library's events, dyads and orders. A matched day has the same dyad, no order within 28
days, and as many dead in the 14 days before, within a factor of two; an order needs five of them.
Effect: exp(mean difference of log(1 + dead on days 1 to 14)), 90 % by bootstrap over conflicts."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", help="folder of a library")
    parser.add_argument("--to-file", metavar="PNG", help="forest plot to write (default: none)")


def execute(options: argparse.Namespace) -> int:
    """Match, print, draw."""
    from sim.episodes.episode_library import load_library, read_events_folder
    from sim.episodes.matching import SPANS, effects, match
    from sim.inputs import InputError, Problem
    from sim.show.figures.episodes_figures import forest_plot

    library = load_library(options.library)
    if library.orders is None:
        raise InputError(
            [
                Problem(
                    options.library,
                    None,
                    None,
                    "the library has no orders.csv",
                    "a table of orders",
                )
            ]
        )
    events, dyads = read_events_folder(library.folder)
    found = match(library.episodes, events, dyads, library.orders)
    if not len(found.table):
        raise InputError(
            [
                Problem(
                    options.library,
                    None,
                    None,
                    "no order has five matched days",
                    "longer series of events",
                )
            ]
        )
    print(f"{len(found.table)} orders with at least five matched days")
    print("log-mean deaths per day after, relative to the 14 days before (one added to both):")
    spans = ", ".join(f"days {a}-{b}" for a, b in SPANS)
    for side, what in (("order", "orders"), ("days", "matched days")):
        print(f"  {what:13} " + " ".join(f"{x:.2f}" for x in found.relative(side)) + f"  ({spans})")
    table = effects(found, library.orders)
    for row in table.to_dict("records"):
        print(
            f"  {row['kind']:32}{row['orders']:>5}  {row['effect']:.2f} "
            f"({row['low']:.2f} to {row['high']:.2f})"
        )
    if options.to_file:
        print(f"written: {forest_plot(table, Path(options.to_file))}")
    return 0
