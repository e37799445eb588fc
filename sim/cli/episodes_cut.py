"""The command ``episodes cut``: an event table and a table of orders become a library."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli.options import word_of

NAME = "cut"
SUMMARY = "cut a library of episodes from an event table (UCDP GED) and a table of orders"
EPILOG = """\
examples:
  python run.py episodes cut GEDEvent.csv --orders orders.csv --to-folder libraries/mine
  python run.py episodes cut mine.csv --format table --columns mine.yaml --to-folder libraries/mine
  python run.py episodes cut libraries/mine --to-folder libraries/again

A burst of a dyad begins with a death after 14 days without one, if days 0 to 6 hold 10 dead or
more; a local burst is the same in one 1-degree cell; an order episode is an order with 5 dead on 2
days in the 14 days before. orders.csv has order_id, declared, effective, side, declared_by and
ged_dyads: the bound dyads as 'Country|type of violence|Side A - Side B', parted by ' ; '.
A folder is cut again from its own events.csv, dyads.csv and orders.csv. Only reads; writes
episodes.csv, episode_days.csv.gz, events.csv.gz, dyads.csv and orders.csv into a new folder."""

FORMATS = ("ged", "acled", "gdelt", "polecat", "table")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("events", metavar="TABLE", help="event table, or a folder with events.csv")
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        type=word_of(FORMATS),
        default="ged",
        help="of the table: " + ", ".join(FORMATS) + " (default: ged)",
    )
    parser.add_argument(
        "--columns", metavar="YAML", help="what the columns of a table are (default: none)"
    )
    parser.add_argument(
        "--orders", metavar="CSV", help="table of orders (default: the folder's orders.csv, if any)"
    )
    parser.add_argument(
        "--to-folder", metavar="FOLDER", required=True, help="new folder to write; required"
    )


def execute(options: argparse.Namespace) -> int:
    """Read, cut, write, say how many."""
    from sim.ensemble.folder import whole_folder
    from sim.episodes.cutter import cut
    from sim.episodes.episode_library import read_events_folder, write_library
    from sim.episodes.intake import read_events_table
    from sim.episodes.orders import read_orders
    from sim.inputs import InputError, Problem

    final, source = Path(options.to_folder), Path(options.events)
    if final.exists():
        raise InputError(
            [
                Problem(
                    str(final),
                    None,
                    None,
                    "there is such a folder already",
                    "another --to-folder; nothing is overwritten",
                )
            ]
        )
    orders_path = Path(options.orders) if options.orders else None
    if source.is_dir():
        events, dyads = read_events_folder(source)
        beside = source / "orders.csv"
        orders_path = orders_path or (beside if beside.is_file() else None)
    else:
        events, dyads, report = read_events_table(source, options.format, options.columns)
        for line in report.lines():
            print(line)
    orders = read_orders(orders_path) if orders_path else None
    found = cut(events, dyads, orders)
    with whole_folder(final) as hidden:
        write_library(hidden, found.episodes, found.days, orders, events, dyads)
    counts = found.episodes["kind"].value_counts()
    for kind in ("burst", "local", "order"):
        print(f"{counts.get(kind, 0):>9} {kind} episodes")
    if orders is not None and len(found.episodes):
        bound = {key.strip() for row in orders["ged_dyads"] for key in str(row).split(";")} - {""}
        lost = len(bound - set(dyads["key"]))
        print(f"{lost:>9} of {len(bound)} dyads named by orders are not in the table")
    print(f"written: {final}")
    return 0
