"""The command ``import``: an event table becomes a folder of evidence, every row accounted for."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

from sim.cli.options import whole_number, word_of
from sim.inputs import InputError, Problem
from sim.inputs.program import called

NAME = "import"
SUMMARY = "turn an event table (UCDP GED, ACLED, GDELT, POLECAT, any CSV) into evidence"
EPILOG = """\
examples:
  python run.py import ged GEDEvent.csv --place "Port Ansa" --from 2030-05-01 --to 2030-05-31
  python run.py import acled export.csv --actor Reds --to-folder imports/reds
  python run.py import gdelt 20300501.export.CSV --place "Port Ansa"
  python run.py import table mine.csv --columns mine.yaml --mapping types.csv

Writes a folder like seeds/ that timeline, new and priors read: one statement and one event per row,
with the row's id and the file's checksum. import.json in it accounts for every row: used, dropped
and why, odd but used. Nothing is mended in silence. The table itself is neither changed nor copied.

--mapping is a CSV with type, sub_type, plover_type, plover_mode over the shipped mapping;
--columns is a YAML with name: and columns: {day, last_day, id, country, province, district, city,
latitude, longitude, actor, target, type, sub_type, low, best, high, wounded}, of which day is a
must; low, best and high are dead."""

FORMATS = ("ged", "acled", "gdelt", "polecat", "table")
ORDERS = ("dmy", "mdy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", metavar="FORMAT", type=word_of(FORMATS),
                        help="one of " + ", ".join(FORMATS))  # fmt: skip
    parser.add_argument("file", metavar="FILE", help="the table; it is only read")
    parser.add_argument("--place", metavar="NAME", action="append", default=[],
                        help="only this town, province or country (may be repeated)")  # fmt: skip
    parser.add_argument("--actor", metavar="NAME", action="append", default=[],
                        help="only rows with this party (may be repeated)")  # fmt: skip
    parser.add_argument("--from", dest="start", metavar="DAY", type=day_of,
                        help="first day, YYYY-MM-DD (default: the file's)")  # fmt: skip
    parser.add_argument("--to", dest="end", metavar="DAY", type=day_of,
                        help="last day, YYYY-MM-DD, included (default: the file's)")  # fmt: skip
    parser.add_argument("--to-folder", metavar="FOLDER",
                        help="new folder to write (default: imports/FILE-NAME)")  # fmt: skip
    parser.add_argument(
        "--mapping", metavar="CSV", help="event types to PLOVER, over the shipped (default: none)"
    )
    parser.add_argument(
        "--columns", metavar="YAML", help="what the columns of a table are; required for 'table'"
    )
    parser.add_argument(
        "--dates",
        metavar="ORDER",
        type=word_of(ORDERS),
        help="dmy or mdy, where slashed dates do not tell (default: none)",
    )
    parser.add_argument("--utc-offset", metavar="HH:MM", type=offset_of, default="+00:00",
                        help="of the table's days, as +03:00 (default: +00:00)")  # fmt: skip
    parser.add_argument("--most", metavar="N", type=whole_number(1, 100_000), default=5000,
                        help="refuse more rows than this (default: 5000)")  # fmt: skip


def day_of(text: str) -> date:
    """An argparse type: a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write YYYY-MM-DD") from None


def offset_of(text: str) -> str:
    """An argparse type: an offset from UTC."""
    match = re.fullmatch(r"([+-])(\d{2}):?(\d{2})", text)
    if not match or int(match[2]) > 14 or int(match[3]) > 59:
        raise argparse.ArgumentTypeError(f"'{text}' is no offset; write it as +03:00")
    return f"{match[1]}{match[2]}:{match[3]}"


def execute(options: argparse.Namespace) -> int:
    """Read the table, write the folder, print the report."""
    from sim.ensemble.folder import whole_folder
    from sim.intake import Selection, import_events

    final = Path(options.to_folder or Path("imports") / Path(options.file).stem)
    if final.exists():
        problem = Problem(str(final), None, None, "there is such a folder already",
                          "another --to-folder; nothing is overwritten")  # fmt: skip
        raise InputError([problem])
    if options.start and options.end and options.end < options.start:
        raise InputError([Problem("--from", None, None, "the first day is after the last")])
    selection = Selection(options.place, options.actor, options.start, options.end)
    with whole_folder(final) as hidden:
        report = import_events(
            options.file, options.format, hidden, selection=selection, mapping=options.mapping,
            columns=options.columns, date_order=options.dates, most=options.most,
            utc_offset=options.utc_offset,
        )  # fmt: skip
    for line in report.lines():
        print(line)
    print(f"written: {final}")
    if report.unmapped and options.mapping is None:
        print(
            f"{report.unmapped.total()} rows are of a type that stands nowhere on the ladder; "
            "--mapping types.csv says where"
        )
    print(f"next: {called()} timeline --seeds {final}")
    print(f"      {called()} new NAME --from {final}")
    return 0
