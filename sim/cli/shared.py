"""Options that mean the same in every command: seed, threads, where results go."""

from __future__ import annotations

import argparse

from sim.cli.options import whole_number


def add_seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", metavar="N", type=whole_number(0, 2**63 - 1), default=1,
        help="whole number that fixes every draw (default 1)",
    )  # fmt: skip


def add_threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads", metavar="N", type=whole_number(1, 1024), default=None,
        help="threads; moves no number (default: one per core)",
    )  # fmt: skip


def add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", metavar="FOLDER", default="results", help="where results go (default results)"
    )
