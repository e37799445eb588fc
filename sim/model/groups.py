"""A group, a faction's cells at one place: its clock, and when any of its cells may next move.

The clock runs while the cells may deploy; each idle cell has a threshold on it. So whatever makes
the clock run faster or slower, nobody has to be told: the threshold is reached when it is reached.
"""

from __future__ import annotations

import math

from sim.model import draws, rules
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import DEPLOYED, IDLE, MOBILISATION_EVENT, STAND_DOWN_EVENT, State, World
from sim.model.places import draw_row, mark
from sim.scenario.mechanisms import NEVER


@rule
def runs(w: World, s: State, g: int) -> bool:
    """Whether a group's cells may deploy: not resident, not security, at a place with salience."""
    return w.groups[g]["mobile"] == 1 and s.places[w.groups[g]["place"]]["stirred"] == 1


@rule
def run_clock(w: World, s: State, g: int, step: int) -> None:
    """A group's mobilisation clock advances by one step if its cells may deploy."""
    if runs(w, s, g):
        s.groups[g]["clock"] += s.run[0]["clock_step"]


@rule
def was_roused(w: World, s: State, g: int, step: int) -> bool:
    """Whether a pulse of salience that rouses the tired has come to the group's place just now."""
    return s.places[w.groups[g]["place"]]["roused"] == step


@rule
def was_ordered(w: World, s: State, g: int, step: int) -> bool:
    """Whether an order to the group's faction was given or lapses in this step."""
    return s.factions[w.groups[g]["faction"]]["ordered"] == step


@rule
def may_move(w: World, s: State, g: int, step: int) -> bool:
    """Whether any of a group's cells may join or leave in this step."""
    group = s.groups[g]
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    return group["next_leave"] <= end or (group["next_join"] <= group["clock"] and runs(w, s, g))


@rule
def hold(s: State, g: int, cells: int, step: int) -> None:
    """Note that an order holds back so many more of a group's cells, or fewer."""
    s.groups[g]["held"] += cells
    s.run[0]["held"] += cells
    s.run[0]["holding"] = step


@rule
def any_holding(w: World, s: State, step: int) -> bool:
    """Whether any side's restraint has changed, or what the other sees of it is yet to."""
    return s.p[0]["reciprocity"] > 0.0 and s.run[0]["holding"] >= step - 1


@rule
def show_restraint(w: World, s: State, g: int, step: int) -> None:
    """What the other side sees of a group's restraint nears the share of its cells held back."""
    if s.p[0]["reciprocity"] <= 0.0:
        return
    group = s.groups[g]
    held = group["held"] / max(1, w.groups[g]["cells"] - group["lost"])
    group["seen"] = rules.approach(group["seen"], held, s.run[0]["notice_left"])
    if abs(group["seen"] - held) < 1e-6:
        group["seen"] = held
    else:
        s.run[0]["holding"] = step


@rule
def willing(s: State, other: int) -> float:
    """What restraint seen on the other side leaves of a side's initiative; no group is -1."""
    if other < 0:
        return 1.0
    return rules.willing(s.p[0]["reciprocity"], s.groups[other]["seen"])


@rule
def any_fraying(w: World, s: State, step: int) -> bool:
    """Whether any cell is held back by an order that does not hold for ever."""
    return s.run[0]["held"] > 0 and s.p[0]["order_memory"] < NEVER


@rule
def may_fray(w: World, s: State, g: int, step: int) -> bool:
    """Whether an order frays for any of a group's cells in this step."""
    return s.groups[g]["next_fray"] <= s.factions[w.groups[g]["faction"]]["fray"]


@rule
def next_to_fray(w: World, s: State, g: int, cell: int, step: int) -> int:
    """The first of a group's cells, from ``cell`` on, whose order frays; or one past the last."""
    clock, last = (
        s.factions[w.groups[g]["faction"]]["fray"],
        w.groups[g]["first"] + w.groups[g]["cells"],
    )
    while cell < last and (s.frays[cell] > clock or s.frays[cell] < 0.0):
        cell += 1
    return cell


@rule
def look_ahead_to_fraying(w: World, s: State, g: int, step: int) -> None:
    """A group for some of whose cells an order has frayed notes the next."""
    if not any_fraying(w, s, step) or not may_fray(w, s, g, step):
        return
    first, last = w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]
    s.groups[g]["next_fray"] = math.inf
    for cell in range(first, last):
        if s.frays[cell] >= 0.0:
            s.groups[g]["next_fray"] = min(s.groups[g]["next_fray"], s.frays[cell])


