"""The delivery of orders: to every cell and crowd of the faction, and their release on lapse."""

from __future__ import annotations

from sim.model import cells, crowds, leaders
from sim.model.compiled import rule
from sim.model.layout import State, World


@rule
def is_due(w: World, s: State, decision: int, step: int) -> bool:
    """Whether an order was issued in this step and is now to be delivered."""
    start = step * w.run[0]["step_h"]
    issued = s.decisions[decision]["issued"]
    return issued >= start and issued < start + w.run[0]["step_h"]


@rule
def reach_cell(w: World, s: State, cell: int, decision: int, bar: float) -> None:
    """Bring an order to one cell, which obeys if its obedience lies below the bar."""
    if s.obedience[cell] < bar:
        cells.obey(w, s, cell, decision, s.decisions[decision]["issued"])


@rule
def reach_crowd(w: World, s: State, crowd: int, decision: int) -> None:
    """Bring an order to one crowd."""
    place = w.crowds[crowd]["place"]
    crowds.obey(w, s, crowd, decision, leaders.bar_for_crowd(w, s, decision, place))


@rule
def deliver(w: World, s: State, decision: int) -> None:
    """Bring an order to all cells and crowds of the leader's faction."""
    faction = w.decisions[decision]["faction"]
    first = w.factions[faction]["first_group"]
    for g in range(first, first + w.factions[faction]["groups"]):
        cells.ask(w, s, g)
        bar = leaders.bar_for_cells(w, s, decision, g)
        for cell in range(w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]):
            reach_cell(w, s, cell, decision, bar)
    for crowd in range(w.crowds.shape[0]):
        if w.crowds[crowd]["faction"] == faction:
            reach_crowd(w, s, crowd, decision)


@rule
def lift(w: World, s: State, decision: int, end: float) -> None:
    """Release the faction's cells from a lapsed order; orders still in force hold them again."""
    faction = w.decisions[decision]["faction"]
    first = w.factions[faction]["first_group"]
    for g in range(first, first + w.factions[faction]["groups"]):
        for cell in range(w.groups[g]["first"], w.groups[g]["first"] + w.groups[g]["cells"]):
            cells.release(w, s, cell)
            for other in range(w.decisions.shape[0]):
                if w.decisions[other]["faction"] == faction and leaders.in_force(s, other, end):
                    bar = leaders.bar_for_cells(w, s, other, g)
                    reach_cell(w, s, cell, other, bar)
