"""A kernel: how the answers to one event are spread over the time after it, bin by bin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KERNELS = ("exponential", "two_stage")
"""`exponential` has one stage; `two_stage` (Erlang-2) is the reprisal rule of the model."""

STAGES = {"exponential": 1, "two_stage": 2}


def share_per_bin(kernel: str, delay_h: float, step_h: float, bins: int) -> NDArray[np.float64]:
    """Share of an event's answers that fall k bins later, f8[bins]; k = 0 is its own bin.

    Events are spread evenly over their bin, since a bin is all that is known of their time. The
    shares sum to at most 1; what is missing comes after the last bin.

    Args:
        delay_h: mean of each stage in hours; the mean delay is this times the stages.
        step_h: length of a bin in hours.

    Raises:
        KeyError: an unknown kernel.
    """
    STAGES[kernel]
    edges = np.arange(bins + 1, dtype=np.float64) * step_h
    y = edges / delay_h
    if kernel == "exponential":
        left = delay_h * (1.0 - np.exp(-y))
    else:
        left = 2.0 * delay_h - np.exp(-y) * (2.0 * delay_h + edges)
    # `left` is the integral of the survival function, and its second difference the double
    # integral of the density over two bins: without the large linear term nothing cancels.
    shares = np.empty(bins)
    shares[0] = 1.0 - left[1] / step_h
    shares[1:] = -(left[2:] - 2.0 * left[1:-1] + left[:-2]) / step_h
    return np.clip(shares, 0.0, 1.0)


def survival(kernel: str, delay_h: float, age_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of an event's answers that are still to come at each age in hours, f8 like `age_h`."""
    y = np.asarray(age_h, dtype=np.float64) / delay_h
    stages = 1.0 if STAGES[kernel] == 1 else 1.0 + y
    return np.asarray(np.exp(-y) * stages)


def draw_delays(
    kernel: str, delay_h: float, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Delays of `count` answers in hours, f8[count]."""
    return rng.gamma(STAGES[kernel], delay_h, count)
