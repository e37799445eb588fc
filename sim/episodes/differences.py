"""Differences: what orders changed, predicted from twins of one luck, learned from matched days.

The path after an order mixes obedience with the ebb that follows any bad fortnight. The difference
from matched order-free days of the same dyad does not, nor does the difference between a simulated
world and its twin without the order. So what orders do is learned from these two: one number for
compliance and relief together, since no count of dead parts them, and what kinds of orders shift.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

from sim.episodes.episode_library import DayPanel
from sim.episodes.folds import folds_of
from sim.episodes.likeness import kernel
from sim.episodes.matching import AFTER, KINDS, Matches, held_differences
from sim.episodes.model_forecast import (
    LEARN_NEAREST,
    SCALE,
    WIDTH,
    ModelForecaster,
    drawn,
    scale_between,
)
from sim.episodes.population import SHIFTED, Population, counted, covariates_of
from sim.episodes.simulated import WITH_ORDER, WITHOUT, reported_windows
from sim.episodes.task import TASKS

OWN_NOISE = 0.3
"""Where the search for what neither twins nor luck say begins, an sd on the log scale."""

MEAN_SD, SPREAD_SD, KIND_SD = 1.0, 0.5, 0.5
"""Sd of the mean, of the log of the spread, and of what a kind shifts, before the data: in sd of
the assumed prior. Assumptions."""


EFFECT = (SHIFTED, "relief")


@dataclass(frozen=True)
class TwinDifferences:
    """Orders with matched days, and simulated worlds like them with and without the order.

    Attributes:
        table: rows of `Matches.table`.
        weight: of neighbours by the days before, f8[E, n].
        log: their log weights under the population, `EFFECT` left out, f8[E, n].
        score: normal scores of `EFFECT`, f8[2, E, n].
        change: log(1 + dead on days 1 to 14) with the order minus without, f8[E, n].
        covariates: kinds of orders, f8[E, kinds].
    """

    table: pd.DataFrame
    weight: NDArray[np.float64]
    log: NDArray[np.float64]
    score: NDArray[np.float64]
    change: NDArray[np.float64]
    covariates: NDArray[np.float64]

    def chosen(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> TwinDifferences:
        """Of some of the orders."""
        return TwinDifferences(
            self.table[rows] if rows.dtype == bool else self.table.iloc[rows],
            self.weight[rows],
            self.log[rows],
            self.score[:, rows],
            self.change[rows],
            self.covariates[rows],
        )

    def weights(
        self, strength: float, shift: NDArray[np.float64], sigma: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Weights of neighbours, f8[E, n] with rows of sum 1.

        Args:
            strength: mean of both of `EFFECT`.
            shift: of compliance's mean for each order, f8[E].
            sigma: of both, f8[2].
        """
        log = self.log.copy()
        for k, mean in enumerate((strength + shift, np.full(len(shift), strength))):
            score = self.score[k]
            log += 0.5 * score**2 - 0.5 * ((score - mean[:, None]) / sigma[k]) ** 2
        w = self.weight * np.exp(log - log.max(axis=1, keepdims=True))
        return np.asarray(w / w.sum(axis=1, keepdims=True))


def twin_differences(
    model: ModelForecaster, panel: DayPanel, matches: Matches, population: Population
) -> TwinDifferences:
    """Twins of the orders of a panel that have matched days."""
    known = panel.table["episode_id"].isin(matches.table["episode_id"]).to_numpy()
    panel = panel.chosen(known)
    told = reported_windows(panel)
    with_order, without = (model.simulated("order", twin) for twin in (WITH_ORDER, WITHOUT))
    index, square = model.near(told, with_order)
    index, square = index[:, :LEARN_NEAREST], square[:, :LEARN_NEAREST]
    scale = scale_between(told, with_order, index) ** SCALE
    dead = [
        np.log1p(one.dead[:, one.span(*AFTER)].sum(axis=1)[index] * scale)
        for one in (with_order, without)
    ]
    z = model.bank.z[with_order.world]
    out = np.array([name in EFFECT for name in population.names])
    rest = replace(
        population,
        mu=np.where(out, 0.0, population.mu),
        sigma=np.where(out, 1.0, population.sigma),
    )
    covariates = np.zeros((len(panel), 0))
    if population.kinds:
        covariates = covariates_of(panel.table, model.orders)[1]
    table = matches.table.set_index("episode_id").loc[panel.table["episode_id"]].reset_index()
    return TwinDifferences(
        table,
        kernel(square, WIDTH),
        rest.log_weights(z)[index].astype(np.float64),
        np.stack([z[:, population.names.index(name)][index] for name in EFFECT]).astype(np.float64),
        dead[0] - dead[1],
        covariates,
    )


