"""Shifts: how far something reported may be moved, and whether an order still follows its cause."""

from __future__ import annotations

from datetime import timedelta

from sim.scenario.part import Window
from sim.scenario.parties import Decision, Trigger
from sim.scenario.schema import Clock, Scenario
from sim.scenario.vocabulary import DecisionMode

TIMED = (DecisionMode.SCRIPTED, DecisionMode.ENDOGENOUS_NOT_BEFORE)
"""Modes in which the window of an order decides when it comes."""


def least_shift_h(clock: Clock, window: Window) -> float:
    """The shift in hours, 0 or below, that puts the beginning of a window on the clock's start."""
    return min(0.0, -(window.earliest - clock.start) / timedelta(hours=1))


def too_early(clock: Clock, window: Window | None, shift_h: float) -> bool:
    """Whether a shift moves a part of a window to before the clock, where nothing can happen."""
    return shift_h < 0 and window is not None and shift_h < least_shift_h(clock, window)


def cause_of(scenario: Scenario, decision: Decision) -> Trigger | None:
    """The trigger that an order answers, None where none stands before it.

    No scenario names it, so it is taken to be the last enabled one that begins, as reported, no
    later than the order does, at a place that the order addresses.
    """
    if decision.window is None:
        return None
    asked = decision.scope.places
    before = [
        trigger
        for trigger in scenario.triggers
        if trigger.enabled
        and trigger.at.earliest <= decision.window.earliest
        and (not asked or set(asked) & set(trigger.places))
    ]
    return max(before, key=lambda trigger: trigger.at.earliest, default=None)


def orders_before_cause(scenario: Scenario) -> list[str]:
    """One sentence for each order that a shift lets come before the trigger that it answers.

    An order whose reported window overlaps the trigger's is left alone: the reports are open there.
    """
    said = []
    for decision in scenario.decisions:
        cause = cause_of(scenario, decision) if decision.mode in TIMED else None
        if cause is None or decision.window is None:
            continue
        reported = (decision.window.earliest - cause.at.latest) / timedelta(hours=1)
        gap = reported + decision.shift_h - cause.shift_h
        if gap < min(0.0, reported):
            said.append(
                f"the order '{decision.id}' may come up to {-gap:g} h before '{cause.title}', "
                "which it answers"
            )
    return said
