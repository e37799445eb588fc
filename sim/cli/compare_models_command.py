"""The command ``compare-models``: how probable rival accounts make what was reported."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import Any

from sim.cli.calibrate_command import add_common, check_out
from sim.inputs import InputError, Problem, nearest
from sim.inputs.spreadsheet import spreadsheet_safe

NAME = "compare-models"
SUMMARY = "how probable rival accounts of the mechanism make what was reported"
EPILOG = """\
examples:
  python run.py compare-models scenarios/X.yaml
  python run.py compare-models scenarios/X.yaml --variants no_reprisals,local_trigger
  python run.py compare-models scenarios/X.yaml --rules my_rules.py --rules other_rules.py
  python run.py compare-models scenarios/X.yaml --observables total_dead,first_clash

Each model's evidence is the share of simulations from its prior that give every reported value at
once (roles calibrate and hold_out). Ratios are to the best, on the same draws and the same chance,
with their Monte Carlo error; within a factor of 3 they tell nothing. By default the
variants are those that change parameters, triggers or hostilities: other orders and deployments
are counterfactuals and no rival accounts.

written: <out>/models/<scenario>.csv"""

SIMULATIONS = 200_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help="scenario file (YAML)")
    parser.add_argument(
        "--variants", metavar="A,B,...", help="variants to compare (default: rival mechanisms)"
    )
    parser.add_argument(
        "--observables", metavar="A,B,...",
        help="facts to account for (default: roles calibrate and hold_out)",
    )  # fmt: skip
    parser.add_argument(
        "--rules",
        metavar="FILE",
        action="append",
        default=[],
        help="Python file of rules of your own: a further model, the scenario as written under "
        "them; repeatable (default: none)",
    )
    add_common(parser, SIMULATIONS)


def execute(options: argparse.Namespace) -> int:
    """Compare; the table is printed and written."""
    from sim.calibrate.facts import facts_of
    from sim.calibrate.models import compare_models, mechanisms
    from sim.cli.progress import progress_bar
    from sim.scenario import load_checked
    from sim.scenario.vocabulary import Role
    from sim.show.terminal import terminal_columns

    out = check_out(options.out)
    loaded = load_checked(options.scenario)
    known = list(loaded.scenario.variants)
    roles = (Role.CALIBRATE, Role.HOLD_OUT, Role.NEGATIVE)
    facts = [fact.observable for fact in facts_of(loaded.scenario, roles)]
    variants = _named(options.variants, known, "variant", options.scenario)
    observables = _named(options.observables, facts, "tested observable", options.scenario)
    chosen = mechanisms(loaded) if variants is None else variants
    rules = _rules(options.rules, chosen)
    models = 1 + len(chosen) + len(rules)
    with progress_bar(models * options.simulations, "simulations") as advance:
        table = compare_models(
            loaded, chosen, options.simulations, options.seed, options.threads, observables,
            advance, rules,
        )  # fmt: skip
    path = out / "models" / f"{loaded.scenario.name}.csv"
    _write(table, path)
    print(models_table(table, loaded.scenario.title, terminal_columns()))
    print(f"written: {path}")
    sys.stdout.flush()
    return 0


def models_table(models: Any, title: str, columns: int | None = None) -> str:
    """The comparison in text, best first."""
    from sim.compare.words import number, score_text
    from sim.show.terminal import table, wrapped

    rows = [
        (
            str(row["model"]),
            f"{number(row['ratio'])} ({number(row['low'])} to {number(row['high'])})",
            number(row["accepted"]),
            "" if math.isnan(row["same_bank"]) else score_text(row["same_bank"]),
            str(row["verdict"]),
        )
        for row in models.to_dict("records")
    ]
    heads = ("model", "ratio to the best (95 %)", "accepted", "same bank", "verdict")
    refused = models.attrs.get("cannot_give")
    lines = [] if refused is None else [*wrapped(refused, columns), ""]
    lines += [*wrapped(f"{title}: {models_sentence(models)}.", columns), ""]
    lines += table(heads, rows, columns, right=(2, 3))
    widened = float(models["widened"].iloc[0])
    if widened > 0:
        lines += ["", "too few simulations gave every reported value: ranges were widened by a "
                  f"factor of {math.exp(widened):.2f} (times by {12 * widened:.1f} h)"]  # fmt: skip
    caveat = (
        "caveat: a ratio is of how probable an account makes all facts at once, by this model's "
        "own rules; within a factor of 3 it tells nothing"
    )
    lines += ["", *wrapped(caveat, columns)]
    return "\n".join(lines)


def models_sentence(models: Any) -> str:
    """Which account makes the reports most probable, and which the reports speak against."""
    best = str(models["model"].iloc[0])
    against = [
        str(row["model"])
        for row in models.to_dict("records")
        if row["verdict"] not in ("best", "cannot tell")
    ]
    said = f"what was reported is most probable under “{best}”"
    if against:
        return f"{said}; the reports speak against {', '.join(against)}"
    return f"{said}, and no other account can be told from it"


def _rules(paths: list[str], variants: list[str]) -> list[Any]:
    """The files of rules, each read once; no two models may have one name."""
    from sim.model import read_rules

    found = [read_rules(path) for path in paths]
    names = [*variants, *(file.name for file in found)]
    twice = [file for file in found if names.count(file.name) > 1]
    if twice:
        message = f"two models are called '{twice[0].name}'"
        raise InputError([Problem(twice[-1].path, None, None, message, "another file name")])
    return found


def _named(text: str | None, known: list[str], what: str, path: str) -> list[str] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in known]
    if wrong:
        raise InputError(
            [Problem(path, None, None, f"unknown {what} '{name}'", f"one of {', '.join(known)}",
                     nearest(name, known)) for name in wrong]
        )  # fmt: skip
    return names


def _write(table: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    spreadsheet_safe(table).to_csv(path, index=False, lineterminator="\n")
