"""The Mesa model by itself: runs per CPU-second, and memory over many runs.

Run ``python benchmarks/mesa_model.py [RUNS]`` from the project's top folder (default 10,000 runs of
a small scenario for the memory; takes some minutes).
"""

from __future__ import annotations

import gc
import os
import resource
import sys
import time

import numpy as np

sys.path.insert(0, os.getcwd())

from sim.ensemble import draw_parameters
from sim.ensemble.parameter_draws import as_vectors
from sim.model import simulate_block
from sim.scenario import Scenario, load_scenario, with_settings
from sim.scenario.loading import load_checked

SCENARIO = "scenarios/baghdad_2022_08.yaml"


def resident_mb() -> float:
    """Resident memory now, in MB (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def runs_per_second(path: str, runs: int) -> float:
    scenario = load_scenario(path)
    theta = as_vectors(draw_parameters(scenario, 1, list(range(runs)), None))
    simulate_block(scenario, theta[:1], 1, [0], engine="mesa")
    start = time.process_time()
    simulate_block(scenario, theta, 1, range(runs), engine="mesa")
    return runs / (time.process_time() - start)


def small() -> Scenario:
    loaded = load_checked(SCENARIO)
    end = loaded.scenario.clock.start.replace(hour=6)
    scenario = with_settings(loaded, {"cells_per_group": 4})
    clock = scenario.clock.model_copy(update={"end": end})
    return scenario.model_copy(update={"clock": clock, "observables": [], "outlets": []})


def main() -> None:
    for name in ("baghdad_2022_08", "august_september_2022"):
        rate = runs_per_second(f"scenarios/{name}.yaml", 10)
        print(f"{name}: {rate:.1f} Mesa runs per CPU-second")
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    scenario = small()
    marks = []
    for block in range(10):
        numbers = np.arange(block * runs // 10, (block + 1) * runs // 10)
        theta = as_vectors(draw_parameters(scenario, 1, numbers.tolist(), None))
        simulate_block(scenario, theta, 1, numbers, engine="mesa")
        gc.collect()
        marks.append(resident_mb())
    print(f"memory after each tenth of {runs:,} runs, MB: {' '.join(f'{m:.0f}' for m in marks)}")
    print(f"growth after the first tenth: {marks[-1] - marks[0]:+.1f} MB")


if __name__ == "__main__":
    main()
