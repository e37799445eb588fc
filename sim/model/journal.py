"""The event log of a run: every event with its number, its time and the event that caused it."""

from __future__ import annotations

from sim.model.compiled import rule
from sim.model.layout import (
    L_ACTOR,
    L_CAUSE,
    L_DEAD_ACTOR,
    L_DEAD_TARGET,
    L_EVENT,
    L_KIND,
    L_OWNER,
    L_PLACE,
    L_SUBJECT,
    L_TARGET,
    L_TIME,
    L_VALUE,
    L_WOUNDED,
    State,
)


@rule
def record(
    s: State, kind: int, cause: int, time: float, subject: int, place: int, actor: int, value: float
) -> int:
    """Number an event and, where a log is kept, write its row; returns the number.

    Events are numbered even where the log has no room, so that a driver can see how many rows it
    needs and run again: the same run, as every draw is a function of its counters.
    """
    event = s.run[0]["events"]
    s.run[0]["events"] = event + 1
    if event < s.log.shape[0]:
        row = s.log[event]
        row[L_EVENT] = event
        row[L_CAUSE] = cause
        row[L_TIME] = time
        row[L_KIND] = kind
        row[L_SUBJECT] = subject
        row[L_PLACE] = place
        row[L_ACTOR] = actor
        row[L_TARGET] = -1
        row[L_DEAD_ACTOR] = 0.0
        row[L_DEAD_TARGET] = 0.0
        row[L_WOUNDED] = 0.0
        row[L_VALUE] = value
        row[L_OWNER] = -1
    return event


@rule
def record_target(s: State, event: int, target: int) -> None:
    """Add whom a logged event hit."""
    if event < s.log.shape[0]:
        s.log[event, L_TARGET] = target


@rule
def record_toll(s: State, event: int, faction: int, dead: int, wounded: int) -> None:
    """Add what a logged clash cost one of its sides."""
    if event < s.log.shape[0]:
        row = s.log[event]
        if int(row[L_ACTOR]) == faction:
            row[L_DEAD_ACTOR] += dead
        else:
            row[L_DEAD_TARGET] += dead
        row[L_WOUNDED] += wounded


@rule
def record_loser(s: State, event: int, side: int) -> None:
    """Add which side, 0 first or 1 second, lost a logged clash and owns its reprisal."""
    if event < s.log.shape[0]:
        s.log[event, L_OWNER] = side
