"""A leader's decisions: when an order is given, whom it addresses, and when it lapses."""

from __future__ import annotations

import math

from sim.model import draws, groups, rules
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import (
    ENDOGENOUS,
    NOT_BEFORE,
    OFF,
    ORDER_EVENT,
    SCRIPTED,
    State,
    World,
)
from sim.model.places import draw


@rule
def hazard(w: World, s: State, decision: int) -> float:
    """Hazard per hour that the leader gives this order, on the own dead remembered."""
    cost = s.factions[w.decisions[decision]["faction"]]["own_dead"]
    threshold = s.thresholds[w.decisions[decision]["leader"]]
    return rules.restraint_hazard(cost, threshold, s.p[0]["decision_time"])


@rule
def is_open(w: World, s: State, decision: int, step: int) -> bool:
    """Whether the leader's own hazard can give this order in this step."""
    if s.decisions[decision]["issued"] >= 0.0:
        return False
    mode = w.decisions[decision]["mode"]
    return mode == ENDOGENOUS or (
        mode == NOT_BEFORE and step * w.run[0]["step_h"] >= s.decisions[decision]["at"]
    )


@rule
def weigh(w: World, s: State, decision: int, step: int) -> None:
    """A leader weighs an order that is open: its hazard, on the state as the step begins."""
    s.decisions[decision]["hazard"] = 0.0
    if is_open(w, s, decision, step):
        s.decisions[decision]["hazard"] = hazard(w, s, decision)


@rule
def decide(w: World, s: State, decision: int, step: int) -> None:
    """An order is given if the script says so or its hazard fires; who obeys is found later."""
    step_h = w.run[0]["step_h"]
    start = step * step_h
    state = s.decisions[decision]
    faction = w.decisions[decision]["faction"]
    if state["issued"] >= 0.0:
        if lapses_now(w, s, decision, step):
            tell(s, faction, step)
        return
    if w.decisions[decision]["mode"] == SCRIPTED:
        if state["at"] < start + step_h:
            issue(w, s, decision, max(state["at"], start), step)
    elif state["hazard"] > 0.0:
        u = draw(s, draws.RESTRAINT, decision, step)
        if rules.fires(u, state["hazard"], step_h):
            issue(w, s, decision, start, step)


@rule
def any_due(w: World, s: State, step: int) -> bool:
    """Whether any order may be given in this step, or lapse."""
    return s.run[0]["orders"] < step * w.run[0]["step_h"] + w.run[0]["step_h"]


@rule
def look_ahead_to_orders(w: World, s: State, _: int, step: int) -> None:
    """The next time that an order may be given or lapse is noted; infinite for never."""
    first = math.inf
    for decision in range(w.decisions.shape[0]):
        state = s.decisions[decision]
        mode = w.decisions[decision]["mode"]
        if state["issued"] >= 0.0:
            if state["lapses"] >= 0.0:
                first = min(first, state["lapses"])
        elif mode == ENDOGENOUS:
            first = 0.0
        elif mode != OFF:
            first = min(first, state["at"])
    s.run[0]["orders"] = first


@rule
def tell(s: State, faction: int, step: int) -> None:
    """Note that a faction's cells and crowds have an order to hear in this step, or its end."""
    s.factions[faction]["ordered"] = step
    s.run[0]["ordered"] = step


@rule
def any_order(w: World, s: State, step: int) -> bool:
    """Whether any order begins or ends in this step."""
    return s.run[0]["ordered"] == step


@rule
def issue(w: World, s: State, decision: int, time: float, step: int) -> None:
    """Put an order in force and log it."""
    start = step * w.run[0]["step_h"]
    fixed = w.decisions[decision]
    state = s.decisions[decision]
    state["issued"] = time
    state["lapses"] = time + fixed["lasts"]
    s.factions[fixed["faction"]]["dead_since"] = 0.0
    tell(s, fixed["faction"], step)
    cause = -1
    if fixed["mode"] != SCRIPTED:
        cause = s.factions[fixed["faction"]]["loss_event"]
    event = record(s, ORDER_EVENT, cause, start, decision, -1, fixed["faction"], 0.0)
    state["event"] = event
    first = w.factions[fixed["faction"]]["first_group"]
    for g in range(first, first + w.factions[fixed["faction"]]["groups"]):
        s.groups[g]["order_event"] = event


