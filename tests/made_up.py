"""The made-up episode of `tests/data`, small enough to run in every test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.scenario import Scenario, load_scenario

TWO_FACTIONS = str(Path(__file__).parent / "data" / "two_factions.yaml")


def two_factions(**settings: Any) -> Scenario:
    """The episode, with parameters set by name."""
    return load_scenario(TWO_FACTIONS, settings=settings)


def changed(scenario: Scenario, **parts: Any) -> Scenario:
    """The scenario with whole parts replaced, given as plain data."""
    return Scenario.model_validate(scenario.model_dump(mode="json", exclude_none=True) | parts)
