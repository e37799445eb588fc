"""The two modes, never mixed: the orders' times are given, or they are outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario import Scenario
from sim.scenario.loading import LoadedScenario, with_settings
from sim.scenario.vocabulary import DecisionMode

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
