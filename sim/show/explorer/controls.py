"""Controls: everything of a scenario that the page lets one move, with its path and its range."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.compare.words import order_words
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import STRUCTURAL, row_of
from sim.scenario.parties import Decision
from sim.scenario.priors import Prior
from sim.scenario.shifts import least_shift_h
from sim.scenario.vocabulary import Activity, DecisionMode
from sim.show.reports.run_report import source_words

SHIFT_H = 48.0
OFF = DecisionMode.OFF
TAIL = 0.005  # of a prior without an upper end, cut off by its slider


@dataclass(frozen=True)
class Control:
    """One control.

    ``kind``: ``slider`` (number from ``low`` to ``high``), ``choice`` (one of ``options``),
    ``several`` (some of ``options``) or ``switch``. ``value`` is what the scenario has; None where
    it is drawn from a prior. ``options`` are pairs of value and label.
    """

    path: str
    group: str
    part: str
    label: str
    kind: str
    value: Any
    help: str = ""
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    log: bool = False
    prior: str = ""
    source: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)


def controls_of(scenario: Scenario) -> list[Control]:
    """All controls, in the order in which the page shows them."""
    return [
        *_orders(scenario),
        *_happenings(scenario),
        *_hostilities(scenario),
        *_parameters(scenario),
    ]


def _orders(scenario: Scenario) -> Iterator[Control]:
    places = [(place.id, place.name) for place in scenario.places]
    for decision in scenario.decisions:
        words, base = order_words(scenario, decision), f"decisions.{decision.id}"
        source = source_words(decision.source)
        if decision.window is not None:
            yield Control(
                f"{base}.shift_h", "orders", words, "Moved by", "slider", decision.shift_h,
                "Hours later (or, below 0, earlier) than its window; never before the "
                "clock", "h", _earliest(scenario, decision),
                max(SHIFT_H, decision.shift_h), 1.0,
                source=source,
            )  # fmt: skip
        modes = list(_MODES if decision.window is not None else (DecisionMode.ENDOGENOUS, OFF))
        yield Control(
            f"{base}.mode", "orders", words, "Hour set by", "choice", decision.mode.value,
            options=[(mode.value, _MODES[mode]) for mode in modes],
            source="" if decision.window is not None else source,
        )  # fmt: skip
        yield Control(
            f"{base}.scope.places", "orders", words, "Addressed to", "several",
            decision.scope.places or [name for name, _ in places], options=places,
        )  # fmt: skip
        yield Control(
            f"{base}.scope.activities", "orders", words, "Speaks of", "several",
            [a.value for a in decision.scope.activities],
            options=[(a.value, a.value) for a in Activity],
        )  # fmt: skip


def _earliest(scenario: Scenario, decision: Decision) -> float:
    """The slider's lower end: whole hours, and never before the clock."""
    assert decision.window is not None
    least = math.ceil(least_shift_h(scenario.clock, decision.window))
    return min(max(-SHIFT_H, float(least)), decision.shift_h)


_MODES = {
    DecisionMode.SCRIPTED: "the script: its window",
    DecisionMode.ENDOGENOUS: "the leader, by losses",
    DecisionMode.ENDOGENOUS_NOT_BEFORE: "the leader, not before its window",
    OFF: "nobody: it never comes",
}


def _happenings(scenario: Scenario) -> Iterator[Control]:
    names = {place.id: place.name for place in scenario.places}
    for trigger in scenario.triggers:
        yield Control(
            f"triggers.{trigger.id}.enabled", "happenings", "Triggers", trigger.title, "switch",
            trigger.enabled, source=source_words(trigger.source),
        )  # fmt: skip
    for deployment in scenario.deployments:
        yield Control(
            f"deployments.{deployment.id}.enabled", "happenings", "Security forces sent by script",
            f"{names.get(deployment.place, deployment.place)}: {deployment.id.replace('_', ' ')}",
            "switch", deployment.enabled, source=source_words(deployment.source),
        )  # fmt: skip
    for crowd in scenario.crowds:
        yield Control(
            f"crowds.{crowd.id}.enabled", "happenings", "Crowds",
            f"{names.get(crowd.place, crowd.place)}: {crowd.id.replace('_', ' ')}",
            "switch", crowd.enabled, source=source_words(crowd.source),
        )  # fmt: skip


def _hostilities(scenario: Scenario) -> Iterator[Control]:
    names = {faction.id: faction.name for faction in scenario.factions}
    for dyad in scenario.dyads:
        first, second = (names.get(one, one) for one in dyad.between)
        yield Control(
            f"dyads.{dyad.id}.hostility", "hostilities", "", f"{first} – {second}", "slider",
            dyad.hostility, "0 they never clash, 1 wholly hostile",
            source=source_words(dyad.source),
        )  # fmt: skip


def _parameters(scenario: Scenario) -> Iterator[Control]:
    leaders = {f.leader.id: f.leader.name for f in scenario.factions if f.leader is not None}
    priors = effective_priors(scenario)
    for name in sorted(priors, key=lambda n: row_of(n).role != "free"):
        row, prior = row_of(name), priors[name]
        own = scenario.parameters.get(name)
        head, _, leader = name.partition(".")
        low, high = _range(name, prior)
        label = head.replace("_", " ") + (f" of {leaders[leader]}" if leader in leaders else "")
        log = low > 0 and high / low >= 20
        yield Control(
            name, "parameters" if row.role == "free" else "assumptions", "", label, "slider",
            prior.arguments[0] if prior.is_fixed else None, row.meaning, row.unit, low, high,
            1.0 if name == STRUCTURAL else (high - low) / 200, log and name != STRUCTURAL,
            str(prior), source_words(own.source) if own else row.source,
        )  # fmt: skip


def _range(name: str, prior: Prior) -> tuple[float, float]:
    """From where to where a parameter's slider goes: the prior's own range, tails cut off."""
    row = row_of(name)
    if prior.is_fixed:
        value = prior.arguments[0]
        low, high = row.sensitivity or (row.low, row.high)
        return min(low, value), max(high, value)
    low, high = prior.bounds()
    low = low if low > 0 or prior.family != "log_uniform" else row.low
    if high > row.high:
        high = float(prior.quantile(1 - TAIL))
    return max(low, row.low), min(high, row.high)
