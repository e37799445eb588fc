"""Likeness: what two episodes are compared by, reported or simulated, and how near they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.episodes.simulated import Windows

PAST = {
    "order": ((-28, -15), (-14, -8), (-7, -4), (-3, -1), (0, 0)),
    "burst": ((0, 0), (1, 2), (3, 4), (5, 6)),
    "local": ((0, 0), (1, 2), (3, 4), (5, 6)),
}
FUTURE = {
    "order": ((1, 3), (4, 7), (8, 14), (15, 28)),
    "burst": ((7, 9), (10, 13), (14, 21)),
    "local": ((7, 9), (10, 13), (14, 21)),
}
"""Spans of days whose dead are compared."""

BUSY = {
    "order": (((-28, -15), (-14, 0)), ((1, 14), (15, 28))),
    "burst": (((0, 6),), ((7, 13), (14, 21))),
    "local": (((0, 6),), ((7, 13), (14, 21))),
}
"""Spans, of the past and of the future, in which days with dead and events are counted."""

UNIT = {"dead": 0.5, "days": 0.35, "events": 0.8, "quiet": 0.5, "peak": 0.7, "side": 0.25}
"""Differences that count as one: of log(1 + dead) in a span, of the square root of the share of
days with dead, of log(1 + events), log(1 + days since the last death), log(1 + the worst day), side
a's share of the dead. Assumptions, set once by what two halves of one dyad's days differ by."""


def summaries(windows: Windows, future: bool) -> NDArray[np.float32]:
    """What is compared, in units of `UNIT`, f4[N, S]; what nobody says is NaN.

    Args:
        future: whether what came after the given day is told too (to learn, never to forecast).
    """
    kind = windows.kind
    low, given = PAST[kind][0][0], PAST[kind][-1][1]
    columns = []
    for first, last in PAST[kind] + (FUTURE[kind] if future else ()):
        total = windows.dead[:, windows.span(first, last)].sum(axis=1)
        columns.append(np.log1p(total) / UNIT["dead"])
    for first, last in BUSY[kind][0] + (BUSY[kind][1] if future else ()):
        days = windows.dead[:, windows.span(first, last)] > 0
        columns.append(np.sqrt(days.mean(axis=1)) / UNIT["days"])
        events = windows.events[:, windows.span(first, last)].sum(axis=1)
        columns.append(np.log1p(events) / UNIT["events"])
    known = windows.dead[:, windows.span(low, given)]
    busy = known > 0
    quiet = np.where(busy.any(axis=1), np.argmax(busy[:, ::-1], axis=1), known.shape[1])
    columns.append(np.log1p(quiet) / UNIT["quiet"])
    columns.append(np.log1p(known.max(axis=1)) / UNIT["peak"])
    end = int(windows.day[-1]) if future else given
    sides = [getattr(windows, side)[:, windows.span(low, end)].sum(axis=1) for side in ("a", "b")]
    with np.errstate(invalid="ignore", divide="ignore"):
        columns.append((sides[0] + 1.0) / (sides[0] + sides[1] + 2.0) / UNIT["side"])
    return np.stack(columns, axis=1).astype(np.float32)


def nearest_worlds(
    told: Windows, simulated: Windows, count: int, future: bool
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `count` simulated episodes most like each told one, i8[N, count], and distances squared.

    Of orders only those that the same side gave, if there are any. What an episode does not say is
    not compared.
    """
    own, theirs = summaries(told, future), summaries(simulated, future)
    index = np.zeros((len(told), count), np.int64)
    square = np.full((len(told), count), np.inf, np.float32)
    silent = np.isnan(own).any(axis=1)
    for by in np.unique(told.ordered):
        donors = np.nonzero(simulated.ordered == by)[0]
        if by < 0 or not len(donors):
            donors = np.arange(len(simulated))
        for quiet in (False, True):
            rows = np.nonzero((told.ordered == by) & (silent == quiet))[0]
            if not len(rows):
                continue
            used = ~np.isnan(own[rows[0]])
            tree = cKDTree(theirs[donors][:, used])
            some = min(count, len(donors))
            distance, at = map(np.asarray, tree.query(own[rows][:, used], k=max(2, some)))
            index[rows, :some] = donors[at[:, :some]]
            square[rows, :some] = distance[:, :some] ** 2
    return index, square


def kernel(square: NDArray[np.float32], width: int) -> NDArray[np.float64]:
    """Weights of neighbours [N, n] by their squared distance, nearest first: Gaussian.

    One sd is the distance of neighbour number `width`, and never less than 1. Where there are fewer
    neighbours (their distance is infinite) the others weigh nothing.
    """
    known = np.isfinite(square)
    last = np.minimum(width, known.sum(axis=1) - 1)[:, None]
    scale = np.maximum(np.take_along_axis(square, last, axis=1), 1.0)
    beyond = np.where(known, square, 0.0) - square[:, :1]
    return np.asarray(np.where(known, np.exp(-0.5 * beyond / scale), 0.0), dtype=np.float64)


AFTER = {"dead": 0.6, "days": 0.35}
"""As `UNIT`, for what came after, once a simulated path is scaled to the dead before."""

EXACT = 15
"""Number of the neighbour from which on a wider look is taken if all are far. Assumption."""


def future_likeness(
    told: Windows, simulated: Windows, index: NDArray[np.int64], scale: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How like what came after is, f8[N, n] up to a factor per row.

    Args:
        index: simulated episodes to compare each told one with, i8[N, n].
        scale: by which their dead are multiplied, f8[N, n].
    """
    square: NDArray[np.float64] = np.zeros(index.shape)
    for first, last in FUTURE[told.kind]:
        own = told.dead[:, told.span(first, last)].sum(axis=1)
        theirs = simulated.dead[:, simulated.span(first, last)].sum(axis=1)[index] * scale
        square += ((np.log1p(own)[:, None] - np.log1p(theirs)) / AFTER["dead"]) ** 2
    for first, last in BUSY[told.kind][1]:
        own, theirs = (
            np.sqrt((one.dead[:, one.span(first, last)] > 0).mean(axis=1))
            for one in (told, simulated)
        )
        square += ((own[:, None] - theirs[index]) / AFTER["days"]) ** 2
    count = min(EXACT, square.shape[1] - 1)
    wide = np.maximum(1.0, np.partition(square, count, axis=1)[:, [count]] / 4.0)
    return np.asarray(np.exp(-0.5 * (square - square.min(axis=1, keepdims=True)) / wide))
