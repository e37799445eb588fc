"""Forecasters: every rule that turns what is known of an episode into draws, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.features import known_dead
from sim.episodes.forecast import DRAWS, Forecast, from_donors, horizon
from sim.episodes.forest import TREES, leaf_weights
from sim.episodes.neighbours import ADDED, nearest_weights, scale_of
from sim.episodes.own_dyad import own_dyad
from sim.episodes.task import Task


@dataclass(frozen=True)
class Known:
    """Episodes with what is known of each when its forecast is made.

    Attributes:
        panel: the episodes.
        features: of `features`, one row each.
        trees: how many trees are grown on them.
    """

    panel: DayPanel
    features: pd.DataFrame
    trees: int = TREES

    def chosen(self, rows: NDArray[np.bool_]) -> Known:
        """Some of the episodes."""
        table = self.features[rows].reset_index(drop=True)
        return Known(self.panel.chosen(rows), table, self.trees)


Family = Callable[[Known, Known, Task, np.random.Generator], list[Forecast]]
"""(episodes to forecast, episodes with known outcomes, task, random numbers) to forecasts that
share their work, each with its name."""

RATE_DAYS = {"order": (-14, -1), "burst": (0, 6), "local": (0, 6)}
"""Days whose mean rate goes on: before an order, a burst's first week."""

CLUMPING = 0.25
"""Shape of the gamma that multiplies the last rate: sd of the multiplier 2. Assumption."""


def nothing(test: Known, train: Known, task: Task, rng: np.random.Generator) -> list[Forecast]:
    """No death after what is known."""
    shape = (len(test.panel), DRAWS, horizon(test.panel, task))
    places, sides = np.zeros(shape[:2]), np.zeros((*shape[:2], 3))
    return [Forecast("nothing", np.zeros(shape), task.days, places, sides)]


def last_rate(test: Known, train: Known, task: Task, rng: np.random.Generator) -> list[Forecast]:
    """Poisson at the last rate, and the same times a gamma of mean 1 (negative binomial)."""
    first, last = RATE_DAYS[task.kind]
    rate = test.panel.total(first, last) / (last - first + 1)
    shape = (len(test.panel), DRAWS, horizon(test.panel, task))
    clumped = rate[:, None] * rng.gamma(CLUMPING, 1 / CLUMPING, shape[:2])
    return [
        Forecast(name, rng.poisson(level[:, :, None], shape).astype(float), task.days)
        for name, level in (
            ("last rate", np.broadcast_to(rate[:, None], shape[:2])),
            ("last rate, clumped", clumped),
        )
    ]


def climatology(test: Known, train: Known, task: Task, rng: np.random.Generator) -> list[Forecast]:
    """What followed all other episodes, whatever the days before."""
    weights = np.ones((len(test.panel), len(train.panel)))
    return [from_donors("all other outcomes", task, train.panel, weights, None, rng)]


def hawkes(test: Known, train: Known, task: Task, rng: np.random.Generator) -> list[Forecast]:
    """A self-exciting process on the episode's own days."""
    return [own_dyad(test.panel, task, DRAWS, rng)]


def neighbours(test: Known, train: Known, task: Task, rng: np.random.Generator) -> list[Forecast]:
    """What followed the 60 nearest episodes; and that times how many more died here before."""
    weights = nearest_weights(test.panel, train.panel, task)
    scale = scale_of(test.panel, train.panel, task)
    return [
        from_donors("60 nearest", task, train.panel, weights, None, rng),
        from_donors("60 nearest, scaled", task, train.panel, weights, scale, rng),
    ]


def extra_trees(test: Known, train: Known, task: Task, rng: np.random.Generator) -> list[Forecast]:
    """Outcomes in the leaves of extra trees grown on log(1 + dead); and these scaled."""
    target = np.log1p(task.outcome(train.panel))
    weights = _leaves(test, train, target, rng, "extra")
    scale = scale_of(test.panel, train.panel, task)
    return [
        from_donors("forest", task, train.panel, weights, None, rng),
        from_donors("forest, scaled", task, train.panel, weights, scale, rng),
    ]


def random_forest(
    test: Known, train: Known, task: Task, rng: np.random.Generator
) -> list[Forecast]:
    """A quantile regression forest; and its leaves scaled to the days before."""
    target = np.log1p(task.outcome(train.panel))
    weights = _leaves(test, train, target, rng, "random")
    scale = scale_of(test.panel, train.panel, task)
    return [
        from_donors("random forest", task, train.panel, weights, None, rng),
        from_donors("random forest, scaled", task, train.panel, weights, scale, rng),
    ]


SHRINK = 0.5
"""Power of the days before by which a ratio forest divides its outcomes. Assumption."""


def ratio_forest(test: Known, train: Known, task: Task, rng: np.random.Generator) -> list[Forecast]:
    """A random forest grown on outcomes over the square root of the dead before, scaled alike."""
    before = [np.log(known_dead(known.panel, task) + ADDED) for known in (test, train)]
    target = np.log1p(task.outcome(train.panel)) - SHRINK * before[1]
    weights = _leaves(test, train, target, rng, "random")
    scale = np.exp(SHRINK * (before[0][:, None] - before[1][None, :]))
    return [from_donors("forest on ratios", task, train.panel, weights, scale, rng)]


def _leaves(
    test: Known, train: Known, target: NDArray[np.float64], rng: np.random.Generator, grower: str
) -> NDArray[np.float64]:
    seed = int(rng.integers(2**31))
    return leaf_weights(test.features, train.features, target, seed, grower, train.trees)


FAMILIES: tuple[Family, ...] = (
    nothing,
    last_rate,
    hawkes,
    climatology,
    neighbours,
    extra_trees,
    random_forest,
    ratio_forest,
)
LEARNING: tuple[Family, ...] = (neighbours, extra_trees, random_forest, ratio_forest)
"""Families that bring parts of the stack."""

STACKED = (
    "model, assumed priors",
    "forest around the model",
    "60 nearest, scaled",
    "forest",
    "forest, scaled",
    "random forest, scaled",
    "forest on ratios",
)
"""Parts of the stack. Of those that cannot reach beyond the dead of their donors only the plain
forest is one: a conflict with more dead than any other is not between the others."""

ONE_OUT: tuple[Family, ...] = (climatology, neighbours)
"""Families that learn nothing and cost nothing: their donors are *all* episodes of other
conflicts, as in the published scores, and not only those of the other folds."""

BASELINES = (
    "nothing",
    "last rate",
    "last rate, clumped",
    "own-dyad Hawkes",
    "all other outcomes",
    "60 nearest",
    "60 nearest, scaled",
    "forest",
)
"""What any forecast has to be better than."""
