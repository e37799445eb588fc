"""The facts of a scenario: what a model must give, by role, mode and disputed reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from sim.compare import Reading, readings_of
from sim.scenario import Scenario
from sim.scenario.loading import LoadedScenario, with_settings
from sim.scenario.schema import Observable
from sim.scenario.vocabulary import TIME_STATISTICS, DecisionMode, Measure, Role, Statistic

MOST_WORLDS = 32
"""Combinations of disputed readings that are conditioned on; the lightest beyond are left out."""


@dataclass(frozen=True)
class ReportedFact:
    """One observable with the readings of its report.

    Attributes:
        scenario, observable: where it stands.
        title: in words.
        role: what a comparison with it may be used for.
        is_time: a time in hours since the clock's start, missing where nothing happened.
        is_any: 1 or 0, whether anything happened.
        readings: how the report is read, each a range with a weight; weights sum to 1. Sides of a
            disagreement that know no number contribute nothing.
        statements: ids of the statements it rests on.
    """

    scenario: str
    observable: str
    title: str
    role: Role
    is_time: bool
    is_any: bool
    readings: tuple[Reading, ...]
    statements: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.scenario}/{self.observable}"


@dataclass(frozen=True)
class Combination:
    """One way to read all facts at once: a reading of each, and the weight of the combination."""

    weight: float
    readings: tuple[Reading, ...]


def facts_of(scenario: Scenario, roles: Sequence[Role] = (Role.CALIBRATE,)) -> list[ReportedFact]:
    """The facts of a scenario in these roles.

    Left out: what nobody reported, inputs, and orders whose time the script gives or which are
    switched off; a script's own outcome is never scored.
    """
    return [
        fact
        for observable in scenario.observables
        if observable.role in roles
        and observable.role != Role.INPUT_CHECK
        and not is_given(scenario, observable)
        and (fact := fact_of(scenario, observable)).readings
    ]


def fact_of(scenario: Scenario, observable: Observable) -> ReportedFact:
    """One observable as a fact; without readings where nothing was reported."""
    readings = readings_of(observable, scenario.clock)
    return ReportedFact(
        scenario.name,
        observable.id,
        observable.title,
        observable.role,
        observable.statistic in TIME_STATISTICS,
        observable.statistic == Statistic.ANY,
        readings.known,
        tuple(observable.facts),
    )


def is_given(scenario: Scenario, observable: Observable) -> bool:
    """Whether the scenario itself sets the outcome, so that it tests nothing."""
    if observable.measure != Measure.ORDER:
        return False
    modes = {decision.id: decision.mode for decision in scenario.decisions}
    return modes.get(observable.decision or "") in (DecisionMode.SCRIPTED, DecisionMode.OFF)


def worlds_of(facts: Sequence[ReportedFact]) -> list[Combination]:
    """All combinations of the facts' readings, heaviest first; weights sum to 1.

    Of more than 32 combinations the lightest are left out.
    """
    combinations = [
        Combination(prod(reading.weight for reading in chosen), chosen)
        for chosen in product(*(fact.readings for fact in facts))
    ]
    combinations.sort(key=lambda world: -world.weight)
    kept = combinations[:MOST_WORLDS]
    total = sum(world.weight for world in kept)
    return [Combination(world.weight / total, world.readings) for world in kept]


CONDITIONAL, GENERATIVE = "conditional", "generative"
MODES = (CONDITIONAL, GENERATIVE)


def in_mode(loaded: LoadedScenario, mode: str) -> Scenario:
    """A scenario as a mode has it.

    Conditional: as written, with its scripted orders. Generative: its variant ``generative``, or,
    where it has none, every scripted order left to its leader.
    """
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} is neither of {', '.join(MODES)}")
    return with_changes(loaded, mode, {})


def with_changes(loaded: LoadedScenario, mode: str, settings: Mapping[str, Any]) -> Scenario:
    """A scenario in a mode with settings (dotted path to value) applied over it."""
    changes: dict[str, Any] = {}
    if mode == GENERATIVE and GENERATIVE in loaded.scenario.variants:
        changes |= loaded.scenario.variants[GENERATIVE].set
    elif mode == GENERATIVE:
        changes |= {
            f"decisions.{d.id}.mode": "endogenous"
            for d in loaded.scenario.decisions
            if d.mode == DecisionMode.SCRIPTED
        }
    changes |= settings
    return with_settings(loaded, changes) if changes else loaded.scenario
