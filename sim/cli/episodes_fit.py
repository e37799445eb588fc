"""The command ``episodes fit``: learn a population of parameters from a library."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.cli.kept_worlds import add_worlds, worlds_of
from sim.cli.options import add_seed, add_threads

NAME = "fit"
SUMMARY = "learn how the model's parameters are spread over dyads and orders"
EPILOG = """\
examples:
  python run.py episodes fit LIBRARY
  python run.py episodes fit LIBRARY --worlds 51200 --to-file mine.json

Simulates generic episodes (each with an order, and with the same luck without), finds for every
reported one those that are like it, and learns the population that makes all of them probable;
uncertainty by the curvature of that probability, of what orders do by drawing conflicts again. A
library with events and dyads also teaches what follows
such days without an order, and so what the order itself changed. Interrupted at any point, the
same command goes on from what is kept: the simulated worlds stay in the cache for other libraries,
so that an episode more costs no simulation.
written with --to-file: a record (JSON) and beside it 4,000 draws (Parquet). No reported episode is
in either."""

FIT_WORLDS = 204_800


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", help="folder of a library")
    add_worlds(parser, FIT_WORLDS)
    add_seed(parser)
    add_threads(parser)
    parser.add_argument(
        "--to-file", metavar="JSON", help="record to write, draws beside it (default: none)"
    )


def execute(options: argparse.Namespace) -> int:
    """Simulate or go on, learn, print, write."""
    from sim.episodes.episode_library import load_library
    from sim.episodes.fitting import fit, matches_of, order_free_of
    from sim.episodes.model_forecast import ModelForecaster
    from sim.episodes.population_record import lines, make_record, record_id, write_record
    from sim.inputs import InputError, Problem
    from sim.model.cache import cache_root

    library = load_library(options.library)
    orders = library.panel("order")
    if orders.table["conflict"].nunique() < 3 or not options.worlds:
        raise InputError(
            [
                Problem(
                    options.library,
                    None,
                    None,
                    "orders of fewer than three conflicts, or no world, teach nothing",
                    "a library with orders of three conflicts or more, and --worlds above 0",
                )
            ]
        )
    bank = worlds_of(options)
    free = order_free_of(library)
    model = ModelForecaster(bank, library.orders, free)
    identity = record_id(library.folder, f"{bank.id}/{len(bank)}/{options.seed}")
    root = Path(options.bank) if options.bank else cache_root()
    kept = None if root is None else root / f"fit-{identity}"

    def told(what: str) -> None:
        if sys.stderr.isatty():
            print(f"... {what}", file=sys.stderr)

    matches = matches_of(library)
    found, again, count = fit(
        model, library, "order", kept, options.seed, matches=matches, told=told
    )
    sizes = {
        "worlds": len(bank),
        "orders": count,
        "matched orders": 0 if matches is None else len(matches.table),
        "order-free windows": 0 if free is None else len(free.conflicts),
        "conflicts": int(orders.table["conflict"].nunique()),
    }
    bursts = None
    if library.panel("burst").table["conflict"].nunique() >= 3:
        bursts, _, sizes["bursts"] = fit(
            model, library, "burst", kept, options.seed, times=0, told=told
        )
    record, draws = make_record(identity, bank.id, sizes, found, again, bursts)
    print("\n".join(lines(record)))
    if options.to_file:
        print(f"written: {write_record(record, draws, Path(options.to_file))}")
    return 0
