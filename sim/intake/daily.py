"""Daily series of a timeline: events and dead per day, nothing counted twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from sim.evidence import Evidence, Statement, reading
from sim.intake.tables.selection import NOTE

COLUMNS = ("events", "dead_low", "dead_best", "dead_high", "unknown", "spanning")


@dataclass(frozen=True)
class Happening:
    """One leading statement of an event, with its days.

    Attributes:
        event: id of the event.
        statement: the leading statement.
        first: midnight that its first day begins with, in its own offset.
        days: days it may have fallen on.
        low, best, high: dead by all statements, None where not given or open.
        wounded: by all statements, None where not given.
        is_double: whether it may count what other rows count.
    """

    event: str
    statement: Statement
    first: datetime
    days: int
    low: float | None
    best: float | None
    high: float | None
    is_double: bool
    wounded: float | None = None


def happenings(evidence: Evidence) -> list[Happening]:
    """What happened, in order of time, without background and without open windows.

    An event whose window is open at one end cannot be put on a day.
    """
    spoken: dict[str, list[Statement]] = defaultdict(list)
    for statement in evidence.statements.values():
        if statement.event is not None:
            spoken[statement.event].append(statement)
    found = []
    for event in evidence.events.values():
        lead = evidence.statements[event.lead[0]]
        window = lead.window
        if lead.background or window.earliest is None or window.latest is None:
            continue
        first = window.earliest.replace(hour=0, minute=0, second=0, microsecond=0)
        length = (window.latest - first) / timedelta(days=1)
        low, best, high = _toll(evidence, spoken[event.id])
        double = (lead.notes or "").find(NOTE) >= 0
        days = max(1, int(np.ceil(length)))
        wounded = _wounded(evidence, spoken[event.id])
        found.append(Happening(event.id, lead, first, days, low, best, high, double, wounded))
    return sorted(found, key=lambda one: (one.first, one.event))


def _toll(
    evidence: Evidence, spoken: list[Statement]
) -> tuple[float | None, float | None, float | None]:
    """Low, best and high over all statements of an event; an open end is None."""
    whole = [s.id for s in spoken if s.quantity("dead") is not None]
    if not whole:
        return None, None, None
    number = reading(evidence, whole, "dead")
    best = number.best if number.best is not None else number.low
    return number.low, best, number.high


def _wounded(evidence: Evidence, spoken: list[Statement]) -> float | None:
    whole = [s.id for s in spoken if s.quantity("wounded") is not None]
    return reading(evidence, whole, "wounded").best if whole else None


def daily(found: list[Happening]) -> pd.DataFrame:
    """One row per day from the first to the last, index the days' first moments.

    Columns: events (those that began on the day), dead_low, dead_best, dead_high (of events of one
    day; of several days only the high end of each day holds them), unknown (events whose dead are
    not given or open above), spanning (events of several days that
    the day is one of). Rows that may count twice are left out.

    Raises:
        ValueError: nothing to put on a day.
    """
    kept = [one for one in found if not one.is_double] or list(found)
    if not kept:
        raise ValueError("no event has a day")
    start = min(one.first for one in kept)
    end = max(one.first + timedelta(days=one.days - 1) for one in kept)
    index = pd.date_range(start, end, freq="D")
    numbers = np.zeros((len(index), len(COLUMNS)))
    for one in kept:
        day = min((one.first - start).days, len(index) - 1)
        numbers[day, 0] += 1
        numbers[day, 4] += one.best is None or one.high is None
        if one.days == 1:
            numbers[day, 1:4] += [one.low or 0.0, one.best or 0.0, one.high or 0.0]
        else:
            # On which of its days the dead fell is not known: none for sure, all of them at most.
            last = min(day + one.days, len(index))
            numbers[day:last, 3] += one.high or 0.0
            numbers[day:last, 5] += 1
            numbers[day:last, 2] += (one.best or 0.0) / one.days
    return pd.DataFrame(numbers, index=index, columns=list(COLUMNS))


def slow_shape(counts: np.ndarray, days: float = 60.0) -> np.ndarray:
    """How a rate varies over months, f8[T] with mean 1: counts smoothed by a Gaussian of `days`."""
    steps = np.arange(len(counts), dtype=np.float64)
    weights = np.exp(-0.5 * ((steps[:, None] - steps[None, :]) / days) ** 2)
    smooth = (weights @ counts) / weights.sum(axis=1)
    smooth = np.maximum(smooth, 0.02 * max(float(smooth.mean()), 1e-9))
    return np.asarray(smooth / smooth.mean(), dtype=np.float64)
