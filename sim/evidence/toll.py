"""The running toll: what was known when, and the curve and bounds that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.evidence.body import Evidence
from sim.evidence.form import TimeWindow
from sim.evidence.timeline import timeline, timestamps

if TYPE_CHECKING:
    import pandas as pd  # loaded where a table is made: reading evidence does not need it


def as_of(evidence: Evidence, statement: str) -> TimeWindow:
    """When the count of a statement was taken.

    Where the statement does not say, it is between the beginning of what is counted and the
    latest moment its text can speak of.
    """
    found = evidence.statements[statement]
    if found.as_of is not None:
        return found.as_of
    return TimeWindow(
        earliest=found.window.earliest, latest=evidence.article_of(statement).citation.latest
    )


def running_toll(evidence: Evidence, conflict: str) -> pd.DataFrame:
    """The series of a running toll, one row per statement in the order in which the count grew.

    Columns: statement, earliest and latest (time of the count, with time zone), floor (the number
    vouched for), exact (whether it was printed as exact rather than as a floor), source.

    Raises:
        KeyError: no such conflict.
        ValueError: it is not a running toll.
    """
    import pandas as pd

    found = evidence.conflicts[conflict]
    if found.kind != "running_toll":
        raise ValueError(f"{conflict} is a {found.kind}, not a running toll")
    rows = []
    for name in found.statements:
        quantity = evidence.statements[name].quantity(str(found.measure))
        window = as_of(evidence, name)
        rows.append(
            {
                "statement": name,
                "earliest": window.earliest,
                "latest": window.latest,
                "floor": quantity.floor if quantity is not None else None,
                "exact": quantity is not None and quantity.best is not None,
                "source": evidence.source(name),
            }
        )
    return timestamps(pd.DataFrame(rows), evidence)


# What people think, fear or recall moves no rung of this episode's ladder.
ON_THE_CURVE = frozenset({"act", "toll", "order", "statement"})


class Basis(IntEnum):
    """What a step of the reported curve rests on."""

    UNREPORTED = 0  # later than the newest report that speaks of these places
    SILENCE = 1  # reports cover the time and speak of nothing hostile in it
    REPORTED = 2  # a report speaks of it: an act, a calm, an end


@dataclass(frozen=True)
class ReportedCurve:
    """The band that reports leave to the ladder, T steps.

    Attributes:
        start, step_h: of the first step, and the length of each in hours.
        low, high: [T] f8, severity 0 to 10. ``low`` is what was there at every moment of the step
            for certain; ``high`` the most hostile act that may have fallen in it. They differ
            where only a window is known. NaN where nothing is reported any more.
        basis: [T] i1, a ``Basis`` for each step.
        marks: one row per event on the curve: event, title, severity (0 for a step down), earliest
            and latest (hours from ``start``, cut to the curve), lasts, down (true for an end, a
            calm, a withdrawal), statements.
    """

    start: datetime
    step_h: float
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    basis: NDArray[np.int8]
    marks: pd.DataFrame


def reported_curve(
    evidence: Evidence,
    start: datetime,
    end: datetime,
    step_h: float = 1.0,
    places: Iterable[str] | None = None,
) -> ReportedCurve:
    """The ladder as reported from ``start`` to ``end``.

    An event counts where its place lies in ``places`` (None: everywhere) and its window meets the
    span; background and outlooks do not. Its severity is minus its ladder score, 0 where the score
    is that of cooperation. An event that filled its window holds the curve up through it; one that
    fell somewhere inside may have been in any step of it. After the last hostile window the curve
    is at its quiet level, as reported where an end, a calm or a silence is coded, and else by
    silence, up to the newest publication among the sources that speak of these places.

    Raises:
        ValueError: ``end`` is not after ``start`` or ``step_h`` not above 0.
        KeyError: an unknown place.
    """
    import pandas as pd

    if end <= start or step_h <= 0:
        raise ValueError("a curve needs an end after its start and a step above 0")
    steps = int(np.ceil((end - start).total_seconds() / 3600 / step_h - 1e-9))
    wanted = None if places is None else list(places)
    table = timeline(evidence, start=start, end=end, places=wanted)
    known = _known_until(evidence, [name for ids in table["statements"] for name in ids], start)
    table = table[table["kind"].isin(ON_THE_CURVE | {"silence"})]
    low, high = np.zeros(steps), np.zeros(steps)
    basis = np.full(steps, Basis.SILENCE, np.int8)
    rows = []
    for event in table.to_dict("records"):
        first, last = _hours(event["earliest"], start), _hours(event["latest"], start)
        span = _steps(first, last, step_h, steps)
        said_quiet = event["kind"] == "silence"
        score = 0.0 if said_quiet or pd.isna(event["score"]) else float(event["score"])
        severity = max(0.0, -score)
        down = said_quiet or score > 0 or bool(evidence.events[event["event"]].ends)
        high[span] = np.maximum(high[span], severity)
        if event["lasts"]:
            low[span] = np.maximum(low[span], severity)
        if severity > 0 or said_quiet:
            basis[span] = Basis.REPORTED
        elif down and not np.isnan(last):  # from when it has surely come, quiet is no mere silence
            basis[_steps(last, np.inf, step_h, steps)] = Basis.REPORTED
        everywhere = not event["lasts"] and span == slice(0, steps)
        if (severity > 0 or down) and not everywhere:  # what may be anywhere dates nothing
            rows.append(
                {
                    "event": event["event"],
                    "title": event["title"],
                    "severity": severity,
                    "earliest": float(np.fmax(0.0, first)),
                    "latest": float(np.fmin(last, steps * step_h)),
                    "lasts": event["lasts"],
                    "down": down,
                    "statements": event["statements"],
                }
            )
    after = _steps(known, np.inf, step_h, steps)
    low[after], high[after], basis[after] = np.nan, np.nan, Basis.UNREPORTED
    columns = ["event", "title", "severity", "earliest", "latest", "lasts", "down", "statements"]
    return ReportedCurve(start, step_h, low, high, basis, pd.DataFrame(rows, columns=columns))


def _hours(time: datetime, start: datetime) -> float:
    """Hours from the start; an open end of a window lies before or after everything."""
    return (time - start).total_seconds() / 3600  # NaN where the time is missing


def _steps(first: float, last: float, step_h: float, steps: int) -> slice:
    """The steps that a span of hours touches; an open beginning or end (NaN) reaches the edge."""
    begin = 0 if np.isnan(first) else int(np.floor(np.clip(first / step_h, 0, steps) + 1e-9))
    if np.isnan(last) or np.isinf(last):
        return slice(begin, steps)
    stop = int(np.ceil(np.clip(last / step_h, 0, steps) - 1e-9))
    return slice(begin, max(stop, min(begin + 1, steps)) if last >= 0 else begin)


def _known_until(evidence: Evidence, statements: list[str], start: datetime) -> float:
    """Hours from the start to the newest publication among the sources of these statements."""
    ends = [evidence.article_of(name).citation.latest for name in statements]
    return max((_hours(e, start) for e in ends if e is not None), default=0.0)
