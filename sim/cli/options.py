"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from sim.inputs import InputError, Problem, nearest
from sim.inputs.reader import read_value

ENGINES = ("kernel", "mesa")
SHOWN = 200


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """An argparse type: a whole number from `low` to `high`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {low} to {high}")
        return value

    return parse


def word_of(words: Sequence[str]) -> Callable[[str], str]:
    """An argparse type: one of `words`, with the nearest where it is misspelt."""

    def parse(text: str) -> str:
        if text in words:
            return text
        closest = nearest(text, words)
        hint = f"; did you mean '{closest}'?" if closest else ""
        raise argparse.ArgumentTypeError(f"'{text}' is none of {', '.join(words)}{hint}")

    return parse


def settings_of(assignments: Sequence[str]) -> dict[str, Any]:
    """``path=value`` texts as a dict; each value is read as YAML, as in a scenario file.

    Raises:
        InputError: all assignments that cannot be read.
    """
    settings: dict[str, Any] = {}
    problems = []
    for text in assignments:
        path, equals, value = text.partition("=")
        where = f"--set {text if len(text) <= SHOWN else text[: SHOWN - 3] + '...'}"
        if not equals or not path.strip() or not value.strip():
            problems.append(
                Problem(where, None, None, "not a setting", "path=value, as compliance=0.8")
            )
        elif path.strip() in settings:
            problems.append(Problem(where, None, None, f"'{path.strip()}' is set twice"))
        else:
            try:
                settings[path.strip()] = read_value(value)
            except ValueError as error:
                problems.append(Problem(where, None, None, str(error), "a value as in YAML"))
    if problems:
        raise InputError(problems)
    return settings


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


def add_posterior(parser: argparse.ArgumentParser) -> None:
    """The option --posterior, the same for every command that draws parameters."""
    parser.add_argument(
        "--posterior", metavar="FILE",
        help="Parquet file of weighted draws that 'calibrate' wrote, or 'prior' for the "
        "scenario's priors (default: the posterior shipped for this very scenario and model, "
        "else the newest that was calibrated here, else the priors)",
    )  # fmt: skip


def add_rules(parser: argparse.ArgumentParser) -> None:
    """The option --rules, the same for every command that runs the model."""
    parser.add_argument(
        "--rules",
        metavar="FILE",
        help="Python file of rules of your own, in the place of the model's or beside them "
        "(default: the model's; 'rules' lists them)",
    )


def rules_of(path: str | None) -> Any:
    """The file of rules that an option names, read and checked; None, loading nothing, for none."""
    if path is None:
        return None
    from sim.model.own_rules import read_rules

    return read_rules(path)
