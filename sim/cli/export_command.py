"""The command ``export``: a result in the forms that other tools read."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli.latest_result import add_result, result_folder_of
from sim.cli.options import whole_number, word_of
from sim.inputs import InputError, Problem
from sim.inputs.program import command_text

NAME = "export"
SUMMARY = "write a result as GED-like or ACLED-like events, or its hourly series as CSV or Parquet"
EPILOG = """\
examples:
  python run.py export results/X/20300501-060000-0123456789 --format ged
  python run.py export results/X/20300501-060000-0123456789 --format acled --replicate 7
  python run.py export results/X/20300501-060000-0123456789 --format csv --to-folder out

ged and acled: one file per day, place and dyad with low, best and high (5 %, 50 % and 95 % of the
replicates), and one with the events of a single replicate. Every id begins with SIM. csv and
parquet: one row per replicate, hour and place. Each folder holds a manifest."""

FORMATS = ("ged", "acled", "csv", "parquet")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_result(parser, "run")
    parser.add_argument("--format", metavar="FORMAT", type=word_of(FORMATS), required=True,
                        help="required: one of " + ", ".join(FORMATS))  # fmt: skip
    parser.add_argument("--replicate", metavar="N", type=whole_number(0, 2**32 - 1), default=0,
                        help="whose events are listed one by one (default: 0)")  # fmt: skip
    parser.add_argument("--most", metavar="N", type=whole_number(1, 100_000), default=500,
                        help="replicates run again for low, best, high (default: 500)")  # fmt: skip
    parser.add_argument("--to-folder", metavar="FOLDER",
                        help="new folder (default: exports/SCENARIO-ID-FORMAT)")  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Write the folder."""
    from sim.ensemble import read_result
    from sim.ensemble.exporting import export
    from sim.ensemble.folder import whole_folder

    result = read_result(result_folder_of(options.result))
    name = f"{result.manifest.scenario}-{result.manifest.id}-{options.format}"
    final = Path(options.to_folder or Path("exports") / name)
    if final.exists():
        raise InputError([Problem(str(final), None, None, "there is such a folder already",
                                  "another --to-folder; nothing is overwritten")])  # fmt: skip
    command = command_text(getattr(options, "command_line", []))
    with whole_folder(final) as hidden:
        files = export(result, options.format, hidden, options.replicate, options.most, command)
    for file in files:
        print(f"written: {final / file}")
    return 0
