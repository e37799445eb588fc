"""Fitting a population: its probability, the climb to the best, and how uncertain that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from sim.episodes.population import (
    OWN_SCALE,
    SHIFTED,
    Population,
    Resemblance,
    counted,
    responsibilities,
    start,
)

STEPS = 60
MEAN_SD = 0.25
"""Sd of a population's mean under its own prior, in units of the assumed prior's. With .5 and more
the probability of held-out conflicts falls: a year of counts says too little for twenty means, and
few simulated episodes are left to say it by."""

SPREAD = (1.0, 0.12)
"""Median of a population's sigma and sd of its log, chosen alike."""

BOUNDS = (-1.9, 0.4)
"""Of the log of sigma."""

KIND_SD = 0.2
"""Sd of what a kind of order shifts: partial pooling of kinds. Assumption."""


@dataclass(frozen=True)
class Objective:
    """The log probability of episodes and population, in the numbers that are searched.

    These are, in order: means and logs of spreads of the parameters that weigh, and kinds' shifts.
    """

    resemblance: Resemblance
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    weight: NDArray[np.float64]
    near: NDArray[np.float32]

    @property
    def weighs(self) -> NDArray[np.bool_]:
        """Which parameters weigh, bool[P]."""
        return np.array([name not in OWN_SCALE for name in self.names])

    @property
    def shifted(self) -> NDArray[np.bool_]:
        """Which parameter a kind of order shifts, bool[P]."""
        return np.array([name == SHIFTED for name in self.names])

    def population(self, x: NDArray[np.float64]) -> Population:
        """The population of the searched numbers; the other parameters stay as assumed."""
        free = int(self.weighs.sum())
        count = len(self.names)
        mu, sigma, shifts = np.zeros(count), np.ones(count), np.zeros((len(self.kinds), count))
        mu[self.weighs], sigma[self.weighs] = x[:free], np.exp(x[free : 2 * free])
        shifts[:, self.shifted] = x[2 * free :, None]
        return Population(self.names, mu, sigma, self.kinds, shifts)

    def numbers(self, population: Population) -> NDArray[np.float64]:
        """The searched numbers of a population."""
        return np.concatenate(
            [
                population.mu[self.weighs],
                np.log(population.sigma[self.weighs]),
                population.shifts[:, self.shifted].ravel(),
            ]
        )

    def cost(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Minus the log probability and its gradient, whose parts are moments of neighbours."""
        free = int(self.weighs.sum())
        z, near, weight = self.resemblance.z, self.near, self.weight
        covariates = self.resemblance.covariates
        now = self.population(x)
        every = now.log_weights(z)
        found, r = responsibilities(self.resemblance, now, every, near)
        top = float(every.max())
        w = np.exp(every - top).astype(np.float64)
        value = weight @ (found - np.log(w.mean()) - top)
        w /= w.sum()
        first = np.einsum("en,enp->ep", r, near).astype(np.float64)
        second = np.einsum("en,enp,enp->ep", r, near, near).astype(np.float64)
        mean = now.mu + covariates @ now.shifts
        variance = now.sigma**2
        tilted, tilted_square = w @ z, np.einsum("m,mp,mp->p", w, z, z)
        by_mean = weight @ (first - mean) / variance - weight.sum() * (tilted - now.mu) / variance
        away = (second - 2 * mean * first + mean**2) / variance
        away_tilted = (tilted_square - 2 * now.mu * tilted + now.mu**2) / variance
        by_spread = weight @ away - weight.sum() * away_tilted
        by_kind = (covariates * weight[:, None]).T @ ((first - mean) / variance)
        log_sigma = x[free : 2 * free] - np.log(SPREAD[0])
        value -= 0.5 * np.sum((x[:free] / MEAN_SD) ** 2)
        value -= 0.5 * np.sum((log_sigma / SPREAD[1]) ** 2)
        value -= 0.5 * np.sum((x[2 * free :] / KIND_SD) ** 2)
        slope = np.concatenate(
            [
                by_mean[self.weighs] - x[:free] / MEAN_SD**2,
                by_spread[self.weighs] - log_sigma / SPREAD[1] ** 2,
                by_kind[:, self.shifted].ravel() - x[2 * free :] / KIND_SD**2,
            ]
        )
        return -float(value), -slope

    def chance(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Covariance of the gradient over other banks: the sum over worlds of what each adds."""
        now = self.population(x)
        every = now.log_weights(self.resemblance.z)
        _, r = responsibilities(self.resemblance, now, every, self.near)
        own = np.exp(every - every.max()).astype(np.float64)
        own /= own.sum()
        index, covariates = self.resemblance.index, self.resemblance.covariates
        share = self.weight[:, None] * r
        count = len(self.resemblance.z)
        score = (self.resemblance.z - now.mu) / now.sigma
        parts = []
        for k in np.nonzero(self.weighs)[0]:
            parts += [(k, score[:, k] / now.sigma[k]), (k, score[:, k] ** 2 - 1.0)]
        slopes: list[NDArray[np.float64]] = []
        spreads: list[NDArray[np.float64]] = []
        kinds: list[NDArray[np.float64]] = []
        for number, (k, one) in enumerate(parts):
            away = one[index] - (r * one[index]).sum(axis=1, keepdims=True)
            added = np.bincount(index.ravel(), (share * away).ravel(), count).astype(np.float64)
            added -= self.weight.sum() * own * (one - own @ one)
            (slopes if number % 2 == 0 else spreads).append(added)
            if self.shifted[k] and number % 2 == 0:
                for column in covariates.T:
                    own_kind = (share * column[:, None] * away).ravel()
                    kinds.append(np.bincount(index.ravel(), own_kind, count).astype(np.float64))
        added = np.stack([*slopes, *spreads, *kinds])
        return np.asarray(added @ added.T)


def objective_of(
    resemblance: Resemblance,
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    counts: NDArray[np.float64] | None = None,
) -> Objective:
    """What is climbed. `counts`: how much each episode counts, f8[E]; None: `counted`."""
    weight = counted(resemblance.conflicts) if counts is None else counts
    return Objective(resemblance, names, kinds, weight, resemblance.z[resemblance.index])


def learn(
    resemblance: Resemblance,
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    counts: NDArray[np.float64] | None = None,
    steps: int = STEPS,
) -> Population:
    """The population that makes all episodes together, and itself, most probable.

    Maximised by L-BFGS on its exact gradient; plain steps of expectation and maximisation would
    need hundreds where one episode tells little.

    Args:
        counts: how much each episode counts, f8[E]; None: `counted`.
    """
    aim = objective_of(resemblance, names, kinds, counts)
    free = int(aim.weighs.sum())
    bounds = [(-2.0, 2.0)] * free + [BOUNDS] * free + [(-1.5, 1.5)] * len(kinds)
    best: Any = optimize.minimize(
        aim.cost,
        aim.numbers(start(names, kinds)),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": steps},
    )
    return _with_scale(resemblance, aim.population(best.x), aim.weight, aim.near)


WIDER = 1.8
"""By how much intervals are wider than curvature and the chance of worlds say: without it they hold
.65 of known means and .77 of known spreads instead of .9 (`recovery`)."""

STEP = 0.02
"""By which each searched number is moved to see how the gradient changes."""


def uncertain(
    resemblance: Resemblance,
    fitted: Population,
    times: int,
    seed: int,
    counts: NDArray[np.float64] | None = None,
) -> list[Population]:
    """Draws of the population: normal around the best.

    Its covariance is that of the curvature there (Laplace), and of the chance by which worlds were
    simulated: with other worlds the gradient would be another.
    """
    aim = objective_of(resemblance, fitted.names, fitted.kinds, counts)
    x = aim.numbers(fitted)
    curvature = np.empty((len(x), len(x)))
    for k in range(len(x)):
        step = np.zeros(len(x))
        step[k] = STEP
        curvature[k] = (aim.cost(x + step)[1] - aim.cost(x - step)[1]) / (2 * STEP)
    values, vectors = np.linalg.eigh(0.5 * (curvature + curvature.T))
    # never flatter than the population's own prior is at its flattest
    values = np.maximum(values, 1.0 / max(MEAN_SD, KIND_SD, SPREAD[1]) ** 2)
    inverse = (vectors / values) @ vectors.T
    covariance = inverse + inverse @ aim.chance(x) @ inverse
    covariance *= WIDER**2
    draws = np.random.default_rng(seed).multivariate_normal(x, covariance, times, method="eigh")
    own = np.array([name in OWN_SCALE for name in fitted.names])
    out = []
    for row in draws:
        one = aim.population(row)
        out.append(
            replace(
                one,
                mu=np.where(own, fitted.mu, one.mu),
                sigma=np.where(own, fitted.sigma, one.sigma),
            )
        )
    return out


def _with_scale(
    resemblance: Resemblance,
    found: Population,
    weight: NDArray[np.float64],
    near: NDArray[np.float32],
) -> Population:
    """How violent dyads with an episode are: the mixture of what all episodes say of themselves."""
    _, r = responsibilities(resemblance, found, found.log_weights(resemblance.z), near)
    share = (weight / weight.sum()) @ np.einsum("en,enp->ep", r, near)
    square = (weight / weight.sum()) @ np.einsum("en,enp->ep", r, near * near)
    own = np.array([name in OWN_SCALE for name in found.names])
    return replace(
        found,
        mu=np.where(own, share, found.mu),
        sigma=np.where(own, np.sqrt(np.maximum(square - share**2, 1e-4)), found.sigma),
    )
