"""The compiled twin: the hour of the Mesa model over the same records, by the same functions.

The hour, in order: (1) scripted interventions, (2) salience, (3) leaders' decisions on the state
at the start of the hour, (4) delivery of orders and standing down, (5) mobilisation and crowds,
(6) security forces, (7) clashes with their casualties, (8) memory, (9) rockets, (10) reports,
(11) the log's and the series' closing line.
"""

from __future__ import annotations

from typing import Any

from sim.model import (
    cells,
    crowds,
    diary,
    fronts,
    launcher,
    leaders,
    measures,
    orders,
    outlets,
    places,
)
from sim.model.begin import begin, take_over
from sim.model.book import WIDTH
from sim.model.compiled import compiled, rule
from sim.model.layout import CROWD_EVENT, MOBILISATION_EVENT, State, World
from sim.model.reference import by_reference, refer_to


@rule
def rouse(w: World, s: State, place: int) -> None:
    """A new pulse of salience at a place: thresholds count from here, the tired are ready again."""
    for g in range(w.groups.shape[0]):
        if w.groups[g]["place"] == place:
            cells.rouse_group(w, s, g)
            for cell in range(w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]):
                cells.rouse(w, s, cell)


@rule
def move_cells(w: World, s: State, step: int, end: float) -> None:
    """Let each cell that may have something to do in this step come, stay or leave."""
    if s.run[0]["stirred"] > 0:
        for g in range(w.groups.shape[0]):
            cells.run_clock(w, s, g)
    s.run[0]["page"] = step + 1
    for word in range(s.diary.shape[1]):
        while s.diary[step, word] != 0:
            cell = diary.take_first(s, step, word)
            cells.act(w, s, cell, end)
            cells.plan(w, s, cell, step)
    if s.run[0]["moved"] == 1:
        s.run[0]["moved"] = 0
        for g in range(w.groups.shape[0]):
            cells.note_movement(w, s, g, step)


@rule
def hour(w: World, s: State, step: int) -> None:
    """One step of one run."""
    step_h = w.run[0]["step_h"]
    start = step * step_h
    end = start + step_h
    scripted = s.run[0]["script"] < end
    if scripted:
        for i in range(w.triggers.shape[0]):
            if places.pull(w, s, i, step):
                fronts.script_attack(w, s, i)
        for i in range(w.deployments.shape[0]):
            places.deploy_security(w, s, i, step)
    s.run[0]["stirred"] = 0
    for p in range(w.places.shape[0]):
        if places.settle_salience(s, p):
            rouse(w, s, p)
    if s.run[0]["wakes"] < end:
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
        s.run[0]["wakes"] = leaders.next_to_wake(w, s)
    move_cells(w, s, step, end)
    for c in range(w.crowds.shape[0]):
        crowds.move(w, s, c, step)
    for c in range(w.crowds.shape[0]):
        crowds.push(w, s, c, crowds.push_rate(w, s, c), step)
    for p in range(w.places.shape[0]):
        places.move_security(w, s, p, start)
    if scripted or s.run[0]["stirred"] > 0 or s.run[0]["stocked"] > 0:
        s.run[0]["stocked"] = 0
        for f in range(w.fronts.shape[0]):
            fronts.expect(w, s, f)
        for f in range(w.fronts.shape[0]):
            fronts.fight(w, s, f, s.fronts[f]["expected"], step)
    for i in range(w.factions.shape[0]):
        leaders.remember(s, i)
    if w.run[0]["targets"] > 0:
        for p in range(w.places.shape[0]):
            launcher.fire(w, s, p, launcher.rate(w, s, p), step)
    if scripted:
        for o in range(w.outlets.shape[0]):
            outlets.publish(w, s, o, step)
        s.run[0]["script"] = places.next_in_script(w, s, end)
    for p in range(w.places.shape[0]):
        places.close_hour(w, s, p, step, w.severity[MOBILISATION_EVENT], w.severity[CROWD_EVENT])


@rule
def set_parameters(s: State, theta: Any) -> None:
    """Put a parameter vector into a state."""
    for i in range(theta.shape[0]):
        s.parameters[i] = theta[i]


@compiled
def run_block(  # type: ignore[no-untyped-def]
    world, other, fork, state, measured, theta, theta_after, seed, replicates, first, last,
    observables, issued, hourly,
):  # fmt: skip
    """Run replicates ``first`` to ``last`` of a batch and keep what has room to be kept.

    Each runs in ``world`` up to step ``fork`` and in ``other`` from there on; ``measured`` are the
    observables' Specs.

    ``theta`` f8[R, NP]; ``replicates`` i8[R]; ``observables`` f8[R, K] and ``issued`` f8[R, D] are
    filled; ``hourly`` f4[R or 0, T, P, V] is filled where it has rows. Returns the largest number
    of events in a run.
    """
    w, s, specs = by_reference(world), by_reference(state), by_reference(measured)
    most = 0
    steps = w.run[0]["steps"]
    for r in range(first, last):
        refer_to(w, world)
        set_parameters(s, theta[r])
        begin(w, s, seed, replicates[r])
        begins, ends = 0, min(fork, steps)
        for part in range(2):  # one call of the hour, so that it is compiled once
            if part == 1:
                if fork >= steps:
                    break
                refer_to(w, other)
                set_parameters(s, theta_after[r])
                take_over(w, s)
                begins, ends = fork, steps
            for step in range(begins, ends):
                hour(w, s, step)
        measures.measure(w, s, specs, observables[r])
        for d in range(w.decisions.shape[0]):
            issued[r, d] = s.decisions[d]["issued"]
        if hourly.shape[0] > 0:
            for t in range(hourly.shape[1]):
                for p in range(hourly.shape[2]):
                    for v in range(WIDTH):
                        hourly[r, t, p, v] = s.book[t, p * WIDTH + v]
        most = max(most, s.run[0]["events"])
    return most
