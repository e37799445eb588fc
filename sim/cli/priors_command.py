"""The command ``priors``: what a timeline says about reprisals and restraint, as a prior file."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from sim.inputs import InputError, Problem, nearest

NAME = "priors"
SUMMARY = "estimate from a timeline what reprisals and orders of restraint look like"
EPILOG = """\
examples:
  python run.py priors imports/mine
  python run.py priors imports/mine --order reds=2030-05-04 --to-file scenarios/mine_priors.yaml

Fits Hawkes processes (exponential and two-stage) to events per day by maximum likelihood, with a
constant and with slowly varying background, and prints each ratio and delay with its 95 % profile
interval. What the days bound goes into the prior file, the rest stays as assumed, and it says so.
A scenario names the file with 'priors: FILE'. --order tells of a recorded ceasefire or freeze that
the table does not hold; a party's leader is named PARTY_leader, as the new command names it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="imported or coded evidence")
    parser.add_argument("--order", dest="orders", metavar="PARTY=DAY", action="append", default=[],
                        help="a recorded order of restraint (may be repeated)")  # fmt: skip
    parser.add_argument("--to-file", metavar="FILE",
                        help="new file to write (default: FOLDER-NAME_priors.yaml)")  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Estimate, print, write."""
    from sim.ensemble.addition import put_file
    from sim.evidence import load_evidence
    from sim.intake.priors.estimates import estimate
    from sim.intake.priors.prior_text import prior_text, report_lines

    target = Path(options.to_file or f"{Path(options.folder).name}_priors.yaml")
    if target.exists():
        raise InputError([Problem(str(target), None, None, "there is such a file already",
                                  "another --to-file; nothing is overwritten")])  # fmt: skip
    evidence = load_evidence(options.folder)
    orders = _orders(options.orders, list(evidence.actors))
    try:
        found = estimate(evidence, orders, _say)
    except ValueError as error:
        raise InputError([Problem(options.folder, None, None, str(error))]) from None
    leaders = {actor: f"{actor}_leader"[:60] for actor in evidence.actors}
    for line in report_lines(found, leaders):
        print(line)
    text = prior_text(found, f"Estimated from {Path(options.folder).resolve().name}", leaders)
    if text is None:
        print("nothing can be told; no file is written and the assumed priors stay")
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    put_file(target, text.encode("utf-8"))
    print(f"written: {target}; name it in a scenario with 'priors: {target.name}'")
    return 0


def _say(step: str) -> None:
    if sys.stderr.isatty():
        print(f"{step} ...", file=sys.stderr)


def _orders(texts: list[str], actors: list[str]) -> dict[str, list[date]]:
    orders: dict[str, list[date]] = {}
    problems = []
    for text in texts:
        actor, _, day = text.partition("=")
        where = f"--order {text}"
        if actor not in actors:
            problems.append(Problem(where, None, None, f"unknown party '{actor}'", None,
                                    nearest(actor, actors)))  # fmt: skip
            continue
        try:
            orders.setdefault(actor, []).append(date.fromisoformat(day))
        except ValueError:
            problems.append(Problem(where, None, None, f"'{day}' is no day", "YYYY-MM-DD"))
    if problems:
        raise InputError(problems)
    return orders
