"""A place: salience that decays, security forces that come and go, and the hour's closing line."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.model import draws, rules
from sim.model.book import WIDTH
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import (
    P_DETERRENCE,
    P_SALIENCE_FLOOR,
    P_SECURITY_ALERT,
    S_CELLS,
    S_CROWD,
    S_LADDER,
    S_PRESENCE,
    S_SALIENCE,
    SECURITY_EVENT,
    TRIGGER_EVENT,
    State,
    World,
)


@rule
def draw(s: State, mechanism: int, entity: int, index: int) -> float:
    """The uniform number of this run for a mechanism, an entity and an index."""
    run = s.run[0]
    return draws.uniform(run["seed"], run["replicate"], mechanism, entity, index)


@rule
def draw_row(
    s: State, out: NDArray[np.float64], mechanism: int, entity: int, index: int, along: int
) -> None:
    """The numbers of this run for a row of counters into ``out``; see ``draws.uniforms``."""
    run = s.run[0]
    draws.uniforms(out, run["seed"], run["replicate"], mechanism, entity, index, along)


@rule
def mark(s: State, place: int, severity: float) -> None:
    """Note that an event of this severity happened at a place in this step."""
    s.places[place]["top"] = max(s.places[place]["top"], severity)


@rule
def pull(w: World, s: State, trigger: int, step: int) -> bool:
    """Let a trigger act if its time falls before the step's end; whether it did."""
    start = step * w.run[0]["step_h"]
    end = start + w.run[0]["step_h"]
    state = s.triggers[trigger]
    if state["done"] == 1 or state["at"] >= end:
        return False
    fixed = w.triggers[trigger]
    for place in range(w.places.shape[0]):
        if w.trigger_places[trigger, place] == 0:
            continue
        event = record(
            s, TRIGGER_EVENT, -1, start, trigger, place, fixed["actor"], fixed["salience"]
        )
        s.places[place]["pulse"] += fixed["salience"]
        if fixed["salience"] > 0.0 or fixed["front"] >= 0:
            s.places[place]["trigger_event"] = event
        mark(s, place, fixed["severity"])
    state["done"] = 1
    return True


@rule
def deploy_security(w: World, s: State, deployment: int, step: int) -> None:
    """Send or recall security forces by script."""
    start = step * w.run[0]["step_h"]
    end = start + w.run[0]["step_h"]
    state = s.deployments[deployment]
    fixed = w.deployments[deployment]
    place = fixed["place"]
    if state["done"] == 0 and state["at"] < end:
        state["done"] = 1
        s.places[place]["held"] = max(s.places[place]["held"], fixed["presence"])
        record(s, SECURITY_EVENT, -1, start, deployment, place, -1, fixed["presence"])
        mark(s, place, w.severity[SECURITY_EVENT])
    if state["done"] == 1 and fixed["until"] < end:
        state["done"] = 2
        s.places[place]["held"] = w.places[place]["garrison"]


@rule
def next_in_script(w: World, s: State, now: float) -> float:
    """The first time, from ``now`` on, that the script has something to do; infinite for never."""
    first = math.inf
    for i in range(w.triggers.shape[0]):
        if s.triggers[i]["done"] == 0:
            first = min(first, s.triggers[i]["at"])
    for i in range(w.deployments.shape[0]):
        if s.deployments[i]["done"] == 0:
            first = min(first, s.deployments[i]["at"])
        elif s.deployments[i]["done"] == 1:
            first = min(first, w.deployments[i]["until"])
    for i in range(w.outlets.shape[0]):
        if w.outlets[i]["at"] >= now:
            first = min(first, w.outlets[i]["at"])
    return first


@rule
def settle_salience(s: State, place: int) -> bool:
    """Decay salience by one step and add the step's pulses; whether there was a new pulse."""
    state = s.places[place]
    pulsed = state["pulse"] > 0.0
    state["salience"] = state["salience"] * s.run[0]["salience_left"] + state["pulse"]
    state["pulse"] = 0.0
    if state["salience"] > s.parameters[P_SALIENCE_FLOOR]:
        state["stirred"] = 1
        s.run[0]["stirred"] += 1
    else:
        state["stirred"] = 0
    return pulsed


@rule
def move_security(w: World, s: State, place: int, start: float) -> None:
    """Security forces arrive while clashes last, and fade once it is calm."""
    state = s.places[place]
    presence = state["presence"]
    if (
        w.places[place]["has_security"] == 1
        and start - state["last_clash"] <= s.parameters[P_SECURITY_ALERT]
    ):
        presence = rules.approach(presence, 1.0, s.run[0]["security_in"])
        if state["alarmed"] == 0:
            state["alarmed"] = 1
            record(s, SECURITY_EVENT, state["clash_event"], start, -1, place, -1, presence)
            mark(s, place, w.severity[SECURITY_EVENT])
    else:
        presence = rules.approach(presence, state["held"], s.run[0]["security_out"])
        state["alarmed"] = 0
    state["presence"] = max(presence, state["held"])
    state["guard"] = -1.0


@rule
def guard(w: World, s: State, place: int) -> float:
    """Factor by which the security forces at a place reduce clashes, worked out once a step."""
    state = s.places[place]
    if state["guard"] < 0.0:
        state["guard"] = rules.guard_factor(
            s.parameters[P_DETERRENCE], w.places[place]["authority"], state["presence"]
        )
    return state["guard"]


@rule
def close_hour(w: World, s: State, place: int, step: int, street: float, gathered: float) -> None:
    """Write a place's line of the hourly series; ``street``, ``gathered``: ladder of standing."""
    state = s.places[place]
    line = s.book[step]
    first = place * WIDTH
    top = state["top"]
    if state["street"] > 0 and street > top:
        top = street
    if state["crowd"] >= 1.0 and gathered > top:
        top = gathered
    line[first + S_CELLS] = state["street"]
    line[first + S_CROWD] = state["crowd"]
    line[first + S_SALIENCE] = state["salience"]
    line[first + S_PRESENCE] = state["presence"]
    line[first + S_LADDER] = top
    state["top"] = 0.0
    state["crowd"] = 0.0
