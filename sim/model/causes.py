"""The cause of a clash: the trigger that opened it, or the earlier clash that it avenges."""

from __future__ import annotations

import math

from sim.model import draws, rules
from sim.model.compiled import rule
from sim.model.layout import (
    CLASH_EVENT,
    L_ACTOR,
    L_EVENT,
    L_KIND,
    L_OWNER,
    L_SUBJECT,
    L_TIME,
    State,
    World,
)
from sim.model.places import draw


@rule
def spill_to(w: World, source: int, f: int) -> float:
    """Share of a front's spilt reprisals that another of its dyad gets: equal over the linked."""
    if source == f or w.links[w.fronts[source]["place"], w.fronts[f]["place"]] == 0:
        return 0.0
    return 1.0 / w.fronts[source]["neighbours"]


@rule
def weight(w: World, s: State, row: int, f: int, owner: int, step: int) -> float:
    """Reprisals that the clash in a log row lets fall due in this step at a front, for one side."""
    entry = s.log[row]
    if int(entry[L_KIND]) != CLASH_EVENT or int(entry[L_OWNER]) != owner:
        return 0.0
    source = int(entry[L_SUBJECT])
    if w.fronts[source]["dyad"] != w.fronts[f]["dyad"]:
        return 0.0
    spill = rules.spill_share(s.p[0]["spillover"], w.fronts[source]["neighbours"] > 0)
    amount = spill * spill_to(w, source, f)
    if source == f:
        amount = 1.0 - spill
    steps = step - int(entry[L_TIME] / w.run[0]["step_h"] + 1e-6) - 1
    if amount <= 0.0 or steps < 0:
        return 0.0
    x, half = s.run[0]["reprisal_x"], s.run[0]["reprisal_left_half"]
    left = math.exp(-x * steps)
    ripe = rules.ripe_after(half, rules.past_first_stage(half), x * steps, left)
    young = rules.young_after(half, left)
    return amount * rules.reprisals_due(young, ripe, x, s.run[0]["reprisal_left"])


@rule
def salvo_weight(w: World, s: State, row: int, f: int, step: int) -> float:
    """What of the salvo of the clash in a log row falls due in this step at its front."""
    entry = s.log[row]
    if int(entry[L_KIND]) != CLASH_EVENT or int(entry[L_SUBJECT]) != f:
        return 0.0
    steps = step - int(entry[L_TIME] / w.run[0]["step_h"] + 1e-6) - 1
    if steps < 0:
        return 0.0
    half, left = s.run[0]["salvo_left_half"], s.run[0]["salvo_left"]
    late = 1.0 - half if steps == 0 else 0.0
    return rules.salvo_due(late, half * draws.power(left, steps), left)


@rule
def first_of_salvo(w: World, s: State, f: int, step: int, index: int) -> tuple[int, int]:
    """Event number of the clash that a salvo goes on from, and the side that struck in it."""
    rows = min(s.run[0]["events"], s.log.shape[0])
    mass = 0.0
    for row in range(rows):
        mass += salvo_weight(w, s, row, f, step)
    mark = draw(s, draws.CAUSE, f, index) * mass
    best, striker = -1, -1
    for row in range(rows):
        amount = salvo_weight(w, s, row, f, step)
        if amount > 0.0:
            best, striker = int(s.log[row, L_EVENT]), -1
            for side in range(2):
                if int(s.log[row, L_ACTOR]) == w.sides[f, side]["faction"]:
                    striker = side
            mark -= amount
            if mark < 0.0:
                break
    return best, striker


@rule
def find_cause(w: World, s: State, f: int, step: int, index: int) -> tuple[int, int]:
    """Event number of a clash's cause (-1: none) and the side that avenges (-1: neither).

    Draws of its own: whether a log is kept never changes what happens.
    """
    state = s.fronts[f]
    due = s.sides[f, 0]["due"], s.sides[f, 1]["due"]
    first = state["opening"] + state["volley"]
    total = first + due[0] + due[1]
    u = draw(s, draws.CAUSE_KIND, f, index) * total
    if u < state["opening"]:
        return s.places[w.fronts[f]["place"]]["trigger_event"], -1
    if u < first:
        return first_of_salvo(w, s, f, step, index)
    owner = 0
    if u >= first + due[0]:
        owner = 1
    rows = min(s.run[0]["events"], s.log.shape[0])
    mass = 0.0
    for row in range(rows):
        mass += weight(w, s, row, f, owner, step)
    mark = draw(s, draws.CAUSE, f, index) * mass
    best = -1
    for row in range(rows):
        amount = weight(w, s, row, f, owner, step)
        if amount > 0.0:
            best = int(s.log[row, L_EVENT])
            mark -= amount
            if mark < 0.0:
                break
    return best, owner
