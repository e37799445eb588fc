"""A prior: the distribution from which a parameter is drawn when nothing fixes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FAMILIES = ("fixed", "uniform", "log_uniform", "scaled_beta", "gamma")


@dataclass(frozen=True)
class Prior:
    """A named family with its arguments.

    ``fixed`` (value), ``uniform`` and ``log_uniform`` (low, high), ``scaled_beta`` (scale, a, b:
    scale times a Beta(a, b)), ``gamma`` (shape, scale).
    """

    family: str
    arguments: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"unknown prior family {self.family!r}")

    @property
    def is_fixed(self) -> bool:
        return self.family == "fixed"

    def quantile(self, u: ArrayLike) -> NDArray[np.float64]:
        """The value at cumulative probability ``u`` (any shape, in [0, 1)); same shape back."""
        u = np.asarray(u, dtype=np.float64)
        a = self.arguments
        if self.family == "fixed":
            return np.full(u.shape, a[0])
        if self.family == "uniform":
            return a[0] + (a[1] - a[0]) * u
        if self.family == "log_uniform":
            return np.exp(np.log(a[0]) + (np.log(a[1]) - np.log(a[0])) * u)
        from scipy import special  # loaded for what is drawn: checking a file does not need it

        if self.family == "scaled_beta":
            return np.asarray(special.betaincinv(a[1], a[2], u) * a[0], dtype=np.float64)
        return np.asarray(special.gammaincinv(a[0], u) * a[1], dtype=np.float64)

    def cumulative(self, x: ArrayLike) -> NDArray[np.float64]:
        """The cumulative probability of ``x`` (any shape, same shape back); NaN where fixed."""
        x = np.asarray(x, dtype=np.float64)
        if self.family == "fixed":
            return np.full(x.shape, np.nan)
        return np.asarray(self._frozen().cdf(x), dtype=np.float64)

    def _frozen(self) -> Any:
        from scipy import stats  # takes longer to load than a scenario takes to be checked

        a = self.arguments
        if self.family == "uniform":
            return stats.uniform(a[0], a[1] - a[0])
        if self.family == "log_uniform":
            return stats.loguniform(a[0], a[1])
        if self.family == "scaled_beta":
            return stats.beta(a[1], a[2], scale=a[0])
        return stats.gamma(a[0], scale=a[1])

    def mean(self) -> float:
        return self.arguments[0] if self.is_fixed else float(self._frozen().mean())

    def variance(self) -> float:
        return 0.0 if self.is_fixed else float(self._frozen().var())

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value with any density."""
        a = self.arguments
        if self.family in ("uniform", "log_uniform"):
            return float(a[0]), float(a[1])
        if self.is_fixed:
            return a[0], a[0]
        return 0.0, float(a[0]) if self.family == "scaled_beta" else math.inf

    def __str__(self) -> str:
        a = [f"{value:g}" for value in self.arguments]
        if self.family == "fixed":
            return a[0]
        if self.family == "uniform":
            return f"uniform {a[0]} to {a[1]}"
        if self.family == "log_uniform":
            return f"log-uniform {a[0]} to {a[1]}"
        if self.family == "scaled_beta":
            return f"{a[0]} * Beta({a[1]}, {a[2]})"
        return f"Gamma({a[0]}, scale {a[1]})"


def fixed(value: float) -> Prior:
    return Prior("fixed", (float(value),))


def uniform(low: float, high: float) -> Prior:
    return Prior("uniform", (low, high))


def log_uniform(low: float, high: float) -> Prior:
    return Prior("log_uniform", (low, high))


def scaled_beta(scale: float, a: float, b: float) -> Prior:
    return Prior("scaled_beta", (scale, a, b))


def gamma(shape: float, scale: float) -> Prior:
    return Prior("gamma", (shape, scale))
