"""A design: the points of a sweep, as a grid, Latin hypercube, Sobol sequence or list."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.explore.axis import Axis, is_number, levels_axis
from sim.inputs import InputError, Problem, nearest, odd_kind
from sim.inputs.reader import read_value
from sim.inputs.spreadsheet import unescaped

DESIGNS = ("grid", "lhs", "sobol", "file")
SOURCE_COLUMNS = ("scenario", "variant")
MOST_POINTS = 5_000_000

Codes = NDArray[np.float64]
"""Points [N x axes]: the value itself on a range, the number of the level on an axis of levels."""


def design_points(
    axes: Sequence[Axis], design: str, count: int | None, seed: int
) -> tuple[list[Axis], Codes]:
    """Axes and points of a grid (count None), or of `count` points of ``lhs`` or ``sobol``.

    Structure varies slowest, so that neighbours share a world.

    Raises:
        InputError: axes and design do not fit together.
    """
    axes = sorted(axes, key=lambda axis: axis.is_parameter)
    problems = _misfits(axes, design, count)
    if problems:
        raise InputError(problems)
    if design == "grid":
        shape = [len(axis.levels) for axis in axes]
        # without axes there is one point, so -1 could not be worked out
        points = np.indices(shape, dtype=np.float64).reshape(len(axes), math.prod(shape))
        return axes, points.T.copy()
    assert count is not None
    cube = unit_cube(len(axes), design, count, seed)
    return axes, np.column_stack([axis.codes_at(cube[:, i]) for i, axis in enumerate(axes)])


def unit_cube(dimensions: int, design: str, count: int, seed: int) -> NDArray[np.float64]:
    """[count x dimensions] in [0, 1): a Latin hypercube or a scrambled Sobol sequence."""
    import warnings

    from scipy.stats import qmc

    if not dimensions:
        return np.empty((count, 0))
    if design == "lhs":
        return qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(count)
    sampler = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    with warnings.catch_warnings():  # a count that is no power of two is said by the plan
        warnings.simplefilter("ignore", UserWarning)
        return sampler.random(count)


def _misfits(axes: Sequence[Axis], design: str, count: int | None) -> list[Problem]:
    problems = []
    if design == "grid":
        for axis in axes:
            if axis.is_range:
                said = f"--vary {axis.path}={axis.low:g}:{axis.high:g}"
                message = "a grid needs the number of values"
                problems.append(Problem(said, None, None, message, f"{said.split()[1]}:N"))
        if count is not None:
            problems.append(
                Problem("--points", None, None, "a grid has as many points as its values make",
                        "--points with --design lhs or sobol")
            )  # fmt: skip
        total = math.prod(max(1, len(axis.levels)) for axis in axes)
        if total > MOST_POINTS:
            message = f"the grid has {total:,} points"
            problems.append(Problem("--vary", None, None, message, f"at most {MOST_POINTS:,}"))
        return problems
    if count is None:
        problems.append(Problem("--points", None, None, f"--design {design} needs --points N"))
    elif not 1 <= count <= MOST_POINTS:
        message = f"{count} points"
        problems.append(Problem("--points", None, None, message, f"from 1 to {MOST_POINTS:,}"))
    if not axes:
        problems.append(Problem("--vary", None, None, f"--design {design} needs something to vary"))
    return problems


def read_points(path: str | Path) -> tuple[list[Axis], Codes, list[dict[str, str]]]:
    """Axes, points and, per point, the scenario and variant named in a CSV file.

    One column per path, headed by it; columns ``scenario`` and ``variant`` are optional. Values
    are read as in a scenario file; an empty variant is the scenario as written.

    Raises:
        InputError: every line and column that cannot be read.
    """
    shown = str(path)
    try:
        kind = odd_kind(path)
        if kind is not None:
            raise InputError([Problem(shown, None, None, f"this is a {kind}", "a CSV file")])
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = [[unescaped(cell) for cell in row] for row in csv.reader(file)]
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            [Problem(shown, None, None, f"cannot read the points: {reason}", "a CSV file")]
        ) from error
    header = [name.strip().removeprefix("parameters.") for name in rows[0]] if rows else []
    problems = _header_problems(shown, header)
    if not any(rows[1:]):
        problems.append(Problem(shown, None, None, "there are no points in it"))
    if problems:
        raise InputError(problems)
    values: list[list[Any]] = []
    for line, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(header):
            message = f"{len(row)} values for {len(header)} columns"
            problems.append(Problem(shown, line, None, message))
            continue
        values.append([_value(shown, line, c + 1, text, problems) for c, text in enumerate(row)])
    if problems:
        raise InputError(problems)
    inner = [i for i, name in enumerate(header) if name not in SOURCE_COLUMNS]
    axes, codes = [], np.empty((len(values), len(inner)))
    for k, i in enumerate(inner):
        column = [row[i] for row in values]
        if all(is_number(x) for x in column):
            axes.append(Axis(header[i], (), float(min(column)), float(max(column))))
            codes[:, k] = column
        else:
            distinct = {repr(x): x for x in column}
            axes.append(levels_axis(header[i], list(distinct.values())))
            codes[:, k] = [list(distinct).index(repr(x)) for x in column]
    labels = [(i, name) for i, name in enumerate(header) if name in SOURCE_COLUMNS]
    named = [{name: str(row[i]) for i, name in labels if row[i] is not None} for row in values]
    return axes, codes, named


def _header_problems(path: str, header: list[str]) -> list[Problem]:
    problems = []
    for column, name in enumerate(header, start=1):
        if not name:
            problems.append(Problem(path, 1, column, "a column has no name"))
        elif header.index(name) != column - 1:
            problems.append(Problem(path, 1, column, f"column '{name}' stands twice"))
        elif "." not in name and name not in SOURCE_COLUMNS:
            close = nearest(name, SOURCE_COLUMNS)
            if close is not None:
                message = f"unknown column '{name}'"
                problems.append(Problem(path, 1, column, message, None, close))
    return problems


def _value(path: str, line: int, column: int, text: str, problems: list[Problem]) -> Any:
    try:
        value = read_value(text)
    except ValueError as error:
        problems.append(Problem(path, line, column, str(error), "a value as in a scenario file"))
        return None
    if isinstance(value, float) and not math.isfinite(value):
        problems.append(Problem(path, line, column, "the value is not finite"))
    return value