def learn_compliance(
    twins: TwinDifferences, population: Population, counts: NDArray[np.float64] | None = None
) -> Population:
    """The population with what orders do, and what kinds of orders shift of it, from differences.

    Most probable if a reported difference is normal around the predicted one, with the variance of
    the twins, of the matched days' luck and of what neither says.

    Args:
        counts: how much each order counts, f8[E]; None: as `counted` says.
    """
    at = [population.names.index(name) for name in EFFECT]
    conflicts = twins.table["conflict"].to_numpy(object)
    count = counted(conflicts) if counts is None else counts
    luck = twins.table["spread"].to_numpy(np.float64) ** 2
    effect = twins.table["effect"].to_numpy(np.float64)
    kinds = twins.covariates.shape[1]

    def cost(x: NDArray[np.float64]) -> float:
        sigma = np.full(2, np.exp(x[1]))
        weights = twins.weights(x[0], twins.covariates @ x[3:], sigma)
        mean = (weights * twins.change).sum(axis=1)
        variance = (weights * twins.change**2).sum(axis=1) - mean**2
        variance = variance + luck + np.exp(2 * x[2])
        value = 0.5 * count @ (np.log(variance) + (effect - mean) ** 2 / variance)
        value += 0.5 * (x[0] / MEAN_SD) ** 2 + 0.5 * (x[1] / SPREAD_SD) ** 2
        return float(value + 0.5 * np.sum((x[3:] / KIND_SD) ** 2))

    start = np.concatenate([[0.0, 0.0, np.log(OWN_NOISE)], np.zeros(kinds)])
    bounds = [(-3.0, 3.0), (-1.0, 1.0), (-3.0, 1.0)] + [(-2.0, 2.0)] * kinds
    found: Any = optimize.minimize(cost, start, method="L-BFGS-B", bounds=bounds)
    mu, sigma = population.mu.copy(), population.sigma.copy()
    shifts = population.shifts.copy()
    mu[at], sigma[at] = found.x[0], np.exp(found.x[1])
    shifts[:, at[0]] = found.x[3:]
    return replace(population, mu=mu, sigma=sigma, shifts=shifts)


def own_weights(twins: TwinDifferences, population: Population) -> NDArray[np.float64]:
    """Weights of neighbours under a population, f8[E, n]."""
    at = [population.names.index(name) for name in EFFECT]
    shift = twins.covariates @ population.shifts[:, at[0]]
    return twins.weights(float(population.mu[at[1]]), shift, population.sigma[at])


def left_over(twins: TwinDifferences, population: Population) -> float:
    """Sd of reported differences beyond the model's spread and the matched days' luck."""
    weights = own_weights(twins, population)
    mean = (weights * twins.change).sum(axis=1)
    variance = (weights * (twins.change - mean[:, None]) ** 2).sum(axis=1)
    luck = twins.table["spread"].to_numpy(np.float64) ** 2
    missed = (twins.table["effect"].to_numpy(np.float64) - mean) ** 2
    return float(np.sqrt(max(0.0, float((missed - variance - luck).mean()))))


def predicted_changes(
    twins: TwinDifferences,
    population: Population,
    wider: float = 0.0,
    seed: int = 1,
    draws: int = 200,
) -> pd.DataFrame:
    """Draws of what each order changed: columns `episode_id`, `difference`.

    Args:
        wider: sd of what the model leaves open, of `left_over`.
    """
    rng = np.random.default_rng(seed)
    pick = drawn(twins.change, own_weights(twins, population), draws, rng)
    values = np.take_along_axis(twins.change, pick, axis=1)
    values = values + wider * rng.standard_normal(values.shape)
    return pd.DataFrame(
        {
            "episode_id": np.repeat(twins.table["episode_id"].to_numpy(), draws),
            "difference": values.ravel(),
        }
    )


def held_out_differences(
    model: ModelForecaster, panel: DayPanel, matches: Matches
) -> tuple[dict[str, dict[str, float]], pd.DataFrame]:
    """Differences of held-out conflicts beside the reported ones, over all and by kind of order.

    Returns:
        For each kind what `held_differences` says (and `predicted`, `reported`: exp of the means),
        and the draws. Everything that predicts an order is learned from other conflicts.
    """
    fold = folds_of(panel.table["conflict"])
    parts = []
    for number in range(int(fold.max()) + 1):
        train = panel.chosen(fold != number)
        population = model.population(train, TASKS["order"])
        own = twin_differences(model, train, matches, population)
        population = learn_compliance(own, population)
        held = twin_differences(model, panel.chosen(fold == number), matches, population)
        if len(held.table):
            wider = left_over(own, population)
            parts.append(predicted_changes(held, population, wider, seed=number))
    draws = pd.concat(parts, ignore_index=True)
    out = {}
    mean = draws.groupby("episode_id")["difference"].mean()
    for kind, wanted in KINDS.items():
        chosen = _of_kind(matches.table, model.orders, wanted)
        ids = matches.table["episode_id"][chosen]
        some = draws[draws["episode_id"].isin(ids)]
        if some["episode_id"].nunique() < 20:
            continue
        out[kind] = held_differences(matches, some)
        reported = matches.table.set_index("episode_id")["effect"]
        names = [name for name in ids if name in mean.index]
        out[kind]["predicted"] = float(np.exp(mean[names].mean()))
        out[kind]["reported"] = float(np.exp(reported[names].mean()))
    return out, draws


def _of_kind(
    table: pd.DataFrame, orders: pd.DataFrame | None, wanted: dict[str, Any]
) -> NDArray[np.bool_]:
    chosen = np.ones(len(table), dtype=bool)
    more = None if orders is None else orders.drop_duplicates("order_id").set_index("order_id")
    for column, value in wanted.items():
        if column in table:
            values = table[column]
        elif more is not None:
            values = table["order_id"].map(more[column])
        else:
            return np.zeros(len(table), dtype=bool)
        allowed = value if isinstance(value, tuple) else (value,)
        chosen &= values.isin(allowed).to_numpy()
    return chosen
