"""A stack: a mixture of forecasts whose weights make its CRPS smallest where outcomes are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from sim.episodes.forecast import Forecast

STEPS = 60
"""Quantiles of a forecast by which two are compared."""

EVEN = 0.1
"""Penalty on the squared distance of the weights from even ones, in units of the CRPS: where two
parts are equally good, each gets half. Some forty conflicts, a fifth of the orders in one of them,
say little about weights, and even weights are hard to beat (Smith and Wallis 2009). Assumption;
docs/episodes.md says what less of it gives."""


def learn_weights(
    forecasts: Sequence[Forecast], observed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights f8[K], none below 0, of sum 1, that make the mixture's mean CRPS smallest.

    Of log(1 + dead). The CRPS of a mixture is quadratic in its weights w: sum_k w_k E|X_k - y| -
    1/2 sum_kl w_k w_l E|X_k - X_l|, and convex on weights of sum 1, so its minimum is found and
    not searched for.

    Args:
        observed: dead, f8[N].
    """
    count = len(forecasts)
    if count == 1:
        return np.ones(1)
    x = np.stack([_quantiles(np.log1p(one.total)) for one in forecasts])
    y = np.log1p(observed)
    miss = np.abs(x - y[None, :, None]).mean(axis=(1, 2))
    apart = np.empty((count, count))
    for k in range(count):
        for other in range(k, count):
            apart[k, other] = apart[other, k] = np.mean(
                [
                    np.abs(a[:, None] - b[None, :]).mean()
                    for a, b in zip(x[k], x[other], strict=True)
                ]
            )
    even = np.full(count, 1.0 / count)

    def cost(w: NDArray[np.float64]) -> float:
        return float(w @ miss - 0.5 * w @ apart @ w + EVEN * np.sum((w - even) ** 2))

    def slope(w: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(miss - apart @ w + 2 * EVEN * (w - even))

    found: Any = optimize.minimize(  # type: ignore[call-overload]
        cost,
        even,
        jac=slope,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * count,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": np.ones_like},
    )
    weights = np.clip(found.x, 0.0, None)
    return np.asarray(weights / weights.sum())


def _quantiles(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws [N, S] as `STEPS` quantiles [N, STEPS]."""
    at = ((np.arange(STEPS) + 0.5) / STEPS * draws.shape[1]).astype(int)
    return np.asarray(np.sort(draws, axis=1)[:, at])


def mixed(
    name: str,
    forecasts: Sequence[Forecast],
    weights: NDArray[np.float64],
    rng: np.random.Generator,
) -> Forecast:
    """The mixture's draws: of each part as many as its weight says, evenly over its totals.

    Shares of a draw that are left over go to the largest remainders. Parts that say nothing of
    places or sides leave these NaN in their draws.
    """
    draws = forecasts[0].paths.shape[1]
    exact = weights * draws
    counts = np.floor(exact).astype(int)
    for k in np.argsort(counts - exact)[: draws - counts.sum()]:
        counts[k] += 1
    rows = np.arange(len(forecasts[0].paths))[:, None]
    paths, places, sides = [], [], []
    for one, count in zip(forecasts, counts, strict=True):
        if not count:
            continue
        own = one.paths.shape[1]
        order = np.argsort(one.total + rng.random(one.paths.shape[:2]) * 1e-6, axis=1)
        at = ((np.arange(count) + rng.random((len(rows), 1))) / count * own).astype(int)
        index = np.take_along_axis(order, at, axis=1)
        paths.append(one.paths[rows, index])
        blank = np.full(index.shape, np.nan)
        places.append(blank if one.places is None else one.places[rows, index])
        sides.append(
            np.repeat(blank[:, :, None], 3, axis=2) if one.sides is None else one.sides[rows, index]
        )
    return Forecast(
        name,
        np.concatenate(paths, axis=1),
        forecasts[0].days,
        np.concatenate(places, axis=1),
        np.concatenate(sides, axis=1),
    )
