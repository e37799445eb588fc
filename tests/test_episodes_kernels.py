"""The shape in which answers come is found again in series where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from docs.remaking import kernels
from sim.episodes.kernels import KERNELS, fit_kernel


def answered(shape: int, delay_h: float, seed: int) -> np.ndarray:
    """4,000 attacks over 1,000 days, four in ten of them answered once after a gamma delay."""
    rng = np.random.default_rng(seed)
    first = np.sort(rng.random(4000) * 24 * 1000)
    asked = first[rng.random(len(first)) < 0.4]
    return np.sort(np.concatenate([first, asked + rng.gamma(shape, delay_h, len(asked))]))


@pytest.mark.parametrize(
    ("shape", "better", "worse"),
    [(1, "one exponential", "two stages"), (2, "two stages", "one exponential")],
)
def test_the_shape_in_which_answers_came_fits_best(shape: int, better: str, worse: str) -> None:
    hours = answered(shape, 1.0, seed=shape)
    right, wrong = (fit_kernel(hours, KERNELS[name]) for name in (better, worse))
    assert right.aic < wrong.aic - 10
    (found,) = right.parts
    assert found[0] == shape
    assert found[1] == pytest.approx(0.4 / 1.4, abs=0.12)  # answers per attack, answers included
    assert found[2] == pytest.approx(1.0, rel=0.35)


def test_without_answers_none_of_the_kernels_gains_anything() -> None:
    hours = np.sort(np.random.default_rng(3).random(3000) * 24 * 1000)
    none = fit_kernel(hours, KERNELS["none"])
    for name in ("one exponential", "two stages"):
        assert fit_kernel(hours, KERNELS[name]).aic > none.aic - 6


def test_on_reported_attacks_two_stages_alone_lose_and_a_fast_part_survives() -> None:
    towns = kernels.read()["towns"]
    assert len(towns) >= 10
    lost = 0
    for town in towns.values():
        aic = {name: fit["aic"] for name, fit in town["kernels"].items()}
        lost += aic["two stages"] > aic["one exponential"]
        assert aic["exponential and two stages"] < aic["none"]
    assert lost >= len(towns) - 1
