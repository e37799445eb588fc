"""A population: how the parameters of dyads and orders are spread, learned from many episodes.

Every simulated episode has the normal scores z of its parameters (standard normal under the assumed
priors). The population says z ~ Normal(mu, sigma^2) instead, and an order's kind shifts the mean of
those parameters that only orders have. Its likelihood needs no new simulation (Hogg, Myers and Bovy
2010): a simulated episode that resembles a reported one counts as often as its z is more likely
under the population than under the prior. Its maximum is climbed to, no sampler needed. Episodes
are selected (by dead before day 0), and simulated ones by the same rule, so an episode's
probability is taken among the *selected* simulations under the population.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

OF_ORDERS = ("compliance", "relief", "order_memory", "reciprocity", "provocation")
"""Parameters that nothing before an order depends on."""

SHIFTED = "compliance"
"""What an order's kind shifts, as in the model."""

OWN_SCALE = ("incident_rate", "clash_rate", "deaths_per_clash")
"""How violent a dyad is: pinned by its own days, so their spread is learned (the mean of what all
episodes say of themselves) but weighs no simulated episode against another."""

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
class Population:
    """Means and spreads of normal scores.

    Attributes:
        names: of the P parameters.
        mu, sigma: f8[P].
        kinds: of orders whose shifts were learned.
        shifts: of mu for each kind, f8[kinds, P]; 0 for parameters that are not an order's.
    """

    names: tuple[str, ...]
    mu: NDArray[np.float64]
    sigma: NDArray[np.float64]
    kinds: tuple[str, ...]
    shifts: NDArray[np.float64]

    def log_weights(self, z: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log of how much likelier z [N, P] are than under the prior, for all kinds alike, f4[N].

        By all parameters but `OWN_SCALE`.
        """
        use = np.array([name not in OWN_SCALE for name in self.names])
        a, b = self.mu / self.sigma**2, 0.5 * (1.0 - 1.0 / self.sigma**2)
        linear = np.where(use, a, 0.0).astype(np.float32)
        square = np.where(use, b, 0.0).astype(np.float32)
        constant = np.sum((-0.5 * (self.mu / self.sigma) ** 2 - np.log(self.sigma))[use])
        return np.asarray(z @ linear + (z * z) @ square + np.float32(constant))

    def _slopes(self, mu: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return mu / self.sigma**2, 0.5 * (1.0 - 1.0 / self.sigma**2)

    def kind_slopes(self, covariates: NDArray[np.float64]) -> NDArray[np.float32]:
        """What kinds [E, kinds] add to the slope of log weights in z, f4[E, P]."""
        return np.asarray((covariates @ self.shifts) / self.sigma**2, dtype=np.float32)


@dataclass(frozen=True)
class Resemblance:
    """How reported episodes resemble simulated ones.

    Attributes:
        z: of the simulated ones, f4[M, P].
        index: simulated episodes most like each reported one, i8[E, n].
        likeness: their kernel weights, f8[E, n].
        covariates: the kind of each order, 0 or 1, f8[E, kinds]; unknown 0.
        conflicts: of the reported episodes, [E].
    """

    z: NDArray[np.float32]
    index: NDArray[np.int64]
    likeness: NDArray[np.float64]
    covariates: NDArray[np.float64]
    conflicts: NDArray[np.object_]

    def chosen(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Resemblance:
        """Of some of the reported episodes."""
        return replace(
            self,
            index=self.index[rows],
            likeness=self.likeness[rows],
            covariates=self.covariates[rows],
            conflicts=self.conflicts[rows],
        )


def start(names: tuple[str, ...], kinds: tuple[str, ...]) -> Population:
    """The assumed priors as a population."""
    count = len(names)
    return Population(names, np.zeros(count), np.ones(count), kinds, np.zeros((len(kinds), count)))


def counted(conflicts: NDArray[np.object_]) -> NDArray[np.float64]:
    """How much each episode counts, f8[E]: a conflict of n episodes as much as sqrt(n) conflicts.

    Between counting each episode (a fifth of all orders are one conflict's) and each conflict.
    """
    _, at, sizes = np.unique(conflicts.astype(str), return_inverse=True, return_counts=True)
    return np.asarray(1.0 / np.sqrt(sizes[at]))


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


STEP = 0.02
"""By which each searched number is moved to see how the gradient changes."""


def uncertain(
    resemblance: Resemblance,
    fitted: Population,
    times: int,
    seed: int,
    counts: NDArray[np.float64] | None = None,
) -> list[Population]:
    """Draws of the population: normal around the best, by the curvature there (Laplace)."""
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
    normal = np.random.default_rng(seed).standard_normal((times, len(x)))
    draws = x + (normal / np.sqrt(values)) @ vectors.T
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


def responsibilities(
    resemblance: Resemblance,
    population: Population,
    every: NDArray[np.float32],
    near: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Log of each episode's probability, f8[E], and each neighbour's share of it, f4[E, n]."""
    log = every[resemblance.index].astype(np.float64)
    if len(population.kinds):
        k = population.names.index(SHIFTED)
        slope = population.kind_slopes(resemblance.covariates)[:, [k]]
        log += slope * near[:, :, k]
        moved = (resemblance.covariates @ population.shifts)[:, k] + population.mu[k]
        log -= (0.5 * (moved**2 - population.mu[k] ** 2) / population.sigma[k] ** 2)[:, None]
    top = log.max(axis=1)
    r = resemblance.likeness * np.exp(log - top[:, None])
    total = np.maximum(r.sum(axis=1), 1e-300)
    return np.log(total) + top, np.asarray(r / total[:, None], dtype=np.float32)


def covariates_of(
    table: pd.DataFrame, orders: pd.DataFrame | None
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Kinds of orders, and 0 or 1 for each episode and kind, f8[E, kinds]."""
    columns: dict[str, Any] = {
        "by the government": table["order_by"] == "government",
        "by both": table["order_by"] == "both",
        "written": table["order_written"].isin((1, 2)),
        "in part": table["order_partial"] == 1,
    }
    if orders is not None:
        mine = orders.drop_duplicates("order_id").set_index("order_id").reindex(table["order_id"])
        for name, column in (
            ("monitored", "monitor"),
            ("humanitarian", "purpose_humanitarian"),
            ("in a peace process", "purpose_peace_process"),
            ("with a fixed end", "fixed"),
        ):
            columns[name] = (mine[column] == 1).to_numpy()
    values = [np.asarray(one, dtype=np.float64) for one in columns.values()]
    return tuple(columns), np.stack(values, axis=1)
