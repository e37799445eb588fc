"""The two modes, never mixed: the orders' times are given, or they are outcomes."""

from __future__ import annotations

from sim.scenario import Scenario
from sim.scenario.loading import LoadedScenario, with_variant
from sim.scenario.vocabulary import DecisionMode

CONDITIONAL, GENERATIVE = "conditional", "generative"
MODES = (CONDITIONAL, GENERATIVE)


def in_mode(loaded: LoadedScenario, mode: str) -> Scenario:
    """A scenario as a mode has it.

    Conditional: as written, with its scripted orders. Generative: its variant ``generative``, or,
    where it has none, every scripted order left to its leader.
    """
    if mode == CONDITIONAL:
        return loaded.scenario
    if mode != GENERATIVE:
        raise ValueError(f"mode {mode!r} is neither of {', '.join(MODES)}")
    if GENERATIVE in loaded.scenario.variants:
        return with_variant(loaded, GENERATIVE)
    return _unscripted(loaded.scenario)


def _unscripted(scenario: Scenario) -> Scenario:
    decisions = [
        d.model_copy(update={"mode": DecisionMode.ENDOGENOUS})
        if d.mode == DecisionMode.SCRIPTED
        else d
        for d in scenario.decisions
    ]
    return scenario.model_copy(update={"decisions": decisions})
