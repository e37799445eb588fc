"""A comparison: each observable as reported beside the ensemble and the baselines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.compare.baselines import told
from sim.compare.curves import COLUMNS as CURVE_COLUMNS
from sim.compare.curves import curve_table
from sim.compare.reading import Readings, readings_of
from sim.compare.scores import crps, log_score
from sim.compare.verdict import RIVALS_OF_ITS_OWN, Judgement, judge, rule_text
from sim.compare.words import chance_text, percent, reported_text
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.levels import LEVELS, quantile_row
from sim.ensemble.tables import unit_of
from sim.evidence import Evidence
from sim.scenario.schema import Observable, Scenario
from sim.scenario.vocabulary import TIME_STATISTICS, DecisionMode, Measure, Role, Statistic

COLUMNS = (
    "id", "title", "role", "measure", "statistic", "is_time", "unit", "reported_low",
    "reported_best", "reported_high", "reported_text", "unknown", "weak", "missing", "tested",
    "why_not", "statements", "fitted", *LEVELS, "share_missing", "share_yes", "probability",
    "inside50", "inside90", "log_score", "crps", "verdict", "best_rule", "best_rule_probability",
)  # fmt: skip
"""Columns of the table before those of the baselines."""


@dataclass(frozen=True)
class Comparison:
    """What was reported against what was simulated.

    Attributes:
        table: one row per observable, in the scenario's order. ``id title role measure statistic
            is_time unit``; ``reported_low reported_best reported_high`` (times in hours since the
            clock's start; NaN = open end or not stated), ``reported_text``, ``unknown`` (weight of
            sides that know no number), ``weak`` (rests on silence only), ``missing``; ``q05 q25
            q50 q75 q95`` over the replicates in which it happened, ``share_missing`` (share in
            which it did not), ``share_yes`` (share in which a yes-or-no did; it cannot be read off
            the probability where the report is disputed), ``probability`` of the reported range
            over all replicates,
            ``inside50 inside90`` (NaN where nothing was reported), ``tested`` and ``why_not``,
            ``fitted`` (role ``calibrate``, parameters from a posterior), ``log_score`` (bits,
            smaller is better), ``crps`` (where one value was stated), ``statements``; ``verdict
            best_rule best_rule_probability``, see `judge`; and
            ``baseline_<name>_q05 _q50 _q95 _probability _log_score``, NaN where the baseline says
            nothing.
        summary: the same in words.
        curves: agreement of the ladder and the toll by the hour, see `curve_table`; empty where
            only totals were kept.
    """

    table: pd.DataFrame
    summary: Summary
    curves: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CURVE_COLUMNS)))


def compare(
    ensemble: Ensemble,
    evidence: Evidence | None = None,
    baselines: Mapping[str, pd.DataFrame] | None = None,
) -> Comparison:
    """Compare an ensemble with what was reported, by calendar time.

    Args:
        ensemble: R replicates.
        evidence: coded statements; tells which observables rest on silence only. None: none do.
        baselines: name to frame [R x some observables], as `baselines_of` returns them.
    """
    scenario = ensemble.scenario
    kinds = {name: s.kind for name, s in evidence.statements.items()} if evidence else {}
    informed, rows = told(scenario), []
    for observable in scenario.observables:
        readings = readings_of(observable, scenario.clock)
        row = _described(observable, scenario, readings, kinds)
        row["fitted"] = ensemble.posterior is not None and observable.role == Role.CALIBRATE
        row |= _simulated(ensemble.observables[observable.id], observable, readings)
        for name, frame in (baselines or {}).items():
            row |= _baseline(name, frame, observable, readings)
        rules = [
            name
            for name in baselines or {}
            if name not in RIVALS_OF_ITS_OWN and observable.id not in informed.get(name, ())
        ]
        quiet = not row["is_time"] and readings.probability(np.zeros(1)) == 1.0
        rows.append(row | judge(row, quiet, rules))
    table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(COLUMNS))
    return Comparison(table, summary_of(table), curve_table(ensemble, evidence))


def _described(
    observable: Observable, scenario: Scenario, readings: Readings, kinds: Mapping[str, str]
) -> dict[str, Any]:
    low, high = readings.ends
    cited = [kinds[fact] for fact in observable.facts if fact in kinds]
    why_not = _why_not(observable, scenario, readings)
    return {
        "id": observable.id,
        "title": observable.title,
        "role": observable.role.value,
        "measure": observable.measure.value,
        "statistic": observable.statistic.value,
        "is_time": observable.statistic in TIME_STATISTICS,
        "unit": unit_of(observable),
        "reported_low": low,
        "reported_best": readings.best,
        "reported_high": high,
        "reported_text": reported_text(observable, scenario.clock),
        "unknown": readings.unknown,
        "weak": bool(cited) and all(kind == "silence" for kind in cited),
        "missing": readings.missing,
        "tested": not why_not,
        "why_not": why_not,
        "statements": list(observable.facts),
    }


def _why_not(observable: Observable, scenario: Scenario, readings: Readings) -> str:
    """Why an observable is no test of the model; '' where it is one."""
    if readings.missing:
        return "not reported"
    if observable.role == Role.INPUT_CHECK:
        return observable.notes or "an input, not an outcome"
    if observable.measure == Measure.ORDER:
        modes = {decision.id: decision.mode for decision in scenario.decisions}
        mode = modes.get(observable.decision or "")
        if mode == DecisionMode.SCRIPTED:
            return "given by the script"
        if mode == DecisionMode.OFF:
            return "switched off"
    return ""


def _simulated(values: pd.Series, observable: Observable, readings: Readings) -> dict[str, Any]:
    x = values.to_numpy(np.float64)
    row: dict[str, Any] = dict(quantile_row(x))
    row["share_missing"] = float(np.mean(~np.isfinite(x)))
    is_any = observable.statistic == Statistic.ANY
    row["share_yes"] = float(np.mean(x)) if is_any else math.nan
    row["probability"] = readings.probability(x)
    row["inside50"] = _inside(readings, row["q25"], row["q75"])
    row["inside90"] = _inside(readings, row["q05"], row["q95"])
    row["log_score"] = _log_score(row["probability"], len(x))
    stated = math.isfinite(readings.best) and bool(np.isfinite(x).all())
    row["crps"] = crps(x, readings.best) if stated else math.nan
    return row


def _inside(readings: Readings, low: float, high: float) -> Any:
    return math.nan if readings.missing else readings.inside(low, high)


def _log_score(probability: float, draws: int) -> float:
    return math.nan if math.isnan(probability) else log_score(probability, draws)


def _baseline(
    name: str, frame: pd.DataFrame, observable: Observable, readings: Readings
) -> dict[str, float]:
    if observable.id in frame:
        x = frame[observable.id].to_numpy(np.float64)
        found, probability, draws = quantile_row(x), readings.probability(x), len(x)
    else:
        found, probability, draws = quantile_row(np.empty(0)), math.nan, 1
    row = {f"baseline_{name}_{key}": found[key] for key in ("q05", "q50", "q95")}
    row[f"baseline_{name}_probability"] = probability
    row[f"baseline_{name}_log_score"] = _log_score(probability, draws)
    return row


@dataclass(frozen=True)
class Summary:
    """One sentence per observable, in a list for each `Judgement`.

    ``agree`` holds only what the model gives better than every simple rule and was not fitted to.
    ``ruled`` tells whether there were simple rules to compare with.
    """

    agree: list[str] = field(default_factory=list)
    improbable: list[str] = field(default_factory=list)
    no_better: list[str] = field(default_factory=list)
    fitted: list[str] = field(default_factory=list)
    disagree: list[str] = field(default_factory=list)
    no_news: list[str] = field(default_factory=list)
    not_tested: list[str] = field(default_factory=list)
    ruled: bool = True

    def __str__(self) -> str:
        """All of it in one sentence, without what is empty, but for agreement."""
        compared = (
            self.agree, self.improbable, self.no_better, self.fitted, self.disagree, self.no_news,
        )  # fmt: skip
        if not any(compared):
            return f"nothing that was reported could be tested; {len(self.not_tested)} not tested"
        disagree, agree = len(self.disagree), len(self.agree)
        said = [
            f"{disagree or 'none'} disagree{'s' * (disagree < 2)}",
            f"{agree or 'none'} agree{'s' * (agree < 2)}"
            + " better than every simple rule" * self.ruled,
        ]
        few = {
            "inside the interval and improbable all the same": self.improbable,
            "no better than a simple rule": self.no_better,
            "inside, but fitted": self.fitted,
            "zero against zero, which says nothing": self.no_news,
            "not tested": self.not_tested,
        }
        said += [f"{len(lines)} {what}" for what, lines in few.items() if lines]
        count = sum(map(len, compared))
        return f"of {count} reported value{'s' * (count != 1)}: {'; '.join(said)}"


LISTS = {
    Judgement.AGREES: "agree",
    Judgement.IMPROBABLE: "improbable",
    Judgement.NO_BETTER: "no_better",
    Judgement.FITTED: "fitted",
    Judgement.DISAGREES: "disagree",
    Judgement.NO_NEWS: "no_news",
}


def summary_of(table: pd.DataFrame) -> Summary:
    """The verdict on a comparison's table."""
    summary = Summary(ruled=any(table.get("best_rule", ())))
    for row in table.to_dict("records"):
        if not row["tested"]:
            summary.not_tested.append(f"{row['title']}: {row['why_not']}")
            continue
        getattr(summary, LISTS[Judgement(row["verdict"])]).append(_sentence(row))
    return summary


def _sentence(row: dict[Any, Any]) -> str:
    where = "inside" if row["inside90"] else "outside"
    said = [f"probability of the reported range {chance_text(row['probability'])}"]
    if row["best_rule"]:
        said.append(f"by {rule_text(row['best_rule'])} {chance_text(row['best_rule_probability'])}")
    if row["share_missing"] > 0:
        said.append(f"it did not happen in {percent(row['share_missing'])} of replicates")
    if row["weak"]:
        said.append("weak, it rests on silence")
    if row["fitted"]:
        said.append("fitted")
    place = "" if row["statistic"] == Statistic.ANY.value else f", {where} the 90 % interval"
    return f"{row['title']}: reported {row['reported_text']}{place} ({'; '.join(said)})"
