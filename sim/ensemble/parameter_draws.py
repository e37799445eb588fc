"""Parameter draws: from the priors or a posterior, one row per replicate.

The same question has another answer with other parameters, so no answer goes without it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.inputs import InputError, Problem, nearest, odd_kind
from sim.model.compiled import compiled
from sim.model.draws import POSTERIOR, PRIOR, uniform
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import REGISTRY, row_of, vector_names

WEIGHT = "weight"
LABELS = ("draw",)
RULES = "standdown_rules"
"""Key of a posterior file's metadata: the hash of the rules under which it was learned."""
INDEX = re.compile(r"__index_level_\d+__")


@dataclass(frozen=True)
class Posterior:
    """Draws [N x parameters] and their weights [N], which sum to 1.

    A threshold of a leader who is not in a scenario is left unused there, so that a posterior
    fitted on one episode can be carried to another. ``rules`` is the hash of the rules of the
    user's own under which it was learned, None for the model's; it holds under these only.
    """

    draws: pd.DataFrame
    weights: NDArray[np.float64]
    path: str
    rules: str | None = None

    def refuse_other_rules(self, scenario: Scenario) -> None:
        """Raises InputError where the scenario runs under other rules than it was learned under."""
        rules = scenario.rules
        if self.rules == (None if rules is None else rules.hash):
            return
        learned = "the model's own rules" if self.rules is None else f"the rules {self.rules}"
        runs = "the model's own" if rules is None else f"{rules.name} ({rules.hash})"
        message = f"the posterior was learned under {learned}, and this runs under {runs}"
        expected = "one learned under the same rules, or 'prior'"
        raise InputError([Problem(self.path or "posterior", None, None, message, expected)])

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
    table, rules = _table(shown)
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
    return Posterior(draws.astype(np.float64), weights / weights.sum(), shown, rules)


def _table(path: str) -> tuple[pd.DataFrame, str | None]:
    """The numbers of a Parquet file, and under which rules of the user's own they were learned.

    What the file tells pandas to make of them is not heeded.
    """
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
    frame = pd.DataFrame({name: table[name].to_numpy() for name in kept}, index=range(len(table)))
    rules = (table.schema.metadata or {}).get(RULES.encode())
    return frame, None if rules is None else rules.decode("ascii", "replace")


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


ROWS_AT_A_TIME = 65536
"""Rows for which uniform numbers are held at once; moves no number."""


def draw_parameters(
    scenario: Scenario,
    seed: int,
    replicates: Sequence[int] | NDArray[np.int64],
    posterior: Posterior | None = None,
) -> pd.DataFrame:
    """One parameter vector per replicate.

    Each entry is a pure function of (seed, replicate, the parameter's name), so fixing one
    parameter or adding a leader changes no other draw. With a posterior, its free parameters come
    together from one resampled row; what the scenario as run fixes stays fixed.

    Returns:
        [R x NP], columns in the order of `vector_names`, index named ``replicate``.

    Raises:
        InputError: the posterior was learned under other rules than the scenario runs under.
    """
    if posterior is not None:
        posterior.refuse_other_rules(scenario)
    priors = effective_priors(scenario)
    names = vector_names(scenario.leaders)
    numbers = np.asarray(replicates, dtype=np.int64)
    free = [name for name in names if not priors[name].is_fixed]
    entities = np.array([entity_of(name) for name in free], dtype=np.int64)
    values = np.empty((len(numbers), len(names)))
    for position, name in enumerate(names):
        if priors[name].is_fixed:
            values[:, position] = priors[name].mean()
    for start in range(0, len(numbers), ROWS_AT_A_TIME):
        rows = slice(start, start + ROWS_AT_A_TIME)
        u = uniforms(seed, numbers[rows], PRIOR, entities)
        for position, name in enumerate(free):
            values[rows, names.index(name)] = priors[name].quantile(u[:, position])
    if posterior is not None:
        u = uniforms(seed, numbers, POSTERIOR, np.zeros(1, np.int64))
        chosen = posterior.rows_at(u[:, 0])
        for name in free:
            if name in posterior.draws.columns:
                drawn = posterior.draws[name].to_numpy(np.float64)
                values[:, names.index(name)] = drawn[chosen]
    return pd.DataFrame(values, pd.Index(numbers, name="replicate"), names, copy=False)


def as_vectors(parameters: pd.DataFrame) -> NDArray[np.float64]:
    """The frame's numbers as the engine takes them, [R x NP].

    A copy: pandas hands out read-only views, for which the compiler would make another kernel.
    """
    return np.array(parameters.to_numpy(np.float64), order="C", copy=True)


def entity_of(name: str) -> int:
    """The number under which a parameter draws: 32 bits of its name's SHA-256.

    The name and not its position, so that another row in the registry moves no draw.
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def uniforms(
    seed: int, replicates: NDArray[np.int64], mechanism: int, entities: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Uniform numbers of one mechanism, shape [R, N], index 0 of each entity."""
    out = np.empty((len(replicates), len(entities)))
    if out.size:
        _fill(out, seed, replicates, mechanism, entities)
    return out


@compiled
def _fill(out, seed, replicates, mechanism, entities):  # type: ignore[no-untyped-def]
    for r in range(out.shape[0]):
        for n in range(out.shape[1]):
            out[r, n] = uniform(seed, replicates[r], mechanism, entities[n], 0)


def parameters_line(posterior: str | None, why: str = "") -> str:
    """Which parameters were drawn: the scenario's priors, or a posterior, its id and its file.

    Args:
        posterior: path of the file, None for the priors, '' for draws that no file holds.
        why: what chose them, in words.
    """
    if posterior is None:
        return f"parameters: the scenario's priors{f' ({why})' if why else ''}"
    if not posterior:
        return f"parameters: a posterior that no file holds{f' ({why})' if why else ''}"
    where = f"{posterior}, {why}" if why else posterior
    return f"parameters: the posterior {posterior_id(posterior)} ({where})"


def posterior_id(path: str) -> str:
    """The id of the calibration that made a posterior; else the beginning of the file's SHA-256.

    The calibration's manifest stands beside the file, as ``manifest.json`` or under the file's own
    name, and counts only if it describes these very bytes.
    """
    file = Path(path)
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return "of a file that is not there any more"
    for record in (file.with_name("manifest.json"), file.with_suffix(".json")):
        try:
            manifest = json.loads(record.read_text(encoding="utf-8"))
            if manifest["posterior_sha256"] == digest:
                return str(manifest["id"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return f"with SHA-256 {digest[:10]}"
