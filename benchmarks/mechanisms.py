"""What the mechanisms cost: time per run with those in use against without, and of long clocks.

Run ``python benchmarks/mechanisms.py`` from the project's top folder. Every line is a ratio within
this run: the cases take turns, and each ratio is one of medians of processor time, one thread.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

sys.path.insert(0, os.getcwd())

from sim.ensemble import draw_parameters
from sim.ensemble.parameter_draws import as_vectors
from sim.model import build_world, simulate_block
from sim.scenario import Scenario
from sim.scenario.loading import LoadedScenario, load_checked, with_settings, with_variant

SCENARIO, WITHOUT = "scenarios/august_september_2022.yaml", "no_mechanisms"
ROUNDS = 7
DAYS = {7: 2000, 90: 1000, 365: 400}
"""Length of the clock, and runs of each case in a round."""


def timed(scenario: Scenario, runs: int) -> Callable[[], float]:
    """Processor seconds per run, of runs with the scenario's own priors."""
    theta = as_vectors(draw_parameters(scenario, 1, list(range(runs)), None))
    world = build_world(scenario)

    def once() -> float:
        start = time.process_time()
        simulate_block(scenario, theta, 1, range(runs), threads=1, world=world)
        return (time.process_time() - start) / runs

    once()
    return once


def lengthened(loaded: LoadedScenario, days: int, **settings: float) -> Scenario:
    """The scenario with a clock of this many days."""
    start = loaded.scenario.clock.start
    end: dict[str, Any] = {"clock.end": (start + timedelta(days=days)).isoformat()}
    return with_settings(loaded, end | settings)


def branching(loaded: LoadedScenario, runs: int) -> tuple[float, int]:
    """Share of the clashes of a quiet year that come of an earlier one, and how many there were.

    Nothing begins but incidents, at a rate at which they are plenty and nobody dies; fronts are
    Basra's alone, where both sides live, so that everybody is always present.
    """
    settings: dict[str, Any] = {
        "clock.end": (loaded.scenario.clock.start + timedelta(days=365)).isoformat(),
        "triggers.sadr_announcement.enabled": False, "decisions.sadr_withdrawal.mode": "off",
        "decisions.khazali_restraint.mode": "off", "decisions.khazali_closes_offices.mode": "off",
        "dyads.sadrists-aah.places": ["basra"], "incident_rate": 0.5, "deaths_per_clash": 0.001,
        "deterrence": 0, "reprisal_ratio": 0.4, "salvo_ratio": 0.2, "spillover": 0,
    }  # fmt: skip
    scenario = with_settings(loaded, settings)
    theta = as_vectors(draw_parameters(scenario, 1, list(range(runs)), None))
    events = simulate_block(scenario, theta, 1, range(runs), keep="log").events
    assert events is not None
    clashes = events[(events["kind"] == "clash") & (events["place"] == "basra")]
    return float((clashes["cause"] >= 0).mean()), len(clashes)


def main() -> None:
    loaded = load_checked(SCENARIO)
    cases: dict[str, Callable[[], float]] = {
        "without": timed(with_variant(loaded, WITHOUT), DAYS[7]),
        **{f"{days} days": timed(lengthened(loaded, days), runs) for days, runs in DAYS.items()},
    }
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, once in cases.items():
            taken[name].append(once())
    middle = {name: statistics.median(times) for name, times in taken.items()}
    print(f"{SCENARIO}, ratios of medians of {ROUNDS} rounds, one thread")
    print(f"mechanisms in use over none of them: {middle['7 days'] / middle['without']:.2f}")
    for days in list(DAYS)[1:]:
        ratio = middle[f"{days} days"] / middle["7 days"]
        print(f"a clock of {days} days over one of 7: {ratio:.2f} ({days / 7:.0f} times the hours)")
    share, count = branching(loaded, 400)
    said = 0.9 * (0.4 + 0.2)
    print(f"branching ratio in quiet years: {share:.3f} of {count} clashes, as set {said:.3f}")
    # as everything else, the medians say nothing of a machine: their spread says how quiet it was
    spread = {n: np.ptp(t) / middle[n] for n, t in taken.items()}
    print("range over median: " + ", ".join(f"{n} {s:.2f}" for n, s in spread.items()))


if __name__ == "__main__":
    main()
