"""Scenario discovery: under which conditions something happens, as boxes with density, coverage.

Boxes are the leaves of a classification tree (Breiman et al. 1984; scikit-learn), grown on one
half of the runs and judged on the other (density and coverage as in Bryant and Lempert 2010).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.tables import OBSERVABLE
from sim.explore.effects import observables_of
from sim.explore.sweep import Sweep
from sim.inputs import InputError, Problem, nearest

SMALLEST_LEAF = 0.02
"""Share of the learning half that a box must hold at least."""

SURE = 3.0
"""Standard errors above the base rate from which a box is spoken of."""

MOST_LEARNED = 200_000
"""Runs beyond which a tree learns no better and only longer."""


@dataclass(frozen=True)
class Limit:
    """A condition on one input: ``low < input <= high`` (either open), or one of ``words``."""

    name: str
    low: float = -math.inf
    high: float = math.inf
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.words:
            return f"{self.name} is {' or '.join(self.words)}"
        if self.low == -math.inf:
            return f"{self.name} <= {self.high:.3g}"
        if self.high == math.inf:
            return f"{self.name} > {self.low:.3g}"
        return f"{self.low:.3g} < {self.name} <= {self.high:.3g}"


@dataclass(frozen=True)
class Box:
    """Conditions under which something happens.

    Attributes:
        limits: all of which hold in it.
        density: share of the runs in the box in which it happens (on the half not learnt from).
        coverage: share of all runs in which it happens that lie in the box.
        runs: in the box, of that half.
    """

    limits: tuple[Limit, ...]
    density: float
    coverage: float
    runs: int


@dataclass(frozen=True)
class Discovery:
    """Boxes, densest first; ``base`` is the share of all runs in which it happens, of ``runs``.

    ``drawn_from`` says which parameters the sweep drew.
    """

    question: str
    base: float
    runs: int
    boxes: list[Box]
    drawn_from: str

    def sentences(self) -> list[str]:
        """What was found, in words; each figure is of runs that the tree has not seen."""
        lines = [f"{self.question} in {self.base:.0%} of {self.runs:,} runs."]
        shown = [box for box in self.boxes if self._denser(box)]
        if not shown:
            lines.append("No condition on what was varied makes it more frequent.")
        for box in shown:
            when = " and ".join(str(limit) for limit in box.limits) or "always"
            lines.append(
                f"When {when}: in {box.density:.0%} of the runs (density), which are "
                f"{box.coverage:.0%} of all in which it happens (coverage)."
            )
        return lines

    def _denser(self, box: Box) -> bool:
        """Whether a box is denser than all runs by more than the luck of so many runs explains."""
        luck = math.sqrt(self.base * (1 - self.base) / max(1, box.runs))
        return box.density > self.base + SURE * luck


def discover(
    sweep: Sweep, observable: str, above: float | None = None, below: float | None = None,
    depth: int = 3,
) -> Discovery:  # fmt: skip
    """Boxes in which an observable is above (or below) a value; a missing value is neither.

    Inputs are the axes and, with a row per replicate, the parameters drawn.

    Raises:
        InputError: no such observable, or the sweep keeps no row per replicate.
    """
    _check(sweep, observable, above, below)
    column = OBSERVABLE + observable
    names = inputs_of(sweep)
    frame = sweep.frame([*_keys(sweep), *names, column])
    values = frame[column].to_numpy(np.float64)
    happens = values > above if above is not None else values < float(below or 0.0)
    title = observables_of(sweep)[observable].title
    limit = f"above {above:g}" if above is not None else f"below {below:g}"
    question = f"{title} is {limit}"
    base = float(happens.mean())
    matrix, owners = _matrix(frame, names)
    learning = _learning_half(frame)
    if base in (0.0, 1.0) or not matrix.shape[1]:
        return Discovery(question, base, len(frame), [], sweep.drawn_from)
    boxes = _boxes(matrix, owners, happens, learning, depth)
    return Discovery(question, base, len(frame), boxes, sweep.drawn_from)


def inputs_of(sweep: Sweep) -> list[str]:
    """Columns that differ from run to run: variants, axes and drawn parameters."""
    schema = sweep.dataset().schema
    kinds = {
        f.name: (f.metadata or {}).get(b"kind", b"").decode()
        for f in schema
    }  # fmt: skip
    found = [axis.path for axis in sweep.plan.axes]
    for name, kind in kinds.items():
        if kind == "parameter" and name not in found:
            column = sweep.frame([name])[name]
            if column.nunique() > 1:
                found.append(name)
    extra = ("scenario", "variant") if len(sweep.plan.sources) > 1 else ()
    return [name for name in extra if sweep.frame([name])[name].nunique() > 1] + found


def _keys(sweep: Sweep) -> list[str]:
    return ["point", "replicate"]


def _matrix(frame: pd.DataFrame, names: list[str]) -> tuple[NDArray[np.float64], list[Limit]]:
    """Numbers for the tree [runs x columns]; a word becomes one column of 0 and 1 per word."""
    columns, owners = [], []
    for name in names:
        series = frame[name]
        if pd.api.types.is_numeric_dtype(series):
            columns.append(series.to_numpy(np.float64))
            owners.append(Limit(name))
            continue
        words = sorted(series.astype(str).unique())
        for word in words:
            columns.append((series.astype(str) == word).to_numpy(np.float64))
            owners.append(Limit(name, words=(word,)))
    return (np.column_stack(columns) if columns else np.empty((len(frame), 0))), owners


def _learning_half(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Every other replicate, or every other point where those are more: neighbours of one
    replicate share draws, so a split through them would let the tree see its exam.
    """
    key = "replicate" if frame["replicate"].nunique() >= frame["point"].nunique() else "point"
    return (frame[key] % 2 == 0).to_numpy()


