"""The beginning of a run: constants worked out, windows drawn, cells in place."""

from __future__ import annotations

import math

from sim.model import book, diary, draws, leaders, places, rules
from sim.model.compiled import rule
from sim.model.layout import (
    DEPLOYED,
    DESTROYED,
    IDLE,
    P_CEILING,
    P_CLASH_RATE,
    P_COST_MEMORY,
    P_DEATHS,
    P_DISPERSAL,
    P_DISPERSION,
    P_FATIGUE_TIME,
    P_GATHERING,
    P_MOBILISATION_TIME,
    P_REPRISAL_DELAY,
    P_SALIENCE_MEMORY,
    P_SECURITY_ARRIVAL,
    P_SECURITY_FADE,
    P_WOUNDED,
    WAITING,
    State,
    World,
)
from sim.model.places import draw


@rule
def work_out(w: World, s: State) -> None:
    """The run's constants: each is a rule applied to parameters and step, so done only once."""
    p = s.parameters
    step_h = w.run[0]["step_h"]
    run = s.run[0]
    run["salience_left"] = rules.decay(step_h, p[P_SALIENCE_MEMORY])
    run["cost_left"] = rules.decay(step_h, p[P_COST_MEMORY])
    run["reprisal_x"] = step_h / p[P_REPRISAL_DELAY]
    run["reprisal_left"] = rules.decay(step_h, p[P_REPRISAL_DELAY])
    run["reprisal_left_half"] = rules.decay(0.5 * step_h, p[P_REPRISAL_DELAY])
    run["security_in"] = rules.decay(step_h, p[P_SECURITY_ARRIVAL])
    run["security_out"] = rules.decay(step_h, p[P_SECURITY_FADE])
    run["gathering_left"] = rules.decay(step_h, p[P_GATHERING])
    run["fatigue_left"] = rules.decay(step_h, p[P_FATIGUE_TIME])
    run["dispersal_left"] = rules.decay(step_h, p[P_DISPERSAL])
    run["ceiling"] = p[P_CEILING] * step_h
    run["opening"] = p[P_CLASH_RATE] * step_h
    run["clock_step"] = step_h / p[P_MOBILISATION_TIME]
    run["per_clock_step"] = p[P_MOBILISATION_TIME] / step_h
    shape, mean = p[P_DISPERSION], p[P_DEATHS]
    run["death_ratio"] = mean / (mean + shape)
    run["death_zero"] = math.exp(shape * math.log(shape / (shape + mean)))
    run["wound_ratio"] = rules.wounded_ratio(p[P_WOUNDED], mean, shape)
    run["wound_none"] = 1.0 / (1.0 + run["wound_ratio"])
    run["wound_zero"] = math.exp(shape * math.log(run["wound_none"]))


@rule
def within(s: State, mechanism: int, entity: int, earliest: float, latest: float) -> float:
    """A time drawn uniformly from a window; a window of no width costs no draw."""
    if latest <= earliest:
        return earliest
    return earliest + (latest - earliest) * draw(s, mechanism, entity, 0)


@rule
def draw_windows(w: World, s: State) -> None:
    """Draw the time, within its window, of everything in the script that has not happened yet."""
    for i in range(w.triggers.shape[0]):
        fixed = w.triggers[i]
        if s.triggers[i]["done"] == 0:
            time = within(s, draws.TRIGGER_TIME, i, fixed["earliest"], fixed["latest"])
            s.triggers[i]["at"] = time
    for i in range(w.decisions.shape[0]):
        fixed = w.decisions[i]
        if s.decisions[i]["issued"] < 0.0:
            time = within(s, draws.DECISION_TIME, i, fixed["earliest"], fixed["latest"])
            s.decisions[i]["at"] = time
    for i in range(w.deployments.shape[0]):
        fixed = w.deployments[i]
        if s.deployments[i]["done"] == 0:
            time = within(s, draws.DEPLOYMENT_TIME, i, fixed["earliest"], fixed["latest"])
            s.deployments[i]["at"] = time


