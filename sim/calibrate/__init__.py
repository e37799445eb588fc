"""Calibration: reported events in, a posterior and an account of what was learned out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.calibrate.bank import Bank, build_bank
    from sim.calibrate.calibration import Calibration, calibrate
    from sim.calibrate.coverage import Coverage, coverage_of
    from sim.calibrate.facts import ReportedFact, facts_of

# name -> the module that has it; looked up on first use: who asks for a shipped posterior needs no
# regression library
_HOME = {
    "Bank": "sim.calibrate.bank",
    "Calibration": "sim.calibrate.calibration",
    "Coverage": "sim.calibrate.coverage",
    "ReportedFact": "sim.calibrate.facts",
    "build_bank": "sim.calibrate.bank",
    "calibrate": "sim.calibrate.calibration",
    "coverage_of": "sim.calibrate.coverage",
    "facts_of": "sim.calibrate.facts",
}

__all__ = [
    "Bank",
    "Calibration",
    "Coverage",
    "ReportedFact",
    "build_bank",
    "calibrate",
    "coverage_of",
    "facts_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim.calibrate' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
