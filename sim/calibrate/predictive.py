"""The posterior predictive: a scenario run with parameters drawn from a calibration."""

from __future__ import annotations

import pandas as pd

from sim.calibrate.bank import OWN, scenario_seed
from sim.calibrate.calibration import Calibration
from sim.ensemble import Ensemble, Posterior, simulate
from sim.scenario import Scenario

REPLICATES = 2_000
STREAM = "predictive"


def posterior_for(calibration: Calibration, scenario: str) -> Posterior:
    """A calibration's draws as one scenario uses them: its own columns under their plain names."""
    draws, names = calibration.draws, calibration.bank.names
    own = {name: name.split(OWN)[0] for name in names if name.endswith(f"{OWN}{scenario}")}
    pooled = [name for name in names if OWN not in name]
    return Posterior(draws[[*pooled, *own]].rename(columns=own), calibration.weights, "")


def predict(
    scenario: Scenario,
    posterior: Posterior | None,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int | None = None,
    theta: pd.DataFrame | None = None,
) -> Ensemble:
    """Run a scenario with draws of a posterior, or of the prior where it is None; totals only.

    Its chance is its own: no run of the bank from the same seed is seen again.
    """
    own = scenario_seed(seed, f"{STREAM}/{scenario.name}")
    return simulate(
        scenario, replicates, own, threads=threads, keep="totals", posterior=posterior,
        theta=theta, logs=0,
    )  # fmt: skip
