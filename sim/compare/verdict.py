"""The verdict on one observable: by probability and against the best simple rule.

An interval alone would be too kind. A yes or no has the interval from no to yes and can never lie
outside it; a wide interval holds nearly everything; and where nothing was reported to happen, the
rule that nothing happens is as good as any model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sim.scenario.vocabulary import Statistic

IMPROBABLE = 0.1
"""A reported range less probable than this is no support, even inside the interval."""

RIVALS_OF_ITS_OWN = ("no_reprisals",)
"""Baselines that are this model itself with a part switched off, and no simple rule."""


class Judgement(StrEnum):
    """What a comparison found for one observable; the first that holds, from the top."""

    UNTESTED = "not tested"
    """Nothing was reported, or the scenario gave the outcome."""
    DISAGREES = "disagrees"
    """Outside the central 90 % of runs; or most runs say the opposite of a yes or no, or that what
    was reported at some time never happens."""
    NO_NEWS = "zero against zero"
    """Nothing was reported to happen, and nothing happens in the central 90 % of runs."""
    FITTED = "fitted"
    """Inside, and among the facts the parameters were fitted to: no test."""
    NO_BETTER = "no better"
    """Inside, and a simple rule gives what was reported at least the same probability."""
    IMPROBABLE = "improbable"
    """Inside a wide interval, yet the reported range has a probability below `IMPROBABLE`."""
    AGREES = "agrees"
    """Inside, probable, and more probable than by every simple rule."""


def judge(row: Mapping[str, Any], quiet: bool, rules: Iterable[str]) -> dict[str, Any]:
    """The columns of the verdict.

    Args:
        row: one row of a comparison's table up to its baselines, with ``fitted``.
        quiet: whether "nothing happens" is what was reported.
        rules: names of the baselines that were not told this very value.

    Returns:
        ``verdict``, a `Judgement`'s value; ``best_rule``, the simple rule that gives what was
        reported the highest probability ('' where none says anything), and
        ``best_rule_probability``.
    """
    rule, chance = _best(row, rules)
    return {
        "verdict": _judged(row, quiet, chance).value,
        "best_rule": rule,
        "best_rule_probability": chance,
    }


def _judged(row: Mapping[str, Any], quiet: bool, chance: float) -> Judgement:
    if not row["tested"]:
        return Judgement.UNTESTED
    is_any = row["statistic"] == Statistic.ANY.value
    opposed = row["probability"] < 0.5 if is_any else row["share_missing"] > 0.5
    if opposed or not row["inside90"]:
        return Judgement.DISAGREES
    if quiet and row["q05"] == row["q95"] == 0:
        return Judgement.NO_NEWS
    if row["fitted"]:
        return Judgement.FITTED
    if chance >= row["probability"]:  # not so where no rule says anything: NaN
        return Judgement.NO_BETTER
    return Judgement.IMPROBABLE if row["probability"] < IMPROBABLE else Judgement.AGREES


def _best(row: Mapping[str, Any], rules: Iterable[str]) -> tuple[str, float]:
    best, chance = "", math.nan
    for name in rules:
        given = float(row[f"baseline_{name}_probability"])
        if math.isfinite(given) and not given <= chance:
            best, chance = name, given
    return best, chance


def verdict_text(row: Mapping[Any, Any]) -> str:
    """The verdict of a row of a comparison in a few words, for the last column of a table."""
    if row["verdict"] == Judgement.DISAGREES:
        return "disagrees though fitted" if row["fitted"] else "disagrees"
    if row["verdict"] == Judgement.FITTED:
        return f"fitted; inside {'50' if row['inside50'] else '90'} %"
    if row["verdict"] == Judgement.NO_BETTER:
        return f"no better than {rule_text(str(row['best_rule']))}"
    return str(row["verdict"])


def rule_text(name: str) -> str:
    """A baseline in words: ``nothing`` in quotation marks, as it is a word of the sentence."""
    words = "a straight line to the toll" if name == "toll_line" else name.replace("_", " ")
    return f"“{words}”" if words == "nothing" else words
