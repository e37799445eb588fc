"""A leader's decisions: when an order is given, whom it addresses, and when it lapses."""

from __future__ import annotations

import math

from sim.model import draws, rules
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import (
    ENDOGENOUS,
    NOT_BEFORE,
    OFF,
    ORDER_EVENT,
    P_COMPLIANCE,
    P_DECISION_TIME,
    P_ORDER_REACH,
    P_THRESHOLDS,
    SCRIPTED,
    State,
    World,
)
from sim.model.places import draw


@rule
def hazard(w: World, s: State, decision: int) -> float:
    """Hazard per hour that the leader gives this order, on the own dead remembered."""
    cost = s.factions[w.decisions[decision]["faction"]]["cost"]
    threshold = s.parameters[P_THRESHOLDS + w.decisions[decision]["leader"]]
    return rules.restraint_hazard(cost, threshold, s.parameters[P_DECISION_TIME])


@rule
def is_open(w: World, s: State, decision: int, start: float) -> bool:
    """Whether the leader's own hazard can give this order in the step that begins at ``start``."""
    if s.decisions[decision]["issued"] >= 0.0:
        return False
    mode = w.decisions[decision]["mode"]
    return mode == ENDOGENOUS or (mode == NOT_BEFORE and start >= s.decisions[decision]["at"])


@rule
def decide(w: World, s: State, decision: int, rate: float, step: int) -> float:
    """Whether an order is given in this step: its time in hours, or -1.

    A scripted time replaces the hazard; ``rate`` is the hazard where the order is open.
    """
    step_h = w.run[0]["step_h"]
    start = step * step_h
    state = s.decisions[decision]
    if state["issued"] >= 0.0 or w.decisions[decision]["mode"] == OFF:
        return -1.0
    if w.decisions[decision]["mode"] == SCRIPTED:
        if state["at"] < start + step_h:
            return max(state["at"], start)
        return -1.0
    if rate > 0.0 and is_open(w, s, decision, start):
        u = draw(s, draws.RESTRAINT, decision, step)
        if rules.fires(u, rate, step_h):
            return start
    return -1.0


@rule
def issue(w: World, s: State, decision: int, time: float, step: int) -> None:
    """Put an order in force and log it; who obeys is decided when it is delivered."""
    start = step * w.run[0]["step_h"]
    fixed = w.decisions[decision]
    state = s.decisions[decision]
    state["issued"] = time
    state["lapses"] = time + fixed["lasts"]
    cause = -1
    if fixed["mode"] != SCRIPTED:
        cause = s.factions[fixed["faction"]]["loss_event"]
    event = record(s, ORDER_EVENT, cause, start, decision, -1, fixed["faction"], 0.0)
    state["event"] = event
    first = w.factions[fixed["faction"]]["first_group"]
    for g in range(first, first + w.factions[fixed["faction"]]["groups"]):
        s.groups[g]["order_event"] = event


@rule
def addresses(w: World, decision: int, place: int) -> bool:
    """Whether an order is addressed to the cells at a place."""
    return w.scope[decision, place] == 1 and w.decisions[decision]["fighting"] == 1


@rule
def bar_for_cells(w: World, s: State, decision: int, g: int) -> float:
    """The obedience below which a group's cells obey an order."""
    in_scope = addresses(w, decision, w.groups[g]["place"])
    return rules.obedience_bar(s.parameters[P_COMPLIANCE], s.parameters[P_ORDER_REACH], in_scope)


@rule
def bar_for_crowd(w: World, s: State, decision: int, place: int) -> float:
    """The share of a crowd at a place that obeys an order."""
    in_scope = w.scope[decision, place] == 1 and w.decisions[decision]["protest"] == 1
    return rules.obedience_bar(s.parameters[P_COMPLIANCE], s.parameters[P_ORDER_REACH], in_scope)


@rule
def lapses(w: World, s: State, decision: int, end: float) -> bool:
    """Take an order out of force when its time is over; whether that happened in this step."""
    state = s.decisions[decision]
    if state["issued"] < 0.0 or state["lapses"] < 0.0 or state["lapses"] >= end:
        return False
    state["lapses"] = -1.0  # over for good
    return True


@rule
def wakes(w: World, s: State, decision: int) -> float:
    """The time from which a decision has something to do: to be taken, or to lapse."""
    state = s.decisions[decision]
    if state["issued"] >= 0.0:
        return state["lapses"] if state["lapses"] >= 0.0 else math.inf
    mode = w.decisions[decision]["mode"]
    if mode == OFF:
        return math.inf
    return 0.0 if mode == ENDOGENOUS else state["at"]


@rule
def next_to_wake(w: World, s: State) -> float:
    """The time from which any decision has something to do."""
    first = math.inf
    for decision in range(w.decisions.shape[0]):
        first = min(first, wakes(w, s, decision))
    return first


@rule
def in_force(s: State, decision: int, time: float) -> bool:
    """Whether an order has been issued and has not lapsed."""
    state = s.decisions[decision]
    return state["issued"] >= 0.0 and time < state["lapses"]


@rule
def remember(s: State, faction: int) -> None:
    """Age a faction's memory of its own dead by one step and add the step's dead."""
    state = s.factions[faction]
    if state["cost"] > 0.0 or state["dead_now"] > 0.0:
        state["cost"] = state["cost"] * s.run[0]["cost_left"] + state["dead_now"]
        state["dead_now"] = 0.0