@rule
def set_script(w: World, s: State) -> None:
    """Draw every time that is known only as a window, and every turnout and reporting lag."""
    for i in range(w.triggers.shape[0]):
        s.triggers[i]["done"] = 0
    for i in range(w.deployments.shape[0]):
        s.deployments[i]["done"] = 0
    for i in range(w.decisions.shape[0]):
        s.decisions[i]["issued"] = -1.0
        s.decisions[i]["event"] = -1
        s.decisions[i]["lapses"] = math.inf
    draw_windows(w, s)
    for i in range(w.outlets.shape[0]):
        fixed = w.outlets[i]
        s.outlets[i]["lag"] = within(s, draws.OUTLET_LAG, i, fixed["low"], fixed["high"])
        s.outlets[i]["value"] = math.nan
    for i in range(w.crowds.shape[0]):
        fixed = w.crowds[i]
        state = s.crowds[i]
        state["start"] = within(s, draws.CROWD_START, i, fixed["earliest"], fixed["latest"])
        state["end"] = state["start"] + fixed["stays"]
        state["turnout"] = fixed["low"]
        if fixed["high"] > fixed["low"]:
            u = draw(s, draws.TURNOUT, i, 0)
            low, high = math.log(fixed["low"]), math.log(fixed["high"])
            state["turnout"] = math.exp(low + (high - low) * u)
        state["phase"] = WAITING
        state["restrained"] = 0
        state["size"] = 0.0
        state["stay"] = 0.0
        state["dead"] = 0
        state["event"] = -1


@rule
def set_places(w: World, s: State) -> None:
    """Put places, factions and fronts into their state at the start of the clock."""
    for i in range(w.places.shape[0]):
        state = s.places[i]
        state["salience"] = 0.0
        state["pulse"] = 0.0
        state["held"] = w.places[i]["garrison"]
        state["presence"] = max(w.places[i]["presence"], w.places[i]["garrison"])
        state["last_clash"] = -1e12
        state["trigger_event"] = -1
        state["clash_event"] = -1
        state["stirred"] = 0
        state["alarmed"] = 0
        state["street"] = 0
        state["crowd"] = 0.0
        state["top"] = 0.0
    for i in range(w.factions.shape[0]):
        s.factions[i]["dead_now"] = 0.0
        s.factions[i]["cost"] = 0.0
        s.factions[i]["loss_event"] = -1
    for i in range(w.fronts.shape[0]):
        state = s.fronts[i]
        state["young_first"] = 0.0
        state["ripe_first"] = 0.0
        state["young_second"] = 0.0
        state["ripe_second"] = 0.0
        state["due_first"] = 0.0
        state["due_second"] = 0.0
        state["opening"] = 0.0
        state["expected"] = 0.0
        state["attack"] = -1
        state["stocked"] = 0
        state["drawn"] = -1


@rule
def set_cells(w: World, s: State) -> None:
    """Put residents and security forces in place, all other cells at home."""
    for g in range(w.groups.shape[0]):
        group, fixed = s.groups[g], w.groups[g]
        there = fixed["resident"] == 1 or fixed["security"] == 1
        group["present"] = 0
        group["active"] = 0
        group["people"] = 0.0
        if there:
            group["present"] = fixed["cells"]
            group["active"] = fixed["cells"]
            group["people"] = fixed["people"]
        group["clock"] = 0.0
        group["base"] = 0.0
        group["order_event"] = -1
        group["mobilised"] = 0
        group["stood_down"] = 0
        group["asked"] = 0
        group["called"] = 0
        for cell in range(fixed["first"], fixed["first"] + fixed["cells"]):
            state = s.cells[cell]
            state["status"] = IDLE
            if there:
                state["status"] = DEPLOYED
            if w.cells[cell]["people"] == 0:
                state["status"] = DESTROYED
            state["restrained"] = 0
            state["threshold"] = -1.0
            state["due"] = math.inf
            state["tired_at"] = math.inf
            state["dead"] = 0
            state["wounded"] = 0
            state["deployments"] = 0


@rule
def begin(w: World, s: State, seed: int, replicate: int) -> None:
    """Make a state ready for a replicate; the parameters are in it already."""
    s.run[0]["seed"] = seed
    s.run[0]["replicate"] = replicate
    s.run[0]["events"] = 0
    s.run[0]["page"] = 0
    s.run[0]["moved"] = 0
    s.run[0]["stocked"] = 0
    book.clear(s)
    work_out(w, s)
    set_script(w, s)
    set_places(w, s)
    set_cells(w, s)
    look_ahead(w, s)


@rule
def look_ahead(w: World, s: State) -> None:
    """Work out when the script and each leader have something to do next."""
    s.run[0]["script"] = places.next_in_script(w, s, 0.0)
    s.run[0]["wakes"] = leaders.next_to_wake(w, s)


@rule
def take_over(after: World, s: State) -> None:
    """Go on with a run in another world of the same shape: what has not happened yet is redrawn.

    The draws are the same, so a time that the other world does not move stays where it was.
    """
    work_out(after, s)
    draw_windows(after, s)
    for cell in range(after.cells.shape[0]):  # the other world's clocks may run at another pace
        if s.cells[cell]["status"] == IDLE:
            diary.note(s, cell, 0)
    look_ahead(after, s)
