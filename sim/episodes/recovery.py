"""Recovery: whether a known population is found again from libraries of held-out worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.episodes import population_fit
from sim.episodes.likeness import future_likeness, kernel, nearest_worlds
from sim.episodes.model_forecast import LEARN_NEAREST, WIDTH, scale_between
from sim.episodes.population import OWN_SCALE, Population, Resemblance, start
from sim.episodes.population_fit import learn, uncertain
from sim.episodes.simulated import Windows, simulated_windows
from sim.episodes.world_bank import WorldBank

DRAWS = 100


def drawn_population(names: tuple[str, ...], rng: np.random.Generator) -> Population:
    """A population drawn from its own prior; how violent dyads are stays as assumed."""
    count = len(names)
    weighs = np.array([name not in OWN_SCALE for name in names])
    mu = population_fit.MEAN_SD * rng.standard_normal(count)
    median, sd = population_fit.SPREAD
    sigma = median * np.exp(sd * rng.standard_normal(count))
    return replace(
        start(names, ()), mu=np.where(weighs, mu, 0.0), sigma=np.where(weighs, sigma, 1.0)
    )


def one_library(
    bank: WorldBank, episodes: int, truth: Population, rng: np.random.Generator
) -> tuple[Windows, Windows, NDArray[np.float32]]:
    """A library of held-out worlds under a population; the other worlds, with their scores.

    The second half of the bank is held out. A world comes into the library as often as the
    population makes it likely.
    """
    cut = simulated_windows(bank, "order")
    held = cut.world >= len(bank) // 2
    rows = np.nonzero(held)[0]
    log = truth.log_weights(bank.z[cut.world[rows]])
    weight = np.exp(log - log.max()).astype(np.float64)
    picked = rng.choice(rows, episodes, replace=False, p=weight / weight.sum())
    rest = cut.chosen(~held)
    return cut.chosen(picked), rest, bank.z[rest.world]


def recovery(
    bank: WorldBank,
    libraries: int,
    episodes: int = 300,
    seed: int = 1,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, float]:
    """Libraries from known populations, each learned from the other worlds.

    Returns:
        `mean_held`, `spread_held`: shares of means and spreads of all parameters that weigh which
        lie in their 90 % intervals; `correlation`: of true and found means; `libraries`.
    """
    inside: list[NDArray[np.bool_]] = []
    spread: list[NDArray[np.bool_]] = []
    pairs = []
    weighs = np.array([name not in OWN_SCALE for name in bank.names])
    for number in range(libraries):
        rng = np.random.default_rng([seed, number])
        truth = drawn_population(bank.names, rng)
        library, rest, z = one_library(bank, episodes, truth, rng)
        index, square = nearest_worlds(library, rest, LEARN_NEAREST, future=False)
        like = future_likeness(library, rest, index, scale_between(library, rest, index))
        found = Resemblance(
            z,
            index,
            kernel(square, WIDTH) * like,
            np.zeros((episodes, 0)),
            np.array([f"c{k}" for k in range(episodes)], object),
        )
        best = learn(found, bank.names, ())
        draws = uncertain(found, best, DRAWS, number)
        for name, held in (("mu", inside), ("sigma", spread)):
            values = np.stack([getattr(one, name) for one in draws])[:, weighs]
            low, high = np.quantile(values, [0.05, 0.95], axis=0)
            true = getattr(truth, name)[weighs]
            held.append((low <= true) & (true <= high))
        pairs.append(np.stack([truth.mu[weighs], best.mu[weighs]]))
        told(f"library {number + 1} of {libraries}: {np.mean(inside):.2f}, {np.mean(spread):.2f}")
    both = np.concatenate(pairs, axis=1)
    return {
        "libraries": float(libraries),
        "mean_held": float(np.mean(inside)),
        "spread_held": float(np.mean(spread)),
        "correlation": float(np.corrcoef(both)[0, 1]),
    }
