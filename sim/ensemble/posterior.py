"""A posterior: weighted draws of parameters in a Parquet file, as a calibration leaves them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.inputs import InputError, Problem, nearest, odd_kind
from sim.scenario.parameters import REGISTRY, row_of

WEIGHT = "weight"
LABELS = ("draw",)
INDEX = re.compile(r"__index_level_\d+__")


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
    table = _table(shown)
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
    weights = weights / weights.max()  # or weights near the largest number would sum to infinity
    return Posterior(draws.astype(np.float64), weights / weights.sum(), shown)


def _table(path: str) -> pd.DataFrame:
    """The numbers of a Parquet file; what it tells pandas to make of them is not heeded."""
    expected = "a Parquet file of numbers, one column per parameter"
    try:
        kind = odd_kind(path)
        if kind is not None:
            raise InputError([Problem(path, None, None, f"this is a {kind}", expected)])
        # one thread: on broken pages pyarrow's others go on while the error is on its way out
        table = pq.read_table(path, use_threads=False, memory_map=False)
    except (OSError, ValueError, NotImplementedError, KeyError) as error:  # as pyarrow's all are
        reason = getattr(error, "strerror", None) or "it is not a Parquet file"
        message = f"cannot read the posterior: {reason}"
        raise InputError([Problem(path, None, None, message, expected)]) from error
    names = table.column_names
    problems = [
        Problem(path, None, None, f"the column '{name}' stands twice", "each column once")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    problems += [
        Problem(path, None, None, f"the column '{field.name}' holds {field.type}", expected)
        for field in table.schema
        if field.name not in LABELS
        and not INDEX.fullmatch(field.name)
        and not _is_numeric(field.type)
    ]
    if problems:
        raise InputError(problems)
    kept = [name for name in names if name not in LABELS and not INDEX.fullmatch(name)]
    return pd.DataFrame({name: table[name].to_numpy() for name in kept}, index=range(len(table)))


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


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
