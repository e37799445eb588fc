"""Cross-validation: every episode forecast from other conflicts, the stack's weights nested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel
from sim.episodes.features import UNKNOWN, features
from sim.episodes.folds import FOLDS, folds_of
from sim.episodes.forecast import Forecast, assembled
from sim.episodes.forecasters import FAMILIES, LEARNING, ONE_OUT, STACKED, Family, Known
from sim.episodes.stack import learn_weights, mixed
from sim.episodes.task import Task

STACK = "stack"
INNER_FOLDS = 3
INNER_TREES = 40
"""Weights need less than forecasts do: what is compared is a mean over hundreds of episodes."""


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of the same episodes.

    Attributes:
        task: what was forecast.
        panel: the episodes, [N].
        by_name: forecasts by forecaster.
        weights: the stack's weights, one row per fold, one column per part.
    """

    task: Task
    panel: DayPanel
    by_name: dict[str, Forecast]
    weights: pd.DataFrame

    @property
    def observed(self) -> NDArray[np.float64]:
        """Dead in the days of the task, f8[N]."""
        return self.task.outcome(self.panel)


def known_of(panel: DayPanel, task: Task, orders: pd.DataFrame | None) -> Known:
    """The episodes that are scored, with features that see the dyad's whole past in the library."""
    chosen = task.scored(panel)
    table = features(panel, task, orders)
    return Known(panel.chosen(chosen), table[chosen].reset_index(drop=True))


def cross_validate(
    known: Known,
    task: Task,
    seed: int = 1,
    families: Sequence[Family] = FAMILIES,
    learning: Sequence[Family] = LEARNING,
    extra: Mapping[str, Forecast] | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Forecasts:
    """Forecast every episode from conflicts other than its own.

    For the stack each fold's weights are learned on the other folds alone: these are divided again
    by conflict, every part forecasts each division from the rest, and the weights that would have
    been best are taken.

    Args:
        extra: draws that were made elsewhere without the episode's own conflict, by name; they are
            scored and stacked like the others.
    """
    extra = dict(extra or {})
    fold = folds_of(known.panel.table["conflict"], FOLDS)
    parts: dict[str, list[tuple[NDArray[np.int64], Forecast]]] = {}
    weights = []
    for number in range(int(fold.max()) + 1):
        told(f"{task.kind}: fold {number + 1} of {int(fold.max()) + 1}")
        rng = np.random.default_rng([seed, number])
        inside, rows = fold != number, np.nonzero(fold == number)[0]
        train, test = known.chosen(inside), known.chosen(~inside)
        drawn = _all(families, test, train, task, rng, known)
        drawn |= {name: one.chosen(rows) for name, one in extra.items()}
        inner = _inner(train, task, rng, learning)
        inner |= {name: one.chosen(inside) for name, one in extra.items()}
        names = list(inner)
        weight = learn_weights(list(inner.values()), task.outcome(train.panel))
        weights.append(weight)
        drawn[STACK] = mixed(STACK, [drawn[name] for name in names], weight, rng)
        for name, one in drawn.items():
            parts.setdefault(name, []).append((rows, one))
    whole = {name: assembled(name, pieces, len(known.panel)) for name, pieces in parts.items()}
    return Forecasts(task, known.panel, whole, pd.DataFrame(weights, columns=names))


def forecast_new(
    new: Known,
    known: Known,
    task: Task,
    seed: int = 1,
    families: Sequence[Family] = FAMILIES,
    learning: Sequence[Family] = LEARNING,
    extra: Mapping[str, Forecast] | None = None,
) -> Forecasts:
    """Forecast episodes that are not in the library; conflicts that are in both are no donors.

    The weights are learned on the library, divided by conflict.

    Args:
        extra: draws that were made elsewhere; scored, but not stacked, since nothing says how they
            do on the library.
    """
    rng = np.random.default_rng([seed, 99])
    theirs = known.panel.table["conflict"].isin(new.panel.table["conflict"])
    train = known.chosen(~theirs.to_numpy())
    # what a table without orders cannot tell must not part the training episodes either
    told = [name for name in new.features if not (new.features[name] == UNKNOWN).all()]
    new = replace(new, features=new.features[told])
    train = replace(train, features=train.features[told])
    drawn = _all(families, new, train, task, rng, train)
    inner = _inner(train, task, rng, learning)
    weight = learn_weights(list(inner.values()), task.outcome(train.panel))
    drawn[STACK] = mixed(STACK, [drawn[name] for name in inner], weight, rng)
    drawn |= dict(extra or {})
    return Forecasts(task, new.panel, drawn, pd.DataFrame([weight], columns=list(inner)))


def _inner(
    train: Known, task: Task, rng: np.random.Generator, families: Sequence[Family]
) -> dict[str, Forecast]:
    """Each training episode forecast from other training conflicts."""
    fold = folds_of(train.panel.table["conflict"], INNER_FOLDS)
    parts: dict[str, list[tuple[NDArray[np.int64], Forecast]]] = {}
    for number in range(int(fold.max()) + 1):
        rest = replace(train.chosen(fold != number), trees=INNER_TREES)
        held = train.chosen(fold == number)
        rows = np.nonzero(fold == number)[0]
        for name, drawn in _all(families, held, rest, task, rng, train).items():
            parts.setdefault(name, []).append((rows, drawn))
    return {
        name: assembled(name, pieces, len(train.panel))
        for name, pieces in parts.items()
        if name in STACKED
    }


def _all(
    families: Sequence[Family],
    test: Known,
    train: Known,
    task: Task,
    rng: np.random.Generator,
    everything: Known,
) -> dict[str, Forecast]:
    """Forecasts of all families by name; those of `ONE_OUT` conflict by conflict.

    Args:
        everything: where the donors of `ONE_OUT` come from; the own conflict is left out.
    """
    out: dict[str, Forecast] = {}
    for family in families:
        if family not in ONE_OUT:
            out |= {one.name: one for one in family(test, train, task, rng)}
            continue
        conflicts = test.panel.table["conflict"]
        parts: dict[str, list[tuple[NDArray[np.int64], Forecast]]] = {}
        for conflict in sorted(conflicts.unique()):
            rows = (conflicts == conflict).to_numpy()
            others = (everything.panel.table["conflict"] != conflict).to_numpy()
            for one in family(test.chosen(rows), everything.chosen(others), task, rng):
                parts.setdefault(one.name, []).append((np.nonzero(rows)[0], one))
        out |= {name: assembled(name, pieces, len(test.panel)) for name, pieces in parts.items()}
    return out
