"""Indices: Morris' screening and Sobol's shares of variance, with their uncertainty, by SALib."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
