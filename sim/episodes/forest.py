"""A forest: extra trees on the features; the outcomes in an episode's leaves are its forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

TREES = 200
FEWEST = 5
"""Episodes in a leaf. Not tuned."""

GROWERS = {
    "extra": lambda seed, trees: ExtraTreesRegressor(
        trees, min_samples_leaf=FEWEST, max_features=1.0, random_state=seed
    ),
    "random": lambda seed, trees: RandomForestRegressor(
        trees, min_samples_leaf=FEWEST + 3, max_features=0.33, random_state=seed
    ),
}
"""Extra trees cut at random places, a random forest (Breiman 2001) at the best."""


def leaf_weights(
    test: pd.DataFrame,
    train: pd.DataFrame,
    target: NDArray[np.float64],
    seed: int,
    grower: str = "extra",
    trees: int = TREES,
) -> NDArray[np.float64]:
    """How much each training episode counts for each test episode, f8[N, M], rows of sum 1.

    The mean over trees of 1 / leaf size where the two share a leaf: the weights of a quantile
    regression forest (Meinshausen 2006).

    Args:
        target: what the trees are grown on, f8[M].
    """
    forest = GROWERS[grower](seed, trees).fit(train.to_numpy(), target)
    own, theirs = forest.apply(test.to_numpy()), forest.apply(train.to_numpy())
    weights = np.zeros((len(test), len(train)))
    for tree in range(own.shape[1]):
        shared = own[:, tree][:, None] == theirs[:, tree][None, :]
        weights += shared / shared.sum(axis=1, keepdims=True)
    return weights / own.shape[1]
