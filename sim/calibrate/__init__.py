"""Calibration: reported events in, a posterior and an account of what was learned out."""

from __future__ import annotations

from sim.calibrate.bank import Bank, build_bank
from sim.calibrate.calibration import Calibration, calibrate
from sim.calibrate.coverage import Coverage, coverage_of
from sim.calibrate.facts import ReportedFact, facts_of

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