@rule
def any_out(w: World, s: State, step: int) -> bool:
    """Whether any mobilised cell is out and people go home by themselves at all."""
    return s.run[0]["out"] > 0 and s.p[0]["home_time"] < NEVER


@rule
def lets_go(w: World, s: State, g: int, step: int) -> bool:
    """Whether neither salience nor a late clash keeps a group's mobilised cells on the street."""
    place = s.places[w.groups[g]["place"]]
    return (
        s.p[0]["home_time"] < NEVER
        and w.groups[g]["mobile"] == 1
        and s.groups[g]["present"] > 0
        and place["stirred"] == 0
        and step * w.run[0]["step_h"] - place["last_clash"] > s.p[0]["security_alert"]
    )


@rule
def run_home_clock(w: World, s: State, g: int, step: int) -> None:
    """The clock of those who may go home advances while nothing keeps them."""
    if lets_go(w, s, g, step):
        s.groups[g]["home"] += s.run[0]["home_step"]


@rule
def next_goer(w: World, s: State, g: int, cell: int, step: int) -> int:
    """The first of a group's cells, from ``cell`` on, that may go home; or one past the last."""
    clock, last = s.groups[g]["home"], w.groups[g]["first"] + w.groups[g]["cells"]
    while cell < last and s.homes[cell] > clock:
        cell += 1
    return cell


@rule
def any_act(w: World, s: State, step: int) -> bool:
    """Whether any cell's time came in this step."""
    return s.run[0]["acted"] == step


@rule
def any_move(w: World, s: State, step: int) -> bool:
    """Whether any cell has come or gone in this step."""
    return s.run[0]["moved"] == step


@rule
def expect_move(w: World, s: State, cell: int) -> None:
    """Note when a cell that has changed may join or leave, and its group's next if earlier."""
    state, group = s.cells[cell], s.groups[w.cells[cell]["group"]]
    s.joins[cell], s.leaves[cell] = math.inf, math.inf
    if state["status"] == DEPLOYED:
        s.leaves[cell] = min(state["due"], state["tired_at"])
        group["next_leave"] = min(group["next_leave"], s.leaves[cell])
    elif state["status"] == IDLE and (state["restrained"] == 0 or state["threshold"] < 0.0):
        s.joins[cell] = state["threshold"]
        group["next_join"] = min(group["next_join"], s.joins[cell])


@rule
def next_mover(w: World, s: State, g: int, cell: int, step: int) -> int:
    """The first of a group's cells, from ``cell`` on, whose time has come; or one past the last."""
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    clock, last = s.groups[g]["clock"], w.groups[g]["first"] + w.groups[g]["cells"]
    joins, leaves = s.joins, s.leaves
    while cell < last and leaves[cell] > end and joins[cell] > clock:
        cell += 1
    return cell


@rule
def look_ahead(w: World, s: State, g: int, step: int) -> None:
    """A group some of whose cells may have moved notes the next that may join, and to leave."""
    if not may_move(w, s, g, step):
        return  # nobody's time has come, so what was noted still holds
    join, leave = math.inf, math.inf
    first = w.groups[g]["first"]
    for cell in range(first, first + w.groups[g]["cells"]):
        join = min(join, s.joins[cell])
        leave = min(leave, s.leaves[cell])
    s.groups[g]["next_join"] = join
    s.groups[g]["next_leave"] = leave


@rule
def rouse(w: World, s: State, g: int, step: int) -> None:
    """After a new pulse of salience, thresholds that are drawn from now on count from here."""
    if s.places[w.groups[g]["place"]]["pulsed"] == step:
        s.groups[g]["base"] = s.groups[g]["clock"]


@rule
def call_up(w: World, s: State, g: int) -> None:
    """Draw at once how all cells of a group come and tire for the first time."""
    first, last = w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]
    draw_row(s, s.coming[first:last], draws.MOBILISATION, first, 0, draws.ALONG_ENTITY)
    draw_row(s, s.tiring[first:last], draws.FATIGUE, first, 0, draws.ALONG_ENTITY)
    s.groups[g]["called"] = 1


@rule
def ask(w: World, s: State, g: int) -> None:
    """Draw the obedience of a group's cells, uniform on 0 to 1, for the first order."""
    if s.groups[g]["asked"] == 0:
        first, last = w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]
        draw_row(s, s.obedience[first:last], draws.OBEDIENCE, first, 0, draws.ALONG_ENTITY)
        s.groups[g]["asked"] = 1


@rule
def note_movement(w: World, s: State, g: int, step: int) -> None:
    """How many of a group's cells deployed and left in this step is logged."""
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
