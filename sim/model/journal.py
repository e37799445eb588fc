"""The event log of a run: every event with its number, its time and the event that caused it."""

from __future__ import annotations

from sim.model.compiled import rule
from sim.model.layout import (
    L_ACTOR,
    L_CAUSE,
    L_DEAD_A,
    L_DEAD_B,
    L_EVENT,
    L_KIND,
    L_OWNER,
    L_PLACE,
    L_SIDE_A,
    L_SIDE_B,
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
        row[L_SIDE_A] = -1
        row[L_SIDE_B] = -1
        row[L_DEAD_A] = 0.0
        row[L_DEAD_B] = 0.0
        row[L_WOUNDED] = 0.0
        row[L_VALUE] = value
        row[L_OWNER] = -1
    return event


@rule
def record_sides(s: State, event: int, first: int, second: int, striker: int) -> None:
    """Add the two factions of a logged clash, and who of them began it: 0, 1 or -1, not known.

    Actor and target stay open then: a side is blamed only where a source or a rule says so.
    """
    if event < s.log.shape[0]:
        row = s.log[event]
        row[L_SIDE_A] = first
        row[L_SIDE_B] = second
        if striker == 0:
            row[L_ACTOR] = first
            row[L_TARGET] = second
        if striker == 1:
            row[L_ACTOR] = second
            row[L_TARGET] = first


@rule
def record_toll(s: State, event: int, side: int, dead: int, wounded: int) -> None:
    """Add what a logged event cost one side, 0 or 1; bystanders count as the second."""
    if event < s.log.shape[0]:
        row = s.log[event]
        if side == 0:
            row[L_DEAD_A] += dead
        else:
            row[L_DEAD_B] += dead
        row[L_WOUNDED] += wounded


@rule
def record_loser(s: State, event: int, side: int) -> None:
    """Add which side, 0 first or 1 second, lost a logged clash and owns its reprisal."""
    if event < s.log.shape[0]:
        s.log[event, L_OWNER] = side
