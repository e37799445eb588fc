"""Armed cells: how one hears orders, deploys, stands down, tires, is roused and is lost.

A group is a faction's cells at one place. Whatever a single cell does is a function of that cell,
so that a Mesa agent can be one; the group keeps the sums that the rules ask for.
"""

from __future__ import annotations

import math

from sim.model import draws, leaders
from sim.model.compiled import rule
from sim.model.groups import ask, call_up, expect_move, hold, lets_go, runs, was_roused
from sim.model.layout import (
    CLOSE_OFFICES,
    DEPLOYED,
    DESTROYED,
    IDLE,
    STOOD_DOWN,
    TIRED,
    WITHDRAW,
    State,
    World,
)
from sim.model.places import draw
from sim.scenario.mechanisms import NEVER


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
        s.run[0]["out"] += 1
        s.homes[cell] = -1.0
    expect_move(w, s, cell)


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
        s.run[0]["out"] -= 1
        s.homes[cell] = math.inf
    expect_move(w, s, cell)


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
def mobilise(w: World, s: State, cell: int, step: int) -> None:
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
        expect_move(w, s, cell)
    if state["restrained"] != 0 or group["clock"] < state["threshold"]:
        return
    u = tiring(s, cell)
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    state["tired_at"] = end + draws.exponential_quantile(u, s.p[0]["fatigue_time"])
    state["deployments"] += 1
    state["due"] = math.inf
    join(w, s, cell)
    group["mobilised"] += 1
    s.run[0]["moved"] = step


@rule
def stand_down(w: World, s: State, cell: int, step: int) -> None:
    """A present cell leaves when the lag of an order it obeys is over, or when it is tired."""
    state = s.cells[cell]
    if state["status"] != DEPLOYED:
        return
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    if state["due"] <= end:
        leave(w, s, cell, STOOD_DOWN)
    elif state["tired_at"] <= end:
        leave(w, s, cell, TIRED)
    else:
        return
    s.groups[w.cells[cell]["group"]]["stood_down"] += 1
    s.run[0]["moved"] = step


@rule
def go_home(w: World, s: State, cell: int, step: int) -> None:
    """A mobilised cell that nothing keeps goes home when its time has come, ready to come again."""
    g = w.cells[cell]["group"]
    group = s.groups[g]
    if s.cells[cell]["status"] != DEPLOYED or not lets_go(w, s, g, step):
        return
    if s.homes[cell] < 0.0:
        u = draw(s, draws.HOME, cell, s.cells[cell]["deployments"])
        s.homes[cell] = group["home"] - s.run[0]["home_step"] + draws.exponential_quantile(u, 1.0)
    if s.homes[cell] > group["home"]:
        return
    leave(w, s, cell, IDLE)
    make_ready(w, s, cell)
    group["stood_down"] += 1
    group["next_leave"] = 0.0  # its group looks ahead anew
    s.run[0]["acted"] = step
    s.run[0]["moved"] = step


@rule
def act(w: World, s: State, cell: int, step: int) -> None:
    """A cell stays or leaves if it is deployed, comes or waits if it is idle."""
    s.run[0]["acted"] = step
    if s.cells[cell]["status"] == DEPLOYED:
        stand_down(w, s, cell, step)
    else:
        mobilise(w, s, cell, step)


@rule
def obey(w: World, s: State, cell: int, order: int, time: float, step: int) -> None:
    """A cell takes an order: no reprisals any more, and those it concerns leave after a lag."""
    state = s.cells[cell]
    if state["status"] == DESTROYED:
        return
    g = w.cells[cell]["group"]
    if state["restrained"] == 0:
        state["restrained"] = 1
        hold(s, g, 1, step)
        if state["status"] == DEPLOYED:
            s.groups[g]["active"] -= 1
    if s.p[0]["order_memory"] < NEVER:
        u = draw(s, draws.FRAY, cell, order)
        clock = s.factions[w.groups[g]["faction"]]["fray"]
        s.frays[cell] = clock + draws.exponential_quantile(u, 1.0)
        s.groups[g]["next_fray"] = min(s.groups[g]["next_fray"], s.frays[cell])
    if state["status"] != DEPLOYED:
        return
    kind = w.decisions[order]["kind"]
    resident = w.groups[g]["resident"] == 1
    if (kind == WITHDRAW and not resident) or (kind == CLOSE_OFFICES and resident):
        u = draw(s, draws.STAND_DOWN, cell, order)
        lag = draws.exponential_quantile(u, s.p[0]["stand_down_time"])
        lag = min(lag, w.decisions[order]["ultimatum"])
        state["due"] = min(state["due"], time + lag)
        expect_move(w, s, cell)


