"""Options that mean the same in every command: seed, threads, cluster, where results go."""

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


def add_cluster(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cluster", metavar="ADDRESS",
        help="scheduler of a Dask cluster, as tcp://HOST:8786 (default: threads here)",
    )  # fmt: skip
