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

OF_ORDERS = ("compliance", "relief", "order_memory", "reciprocity", "provocation")
"""Parameters that nothing before an order depends on."""

SHIFTED = "compliance"
"""What an order's kind shifts, as in the model."""

OWN_SCALE = ("incident_rate", "clash_rate", "deaths_per_clash")
"""How violent a dyad is: pinned by its own days, so their spread is learned (the mean of what all
episodes say of themselves) but weighs no simulated episode against another."""


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
