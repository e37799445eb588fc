"""Comparing an ensemble with what was reported: readings, intervals, scores and baselines."""

from __future__ import annotations

from sim.compare.baselines import baselines_of, constant_rate, nothing
from sim.compare.comparison import Comparison, Summary, compare
from sim.compare.reading import Reading, Readings, readings_of

__all__ = [
    "Comparison",
    "Reading",
    "Readings",
    "Summary",
    "baselines_of",
    "compare",
    "constant_rate",
    "nothing",
    "readings_of",
]
