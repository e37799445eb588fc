"""Ensembles: prior draws, replicates over threads, and results that are whole or not there."""

from __future__ import annotations

from sim.ensemble.ensemble import Ensemble, local_time, step_times
from sim.ensemble.manifest import Manifest, manifest_of
from sim.ensemble.parameter_draws import Posterior, draw_parameters, parameters_line, read_posterior
from sim.ensemble.replay import Replay, replay
from sim.ensemble.result import Result, read_result, result_folder, write_part, write_result
from sim.ensemble.simulation import simulate
from sim.inputs.code_identity import code_hash

__all__ = [
    "Ensemble",
    "Manifest",
    "Posterior",
    "Replay",
    "Result",
    "code_hash",
    "draw_parameters",
    "local_time",
    "manifest_of",
    "parameters_line",
    "read_posterior",
    "read_result",
    "replay",
    "result_folder",
    "simulate",
    "step_times",
    "write_part",
    "write_result",
]
