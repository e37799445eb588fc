"""Scenarios: what is supposed of an episode, checked before anything runs."""

from __future__ import annotations

from sim.scenario.loading import (
    LoadedScenario,
    load_checked,
    load_scenario,
    scenario_hash,
    with_base,
    with_rules,
    with_settings,
    with_variant,
)
from sim.scenario.rule_file import RuleFile
from sim.scenario.schema import Scenario, effective_priors

__all__ = [
    "LoadedScenario",
    "RuleFile",
    "Scenario",
    "effective_priors",
    "load_checked",
    "load_scenario",
    "scenario_hash",
    "with_base",
    "with_rules",
    "with_settings",
    "with_variant",
]
