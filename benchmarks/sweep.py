"""What plan and store cost over the bare kernel, and how a large sweep resumes.

    python benchmarks/sweep.py [scenario.yaml] [--runs 100000] [--large 1000000]

Each figure that compares two things measures them in turn in this one run, so that a busy machine
slows both. Overhead is in CPU seconds of the process, which a busy machine moves least.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from sim.ensemble.parameter_draws import as_vectors, draw_parameters  # noqa: E402
from sim.explore.axis import read_axes  # noqa: E402
from sim.explore.request import Request, make_plan  # noqa: E402
from sim.explore.sweep import begin, carry_on, open_sweep, sweep  # noqa: E402
from sim.model import build_world, simulate_block  # noqa: E402
from sim.scenario import load_scenario  # noqa: E402

POINTS = 100


def clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def bare(scenario_path: str, runs: int, threads: int) -> tuple[float, float]:
    """Wall and CPU seconds of the kernel alone on the very runs of the sweep."""
    scenario = load_scenario(scenario_path)
    each = runs // POINTS
    drawn = as_vectors(draw_parameters(scenario, 1, range(each)))
    values = read_axes([f"compliance=0.3:1:{POINTS}"])[0].levels
    position = list(draw_parameters(scenario, 1, [0]).columns).index("compliance")
    theta = np.tile(drawn, (POINTS, 1))
    theta[:, position] = np.repeat(np.array(values, float), each)
    numbers = np.tile(np.arange(each), POINTS)
    world = build_world(scenario)
    begun = clocks()
    simulate_block(scenario, theta, 1, numbers, threads=threads, world=world)
    return tuple(b - a for a, b in zip(begun, clocks(), strict=True))  # type: ignore[return-value]


def swept(scenario_path: str, runs: int, threads: int) -> tuple[float, float]:
    """Wall and CPU seconds of the whole sweep: plan, checks, draws, kernel, files."""
    with tempfile.TemporaryDirectory() as out:
        begun = clocks()
        request = Request(
            [scenario_path], [f"compliance=0.3:1:{POINTS}"], replicates=runs // POINTS
        )
        sweep(request, out, threads=threads)
        return tuple(b - a for a, b in zip(begun, clocks(), strict=True))  # type: ignore[return-value]


def overhead(path: str, runs: int) -> None:
    bare(path, POINTS, 1)  # compiles
    pairs = [(bare(path, runs, 2), swept(path, runs, 2)) for _ in range(3)]
    for name, i in (("wall", 0), ("CPU", 1)):
        ratios = [with_store[i] / alone[i] for alone, with_store in pairs]
        alone = median(pair[0][i] for pair in pairs)
        print(f"{runs:,} runs of totals, 2 threads, {name}: bare kernel {alone:.2f} s, plan and "
              f"store on top {median(ratios) - 1:+.1%} (3 pairs: "
              f"{', '.join(f'{r - 1:+.1%}' for r in ratios)})")  # fmt: skip


LARGE = """
import resource, sys, time
sys.path.insert(0, {root!r})
from sim.explore.sweep import begin, carry_on, resume
from sim.explore.request import Request, make_plan
if sys.argv[1] == "run":
    request = Request([{path!r}], {vary!r}, {design!r}, {points!r}, replicates={replicates})
    folder = carry_on(begin(make_plan(request), {out!r}), threads=2).folder
else:
    begun = time.perf_counter()
    folder = resume(sys.argv[1]).folder
    print(time.perf_counter() - begun)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, folder)
"""


def large(path: str, runs: int) -> None:
    for title, vary, design, points, replicates in (
        ("1,000 points", ["compliance=0.3:1:1000"], "grid", None, runs // 1000),
        ("a point per run", ["compliance=0.3:1", "reprisal_ratio=0:1"], "lhs", runs, 1),
    ):
        with tempfile.TemporaryDirectory() as out:
            script = LARGE.format(root=str(ROOT), path=path, out=out, vary=vary, design=design,
                                  points=points, replicates=replicates)  # fmt: skip
            begun = time.perf_counter()
            made = _run(script, "run")
            spent = time.perf_counter() - begun
            memory, folder = made[-1].split(" ", 1)
            again = _run(script, folder)
            size = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file()) / 1e6
            print(f"{runs:,} runs, {title}: {spent:.1f} s, {size:.0f} MB on disk, coordinator with "
                  f"its threads {float(memory):.0f} MB; resuming it when finished takes "
                  f"{float(again[0]):.2f} s")  # fmt: skip


def _run(script: str, word: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", script, word], capture_output=True, text=True,
                          check=True)  # fmt: skip
    return done.stdout.strip().splitlines()


def cluster(path: str, runs: int) -> None:
    from distributed import LocalCluster

    request = Request([path], [f"compliance=0.3:1:{POINTS}"], replicates=runs // POINTS)
    plan = make_plan(request)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True,
                     dashboard_address=None) as running,
        tempfile.TemporaryDirectory() as out,
    ):  # fmt: skip
        small = Request([path], ["compliance=0.3:1:8"], replicates=2048)
        sweep(small, out, cluster=running.scheduler_address)  # workers load and compile
        times: dict[str, list[float]] = {"threads": [], "workers": []}
        for _ in range(3):
            for name, where in (("threads", None), ("workers", running.scheduler_address)):
                begun_sweep = begin(plan, out)
                begun = time.perf_counter()
                carry_on(begun_sweep, threads=2, cluster=where)
                times[name].append(time.perf_counter() - begun)
                assert open_sweep(begun_sweep.folder).status["pending"] == 0
    threads, workers = (median(times[name]) for name in ("threads", "workers"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{runs:,} runs: two threads {threads:.2f} s, two Dask workers {workers:.2f} s, "
          f"ratio {workers / threads:.2f}; this process at most {memory:.0f} MB")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default=str(ROOT / "scenarios/baghdad_2022_08.yaml"))
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    options = parser.parse_args()
    overhead(options.scenario, options.runs)
    cluster(options.scenario, options.runs)
    large(options.scenario, options.large)


if __name__ == "__main__":
    main()
