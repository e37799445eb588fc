"""The beginning of a run: constants worked out, windows drawn, cells in place."""

from __future__ import annotations

import math

from sim.model import book, draws, incidents, rules
from sim.model.compiled import rule
from sim.model.layout import (
    DEPLOYED,
    DESTROYED,
    IDLE,
    WAITING,
    State,
    World,
)
from sim.model.places import draw


@rule
def work_out(w: World, s: State) -> None:
    """The run's constants: each is a rule applied to parameters and step, so done only once."""
    p = s.p[0]
    step_h = w.run[0]["step_h"]
    run = s.run[0]
    run["salience_left"] = rules.decay(step_h, p["salience_memory"])
    run["cost_left"] = rules.decay(step_h, p["cost_memory"])
    run["reprisal_x"] = step_h / p["reprisal_delay"]
    run["reprisal_left"] = rules.decay(step_h, p["reprisal_delay"])
    run["reprisal_left_half"] = rules.decay(0.5 * step_h, p["reprisal_delay"])
    run["security_in"] = rules.decay(step_h, p["security_arrival"])
    run["security_out"] = rules.decay(step_h, p["security_fade"])
    run["gathering_left"] = rules.decay(step_h, p["crowd_gathering_time"])
    run["fatigue_left"] = rules.decay(step_h, p["fatigue_time"])
    run["dispersal_left"] = rules.decay(step_h, p["crowd_dispersal_time"])
    run["ceiling"] = p["clash_ceiling"] * step_h
    run["opening"] = rules.opening(p["clash_rate"], step_h)
    run["clock_step"] = rules.clock_step(step_h, p["mobilisation_time"])
    run["home_step"] = rules.clock_step(step_h, p["home_time"])
    run["fray_step"] = rules.clock_step(step_h, p["order_memory"])
    run["notice_left"] = rules.decay(step_h, p["reciprocity_lag"])
    run["grievance_left"] = rules.decay(step_h, p["grievance_memory"] * rules.HOURS_PER_WEEK)
    run["salvo_left"] = rules.decay(step_h, p["salvo_delay"])
    run["salvo_left_half"] = rules.decay(0.5 * step_h, p["salvo_delay"])
    run["rhythm"] = 1.0
    most = 1.0
    for hour in range(w.day.shape[0]):
        most = max(most, rules.rhythm(p["daily_rhythm"], w.day[hour]))
    run["busiest"] = most
    shape, mean = p["death_dispersion"], p["deaths_per_clash"]
    run["death_ratio"] = rules.death_ratio(mean, shape)
    run["death_zero"] = rules.no_death(mean, shape)
    run["wound_ratio"] = rules.wounded_ratio(p["wounded_per_death"], mean, shape)
    run["wound_none"] = rules.no_wound(run["wound_ratio"])
    run["wound_zero"] = rules.nobody_wounded(shape, run["wound_none"])


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
        s.decisions[i]["hazard"] = 0.0
        s.decisions[i]["own"] = 0.0
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
        state["rate"] = 0.0
        state["dead"] = 0
        state["event"] = -1
        state["own"] = 0.0


@rule
def set_places(w: World, s: State) -> None:
    """Put places, factions and fronts into their state at the start of the clock."""
    for i in range(w.places.shape[0]):
        state = s.places[i]
        state["salience"] = 0.0
        state["pulse"] = 0.0
        state["spark"] = 0.0
        state["held"] = w.places[i]["garrison"]
        state["presence"] = max(w.places[i]["presence"], w.places[i]["garrison"])
        state["last_clash"] = -1e12
        state["trigger_event"] = -1
        state["clash_event"] = -1
        state["stirred"] = 0
        state["pulsed"] = -1
        state["roused"] = -1
        state["alarmed"] = 0
        state["street"] = 0
        state["crowd"] = 0.0
        state["turnout"] = 0.0
        state["top"] = 0.0
        state["guard"] = -1.0
        state["barrages"] = 0.0
        state["own"] = 0.0
    for i in range(w.factions.shape[0]):
        s.factions[i]["dead_now"] = 0.0
        s.factions[i]["own_dead"] = 0.0
        s.factions[i]["loss_event"] = -1
        s.factions[i]["ordered"] = -1
        s.factions[i]["fray"] = 0.0
        s.factions[i]["dead_since"] = 0.0
        s.factions[i]["own"] = 0.0
    for i in range(w.fronts.shape[0]):
        state = s.fronts[i]
        state["opening"] = 0.0
        state["expected"] = 0.0
        state["attack"] = -1
        state["attacked"] = 0
        state["stocked"] = 0
        state["drawn"] = -1
        state["clock"] = 0.0
        state["since"] = 0.0
        state["pace"] = 0.0
        state["mark"] = -1.0
        state["marks"] = 0
        state["grievance"] = 0.0
        state["salvo"] = 0.0
        state["late"] = 0.0
        state["volley"] = 0.0
        state["own"] = 0.0
        for side in range(2):
            s.sides[i, side]["young"] = 0.0
            s.sides[i, side]["ripe"] = 0.0
            s.sides[i, side]["due"] = 0.0


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
        group["lost"] = 0
        group["held"] = 0
        group["home"] = 0.0
        group["seen"] = 0.0
        group["own"] = 0.0
        group["next_fray"] = math.inf
        group["next_join"] = math.inf
        group["next_leave"] = math.inf
        for cell in range(fixed["first"], fixed["first"] + fixed["cells"]):
            state = s.cells[cell]
            state["status"] = IDLE
            if there:
                state["status"] = DEPLOYED
            if w.cells[cell]["people"] == 0:
                state["status"] = DESTROYED
                group["lost"] += 1
            state["restrained"] = 0
            state["threshold"] = -1.0
            state["due"] = math.inf
            state["tired_at"] = math.inf
            state["dead"] = 0
            state["wounded"] = 0
            state["deployments"] = 0
            s.joins[cell] = math.inf
            s.leaves[cell] = math.inf
            s.homes[cell] = math.inf
            s.frays[cell] = math.inf
            if state["status"] == IDLE:
                s.joins[cell] = state["threshold"]
                group["next_join"] = state["threshold"]


@rule
def begin(w: World, s: State, seed: int, replicate: int) -> None:
    """Make a state ready for a replicate; the parameters are in it already."""
    s.run[0]["seed"] = seed
    s.run[0]["replicate"] = replicate
    s.run[0]["events"] = 0
    s.run[0]["stirred"] = -1
    s.run[0]["pulsed"] = -1
    s.run[0]["ordered"] = -1
    s.run[0]["acted"] = -1
    s.run[0]["moved"] = -1
    s.run[0]["stocked"] = -2
    s.run[0]["orders"] = 0.0
    s.run[0]["out"] = 0
    s.run[0]["held"] = 0
    s.run[0]["holding"] = -2
    s.run[0]["grieved"] = -2
    book.clear(s)
    s.run[0]["script"] = 0.0
    work_out(w, s)
    set_script(w, s)
    set_places(w, s)
    set_cells(w, s)
    incidents.wind_up(w, s, 0.0)


@rule
def take_over(after: World, s: State, step: int) -> None:
    """Go on with a run in another world of the same shape: what has not happened yet is redrawn.

    The draws are the same, so a time that the other world does not move stays where it was.
    """
    work_out(after, s)
    draw_windows(after, s)
    s.run[0]["holding"] = step
    incidents.wind_up(after, s, step * after.run[0]["step_h"])
    s.run[0]["script"] = 0.0  # both are looked up anew
    s.run[0]["orders"] = 0.0
