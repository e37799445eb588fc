"""A population: how the parameters of dyads and orders are spread, learned from many episodes.

Every simulated episode has the normal scores z of its parameters (standard normal under the assumed
priors). The population says z ~ Normal(mu, sigma^2) instead, and an order's kind shifts the mean of
those parameters that only orders have. Its likelihood needs no new simulation (Hogg, Myers and Bovy
2010): a simulated episode that resembles a reported one counts as often as its z is more likely
under the population than under the prior. What maximises it is found by expectation and
maximisation, no sampler needed. Episodes are selected (by dead before day 0), simulated ones by the
same rule, so moments are compared with those of the *selected* simulations under the population.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

OF_ORDERS = ("compliance", "relief", "order_memory", "reciprocity", "provocation")
"""Parameters that nothing before an order depends on."""

SHIFTED = "compliance"
"""What an order's kind shifts, as in the model."""

OWN_SCALE = ("incident_rate", "clash_rate", "deaths_per_clash")
"""How violent a dyad is: pinned by its own days, so their spread is learned (the mean of what all
episodes say of themselves) but weighs no simulated episode against another."""

STEPS = 25
PULL = 20.0
"""Conflicts' worth of evidence that the assumed prior has against the data; keeps a parameter that
nothing tells of where it was. Assumption."""

PULL_KIND = 25.0
"""The same for the difference of a kind of order from all orders: partial pooling."""

NARROWEST, WIDEST = 0.15, 1.5


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
        a, b = self._slopes(self.mu)
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


def learn(
    evidence: Resemblance,
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    counts: NDArray[np.float64] | None = None,
    steps: int = STEPS,
    begin: Population | None = None,
) -> Population:
    """The population that makes all episodes together most probable.

    Args:
        counts: how much each episode counts, f8[E]; None: `counted`.
        begin: where to begin; None: the assumed priors.
    """
    weight = counted(evidence.conflicts) if counts is None else counts
    total = float(weight.sum())
    now = start(names, kinds) if begin is None else begin
    shifted = np.array([name == SHIFTED for name in names])
    z, index = evidence.z, evidence.index
    near = z[index]
    for _ in range(steps):
        every = now.log_weights(z)
        r = responsibilities(evidence, now, every, near)
        mean = np.einsum("en,enp->ep", r, near)
        square = np.einsum("en,enp->ep", r, near * near)
        residual = mean - evidence.covariates @ now.shifts
        first = weight @ residual / total
        # what the selected simulations have under the present population, beyond its own mu, sigma
        w = np.exp(every - every.max()).astype(np.float64)
        w /= w.sum()
        tilted = w @ z
        spread_tilted = np.maximum(w @ (z * z) - tilted**2, 1e-3)
        share = total / (total + PULL)
        mu = share * (first - (tilted - now.mu))
        second = weight @ (square - mean**2 + (residual - first) ** 2) / total
        variance = share * second * now.sigma**2 / spread_tilted + (1.0 - share)
        shifts = _shifts(evidence, mean - first, weight, shifted)
        now = replace(
            now,
            mu=0.5 * (now.mu + mu),
            sigma=np.clip(np.sqrt(0.5 * (now.sigma**2 + variance)), NARROWEST, WIDEST),
            shifts=shifts,
        )
    return now


def responsibilities(
    evidence: Resemblance,
    population: Population,
    every: NDArray[np.float32],
    near: NDArray[np.float32],
) -> NDArray[np.float32]:
    """How probably each simulated neighbour stands for each episode, f4[E, n], rows of sum 1."""
    log = every[evidence.index]
    if len(population.kinds):
        log = log + np.einsum(
            "enp,ep->en", near, population.kind_slopes(evidence.covariates), dtype=np.float32
        )
    r = evidence.likeness * np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(r / np.maximum(r.sum(axis=1, keepdims=True), 1e-300), dtype=np.float32)


def _shifts(
    evidence: Resemblance,
    residual: NDArray[np.float64],
    weight: NDArray[np.float64],
    shifted: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Ridge regression of episodes' means on their kinds, drawn towards no difference."""
    x = evidence.covariates
    if not x.shape[1]:
        return np.zeros((0, residual.shape[1]))
    centred = x - weight @ x / weight.sum()
    gram = centred.T @ (weight[:, None] * centred) + PULL_KIND * np.eye(x.shape[1])
    found = np.linalg.solve(gram, centred.T @ (weight[:, None] * residual))
    return np.where(shifted[None, :], found, 0.0)


def again(
    evidence: Resemblance,
    fitted: Population,
    times: int,
    seed: int,
    steps: int = 8,
) -> list[Population]:
    """Populations learned from conflicts drawn again, each begun where the whole one ended."""
    names, at = np.unique(evidence.conflicts.astype(str), return_inverse=True)
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(times):
        often = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        counts = counted(evidence.conflicts) * often[at]
        rows = np.nonzero(counts > 0)[0]
        out.append(
            learn(evidence.chosen(rows), fitted.names, fitted.kinds, counts[rows], steps, fitted)
        )
    return out


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
