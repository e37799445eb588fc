"""Kernels: in what shape answers to an attack come, compared on attacks with clock times.

Each kernel is a sum of parts, and a part a gamma density of shape one (an exponential) or two (two
stages, one after the other, each with the same mean).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import optimize

from sim.episodes.minutes import background_of

Part = tuple[int, float, float]
"""Shape, and where the search begins: branching ratio, mean delay of a stage in hours."""

KERNELS: dict[str, tuple[tuple[Part, ...], ...]] = {
    "none": ((),),
    "one exponential": (((1, 0.2, 1.0),), ((1, 0.2, 24.0),)),
    "two stages": (((2, 0.2, 0.5),), ((2, 0.2, 24.0),)),
    "two exponentials": (
        ((1, 0.15, 1.0), (1, 0.1, 72.0)),
        ((1, 0.15, 0.3), (1, 0.1, 12.0)),
        ((1, 0.35, 1.2), (1, 0.02, 30.0)),
    ),
    "exponential and two stages": (
        ((1, 0.15, 1.0), (2, 0.1, 36.0)),
        ((1, 0.15, 0.3), (2, 0.1, 6.0)),
        ((1, 0.35, 1.2), (2, 0.02, 15.0)),
    ),
}
"""Each with its starting points; the best end counts."""

REACH = 6.0
"""Natural logs by which a number may move from where its search begins."""


@dataclass(frozen=True)
class KernelFit:
    """Maximum likelihood of one kernel.

    Attributes:
        log_likelihood: natural log, whole series.
        parts: shape, branching ratio, mean delay of a stage in hours, per part.
        free: numbers that were fitted, the base rate among them.
    """

    log_likelihood: float
    parts: tuple[Part, ...]
    free: int

    @property
    def aic(self) -> float:
        """Akaike's criterion: smaller is better."""
        return 2.0 * (self.free - self.log_likelihood)


@njit(cache=True)
def _log_likelihood(  # type: ignore[no-untyped-def]
    times, background, base, shapes, ratios, delays
):
    """Of event times [N] in hours with `background` [N] (mean 1 over time) and K parts."""
    kinds = len(ratios)
    near, far = np.zeros(kinds), np.zeros(kinds)  # sums of exp(-t / delay), and of t times that
    total, before, end = 0.0, times[0], times[-1]
    for i in range(len(times)):
        gap = times[i] - before
        rate = base * background[i]
        for k in range(kinds):
            left = np.exp(-gap / delays[k])
            far[k] = (far[k] + gap * near[k]) * left
            near[k] *= left
            if shapes[k] == 1:
                rate += ratios[k] / delays[k] * near[k]
            else:
                rate += ratios[k] / delays[k] ** 2 * far[k]
            near[k] += 1.0
        total += np.log(max(rate, 1e-300))
        before = times[i]
    total -= base * (end - times[0])
    for k in range(kinds):
        for i in range(len(times)):
            x = (end - times[i]) / delays[k]
            left = np.exp(-x) * (1.0 + x) if shapes[k] == 2 else np.exp(-x)
            total -= ratios[k] * (1.0 - left)
    return total


def fit_kernel(hours: NDArray[np.float64], starts: Sequence[Sequence[Part]]) -> KernelFit:
    """The best of the fits from all starting points, which have the same shapes.

    Base rate as in `two_scales`: constant times the hour-of-day curve times the slow tide.
    """
    times, background = background_of(hours)
    rate = len(times) / (times[-1] - times[0])
    fits = [_fit_from(times, background, rate, start) for start in starts]
    return max(fits, key=lambda fit: fit.log_likelihood)


def _fit_from(
    times: NDArray[np.float64], background: NDArray[np.float64], rate: float, start: Sequence[Part]
) -> KernelFit:
    shapes = np.array([shape for shape, _, _ in start], dtype=np.int64)

    def cost(x: NDArray[np.float64]) -> float:
        base, ratios, delays = np.exp(x[0]), np.exp(x[1::2]), np.exp(x[2::2])
        return -float(_log_likelihood(times, background, base, shapes, ratios, delays))

    free = max(0.1, 1.0 - sum(ratio for _, ratio, _ in start))
    x0 = np.log([rate * free, *(number for part in start for number in part[1:])])
    bounds = [(value - REACH, value + REACH) for value in x0]
    found = optimize.minimize(cost, x0, method="L-BFGS-B", bounds=bounds)
    numbers = np.exp(found.x)
    parts = tuple(
        (int(shape), float(ratio), float(delay))
        for shape, ratio, delay in zip(shapes, numbers[1::2], numbers[2::2], strict=True)
    )
    return KernelFit(-float(found.fun), parts, len(x0))
