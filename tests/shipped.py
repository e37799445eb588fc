"""The shipped scenarios, each loaded once, and runs of them with parameters from their priors."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.parameter_draws import as_vectors, draw_parameters
from sim.model import Output, simulate_block
from sim.scenario import LoadedScenario, Scenario, load_checked, with_variant
from sim.scenario.vocabulary import Measure

FOLDER = Path(__file__).parent.parent / "scenarios"
NAMES = (
    "august_september_2022",
    "baghdad_2022_08",
    "basra_2022_09",
    "green_zone_2022_09",
    "march_2020_01",
)
# The statements' word for what an observable measures.
WORDS = {
    Measure.DEAD: "dead",
    Measure.WOUNDED: "wounded",
    Measure.ROCKETS: "rockets",
    Measure.CROWD: "people",
    Measure.CLASHES: "hours",  # hours with a clash; the other statistics give times or 0 and 1
}


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.yaml"


@cache
def loaded(name: str) -> LoadedScenario:
    return load_checked(path_of(name))


@cache
def shipped(name: str, variant: str | None = None) -> Scenario:
    whole = loaded(name)
    return whole.scenario if variant is None else with_variant(whole, variant)


def drawn(scenario: Scenario, replicates: int) -> NDArray[np.float64]:
    """Parameter vectors f8[replicates, NP] from the scenario's priors."""
    return as_vectors(draw_parameters(scenario, 1, range(replicates)))


def run(scenario: Scenario, theta: NDArray[np.float64], keep: str = "hourly") -> Output:
    return simulate_block(scenario, theta, 1, range(len(theta)), keep=keep, threads=1)


def differs(one: Output, other: Output) -> bool:
    """Whether two outputs of the same shape differ anywhere."""
    return not (
        np.array_equal(one.observables, other.observables, equal_nan=True)
        and np.array_equal(one.orders, other.orders, equal_nan=True)
        and np.array_equal(one.series, other.series)
    )
