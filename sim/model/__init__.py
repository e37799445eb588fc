"""The model: one rule book over flat records, run by Mesa agents or by the compiled kernel."""

from __future__ import annotations

from sim.model.engine import simulate_block
from sim.model.job import Fork
from sim.model.output import Output
from sim.model.own_rules import read_rules
from sim.model.world import build_world

__all__ = ["Fork", "Output", "build_world", "read_rules", "simulate_block"]