def _boxes(
    matrix: NDArray[np.float64], owners: list[Limit], happens: NDArray[np.bool_],
    learning: NDArray[np.bool_], depth: int,
) -> list[Box]:  # fmt: skip
    from sklearn.tree import DecisionTreeClassifier

    rows = np.flatnonzero(learning)
    rows = rows[:: max(1, len(rows) // MOST_LEARNED)]
    tree = DecisionTreeClassifier(
        max_depth=depth, min_samples_leaf=SMALLEST_LEAF, class_weight="balanced", random_state=0
    ).fit(matrix[rows], happens[rows])
    exam, truth = matrix[~learning], happens[~learning]
    leaf_of = tree.apply(exam)
    boxes = []
    for leaf, limits in _leaves(tree.tree_, owners):
        inside = leaf_of == leaf
        if inside.any():
            coverage = truth[inside].sum() / max(1, truth.sum())
            boxes.append(Box(limits, float(truth[inside].mean()), float(coverage),
                             int(inside.sum())))  # fmt: skip
    return sorted(boxes, key=lambda box: -box.density)


def _leaves(tree: object, owners: list[Limit]) -> list[tuple[int, tuple[Limit, ...]]]:
    """(number, limits) of every leaf; limits on the same input are drawn together."""
    left, right = tree.children_left, tree.children_right  # type: ignore[attr-defined]
    feature, threshold = tree.feature, tree.threshold  # type: ignore[attr-defined]
    found: list[tuple[int, tuple[Limit, ...]]] = []

    def walk(node: int, limits: dict[str, Limit]) -> None:
        if left[node] < 0:
            found.append((node, tuple(limits.values())))
            return
        owner, edge = owners[feature[node]], float(threshold[node])
        if owner.words:
            key = f"{owner.name}={owner.words[0]}"
            others = tuple(w.words[0] for w in owners if w.name == owner.name and w != owner)
            walk(left[node], limits | {key: Limit(owner.name, words=others)})
            walk(right[node], limits | {key: owner})
            return
        now = limits.get(owner.name, owner)
        below = Limit(owner.name, now.low, min(now.high, edge))
        over = Limit(owner.name, max(now.low, edge), now.high)
        walk(left[node], limits | {owner.name: below})
        walk(right[node], limits | {owner.name: over})

    walk(0, {})
    return found


def _check(sweep: Sweep, observable: str, above: float | None, below: float | None) -> None:
    problems = []
    known = list(observables_of(sweep))
    if observable not in known:
        problems.append(
            Problem("--observable", None, None, f"unknown observable '{observable}'",
                    f"one of {', '.join(known)}", nearest(observable, known))
        )  # fmt: skip
    if (above is None) == (below is None):
        problems.append(Problem("discover", None, None, "give one of --above and --below"))
    if sweep.plan.per != "replicate":
        problems.append(Problem(str(sweep.folder), None, None, "has no row per replicate",
                                "a sweep without --per point"))  # fmt: skip
    if not sweep.store.row_files():
        problems.append(Problem(str(sweep.folder), None, None, "has no rows yet",
                                "run.py sweep --resume RESULT"))  # fmt: skip
    if problems:
        raise InputError(problems)
