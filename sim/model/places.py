"""A place: salience that decays, security forces that come and go, and the hour's closing line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model import draws, rules
from sim.model.book import WIDTH
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import (
    CROWD_EVENT,
    MOBILISATION_EVENT,
    S_CELLS,
    S_CROWD,
    S_LADDER,
    S_PRESENCE,
    S_SALIENCE,
    S_STANDING,
    SECURITY_EVENT,
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
def settle_salience(w: World, s: State, place: int, step: int) -> None:
    """Salience decays by one step, and the step's pulses are added; small sparks rouse nobody."""
    state = s.places[place]
    if state["pulse"] > 0.0 or state["spark"] > 0.0:
        state["pulsed"] = step
        s.run[0]["pulsed"] = step
        if state["pulse"] > 0.0 or state["spark"] > s.p[0]["salience_floor"]:
            state["roused"] = step
    state["salience"] = (
        state["salience"] * s.run[0]["salience_left"] + state["pulse"] + state["spark"]
    )
    state["pulse"] = 0.0
    state["spark"] = 0.0
    state["stirred"] = 0
    if state["salience"] > s.p[0]["salience_floor"]:
        state["stirred"] = 1
        s.run[0]["stirred"] = step


@rule
def any_pulse(w: World, s: State, step: int) -> bool:
    """Whether a pulse of salience has come to any place in this step."""
    return s.run[0]["pulsed"] == step


@rule
def any_salience(w: World, s: State, step: int) -> bool:
    """Whether salience is above its floor at any place in this step."""
    return s.run[0]["stirred"] == step


@rule
def move_security(w: World, s: State, place: int, step: int) -> None:
    """Security forces arrive while clashes last, and fade once it is calm."""
    state = s.places[place]
    start = step * w.run[0]["step_h"]
    presence = state["presence"]
    if (
        w.places[place]["has_security"] == 1
        and start - state["last_clash"] <= s.p[0]["security_alert"]
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
            s.p[0]["deterrence"], w.places[place]["authority"], state["presence"]
        )
    return state["guard"]


@rule
def close_hour(w: World, s: State, place: int, step: int) -> None:
    """A place's line of the hourly series is written; who stands there counts on the ladder."""
    state = s.places[place]
    line = s.book[step]
    first = place * WIDTH
    standing = max(
        rules.standing_severity(
            w.severity[MOBILISATION_EVENT], state["street"], w.places[place]["mobile"]
        ),
        rules.standing_severity(w.severity[CROWD_EVENT], state["crowd"], state["turnout"]),
    )
    line[first + S_CELLS] = state["street"]
    line[first + S_CROWD] = state["crowd"]
    line[first + S_SALIENCE] = state["salience"]
    line[first + S_PRESENCE] = state["presence"]
    line[first + S_STANDING] = standing
    line[first + S_LADDER] = max(state["top"], standing)
    state["top"] = 0.0
    state["crowd"] = 0.0
    state["turnout"] = 0.0
