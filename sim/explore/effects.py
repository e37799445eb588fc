"""Effects: how each observable moves along each axis of a sweep, averaged over the other axes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.levels import LEVELS, quantile_row
from sim.ensemble.tables import OBSERVABLE
from sim.explore.axis import Axis
from sim.explore.sweep import Sweep
from sim.scenario.schema import Observable

BINS = 10
"""Bins into which a range, or more levels than twice that, is cut for tables and figures."""


@dataclass(frozen=True)
class Steps:
    """Values along an axis: ``codes`` [rows] number them, -1 for none; ``labels``, ``centres``."""

    codes: NDArray[np.int64]
    labels: list[str]
    centres: NDArray[np.float64]


def observables_of(sweep: Sweep) -> dict[str, Observable]:
    """Observables of all scenarios by id; of the same id, the first scenario's."""
    found: dict[str, Observable] = {}
    for scenario in sweep.scenarios:
        for observable in scenario.observables:
            found.setdefault(observable.id, observable)
    return found


def effects(sweep: Sweep, only: Sequence[str] | None = None) -> pd.DataFrame:
    """One row per axis, step along it and observable.

    Columns: axis, step (words), centre (number, NaN where it is none), observable, points or runs
    behind it, mean, q05 q25 q50 q75 q95, missing (share). With a row per replicate they are over
    all runs of the step; with a row per point, means over its points of their own statistics.
    """
    frames = []
    wanted = list(only) if only is not None else list(observables_of(sweep))
    for name, steps in steps_of(sweep):
        for observable in wanted:
            frames.append(_along(sweep, name, steps, observable))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def steps_of(sweep: Sweep) -> Iterator[tuple[str, Steps]]:
    """Each axis with the step of every row; several scenarios or variants are an axis too."""
    if len(sweep.plan.sources) > 1:
        frame = sweep.frame(["scenario", "variant"])
        names = frame["scenario"].astype(str) + " " + frame["variant"].astype(str)
        if len({source.name for source in sweep.plan.sources}) == 1:
            names = frame["variant"].astype(str)
        codes, labels = pd.factorize(names)
        yield "variant", Steps(codes.astype(np.int64), list(labels), np.full(len(labels), np.nan))
    for axis in sweep.plan.axes:
        column = sweep.frame([axis.path])[axis.path]
        yield axis.path, steps_along(axis, column.to_numpy())


def steps_along(axis: Axis, values: NDArray[Any]) -> Steps:
    """The steps of an axis: its levels, or bins of equal width where they are many."""
    if not axis.is_numeric:
        labels = [str(x) for x in axis.column(np.arange(len(axis.levels), dtype=float))]
        codes = pd.Categorical(values, categories=labels).codes.astype(np.int64)
        return Steps(codes, labels, np.full(len(labels), np.nan))
    numbers = values.astype(np.float64)
    levels = np.unique(numbers[np.isfinite(numbers)])
    if len(levels) <= 2 * BINS:
        codes = np.where(np.isfinite(numbers), np.searchsorted(levels, numbers), -1)
        return Steps(codes, [f"{x:g}" for x in levels], levels)
    edges = np.linspace(levels[0], levels[-1], BINS + 1)
    codes = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, BINS - 1)
    labels = [f"{a:.3g} to {b:.3g}" for a, b in itertools.pairwise(edges)]
    return Steps(codes, labels, (edges[:-1] + edges[1:]) / 2)


def _along(sweep: Sweep, axis: str, steps: Steps, observable: str) -> pd.DataFrame:
    column = OBSERVABLE + observable
    if sweep.plan.per == "replicate":
        values = sweep.frame([column])[column].to_numpy(np.float64)
        rows = [_row(values[steps.codes == i]) for i in range(len(steps.labels))]
    else:
        kept = ["mean", *LEVELS, "missing"]
        frame = sweep.frame([f"{column}.{name}" for name in kept]).set_axis(kept, axis=1)
        rows = []
        for i in range(len(steps.labels)):
            inside = frame[steps.codes == i]
            rows.append({"rows": len(inside)} | inside.mean().to_dict())
    table = pd.DataFrame(rows)
    table.insert(0, "axis", axis)
    table.insert(1, "step", steps.labels)
    table.insert(2, "centre", steps.centres)
    table.insert(3, "observable", observable)
    return table


def _row(values: NDArray[np.float64]) -> dict[str, float]:
    there = values[np.isfinite(values)]
    row: dict[str, float] = {"rows": len(values)}
    if not len(there):
        return row | dict.fromkeys(("mean", *LEVELS), np.nan) | {"missing": 1.0}
    return row | {
        "mean": there.mean(),
        **quantile_row(there),
        "missing": 1 - len(there) / len(values),
    }
