"""How fast the kernel is: against Mesa, against plain Mesa, against its own random numbers.

Run ``python benchmarks/kernel.py`` from the project's top folder on an idle machine. Every line is
a ratio within this run, the median of five; seconds belong to the machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import mesa
import numba
import numpy as np

sys.path.insert(0, os.getcwd())

from sim.ensemble import draw_parameters
from sim.ensemble.parameter_draws import as_vectors
from sim.model import build_world, cells, draws, fronts, simulate_block
from sim.scenario import Scenario, load_scenario

SCENARIO = "scenarios/august_september_2022.yaml"
REPEATS = 5


def median_seconds(
    work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter
) -> float:
    work()
    times = []
    for _ in range(REPEATS):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)


def theta_of(scenario: Scenario, rows: int) -> np.ndarray:
    return as_vectors(draw_parameters(scenario, 1, list(range(rows)), None))


def run_seconds(
    scenario: Scenario,
    rows: int,
    engine: str = "kernel",
    threads: int = 1,
    cells: int | None = None,
) -> float:
    """Seconds per run, totals only."""
    theta = theta_of(scenario, rows)
    world = build_world(scenario, cells)
    return (
        median_seconds(
            lambda: simulate_block(
                scenario, theta, 1, range(rows), engine=engine, threads=threads, world=world
            )
        )
        / rows
    )


class PlainAgent(mesa.Agent):
    def step(self) -> None:
        self.drawn = self.random.random()


class PlainModel(mesa.Model):
    """As many agents as the scenario has cells, one draw each an hour, nothing else."""

    time = 0

    def __init__(self, agents: int, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.datacollector = mesa.DataCollector(model_reporters={"hour": "time"})
        PlainAgent.create_agents(self, agents)

    def step(self) -> None:
        self.agents.shuffle_do("step")
        self.datacollector.collect(self)


def plain_mesa_seconds(agents: int, steps: int) -> float:
    runs = 3

    def work() -> None:
        mesa.batch_run(
            PlainModel, {"agents": agents}, iterations=runs, max_steps=steps,
            display_progress=False,
        )  # fmt: skip

    return median_seconds(work) / runs


def recorded_draws(scenario: Scenario, rows: int) -> np.ndarray:
    """The counters of every number these runs use: replicate, mechanism, entity, index.

    Numbers that are drawn in rows count where they are read, not where they are drawn: a row may
    hold some that nobody needs.
    """
    found: dict[tuple[int, ...], None] = {}
    uniform, coming, tiring, chance, take = (
        draws.uniform, cells.coming, cells.tiring, fronts.chance, cells.take
    )  # fmt: skip

    def note(s: Any, mechanism: int, entity: int, index: int) -> None:
        found[int(s.run[0]["replicate"]), mechanism, int(entity), int(index)] = None

    def recording(seed: int, replicate: int, mechanism: int, entity: int, index: int) -> float:
        found[int(replicate), int(mechanism), int(entity), int(index)] = None
        return float(uniform(seed, replicate, mechanism, entity, index))

    def recording_coming(w: Any, s: Any, cell: int) -> float:
        note(s, draws.MOBILISATION, cell, s.cells[cell]["deployments"])
        return float(coming(w, s, cell))

    def recording_tiring(s: Any, cell: int) -> float:
        note(s, draws.FATIGUE, cell, s.cells[cell]["deployments"])
        return float(tiring(s, cell))

    def recording_chance(s: Any, front: int, step: int) -> float:
        note(s, draws.CLASH, front, step)
        return float(chance(s, front, step))

    def recording_take(w: Any, s: Any, cell: int, order: int) -> None:
        note(s, draws.OBEDIENCE, cell, 0)
        take(w, s, cell, order)

    with (
        patch.object(draws, "uniform", recording),
        patch.object(cells, "coming", recording_coming),
        patch.object(cells, "tiring", recording_tiring),
        patch.object(fronts, "chance", recording_chance),
        patch.object(cells, "take", recording_take),
    ):
        simulate_block(scenario, theta_of(scenario, rows), 1, range(rows), engine="mesa")
    return np.array(list(found), np.int64)


@numba.njit(nogil=True)
def draw_all_and_turn_into_delays(counters: np.ndarray) -> float:
    """As draw_all, each number turned into a delay, which is what most of them are for."""
    total = 0.0
    for i in range(counters.shape[0]):
        u = draws.uniform(1, counters[i, 0], counters[i, 1], counters[i, 2], counters[i, 3])
        total += draws.exponential_quantile(u, 3.0)
    return total


@numba.njit(nogil=True)
def draw_all(counters: np.ndarray) -> float:
    total = 0.0
    for i in range(counters.shape[0]):
        total += draws.uniform(1, counters[i, 0], counters[i, 1], counters[i, 2], counters[i, 3])
    return total


def doubled_places(scenario: Scenario) -> Scenario:
    """The same episode twice: every place, force, crowd, trigger and scope has a copy."""
    data = scenario.model_dump(mode="json", exclude_none=True)

    def copies(names: list[str]) -> list[str]:
        return [*names, *(f"{name}_copy" for name in names)]

    data["places"] += [{**p, "id": f"{p['id']}_copy"} for p in data["places"]]
    for faction in data["factions"]:
        faction["forces"] += [{**f, "place": f"{f['place']}_copy"} for f in faction["forces"]]
    data["crowds"] += [
        {**c, "id": f"{c['id']}_copy", "place": f"{c['place']}_copy"} for c in data["crowds"]
    ]
    for key in ("dyads", "triggers", "schedules"):
        for item in data[key]:
            if item.get("places"):
                item["places"] = copies(item["places"])
    for decision in data["decisions"]:
        if decision["scope"].get("places"):
            decision["scope"]["places"] = copies(decision["scope"]["places"])
    for observable in data["observables"]:
        if observable.get("places"):
            observable["places"] = copies(observable["places"])
    return Scenario.model_validate(data)


def doubled_hours(scenario: Scenario) -> Scenario:
    clock = scenario.clock
    return scenario.model_copy(
        update={"clock": clock.model_copy(update={"end": clock.end + (clock.end - clock.start)})}
    )


def first_call(cache: str) -> tuple[float, float]:
    """Seconds of imports and of the first call in a fresh process with this cache folder."""
    program = (
        "import time; a = time.perf_counter()\n"
        "from sim.model import simulate_block; from sim.scenario import load_scenario\n"
        "from sim.ensemble import draw_parameters\n"
        "from sim.ensemble.parameter_draws import as_vectors\n"
        f"s = load_scenario({SCENARIO!r}); t = as_vectors(draw_parameters(s, 1, [0], None))\n"
        "b = time.perf_counter(); simulate_block(s, t, 1, [0], threads=1)\n"
        "print(b - a, time.perf_counter() - b)"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    imports, call = done.stdout.split()
    return float(imports), float(call)


def main() -> None:
    scenario = load_scenario(SCENARIO)
    world = build_world(scenario)
    cells, steps = len(world.cells), int(world.run[0]["steps"])
    rows = 4000
    kernel = run_seconds(scenario, rows)
    own_mesa = run_seconds(scenario, 6, "mesa")
    plain = plain_mesa_seconds(cells, steps)
    print(f"scenario: {SCENARIO}, {cells} cells, {steps} hours, totals only, one core")
    print(f"kernel: {1 / kernel:,.0f} runs/s ({kernel * 1e6:.1f} us a run)")
    print(f"own Mesa driver: {1 / own_mesa:,.1f} runs/s; plain Mesa: {1 / plain:,.1f} runs/s")
    print(f"kernel against own Mesa driver: {own_mesa / kernel:,.0f} times (wanted 300)")
    print(f"kernel against plain Mesa, batch_run: {plain / kernel:,.0f} times (wanted 200)")
    few = 40
    counters = recorded_draws(scenario, few)
    runs, drawing, turning = same_runs_and_draws(scenario, few, counters)
    print(
        f"numbers used: {len(counters) / few:,.0f} a run, {drawing * 1e6:.1f} us one by one; "
        f"kernel over that {runs / drawing:.2f} (wanted at most 3); "
        f"over numbers turned into delays {runs / turning:.2f}"
    )
    more = run_seconds(scenario, rows, cells=80)
    print(f"cells doubled: {more / kernel:.2f} times (wanted at most 2.1)")
    more = run_seconds(doubled_places(scenario), rows)
    print(f"places doubled: {more / kernel:.2f} times (wanted at most 2.1)")
    more = run_seconds(doubled_hours(scenario), rows)
    print(f"hours doubled: {more / kernel:.2f} times (wanted at most 2.1)")
    two = run_seconds(scenario, 4 * rows, threads=2)
    one = run_seconds(scenario, 4 * rows, threads=1)
    print(f"two threads against one: {one / two:.2f} times (wanted 1.8)")
    with tempfile.TemporaryDirectory() as cache:
        _, cold = first_call(cache)
        warm = statistics.median(first_call(cache)[1] for _ in range(REPEATS))
    print(f"cold compile: {cold:.1f} s (wanted at most 20)")
    print(f"first call with a warm cache, beyond imports: {warm:.2f} s (wanted at most 0.5)")


def same_runs_and_draws(
    scenario: Scenario, rows: int, counters: np.ndarray
) -> tuple[float, float, float]:
    """Seconds a run of the very runs whose numbers were recorded, of drawing these, and of turning
    them into delays.

    The three take turns, so that a slow moment of the machine falls on all of them.
    """
    theta = np.tile(theta_of(scenario, rows), (50, 1))
    numbers = np.tile(np.arange(rows), 50)
    world = build_world(scenario)
    works: list[tuple[Callable[[], Any], int]] = [
        (lambda: simulate_block(scenario, theta, 1, numbers, threads=1, world=world), 50),
        (lambda: [draw_all(counters) for _ in range(20)], 20),
        (lambda: [draw_all_and_turn_into_delays(counters) for _ in range(20)], 20),
    ]
    times: list[list[float]] = [[], [], []]
    for turn in range(3 * REPEATS + 1):
        for i, (work, repeats) in enumerate(works):
            start = time.perf_counter()
            work()
            if turn > 0:  # the first compiles
                times[i].append((time.perf_counter() - start) / (repeats * rows))
    runs, drawing, turning = (statistics.median(of) for of in times)
    return runs, drawing, turning


if __name__ == "__main__":
    main()
