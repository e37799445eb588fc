"""A phase diagram: an observable over two axes of a sweep, once for each value of a third."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compare import readings_of
from sim.ensemble.tables import OBSERVABLE
from sim.explore.axis import Axis
from sim.explore.effects import observables_of, steps_along
from sim.explore.sweep import Sweep
from sim.inputs import InputError, Problem, nearest
from sim.scenario.schema import Observable
from sim.scenario.vocabulary import Statistic

STATISTICS = ("median", "mean", "probability")
MOST_PANELS = 9


@dataclass(frozen=True)
class Panel:
    """One diagram: ``title`` ('' if it is the only one), ``z`` [Y x X], NaN where nothing is."""

    title: str
    z: NDArray[np.float64]


@dataclass(frozen=True)
class Phase:
    """A phase diagram.

    Attributes:
        x, y, by: paths of the axes; ``by`` of the panels, or None.
        xs, ys: [X] and [Y] centres, increasing.
        observable: whose value is the colour.
        statistic: ``median``, ``mean``, or ``probability`` (mean of a yes or no).
        panels: one per value of ``by``.
        reported: low and high of what was reported of it, NaN where open or not reported.
        others: axes over which it is averaged.
    """

    x: str
    y: str
    by: str | None
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    observable: Observable
    statistic: str
    panels: list[Panel]
    reported: tuple[float, float]
    others: list[str]


def phase(
    sweep: Sweep, observable: str, x: str | None = None, y: str | None = None,
    by: str | None = None, statistic: str | None = None,
) -> Phase:  # fmt: skip
    """The phase diagram of an observable; x and y default to the first two numeric axes.

    The statistic defaults to the probability for a yes or no, else to the median.

    Raises:
        InputError: no such observable or axis, or the sweep does not vary two numbers.
    """
    x, y = _axes(sweep, observable, x, y, by)
    found = observables_of(sweep)[observable]
    yes_no = found.statistic == Statistic.ANY
    statistic = statistic or ("probability" if yes_no else "median")
    if statistic == "probability" and not yes_no:
        message = f"'{observable}' is no yes or no"
        raise InputError([Problem("--statistic", None, None, message, "median or mean")])
    axes = {axis.path: axis for axis in sweep.plan.axes}
    xs, ys = (steps_along(axes[a], sweep.frame([a])[a].to_numpy()) for a in (x, y))
    z = _values(sweep, observable, statistic)
    clock = sweep.scenarios[0].clock
    reported = (np.nan, np.nan) if yes_no else readings_of(found, clock).ends
    panels = [
        Panel(title, _grid(z[rows], xs.codes[rows], ys.codes[rows], len(xs.centres),
                           len(ys.centres), statistic))
        for title, rows in _panels(sweep, by, axes)
    ]  # fmt: skip
    others = [path for path in axes if path not in (x, y, by)]
    return Phase(x, y, by, xs.centres, ys.centres, found, statistic, panels, reported, others)


def _values(sweep: Sweep, observable: str, statistic: str) -> NDArray[np.float64]:
    column = OBSERVABLE + observable
    if sweep.plan.per == "point":
        column += ".q50" if statistic == "median" else ".mean"
    return sweep.frame([column])[column].to_numpy(np.float64)


def _panels(
    sweep: Sweep, by: str | None, axes: dict[str, Axis]
) -> list[tuple[str, NDArray[np.bool_]]]:
    if by is None:
        rows = np.ones(sweep.dataset().count_rows(), bool)
        return [("", rows)]
    column = sweep.frame([by])[by]
    if by in axes:
        steps = steps_along(axes[by], column.to_numpy())
        codes, labels = steps.codes, steps.labels
    else:
        codes, names = pd.factorize(column.astype(str))
        labels = list(names)
    if len(labels) > MOST_PANELS:
        message = f"'{by}' has {len(labels)} values"
        raise InputError([Problem("--by", None, None, message, f"at most {MOST_PANELS}")])
    return [(f"{by} = {label}", codes == i) for i, label in enumerate(labels)]


def _grid(
    z: NDArray[np.float64], i: NDArray[np.int64], j: NDArray[np.int64], width: int, height: int,
    statistic: str,
) -> NDArray[np.float64]:  # fmt: skip
    keep = (i >= 0) & (j >= 0) & np.isfinite(z)
    grouped = pd.Series(z[keep]).groupby([j[keep], i[keep]])
    values = grouped.median() if statistic == "median" else grouped.mean()
    grid = np.full((height, width), np.nan)
    rows, columns = (values.index.get_level_values(level).to_numpy() for level in (0, 1))
    grid[rows, columns] = values.to_numpy()
    return grid


def _axes(
    sweep: Sweep, observable: str, x: str | None, y: str | None, by: str | None
) -> tuple[str, str]:
    problems = []
    known = list(observables_of(sweep))
    if observable not in known:
        problems.append(
            Problem("--observable", None, None, f"unknown observable '{observable}'",
                    f"one of {', '.join(known)}", nearest(observable, known))
        )  # fmt: skip
    numeric = [axis.path for axis in sweep.plan.axes if axis.is_numeric]
    anything = [*(axis.path for axis in sweep.plan.axes), "variant", "scenario"]
    for option, given, allowed in (
        ("--x", x, numeric),
        ("--y", y, numeric),
        ("--by", by, anything),
    ):
        if given is not None and given not in allowed:
            problems.append(
                Problem(option, None, None, f"'{given}' is not varied in this sweep",
                        f"one of {', '.join(allowed)}", nearest(given, allowed))
            )  # fmt: skip
    free = [path for path in numeric if path not in (x, y, by)]
    if x is None and free:
        x = free.pop(0)
    if y is None and free:
        y = free.pop(0)
    if x is None or y is None or len({x, y, by}) < 3:
        problems.append(Problem(str(sweep.folder), None, None, "two different axes are needed",
                                "a sweep that varies two numbers"))  # fmt: skip
    if not sweep.store.row_files():
        problems.append(Problem(str(sweep.folder), None, None, "has no rows yet",
                                "run.py sweep --resume RESULT"))  # fmt: skip
    if problems:
        raise InputError(problems)
    assert x is not None and y is not None
    return x, y
