"""The compiled twin: the hour of the Mesa model over the same records, by the same functions.

The hour, in order: (1) scripted interventions, (2) salience, (3) leaders' decisions on the state
at the start of the hour, (4) delivery of orders and standing down, (5) mobilisation and crowds,
(6) security forces, (7) clashes with their casualties, (8) memory, (9) rockets, (10) reports,
(11) the log's and the series' closing line.
"""

from __future__ import annotations

import math
from typing import Any

from sim.model import (
    cells,
    crowds,
    fronts,
    launcher,
    leaders,
    measures,
    orders,
    outlets,
    places,
)
from sim.model.begin import begin, take_over
from sim.model.compiled import compiled, rule
from sim.model.layout import CROWD_EVENT, MOBILISATION_EVENT, State, World


@rule
def move_cells(w: World, s: State, g: int, step: int) -> None:
    """Stand down and mobilise the cells of a group, skipping hours in which none can move."""
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    cells.run_clock(w, s, g)
    group = s.groups[g]
    leaving = group["due"] <= end
    coming = group["running"] == 1 and group["clock"] >= group["next"]
    if not leaving and not coming:
        return
    first, last = w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]
    if leaving:
        due = math.inf
        for cell in range(first, last):
            if s.leave_at[cell] <= end:
                cells.stand_down(w, s, cell, end)
            due = min(due, s.leave_at[cell])
        group["due"] = due
    if coming:
        next_ = math.inf
        for cell in range(first, last):
            if s.come_at[cell] <= group["clock"]:
                cells.mobilise(w, s, cell, end)
            if s.come_at[cell] > group["clock"]:
                next_ = min(next_, s.come_at[cell])
        group["next"] = next_
    cells.note_movement(w, s, g, step)


@rule
def hour(w: World, s: State, step: int) -> None:
    """One step of one run."""
    step_h = w.run[0]["step_h"]
    start = step * step_h
    end = start + step_h
    for i in range(w.triggers.shape[0]):
        if places.pull(w, s, i, step):
            fronts.script_attack(w, s, i)
    for i in range(w.deployments.shape[0]):
        places.deploy_security(w, s, i, step)
    for p in range(w.places.shape[0]):
        if places.settle_salience(s, p):
            for g in range(w.groups.shape[0]):
                if w.groups[g]["place"] == p:
                    cells.rouse_group(w, s, g)
                    for cell in range(
                        w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]
                    ):
                        cells.rouse(w, s, cell)
    for d in range(w.decisions.shape[0]):
        rate = 0.0
        if leaders.is_open(w, s, d, start):
            rate = leaders.hazard(w, s, d)
        time = leaders.decide(w, s, d, rate, step)
        if time >= 0.0:
            leaders.issue(w, s, d, time, step)
    for d in range(w.decisions.shape[0]):
        if orders.is_due(w, s, d, step):
            orders.deliver(w, s, d)
        if leaders.lapses(w, s, d, end):
            orders.lift(w, s, d, end)
    for g in range(w.groups.shape[0]):
        move_cells(w, s, g, step)
    for c in range(w.crowds.shape[0]):
        crowds.move(w, s, c, step)
    for c in range(w.crowds.shape[0]):
        crowds.push(w, s, c, crowds.push_rate(w, s, c), step)
    for p in range(w.places.shape[0]):
        places.move_security(w, s, p, start)
    for f in range(w.fronts.shape[0]):
        fronts.expect(w, s, f)
    for f in range(w.fronts.shape[0]):
        fronts.fight(w, s, f, s.fronts[f]["expected"], step)
    for i in range(w.factions.shape[0]):
        leaders.remember(s, i)
    for p in range(w.places.shape[0]):
        launcher.fire(w, s, p, launcher.rate(w, s, p), step)
    for o in range(w.outlets.shape[0]):
        outlets.publish(w, s, o, step)
    for p in range(w.places.shape[0]):
        places.close_hour(w, s, p, step, w.severity[MOBILISATION_EVENT], w.severity[CROWD_EVENT])


@rule
def set_parameters(s: State, theta: Any) -> None:
    """Put a parameter vector into a state."""
    for i in range(theta.shape[0]):
        s.parameters[i] = theta[i]


@compiled
def run_block(  # type: ignore[no-untyped-def]
    w, after, fork, s, specs, theta, theta_after, seed, replicates, first, last, observables,
    issued, hourly,
):  # fmt: skip
    """Run replicates ``first`` to ``last`` of a batch and keep what has room to be kept.

    Each runs in world ``w`` up to step ``fork`` and in world ``after`` from there on.

    ``theta`` f8[R, NP]; ``replicates`` i8[R]; ``observables`` f8[R, K] and ``issued`` f8[R, D] are
    filled; ``hourly`` f4[R or 0, T, P, V] is filled where it has rows. Returns the largest number
    of events in a run.
    """
    most = 0
    steps = w.run[0]["steps"]
    for r in range(first, last):
        set_parameters(s, theta[r])
        begin(w, s, seed, replicates[r])
        world = w
        begins, ends = 0, min(fork, steps)
        for part in range(2):  # one call of the hour, so that it is compiled once
            if part == 1:
                if fork >= steps:
                    break
                set_parameters(s, theta_after[r])
                take_over(after, s)
                world = after
                begins, ends = fork, steps
            for step in range(begins, ends):
                hour(world, s, step)
        measures.measure(w, s, specs, observables[r])
        for d in range(w.decisions.shape[0]):
            issued[r, d] = s.decisions[d]["issued"]
        if hourly.shape[0] > 0:
            for t in range(s.series.shape[0]):
                for p in range(s.series.shape[1]):
                    for v in range(s.series.shape[2]):
                        hourly[r, t, p, v] = s.series[t, p, v]
        most = max(most, s.run[0]["events"])
    return most
