"""Armed cells: how one deploys, obeys, stands down, tires and is lost; and their group's books.

A group is a faction's cells at one place. Whatever a single cell does is a function of that cell,
so that a Mesa agent can be one; the group keeps the sums that the rules ask for.
"""

from __future__ import annotations

import math

from sim.model import diary, draws
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import (
    CLOSE_OFFICES,
    DEPLOYED,
    DESTROYED,
    IDLE,
    MOBILISATION_EVENT,
    P_FATIGUE_TIME,
    P_STAND_DOWN_TIME,
    STAND_DOWN_EVENT,
    STOOD_DOWN,
    TIRED,
    WITHDRAW,
    State,
    World,
)
from sim.model.places import draw, draw_row, mark


@rule
def join(w: World, s: State, cell: int) -> None:
    """Count a cell among those present."""
    g = w.cells[cell]["group"]
    group = s.groups[g]
    s.cells[cell]["status"] = DEPLOYED
    group["present"] += 1
    group["people"] += w.cells[cell]["people"] - s.cells[cell]["dead"]
    if s.cells[cell]["restrained"] == 0:
        group["active"] += 1
    if w.groups[g]["resident"] == 0 and w.groups[g]["security"] == 0:
        s.places[w.groups[g]["place"]]["street"] += 1


@rule
def leave(w: World, s: State, cell: int, status: int) -> None:
    """Count a present cell among those gone, with the status it now has."""
    g = w.cells[cell]["group"]
    group = s.groups[g]
    s.cells[cell]["status"] = status
    group["present"] -= 1
    group["people"] -= w.cells[cell]["people"] - s.cells[cell]["dead"]
    if s.cells[cell]["restrained"] == 0:
        group["active"] -= 1
    if w.groups[g]["resident"] == 0 and w.groups[g]["security"] == 0:
        s.places[w.groups[g]["place"]]["street"] -= 1


@rule
def call_up(w: World, s: State, g: int) -> None:
    """Draw at once how all cells of a group come and tire for the first time."""
    first, last = w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]
    draw_row(s, s.coming[first:last], draws.MOBILISATION, first, 0, draws.ALONG_ENTITY)
    draw_row(s, s.tiring[first:last], draws.FATIGUE, first, 0, draws.ALONG_ENTITY)
    s.groups[g]["called"] = 1


@rule
def coming(w: World, s: State, cell: int) -> float:
    """The uniform number for a cell's next mobilisation."""
    deployments = s.cells[cell]["deployments"]
    if deployments > 0:
        return draw(s, draws.MOBILISATION, cell, deployments)
    g = w.cells[cell]["group"]
    if s.groups[g]["called"] == 0:
        call_up(w, s, g)
    return s.coming[cell]


@rule
def tiring(s: State, cell: int) -> float:
    """The uniform number for how soon a cell that now comes will tire."""
    deployments = s.cells[cell]["deployments"]
    if deployments > 0:
        return draw(s, draws.FATIGUE, cell, deployments)
    return s.tiring[cell]


@rule
def mobilise(w: World, s: State, cell: int, end: float) -> None:
    """An idle, unrestrained cell deploys once its group's clock has passed its threshold.

    The clock runs at one per mean mobilisation time while salience lasts, and the threshold is a
    unit exponential: the same law as a chance drawn every hour.
    """
    state = s.cells[cell]
    g = w.cells[cell]["group"]
    group = s.groups[g]
    if state["status"] != IDLE or not runs(w, s, g):
        return
    if state["threshold"] < 0.0:
        u = coming(w, s, cell)
        state["threshold"] = group["base"] + draws.exponential_quantile(u, 1.0)
    if state["restrained"] != 0 or group["clock"] < state["threshold"]:
        return
    u = tiring(s, cell)
    state["tired_at"] = end + draws.exponential_quantile(u, s.parameters[P_FATIGUE_TIME])
    state["deployments"] += 1
    state["due"] = math.inf
    join(w, s, cell)
    group["mobilised"] += 1
    s.run[0]["moved"] = 1


@rule
def stand_down(w: World, s: State, cell: int, end: float) -> None:
    """A present cell leaves when the lag of an order it obeys is over, or when it is tired."""
    state = s.cells[cell]
    if state["status"] != DEPLOYED:
        return
    if state["due"] <= end:
        leave(w, s, cell, STOOD_DOWN)
    elif state["tired_at"] <= end:
        leave(w, s, cell, TIRED)
    else:
        return
    s.groups[w.cells[cell]["group"]]["stood_down"] += 1
    s.run[0]["moved"] = 1


@rule
def act(w: World, s: State, cell: int, end: float) -> None:
    """A cell's hour: stay or leave if deployed, come or wait if idle."""
    if s.cells[cell]["status"] == DEPLOYED:
        stand_down(w, s, cell, end)
    else:
        mobilise(w, s, cell, end)


@rule
def plan_to_leave(w: World, s: State, cell: int) -> None:
    """Note in the diary when a present cell will leave."""
    time = min(s.cells[cell]["due"], s.cells[cell]["tired_at"])
    if time < w.run[0]["end"]:
        diary.note(s, cell, int(time * w.run[0]["per_hour"] - diary.SLACK))


@rule
def plan(w: World, s: State, cell: int, step: int) -> None:
    """Note in the diary when a cell that has acted in this step will have something to do again.

    An idle cell whose clock stands still, or that is under an order, is noted when that ends.
    """
    state = s.cells[cell]
    if state["status"] == DEPLOYED:
        plan_to_leave(w, s, cell)
    elif state["status"] == IDLE and state["restrained"] == 0:
        g = w.cells[cell]["group"]
        if runs(w, s, g):
            steps = (state["threshold"] - s.groups[g]["clock"]) * s.run[0]["per_clock_step"]
            if steps < w.run[0]["steps"]:
                diary.note(s, cell, step + 1 + int(max(0.0, steps - diary.SLACK)))


