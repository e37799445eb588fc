"""Folds: which conflicts are held out together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FOLDS = 10


def folds_of(conflicts: pd.Series, count: int = FOLDS) -> NDArray[np.int64]:
    """The fold of every episode, i8[N]: whole conflicts, the largest first, to the emptiest fold.

    Nothing is drawn: the same conflicts give the same folds. There are no more folds than
    conflicts.
    """
    sizes = conflicts.value_counts()
    order = sorted(sizes.index, key=lambda name: (-sizes[name], str(name)))
    load = np.zeros(max(1, min(count, len(order))))
    chosen = {}
    for name in order:
        chosen[name] = int(np.argmin(load))
        load[chosen[name]] += sizes[name]
    return conflicts.map(chosen).to_numpy(np.int64)
