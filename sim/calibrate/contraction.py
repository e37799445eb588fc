"""Contraction: how much narrower the posterior is than the prior, parameter by parameter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.bank import OWN
from sim.calibrate.calibration import Calibration
from sim.calibrate.summaries import logit
from sim.scenario.parameters import row_of

CALLED_PRIOR = 0.2
"""Contraction below which a parameter was not learned: its prior is shown, no estimate."""
PRODUCTS = (("clash_rate", "deaths_per_clash"),)
"""Products that the facts may pin though neither factor is: deaths per hour of full contact."""
UNIFORM_VARIANCE = 1.0 / 12.0
FEW_DRAWS = 300


@dataclass(frozen=True)
class Correlation:
    """Two parameters and their posterior correlation on the logit of the prior's unit cube."""

    first: str
    second: str
    value: float


def contraction(unit: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 - posterior variance / prior variance [P] of draws [n, P] on the prior's unit cube.

    On that cube the prior's variance is 1/12 whatever the family; for a log-uniform prior it is
    the scale of the logarithm. Negative where the posterior is wider than the prior.
    """
    mean = weights @ unit
    return 1.0 - (weights @ (unit - mean) ** 2) / UNIFORM_VARIANCE


def learned(calibration: Calibration) -> pd.DataFrame:
    """One row per parameter and per product that matters, most contracted first.

    Columns: name, unit, kind (``parameter`` or ``product``), contraction, error (its Monte Carlo
    standard error were nothing learned), learned (contraction >= 0.2, and the model can give
    the facts), reached (whether any fact depends on it), prior (in words),
    prior_q05 prior_q50 prior_q95, and q05 q50 q95 of the posterior, NaN where not learned. A
    product's contraction is that of its logarithm.
    """
    bank, weights = calibration.bank, calibration.weights
    found = contraction(calibration.unit, weights)
    draws = calibration.draws
    # the relative variance of a uniform's variance over n draws is (kurtosis - 1) / n, 1.8 - 1
    error = math.sqrt(0.8 / calibration.effective)
    rows = []
    for k, (name, prior) in enumerate(bank.priors.items()):
        rows.append(
            _row(name, "parameter", row_of(name.split(OWN)[0]).unit, str(prior), found[k], error,
                 bool(calibration.reached[k]))
            | _quantiles(
                draws[name].to_numpy(), weights, found[k] if calibration.reached[k] else 0.0
            )
            | dict(zip(("prior_q05", "prior_q50", "prior_q95"),
                       map(float, prior.quantile([0.05, 0.5, 0.95])), strict=True))
        )  # fmt: skip
    rows += [_product(calibration, names, draws, error) for names in PRODUCTS
             if all(name in bank.priors for name in names)]  # fmt: skip
    table = pd.DataFrame(rows)
    if calibration.cannot_give is not None:  # the nearest draws of a model that misses the data
        table["learned"] = False
    return table.sort_values("contraction", ascending=False, kind="stable", ignore_index=True)


def correlations(calibration: Calibration, most: int = 5, least: float = 0.2) -> list[Correlation]:
    """The strongest posterior correlations, at most ``most``, none weaker than ``least``."""
    x = logit(calibration.unit)
    centred = x - calibration.weights @ x
    covariance = centred.T @ (centred * calibration.weights[:, None])
    spread = np.sqrt(np.diag(covariance))
    names = calibration.bank.names
    found = [
        Correlation(names[i], names[j], float(covariance[i, j] / (spread[i] * spread[j])))
        for i, j in combinations(range(len(names)), 2)
    ]
    strong = [c for c in found if abs(c.value) >= least]
    return sorted(strong, key=lambda c: -abs(c.value))[:most]


def satisfied(calibration: Calibration) -> float:
    """Share of the weight on rows whose simulation lies in every reported range."""
    share = 0.0
    for piece in calibration.pieces:
        rows = piece.given.rows
        good = np.ones(len(rows), np.bool_)
        for fact, reading in zip(calibration.facts, piece.world.readings, strict=True):
            good &= reading.holds(calibration.bank.observable(fact.scenario, fact.observable)[rows])
        share += piece.world.weight * float(piece.given.weights @ good)
    return share


def warnings(calibration: Calibration) -> list[str]:
    """What a reader must know before trusting the numbers; empty if nothing."""
    said = []
    if calibration.effective < FEW_DRAWS:
        said.append(
            f"the posterior rests on {calibration.effective:.0f} draws' worth; its tails are rough"
        )
    share = satisfied(calibration)
    if calibration.constant:
        titles = ", ".join(fact.title for fact in calibration.constant)
        said.append(
            f"{len(calibration.constant)} of {len(calibration.facts)} facts teach nothing, as the "
            f"model gives one value whatever its parameters: {titles}"
        )
    if calibration.facts and share < 0.05 and calibration.cannot_give is None:
        said.append(
            f"only {share:.1%} of the nearest simulations give every reported value: the posterior "
            "extrapolates, because the facts together are rare under the model"
        )
    return said


def weighted_quantile(
    values: NDArray[np.float64], weights: NDArray[np.float64], at: list[float]
) -> NDArray[np.float64]:
    """Quantiles of weighted draws [n], between the middles of their weights."""
    order = np.argsort(values, kind="stable")
    middles = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(at, middles / weights.sum(), values[order])


def _row(
    name: str, kind: str, unit: str, prior: str, value: float, error: float, reached: bool
) -> dict[str, object]:
    return {
        "name": name, "kind": kind, "unit": unit, "prior": prior, "contraction": float(value),
        "error": error, "learned": bool(reached and value >= CALLED_PRIOR), "reached": reached,
    }  # fmt: skip


def _quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], value: float
) -> dict[str, float]:
    keys, at = ("q05", "q50", "q95"), [0.05, 0.5, 0.95]
    if value < CALLED_PRIOR:
        return dict.fromkeys(keys, math.nan)
    return dict(zip(keys, map(float, weighted_quantile(values, weights, at)), strict=True))


def _product(
    calibration: Calibration, names: tuple[str, ...], draws: pd.DataFrame, error: float
) -> dict[str, object]:
    bank, weights = calibration.bank, calibration.weights
    columns = [bank.names.index(name) for name in names]
    before = np.prod(
        [bank.priors[bank.names[k]].quantile(bank.unit[:100_000, k]) for k in columns], axis=0
    )
    after = np.prod([draws[name].to_numpy() for name in names], axis=0)
    log = np.log(after)
    value = 1.0 - float(weights @ (log - weights @ log) ** 2) / float(np.var(np.log(before)))
    units = "deaths/h at full contact" if names == PRODUCTS[0] else "-"
    reached = bool(calibration.reached[columns].any())
    row = _row(" * ".join(names), "product", units, "of the two priors", value, error, reached)
    prior = np.quantile(before, [0.05, 0.5, 0.95])
    row |= dict(zip(("prior_q05", "prior_q50", "prior_q95"), map(float, prior), strict=True))
    return row | _quantiles(after, weights, value if reached else 0.0)
