"""A posterior: weighted draws of parameters in a Parquet file, as a calibration leaves them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.inputs import InputError, Problem, nearest
from sim.scenario.parameters import REGISTRY, row_of

WEIGHT = "weight"
LABELS = ("draw",)


@dataclass(frozen=True)
class Posterior:
    """Draws [N x parameters] and their weights [N], which sum to 1.

    A threshold of a leader who is not in a scenario is left unused there, so that a posterior
    fitted on one episode can be carried to another.
    """

    draws: pd.DataFrame
    weights: NDArray[np.float64]
    path: str

    def rows_at(self, u: NDArray[np.float64]) -> NDArray[np.int64]:
        """Row numbers at cumulative weights `u` (in [0, 1)); same shape."""
        edges = np.cumsum(self.weights)
        rows = np.searchsorted(edges, u * edges[-1], side="right")
        last = int(np.flatnonzero(self.weights)[-1])
        return np.minimum(rows, last).astype(np.int64)


def read_posterior(path: str | Path) -> Posterior:
    """A posterior from Parquet: one column per parameter, ``weight`` optional (equal if absent).

    Raises:
        InputError: the file cannot be read, or a column or value is none of the registry's.
    """
    shown = str(path)
    try:
        with open(path, "rb") as file:
            table = pd.read_parquet(file)
    except (OSError, ValueError) as error:  # pyarrow's errors are kinds of these two
        reason = getattr(error, "strerror", None) or "it is not a Parquet file"
        raise InputError(
            [Problem(shown, None, None, f"cannot read the posterior: {reason}")]
        ) from (error)
    problems = [p for column in table.columns for p in _column_problems(shown, table, str(column))]
    if len(table) == 0:
        problems.append(Problem(shown, None, None, "the posterior has no rows"))
    if problems:
        raise InputError(problems)
    if WEIGHT in table:
        weights = table[WEIGHT].to_numpy(np.float64)
    else:
        weights = np.ones(len(table))
    draws = table.drop(columns=[c for c in (WEIGHT, *LABELS) if c in table])
    return Posterior(draws.astype(np.float64), weights / weights.sum(), shown)


def _column_problems(path: str, table: pd.DataFrame, name: str) -> list[Problem]:
    if name in LABELS:
        return []
    values = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
    wrong = ~np.isfinite(values)
    if name == WEIGHT:
        low, high = 0.0, np.inf
        if len(values) and (values == 0).all():
            return [Problem(path, None, None, "the weights sum to zero", "at least one above 0")]
    else:
        try:
            row = row_of(name)
        except KeyError:
            closest = nearest(name, [*REGISTRY, WEIGHT])
            return [Problem(path, None, None, f"unknown column '{name}'", "a parameter", closest)]
        low, high = row.low, row.high
    wrong |= (values < low) | (values > high)
    if not wrong.any():
        return []
    first = int(np.flatnonzero(wrong)[0])
    message = f"column '{name}', row {first}: {table[name].iloc[first]} is out of range"
    return [Problem(path, None, None, message, f"a number from {low:g} to {high:g}")]
