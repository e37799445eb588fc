"""Standdown: simulate how a conflict escalates and how it stands down, and compare with reports.

In Python and in notebooks::

    from sim import load_scenario, simulate
    ensemble = simulate(load_scenario("scenarios/baghdad_2022_08.yaml"), replicates=500, seed=1)
    ensemble.observables.describe()
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# name -> the package that has it; looked up on first use, so that importing sim stays quick
_PUBLIC = {
    "WatchedRun": "sim.ensemble.watched",
    "load_scenario": "sim.scenario",
    "load_evidence": "sim.evidence",
    "timeline": "sim.evidence",
    "run": "sim.explore.run",
    "simulate": "sim.ensemble",
    "read_result": "sim.ensemble",
    "replay": "sim.ensemble",
    "compare": "sim.compare",
    "calibrate_files": "sim.calibrate.calibration_run",
    "validate_files": "sim.calibrate.validation_run",
    "what_if": "sim.explore",
    "Request": "sim.explore.request",
    "sweep": "sim.explore.sweep",
    "resume": "sim.explore.sweep",
    "open_sweep": "sim.explore.sweep",
}
__all__ = [
    "Request",
    "WatchedRun",
    "__version__",
    "calibrate_files",
    "compare",
    "load_evidence",
    "load_scenario",
    "open_sweep",
    "read_result",
    "replay",
    "resume",
    "run",
    "simulate",
    "sweep",
    "timeline",
    "validate_files",
    "what_if",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
