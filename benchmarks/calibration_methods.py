"""The calibrator beside plain rejection, sbi and pyABC on a toy of its shape.

Run ``python benchmarks/calibration_methods.py [DATA_SETS]`` from the project's top folder. sbi and
pyABC are no dependencies: where they are not installed their lines say so. 90 % intervals should
cover .90; a smaller CRPS is better.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, os.getcwd())
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from calibration_toy import FACTS, PARAMETERS, interval_and_score, simulate

from sim.calibrate.calibration import condition
from sim.calibrate.reporting import Told
from sim.calibrate.summaries import learn

BANK = 100_000
Method = Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""A report [10] to posterior draws [n, 6] and weights [n]."""


def bank() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    generator = np.random.default_rng(1)
    unit = generator.random((BANK, PARAMETERS))
    counts, told = simulate(unit, generator)
    return unit, counts, told


def told_columns(counts: NDArray[np.float64], told: NDArray[np.float64]) -> NDArray[np.float32]:
    """Reports with their flags, as the calibrator makes them: a count of zero is told as none."""
    none = counts == 0
    return np.hstack([np.where(none, 0.0, told), none]).astype(np.float32)


def learned_summaries() -> Method:
    unit, counts, told = bank()
    flags = np.repeat([False, True], FACTS)
    columns = told_columns(counts, told)
    summaries = learn(Told(columns, columns[0], flags, ("",) * len(flags)), unit)
    simulated = summaries.of(columns)

    def method(report: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        target = summaries.of(report[None, :].astype(np.float32))[0]
        given = condition(simulated, target, unit)
        return given.unit, given.weights

    return method


def plain_rejection() -> Method:
    unit, counts, told = bank()
    columns = told_columns(counts, told)
    scale = columns.std(axis=0) + 1e-9

    def method(report: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        distance = (((columns - report) / scale) ** 2).sum(axis=1)
        rows = np.argpartition(distance, 999)[:1000]
        return unit[rows], np.full(1000, 1e-3)

    return method


def neural_posterior() -> Method:
    import torch
    from sbi.inference import NPE
    from sbi.utils import BoxUniform

    torch.manual_seed(1)
    unit, counts, told = bank()
    columns = torch.as_tensor(told_columns(counts, told))
    prior = BoxUniform(torch.zeros(PARAMETERS), torch.ones(PARAMETERS))
    inference = NPE(prior=prior, density_estimator="maf")
    inference.append_simulations(torch.as_tensor(unit, dtype=torch.float32), columns).train()
    posterior = inference.build_posterior()

    def method(report: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        observed = torch.as_tensor(report, dtype=torch.float32)
        draws = posterior.sample((1000,), x=observed, show_progress_bars=False).numpy()
        return draws.astype(float), np.full(1000, 1e-3)

    return method


def population() -> Method:
    import pyabc

    names = [f"p{k}" for k in range(PARAMETERS)]
    generator = np.random.default_rng(2)

    def model(values: dict[str, float]) -> dict[str, NDArray[np.float64]]:
        unit = np.array([[values[name] for name in names]])
        return {"report": told_columns(*simulate(unit, generator))[0].astype(float)}

    prior = pyabc.Distribution(**{name: pyabc.RV("uniform", 0, 1) for name in names})

    def method(report: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        abc = pyabc.ABCSMC(
            model, prior, pyabc.AdaptivePNormDistance(p=2), population_size=500,
            sampler=pyabc.sampler.SingleCoreSampler(),
        )  # fmt: skip
        abc.new("sqlite://", {"report": report.astype(float)})
        history = abc.run(max_nr_populations=8, max_walltime=60)
        frame, weights = history.get_distribution()
        return frame[names].to_numpy(), np.asarray(weights)

    return method


def measure(name: str, make: Callable[[], Method], sets: int) -> None:
    start = time.perf_counter()
    method = make()
    ready = time.perf_counter() - start
    generator = np.random.default_rng(7)
    inside, scores = [], []
    start = time.perf_counter()
    for _ in range(sets):
        truth = generator.random(PARAMETERS)
        report = told_columns(*simulate(truth[None, :], generator))[0].astype(float)
        draws, weights = method(report)
        held, score = interval_and_score(draws, weights, truth)
        inside.append(held)
        scores.append(score)
    each = (time.perf_counter() - start) / sets
    print(
        f"{name:<44}{np.mean(inside):>9.3f}{np.mean(scores):>9.4f}{ready:>10.1f} s{each:>9.3f} s",
        flush=True,
    )


def main() -> None:
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print(f"{'method':<44}{'cover 90':>9}{'CRPS':>9}{'to begin':>12}{'per set':>11}")
    measure("bank, learned summaries, adjustment", learned_summaries, sets)
    measure("bank, plain rejection", plain_rejection, sets)
    for name, library, make in (
        ("sbi: neural posterior, autoregressive flow", "sbi", neural_posterior),
        ("pyABC: sequential Monte Carlo", "pyabc", population),
    ):
        if importlib.util.find_spec(library) is None:
            print(f"{name:<44} skipped: {library} is not installed")
        else:
            measure(name, make, sets)


if __name__ == "__main__":
    main()
