"""A leader's restraint: what own dead before a recorded order say of the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sim.evidence import Evidence
from sim.intake.daily import Happening
from sim.intake.priors.profile import DROP

MODES = ("ceasefire", "withdraw", "disarm")
"""Modes of RETREAT that are an order of restraint."""

GRID = np.geomspace(0.05, 20_000, 241)


@dataclass(frozen=True)
class Restraint:
    """The likelihood of one party's threshold.

    Attributes:
        actor: id of the party.
        orders: days of the recorded orders.
        own_dead: own dead remembered on each of these days.
        best, low, high: own dead; 95 % likelihood interval.
        open_low, open_high: whether the interval runs out of the range searched.
        share_divided: share of the dead of its events that the table divides by side.
    """

    actor: str
    orders: tuple[date, ...]
    own_dead: tuple[float, ...]
    best: float
    low: float
    high: float
    open_low: bool
    open_high: bool
    share_divided: float

    @property
    def tells(self) -> bool:
        """Whether the threshold is bounded on both sides."""
        return not (self.open_low or self.open_high)


def recorded_orders(evidence: Evidence, found: list[Happening]) -> dict[str, list[date]]:
    """Days on which a party withdrew or ceased fire by the timeline's own rungs, by party."""
    orders: dict[str, list[date]] = {}
    for one in found:
        plover, actor = one.statement.plover, one.statement.actor
        if plover and actor and plover.type == "RETREAT" and plover.mode in MODES:
            orders.setdefault(actor, []).append(one.first.date())
    return orders


def own_dead(evidence: Evidence, found: list[Happening], actor: str) -> tuple[pd.Series, float]:
    """Own dead of a party per day, and the share of its events' dead divided by side.

    A toll that is not divided is no loss of anybody's here: the numbers are a floor.
    """
    start = min(one.first for one in found)
    end = max(one.first + timedelta(days=one.days) for one in found)
    days = pd.date_range(start.date(), end.date(), freq="D")
    lost = pd.Series(0.0, index=days)
    divided = whole = 0.0
    for one in found:
        if one.is_double or actor not in (one.statement.actor, one.statement.target):
            continue
        whole += one.best or 0.0
        sides = [q for q in one.statement.quantities if q.measure == "dead" and q.side]
        divided += sum(q.best or 0.0 for q in sides)
        own = sum(q.best or 0.0 for q in sides if q.side == actor)
        first = pd.Timestamp(one.first.date())
        lost.loc[first : first + timedelta(days=one.days - 1)] += own / one.days
    return lost, divided / whole if whole else 0.0


def restraint(
    evidence: Evidence,
    found: list[Happening],
    actor: str,
    orders: list[date],
    decision_time_h: float,
    memory_h: float,
    pause_days: int = 30,
) -> Restraint:
    """The likelihood of the threshold under the model's rule of restraint.

    The hazard per hour is C / (C + threshold) / decision_time with C the own dead remembered. On
    the day of an order it fired, on all other days it did not; the `pause_days` after an order are
    left out, since an order in force needs no second one.

    Raises:
        ValueError: no order within the days of the timeline.
    """
    lost, divided = own_dead(evidence, found, actor)
    keep = float(np.exp(-24.0 / memory_h))
    memory = np.zeros(len(lost))
    level = 0.0
    for t, dead in enumerate(lost.to_numpy()):
        level = level * keep + dead
        memory[t] = level
    days = [day.date() for day in lost.index]
    given = sorted({day for day in orders if day in days})
    if not given:
        raise ValueError(f"no order of {actor} within the days of the timeline")
    at = [days.index(day) for day in given]
    free = np.ones(len(days), dtype=bool)
    for position in at:
        free[position : position + pause_days + 1] = False
    hazard = memory[:, None] / (memory[:, None] + GRID[None, :]) / decision_time_h * 24.0
    fired = np.log(np.maximum(-np.expm1(-hazard[at]), 1e-300)).sum(axis=0)
    height = fired - hazard[free].sum(axis=0)
    inside = np.flatnonzero(height > height.max() - DROP)
    first, last = int(inside[0]), int(inside[-1])
    # An order without own dead before it was given for other reasons than this rule knows.
    unrelated = bool((memory[at] < 0.5).all())
    return Restraint(
        actor, tuple(given), tuple(float(memory[position]) for position in at),
        float(GRID[int(height.argmax())]), float(GRID[first]), float(GRID[last]),
        first == 0 or unrelated, last == len(GRID) - 1 or unrelated, divided,
    )  # fmt: skip
