"""The ebb: how far deaths fall by themselves after days that look like an order's eve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.episodes.cutting import ORDER_BEFORE
from sim.episodes.likeness import kernel
from sim.episodes.matching import SPANS
from sim.episodes.model_forecast import SCALE, WIDTH, ModelForecaster, scale_between
from sim.episodes.population import Population
from sim.episodes.row_scores import Difference, by_conflict
from sim.episodes.simulated import WITHOUT


def ebb(
    model: ModelForecaster, population: Population | None = None
) -> dict[str, list[Difference]]:
    """Deaths per day after order-free days over those before, by span: `reported` and `model`.

    exp of the mean difference of logs of 1 + dead per day, as `matching` has it, with 90 %
    intervals by bootstrap over conflicts. The model's are of worlds without an order whose days
    before were like these.

    Args:
        population: weighs the worlds; None: the assumed priors.
    """
    free = model.order_free
    if free is None or not len(free.conflicts):
        return {}
    told, simulated = free.windows, model.simulated("order", WITHOUT)
    index, square = model.near(told, simulated)
    weight = kernel(square, WIDTH)
    if population is not None:
        log = population.log_weights(model.bank.z[simulated.world])[index]
        weight = weight * np.exp(log - log.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    scale = scale_between(told, simulated, index) ** SCALE
    before = told.dead[:, told.span(-ORDER_BEFORE, -1)].sum(axis=1) / ORDER_BEFORE
    out: dict[str, list[Difference]] = {"reported": [], "model": []}

    def relative(logs: NDArray[np.float64]) -> Difference:
        found = by_conflict(logs - np.log1p(before), free.conflicts)
        return Difference(*(float(np.exp(x)) for x in (found.value, found.low, found.high)))

    for first, last in SPANS:
        days = last - first + 1
        own = told.dead[:, told.span(first, last)].sum(axis=1) / days
        theirs = simulated.dead[:, simulated.span(first, last)].sum(axis=1)[index] * scale / days
        out["reported"].append(relative(np.log1p(own).astype(np.float64)))
        out["model"].append(relative((weight * np.log1p(theirs)).sum(axis=1)))
    return out
