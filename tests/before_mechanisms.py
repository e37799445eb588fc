"""What runs gave before there were mechanisms: ``python -m tests.before_mechanisms`` writes it.

Written once, from the model as it stood before them. It holds counts, so no machine's last bit.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from sim.model import simulate_block
from sim.scenario import Scenario, effective_priors
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import row_of
from tests.made_up import two_factions
from tests.random_scenarios import plain_data

FILE = Path(__file__).parent / "data" / "before_mechanisms.json"
COUNTS = ("clashes", "dead", "wounded", "cells", "rockets", "barrages", "pushes", "breaches")
OFF = {row.name for row in MECHANISMS}
SEEDS = range(40)
RUNS = 8


def theta_of(scenario: Scenario, seed: int, rows: int) -> np.ndarray:
    """Parameters from priors and ranges, each from its own name; mechanisms as the registry has."""
    columns = []
    for name, prior in effective_priors(scenario).items():
        u = np.random.default_rng([seed, *name.encode()]).random(rows)
        span = row_of(name).sensitivity
        if name in OFF or name in scenario.parameters or span is None:
            columns.append(prior.quantile(u))
        else:
            columns.append(span[0] + (span[1] - span[0]) * u)
    return np.column_stack(columns)


def digest(scenario: Scenario, theta: np.ndarray, seed: int) -> str:
    """Of all counts, hour by hour, and of the hours of orders to a thousandth."""
    output = simulate_block(scenario, theta, seed, range(len(theta)), keep="hourly", threads=1)
    counted = np.stack([output.hourly[name] for name in COUNTS]).astype(np.int64)
    orders = np.round(np.nan_to_num(output.orders, nan=-1.0) * 1000).astype(np.int64)
    return hashlib.sha256(counted.tobytes() + orders.tobytes()).hexdigest()[:16]


def made() -> dict[str, str]:
    """A digest for each world."""
    worlds = {f"random_{seed}": Scenario.model_validate(plain_data(seed)) for seed in SEEDS}
    worlds["two_factions"] = two_factions()
    return {
        name: digest(scenario, theta_of(scenario, i, RUNS), i)
        for i, (name, scenario) in enumerate(worlds.items())
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=1) + "\n")
