"""Estimates: what a timeline of daily events can say about reprisals, and where it is silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.evidence import Evidence
from sim.intake.daily import Happening, daily, happenings, slow_shape
from sim.intake.priors.hawkes import KERNELS, HawkesFit, fit_hawkes
from sim.intake.priors.profile import Profile, profile
from sim.intake.priors.restraint import Restraint, recorded_orders, restraint
from sim.scenario.parameters import REGISTRY

BACKGROUNDS: dict[str, float | None] = {
    "constant": None,
    "varying over 60 days": 60.0,
    "varying over 30 days": 30.0,
}
"""How the rate of events that answer nothing may vary: what the ratio depends on most."""

STEP_H = 24.0
FEWEST_EVENTS = 20


@dataclass(frozen=True)
class Candidate:
    """One fit with its profiles."""

    background: str
    fit: HawkesFit
    ratio: Profile
    delay: Profile


@dataclass(frozen=True)
class Estimates:
    """What a timeline says.

    Attributes:
        days, events: length of the series and events in it.
        spanning: share of events that lie on several days.
        left_out: events that may count what others count.
        candidates: every fit made, empty where there are too few events.
        restraints: by party, where an order is recorded.
        silent: what cannot be estimated, and why.
    """

    days: int
    events: int
    spanning: float
    left_out: int
    candidates: tuple[Candidate, ...]
    restraints: tuple[Restraint, ...]
    silent: tuple[str, ...]

    def hull(self, name: str) -> tuple[float, float, bool, bool]:
        """Lowest low and highest high over all fits of `ratio` or `delay`, and whether open."""
        parts: list[Profile] = [getattr(c, name) for c in self.candidates]
        return (
            min(p.low for p in parts), max(p.high for p in parts),
            any(p.open_low for p in parts), any(p.open_high for p in parts),
        )  # fmt: skip


def estimate(
    evidence: Evidence,
    orders: dict[str, list[date]] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Estimates:
    """Fit everything that can be fitted.

    Args:
        orders: recorded orders of restraint by party, beside those of the timeline.
        say: told of each fit before it begins, as some take seconds.

    Raises:
        ValueError: no event of the timeline lies on a day; an order of an unknown party.
    """
    found = happenings(evidence)
    table = daily(found)
    counts = table["events"].to_numpy()
    silent = []
    candidates: tuple[Candidate, ...] = ()
    if counts.sum() < FEWEST_EVENTS:
        silent.append(
            f"reprisals: {counts.sum():.0f} events are too few; {FEWEST_EVENTS} are the fewest"
        )
    else:
        candidates = _candidates(counts, say)
    restraints, more = _restraints(evidence, found, orders or {})
    kept = [one for one in found if not one.is_double]
    spanning = sum(one.days > 1 for one in kept) / max(len(kept), 1)
    return Estimates(
        len(table), int(counts.sum()), spanning, len(found) - len(kept), candidates,
        tuple(restraints), (*silent, *more),
    )  # fmt: skip


def _candidates(counts: np.ndarray, say: Callable[[str], None]) -> tuple[Candidate, ...]:
    made = []
    for background, days in BACKGROUNDS.items():
        if days is not None and len(counts) < 4 * days:
            continue  # a background that follows the whole series leaves nothing to answer
        shape = None if days is None else slow_shape(counts, days)
        for kernel in KERNELS:
            say(f"Hawkes fit: {kernel.replace('_', '-')} kernel, {background}")
            fit = fit_hawkes(counts, STEP_H, kernel, shape)
            made.append(
                Candidate(
                    background, fit,
                    profile(counts, STEP_H, fit, "ratio", shape=shape),
                    profile(counts, STEP_H, fit, "delay_h", shape=shape),
                )
            )  # fmt: skip
    return tuple(made)


def _restraints(
    evidence: Evidence, found: list[Happening], more: dict[str, list[date]]
) -> tuple[list[Restraint], list[str]]:
    orders = recorded_orders(evidence, found)
    for actor, days in more.items():
        if actor not in evidence.actors:
            raise ValueError(f"no party '{actor}' in the timeline")
        orders.setdefault(actor, []).extend(days)
    if not orders:
        return [], ["restraint: the timeline records no ceasefire or withdrawal"]
    decision = REGISTRY["decision_time"].prior.mean()
    memory = REGISTRY["cost_memory"].prior.mean()
    results, silent = [], []
    for actor, days in orders.items():
        try:
            results.append(restraint(evidence, found, actor, days, decision, memory))
        except ValueError as error:
            silent.append(f"restraint: {error}")
    return results, silent
