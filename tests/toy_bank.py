"""Banks made by hand: prior draws and observables whose posterior can be worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from made_up import changed, two_factions

from sim.calibrate import Bank
from sim.scenario.priors import Prior, gamma, uniform

PRIORS = {"deaths_per_clash": gamma(2.0, 3.0), "compliance": uniform(0.3, 1.0)}
"""A rate to be learned, and a parameter that touches nothing."""


def count_of_dead(reported: dict[str, Any], name: str = "dead") -> dict[str, Any]:
    """An observable with a total of dead as reported."""
    return {
        "id": name, "title": name, "measure": "dead", "statistic": "total", "places": ["upper"],
        "reported": reported, "role": "calibrate",
    }  # fmt: skip


def poisson_bank(
    observables: list[dict[str, Any]],
    rows: int = 60_000,
    seed: int = 3,
    priors: dict[str, Prior] | None = None,
    value: Callable[[np.random.Generator, np.ndarray], np.ndarray] | None = None,
) -> Bank:
    """A bank in which every observable is a Poisson count at the first parameter's rate."""
    generator = np.random.default_rng(seed)
    priors = priors or PRIORS
    unit = generator.random((rows, len(priors)))
    rate = next(iter(priors.values())).quantile(unit[:, 0])
    draw = value or (lambda g, r: g.poisson(r).astype(float))
    values = np.stack([draw(generator, rate) for _ in observables], axis=1)
    scenario = changed(two_factions(), observables=observables)
    return Bank(priors, unit, {scenario.name: values}, {scenario.name: scenario}, seed)
