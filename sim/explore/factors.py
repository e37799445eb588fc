"""Factors: the uncertain inputs of a sensitivity analysis, each mapped from the unit interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.parameter_draws import Posterior
from sim.explore.axis import Axis
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import row_of, vector_names

Values = NDArray[np.float64]

LOW, HIGH = 0.05, 0.95
"""Shares between which Morris' levels lie: an unbounded prior has no value at 0 or 1."""


@dataclass(frozen=True)
class Factor:
    """One input: its name, its value at a cumulative share, and that in words."""

    name: str
    at: Callable[[Values], Values]
    words: str


def free_factors(scenario: Scenario, posterior: Posterior | None) -> list[Factor]:
    """Every parameter with a prior; with a posterior, its marginals where it has them.

    Variance shares need independent inputs, so what a posterior says of how parameters go
    together is left out: each is drawn from its own marginal.
    """
    found = []
    for name, prior in effective_priors(scenario).items():
        if prior.is_fixed:
            continue
        if posterior is not None and name in posterior.draws:
            found.append(Factor(name, _marginal(posterior, name), "posterior marginal"))
        else:
            found.append(Factor(name, prior.quantile, str(prior)))
    return found


def assumption_factors(scenario: Scenario) -> list[Factor]:
    """Every assumption of the registry that the scenario leaves alone, over its stated range."""
    found = []
    for name in vector_names(scenario.leaders):
        row = row_of(name)
        if row.sensitivity is None or name in scenario.parameters:
            continue
        low, high = row.sensitivity
        found.append(Factor(name, _between(low, high), f"{low:g} to {high:g} {row.unit}"))
    return found


def axes_of(factors: Sequence[Factor], values: Values) -> list[Axis]:
    """The factors as axes of a plan, each from the lowest to the highest of its values."""
    return [
        Axis(factor.name, (), float(values[:, i].min()), float(values[:, i].max()))
        for i, factor in enumerate(factors)
    ]


def mapped(factors: Sequence[Factor], cube: Values) -> Values:
    """Values [N x D] at shares [N x D]."""
    columns = [factor.at(cube[:, i]) for i, factor in enumerate(factors)]
    return np.column_stack(columns) if columns else np.empty((len(cube), 0))


def medians(factors: Sequence[Factor]) -> dict[str, float]:
    """Value of each factor at its middle."""
    return {factor.name: float(factor.at(np.array([0.5]))[0]) for factor in factors}


def _marginal(posterior: Posterior, name: str) -> Callable[[Values], Values]:
    values = posterior.draws[name].to_numpy(np.float64)
    order = np.argsort(values, kind="stable")
    ordered, weights = values[order], posterior.weights[order]
    middles = np.cumsum(weights) - weights / 2

    def at(u: Values) -> Values:
        return np.interp(u, middles, ordered)

    return at


def _between(low: float, high: float) -> Callable[[Values], Values]:
    def at(u: Values) -> Values:
        return low + (high - low) * np.asarray(u)

    return at