@rule
def hear(w: World, s: State, cell: int, step: int) -> None:
    """A cell hears each order given to its faction in this step, and each that lapses."""
    g = w.cells[cell]["group"]
    faction = w.groups[g]["faction"]
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    if s.factions[faction]["ordered"] != step:
        return
    ask(w, s, g)
    for order in range(w.decisions.shape[0]):
        if w.decisions[order]["faction"] != faction:
            continue
        if leaders.is_new(w, s, order, step):
            take(w, s, cell, order, step)
        if leaders.lapses_now(w, s, order, step):
            frays = s.frays[cell]
            release(w, s, cell, step)
            s.frays[cell] = frays
            if frays < 0.0:
                continue  # what frayed before holds nobody again
            for other in range(w.decisions.shape[0]):  # orders still in force hold it again
                if w.decisions[other]["faction"] == faction and leaders.in_force(s, other, end):
                    take(w, s, cell, other, step)
            if s.cells[cell]["restrained"] == 1:
                s.frays[cell] = frays


@rule
def take(w: World, s: State, cell: int, order: int, step: int) -> None:
    """A cell obeys an order if its obedience lies below the bar."""
    if s.obedience[cell] < leaders.bar_for_cells(w, s, order, w.cells[cell]["group"]):
        obey(w, s, cell, order, s.decisions[order]["issued"], step)


@rule
def make_ready(w: World, s: State, cell: int) -> None:
    """A cell that had gone waits again; its threshold is drawn anew when first asked for."""
    s.cells[cell]["status"] = IDLE
    s.cells[cell]["threshold"] = -1.0
    expect_move(w, s, cell)


@rule
def release(w: World, s: State, cell: int, step: int) -> None:
    """An order has lapsed: the cell is free again; who closed an office opens it."""
    state = s.cells[cell]
    g = w.cells[cell]["group"]
    if state["restrained"] == 1:
        state["restrained"] = 0
        if state["status"] != DESTROYED:
            hold(s, g, -1, step)
        if state["status"] == DEPLOYED:
            s.groups[g]["active"] += 1
    s.frays[cell] = math.inf
    state["due"] = math.inf
    if state["status"] == STOOD_DOWN:
        if w.groups[g]["resident"] == 1:
            join(w, s, cell)
        else:
            make_ready(w, s, cell)
    expect_move(w, s, cell)


@rule
def fray(w: World, s: State, cell: int, step: int) -> None:
    """An order has frayed for a cell: it is free again, and may come again if it had left."""
    g = w.cells[cell]["group"]
    if s.frays[cell] < 0.0 or s.frays[cell] > s.factions[w.groups[g]["faction"]]["fray"]:
        return
    gone = s.cells[cell]["status"] == STOOD_DOWN
    release(w, s, cell, step)
    s.frays[cell] = -1.0
    if gone and s.cells[cell]["status"] == IDLE:  # it makes up its mind from now on
        u = coming(w, s, cell)
        s.cells[cell]["threshold"] = s.groups[g]["clock"] + draws.exponential_quantile(u, 1.0)
        expect_move(w, s, cell)


@rule
def rouse(w: World, s: State, cell: int, step: int) -> None:
    """A new pulse of salience makes a tired cell ready to deploy once more."""
    if s.cells[cell]["status"] == TIRED and was_roused(w, s, w.cells[cell]["group"], step):
        make_ready(w, s, cell)


@rule
def fall(w: World, s: State, cell: int, step: int) -> None:
    """A cell all of whose people are dead is no more, wherever it was."""
    group = s.groups[w.cells[cell]["group"]]
    if s.cells[cell]["status"] == DEPLOYED:
        leave(w, s, cell, DESTROYED)
    else:
        s.cells[cell]["status"] = DESTROYED
        expect_move(w, s, cell)
    group["lost"] += 1
    s.frays[cell] = math.inf
    hold(s, w.cells[cell]["group"], -s.cells[cell]["restrained"], step)


@rule
def can_be_hit(s: State, cell: int, anywhere: int) -> bool:
    """Whether a cell can lose people: deployed, or, where ``anywhere`` is 1, at home as well."""
    status = s.cells[cell]["status"]
    return status == DEPLOYED or (anywhere == 1 and status != DESTROYED)


@rule
def lose(
    w: World, s: State, g: int, dead: int, wounded: int, u: float, anywhere: int, step: int
) -> int:  # fmt: skip
    """Put a clash's losses on a cell of a group that can be hit; returns how many died.

    ``u`` chooses the cell among them; losses beyond its people fall on the next one.
    """
    group = s.groups[g]
    first, cells = w.groups[g]["first"], w.groups[g]["cells"]
    left = group["present"]
    if anywhere == 1:
        left = cells - group["lost"]
    if left == 0:
        return 0
    cell = first - 1
    ahead = 1 + int(u * left)
    while ahead > 0:
        cell += 1
        ahead -= 1 if can_be_hit(s, cell, anywhere) else 0
    died = 0
    for _ in range(cells):
        state = s.cells[cell]
        if can_be_hit(s, cell, anywhere):
            state["wounded"] += wounded
            wounded = 0
            fallen = min(dead - died, w.cells[cell]["people"] - state["dead"])
            state["dead"] += fallen
            if state["status"] == DEPLOYED:
                group["people"] -= fallen
            died += fallen
            if state["dead"] >= w.cells[cell]["people"]:
                fall(w, s, cell, step)
                left -= 1
            if died >= dead or left == 0:
                break
        cell += 1
        if cell == first + cells:
            cell = first
    return died
