"""Indices of sensitivity: the inputs that are varied, and the shares of variance they explain."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.parameter_draws import Posterior
from sim.explore.axis import Axis
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import is_off, row_of, vector_names

Values = NDArray[np.float64]

LEVELS = 4
CONFIDENCE = 0.95
RESAMPLES = 200
MOST_FILLED = 0.2
"""Share of points without a value above which an output is not analysed."""


def morris_cube(dimensions: int, trajectories: int, seed: int, low: float, high: float) -> Values:
    """Shares [trajectories * (D + 1) x D] at which to run for Morris' screening."""
    from SALib.sample import morris

    problem = _problem([str(i) for i in range(dimensions)], low, high)
    return np.asarray(
        morris.sample(problem, trajectories, num_levels=LEVELS, seed=_seed(seed)), np.float64
    )


def morris_indices(
    names: Sequence[str], cube: Values, y: Values, seed: int, low: float, high: float
) -> pd.DataFrame:
    """Per factor ``mu_star`` (mean size of the effect of going through the whole range), its
    ``confidence`` (half width of the 95 % interval), ``mu`` (signed) and ``sigma`` (how much the
    effect depends on where the others stand), in units of the output ``y`` [N].
    """
    from SALib.analyze import morris

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = morris.analyze(
            _problem(names, low, high), cube, y, num_levels=LEVELS, conf_level=CONFIDENCE,
            num_resamples=RESAMPLES, seed=_seed(seed),
        )  # fmt: skip
    return pd.DataFrame(
        {
            "factor": list(names),
            "mu_star": np.asarray(found["mu_star"], float),
            "confidence": np.asarray(found["mu_star_conf"], float),
            "mu": np.asarray(found["mu"], float),
            "sigma": np.asarray(found["sigma"], float),
        }
    )


def sobol_cube(dimensions: int, base: int, seed: int) -> Values:
    """Shares [base * (D + 2) x D] at which to run for first and total order indices."""
    from SALib.sample import sobol

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cube = sobol.sample(
            _problem([str(i) for i in range(dimensions)], 0.0, 1.0), base,
            calc_second_order=False, scramble=True, seed=_seed(seed),
        )  # fmt: skip
    return np.asarray(cube, np.float64)


def sobol_indices(names: Sequence[str], y: Values, seed: int) -> pd.DataFrame:
    """Per factor ``first`` (share of the variance of ``y`` that it explains by itself) and
    ``total`` (with everything it takes part in), each with ``_low`` and ``_high`` at 95 %.
    """
    from SALib.analyze import sobol

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = sobol.analyze(
            _problem(names, 0.0, 1.0), y, calc_second_order=False, conf_level=CONFIDENCE,
            num_resamples=RESAMPLES, seed=_seed(seed),
        )  # fmt: skip
    table: dict[str, Any] = {"factor": list(names)}
    for name, key in (("first", "S1"), ("total", "ST")):
        value, half = (np.asarray(found[k], float) for k in (key, f"{key}_conf"))
        table |= {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
    return pd.DataFrame(table)


def filled(y: Values) -> tuple[Values, float]:
    """An output without gaps, and the share of points that had none.

    A conditional mean does not exist where the thing never happened; such points get the mean of
    the others, which takes away variance and never adds any.
    """
    gaps = np.isnan(y)
    share = float(gaps.mean())
    if share in (0.0, 1.0):
        return y, share
    return np.where(gaps, np.nanmean(y), y), share


def _problem(names: Sequence[str], low: float, high: float) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[low, high]] * len(names)}


def _seed(seed: int) -> int:
    return int(np.random.SeedSequence(seed).generate_state(1)[0])


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
    """Every assumption of the registry that the scenario leaves alone, over its stated range.

    A mechanism that is off in the scenario stays out, with all its numbers: switching it on makes
    another model, and is no question of how far an assumption reaches.
    """
    found = []
    priors = effective_priors(scenario)
    for name in vector_names(scenario.leaders):
        row = row_of(name)
        switch = row.needs or name
        off = priors[switch].is_fixed and is_off(switch, priors[switch].mean())
        if row.sensitivity is None or name in scenario.parameters or off:
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