@rule
def ask(w: World, s: State, g: int) -> None:
    """Draw the obedience of a group's cells, uniform on 0 to 1, for the first order."""
    if s.groups[g]["asked"] == 0:
        first, last = w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]
        draw_row(s, s.obedience[first:last], draws.OBEDIENCE, first, 0, draws.ALONG_ENTITY)
        s.groups[g]["asked"] = 1


@rule
def obey(w: World, s: State, cell: int, decision: int, time: float) -> None:
    """A cell takes an order: no reprisals any more, and those it concerns leave after a lag."""
    state = s.cells[cell]
    if state["status"] == DESTROYED:
        return
    g = w.cells[cell]["group"]
    if state["restrained"] == 0:
        state["restrained"] = 1
        if state["status"] == DEPLOYED:
            s.groups[g]["active"] -= 1
    if state["status"] != DEPLOYED:
        return
    kind = w.decisions[decision]["kind"]
    resident = w.groups[g]["resident"] == 1
    if (kind == WITHDRAW and not resident) or (kind == CLOSE_OFFICES and resident):
        u = draw(s, draws.STAND_DOWN, cell, decision)
        lag = draws.exponential_quantile(u, s.parameters[P_STAND_DOWN_TIME])
        state["due"] = min(state["due"], time + lag)
        plan_to_leave(w, s, cell)


@rule
def make_ready(s: State, cell: int) -> None:
    """A cell that had gone waits again; its threshold is drawn anew when first asked for."""
    s.cells[cell]["status"] = IDLE
    s.cells[cell]["threshold"] = -1.0


@rule
def release(w: World, s: State, cell: int) -> None:
    """An order has lapsed: the cell is free again; who closed an office opens it."""
    state = s.cells[cell]
    g = w.cells[cell]["group"]
    if state["restrained"] == 1:
        state["restrained"] = 0
        if state["status"] == DEPLOYED:
            s.groups[g]["active"] += 1
    state["due"] = math.inf
    if state["status"] == STOOD_DOWN:
        if w.groups[g]["resident"] == 1:
            join(w, s, cell)
            plan_to_leave(w, s, cell)
        else:
            make_ready(s, cell)
    if state["status"] == IDLE:
        diary.note(s, cell, 0)


@rule
def rouse(w: World, s: State, cell: int) -> None:
    """A new pulse of salience makes a tired cell ready to deploy once more."""
    if s.cells[cell]["status"] == TIRED:
        make_ready(s, cell)
    if s.cells[cell]["status"] == IDLE:
        diary.note(s, cell, 0)


@rule
def rouse_group(w: World, s: State, g: int) -> None:
    """A new pulse of salience at a group's place: thresholds count from here."""
    s.groups[g]["base"] = s.groups[g]["clock"]


@rule
def runs(w: World, s: State, g: int) -> bool:
    """Whether a group's cells may deploy: not resident, not security, at a place with salience."""
    return w.groups[g]["mobile"] == 1 and s.places[w.groups[g]["place"]]["stirred"] == 1


@rule
def run_clock(w: World, s: State, g: int) -> None:
    """Advance a group's mobilisation clock by one step if its cells may deploy."""
    if runs(w, s, g):
        s.groups[g]["clock"] += s.run[0]["clock_step"]


@rule
def note_movement(w: World, s: State, g: int, step: int) -> None:
    """Log how many of a group's cells deployed and left in this step."""
    group = s.groups[g]
    if group["mobilised"] == 0 and group["stood_down"] == 0:
        return
    time = step * w.run[0]["step_h"]
    place, faction = w.groups[g]["place"], w.groups[g]["faction"]
    if group["mobilised"] > 0:
        cause = s.places[place]["trigger_event"]
        record(s, MOBILISATION_EVENT, cause, time, -1, place, faction, float(group["mobilised"]))
        mark(s, place, w.severity[MOBILISATION_EVENT])
        group["mobilised"] = 0
    if group["stood_down"] > 0:
        cause = group["order_event"]
        if cause < 0:
            cause = s.places[place]["trigger_event"]
        record(s, STAND_DOWN_EVENT, cause, time, -1, place, faction, float(group["stood_down"]))
        group["stood_down"] = 0


@rule
def lose(w: World, s: State, g: int, dead: int, wounded: int, u: float) -> int:
    """Put a clash's losses on an engaged cell of a group; returns how many died.

    ``u`` chooses the cell among those present; losses beyond its people fall on the next one.
    """
    group = s.groups[g]
    if group["present"] == 0:
        return 0
    first, cells = w.groups[g]["first"], w.groups[g]["cells"]
    cell = first - 1
    ahead = 1 + int(u * group["present"])
    while ahead > 0:
        cell += 1
        ahead -= 1 if s.cells[cell]["status"] == DEPLOYED else 0
    died = 0
    for _ in range(cells):
        state = s.cells[cell]
        if state["status"] == DEPLOYED:
            state["wounded"] += wounded
            wounded = 0
            fallen = min(dead - died, w.cells[cell]["people"] - state["dead"])
            state["dead"] += fallen
            group["people"] -= fallen
            died += fallen
            if state["dead"] >= w.cells[cell]["people"]:
                leave(w, s, cell, DESTROYED)
            if died >= dead or group["present"] == 0:
                break
        cell += 1
        if cell == first + cells:
            cell = first
    return died