@rule
def relieve(w: World, s: State, decision: int, step: int) -> None:
    """An order that is given takes its share of the salience, and of pulses to come, in scope."""
    relief = s.p[0]["relief"]
    if relief <= 0.0 or not is_new(w, s, decision, step):
        return
    for place in range(w.places.shape[0]):
        if w.scope[decision, place] == 0:
            continue
        state = s.places[place]
        state["salience"] = rules.relieved(state["salience"], relief)
        state["pulse"] = rules.relieved(state["pulse"], relief)
        state["spark"] = rules.relieved(state["spark"], relief)
        if state["salience"] <= s.p[0]["salience_floor"]:
            state["stirred"] = 0


@rule
def run_fray_clock(w: World, s: State, faction: int, step: int) -> None:
    """The clock on which a faction's orders fray advances, faster after own dead since then."""
    if groups.any_fraying(w, s, step):
        state = s.factions[faction]
        state["fray"] += rules.fray_step(
            s.run[0]["fray_step"], s.p[0]["provocation"], state["dead_since"]
        )


@rule
def addresses(w: World, decision: int, place: int) -> bool:
    """Whether an order is addressed to the cells at a place."""
    return w.scope[decision, place] == 1 and w.decisions[decision]["fighting"] == 1


@rule
def compliance(w: World, s: State, decision: int) -> float:
    """Probability that somebody in scope obeys an order, by what kind of order it is."""
    kind, p = w.decisions[decision], s.p[0]
    shift = (
        kind["order_by_government"] * p["order_by_government"]
        + kind["order_by_both"] * p["order_by_both"]
        + kind["order_to_both_sides"] * p["order_to_both_sides"]
        + kind["order_to_public"] * p["order_to_public"]
        + kind["order_written"] * p["order_written"]
        + kind["order_monitored"] * p["order_monitored"]
        + kind["order_in_part"] * p["order_in_part"]
        + kind["order_humanitarian"] * p["order_humanitarian"]
    )
    return rules.shifted(p["compliance"], shift)


@rule
def bar_for_cells(w: World, s: State, decision: int, g: int) -> float:
    """The obedience below which a group's cells obey an order."""
    in_scope = addresses(w, decision, w.groups[g]["place"])
    return rules.obedience_bar(compliance(w, s, decision), s.p[0]["order_reach"], in_scope)


@rule
def bar_for_crowd(w: World, s: State, decision: int, place: int) -> float:
    """The share of a crowd at a place that obeys an order."""
    in_scope = w.scope[decision, place] == 1 and w.decisions[decision]["protest"] == 1
    return rules.obedience_bar(compliance(w, s, decision), s.p[0]["order_reach"], in_scope)


@rule
def is_new(w: World, s: State, decision: int, step: int) -> bool:
    """Whether an order was issued in this step."""
    start = step * w.run[0]["step_h"]
    issued = s.decisions[decision]["issued"]
    return issued >= start and issued < start + w.run[0]["step_h"]


@rule
def lapses_now(w: World, s: State, decision: int, step: int) -> bool:
    """Whether an order is in force whose time is over before this step ends."""
    state = s.decisions[decision]
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    return state["issued"] >= 0.0 and state["lapses"] >= 0.0 and state["lapses"] < end


@rule
def expire(w: World, s: State, decision: int, step: int) -> None:
    """An order whose time is over is out of force for good."""
    if lapses_now(w, s, decision, step):
        s.decisions[decision]["lapses"] = -1.0


@rule
def in_force(s: State, decision: int, time: float) -> bool:
    """Whether an order has been issued and has not lapsed."""
    state = s.decisions[decision]
    return state["issued"] >= 0.0 and time < state["lapses"]


@rule
def remember(w: World, s: State, faction: int, step: int) -> None:
    """A faction's memory of its own dead ages by one step, and the step's dead are added."""
    state = s.factions[faction]
    if state["own_dead"] > 0.0 or state["dead_now"] > 0.0:
        state["dead_since"] += state["dead_now"]
        state["own_dead"] = state["own_dead"] * s.run[0]["cost_left"] + state["dead_now"]
        state["dead_now"] = 0.0
