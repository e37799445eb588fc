"""The rows of the table of observables, every number already in words: one source for all faces."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.compare import Comparison
from sim.compare.verdict import Judgement, verdict_text
from sim.compare.words import (
    NOTHING,
    chance_text,
    moment_text,
    number,
    percent,
    span_text,
)
from sim.ensemble import Ensemble
from sim.scenario.schema import Scenario
from sim.show.citations import Citations

if TYPE_CHECKING:
    from sim.ensemble import Ensemble


MARKS = {Judgement.AGREES: "agree", Judgement.DISAGREES: "disagree"}
"""How a page marks a verdict; any other is marked as telling nothing."""


@dataclass(frozen=True)
class BaselineCell:
    """A baseline's median and the probability it gives to the reported range."""

    name: str
    median: str
    probability: str


@dataclass(frozen=True)
class ObservableRow:
    """One observable in words."""

    id: str
    title: str
    role: str
    unit: str
    reported: str
    median: str
    half: str
    ninety: str
    never: str
    probability: str
    verdict: str
    judgement: Judgement
    fitted: bool
    weak: bool
    why_not: str
    statements: tuple[str, ...]
    tag: str
    baselines: tuple[BaselineCell, ...]
    chance: float
    baseline_chances: dict[str, float]

    @property
    def mark(self) -> str:
        """``agree``, ``disagree`` or ``untold``."""
        return MARKS.get(self.judgement, "untold")


def rows_of(
    comparison: Comparison, ensemble: Ensemble, citations: Citations
) -> list[ObservableRow]:
    """One row per observable, in the scenario's order."""
    names, scenario = baseline_names(comparison.table), ensemble.scenario
    return [
        _row({str(k): v for k, v in row.items()}, names, scenario, citations)
        for row in comparison.table.to_dict("records")
    ]


def _row(
    row: dict[str, Any], names: list[str], scenario: Scenario, citations: Citations
) -> ObservableRow:
    is_any = row["statistic"] == "any"

    def say(value: float) -> str:
        return value_text(value, bool(row["is_time"]), is_any, scenario)

    def between(low: str, high: str) -> str:
        return span_text(say(row[low]), say(row[high]))

    half, ninety = between("q25", "q75"), between("q05", "q95")
    if is_any:
        half, ninety = NOTHING, share_text(float(row["share_yes"]))
    missing = float(row["share_missing"])
    return ObservableRow(
        id=str(row["id"]), title=str(row["title"]), role=str(row["role"]).replace("_", " "),
        unit="local time" if row["is_time"] else str(row["unit"]),
        reported=reported_words(row),
        median=say(row["q50"]), half=half, ninety=ninety,
        never=f"{percent(missing)} of runs: never" if missing > 0 else "",
        probability=chance_text(float(row["probability"])), verdict=verdict_text(row),
        judgement=Judgement(row["verdict"]), fitted=bool(row["fitted"]),
        weak=bool(row["weak"]), why_not=str(row["why_not"]),
        statements=tuple(row["statements"]), tag=citations.tag(row["statements"], most=3),
        baselines=tuple(
            BaselineCell(
                name, say(row[f"baseline_{name}_q50"]),
                chance_text(float(row[f"baseline_{name}_probability"])),
            )
            for name in names
        ),
        chance=float(row["probability"]),
        baseline_chances={n: float(row[f"baseline_{n}_probability"]) for n in names},
    )  # fmt: skip


def value_text(value: float, is_time: bool, is_any: bool, scenario: Scenario) -> str:
    """A simulated value as printed everywhere: a count, a time of day, or yes and no."""
    if is_time and math.isfinite(value):
        moment = pd.Timestamp(scenario.clock.start + timedelta(hours=float(value)))
        return moment_text(moment.round("min"), scenario.clock.start.tzinfo)
    if is_any and value in (0.0, 1.0):
        return "yes" if value == 1 else "no"
    return number(float(value))


def share_text(share: float) -> str:
    """A simulated yes or no."""
    return f"yes in {percent(share)} of runs"


def baseline_names(table: pd.DataFrame) -> list[str]:
    """Names of the baselines in a comparison's table, in its order."""
    ending = "_probability"
    return [
        c.removeprefix("baseline_").removesuffix(ending)
        for c in table.columns
        if c.startswith("baseline_") and c.endswith(ending)
    ]


def reported_words(row: Mapping[Any, Any]) -> str:
    """What was reported, a yes-or-no outcome in those words."""
    words = str(row["reported_text"])
    if row["statistic"] != "any":
        return words
    return re.sub(r"^([01])(?= \(|$)|(?<= or )([01])(?= \()", _yes_or_no, words)


def _yes_or_no(found: re.Match[str]) -> str:
    return "yes" if found.group() == "1" else "no"


def subtitle_of(ensemble: Ensemble) -> str:
    """How many runs, of what, with parameters from where."""
    source = "posterior" if ensemble.posterior else "prior"
    variant = f"variant {ensemble.variant}, " if ensemble.variant else ""
    return f"{variant}{ensemble.replicates} runs, parameters drawn from the {source}"
