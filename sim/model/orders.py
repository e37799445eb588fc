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
def reach_cell(w: World, s: State, cell: int, decision: int) -> None:
    """Bring an order to one cell, which obeys if its obedience lies below the bar."""
    bar = leaders.bar_for_cells(w, s, decision, w.cells[cell]["group"])
    if cells.obedience(s, cell) < bar:
        cells.obey(w, s, cell, decision, s.decisions[decision]["issued"])


@rule
def reach_crowd(w: World, s: State, crowd: int, decision: int) -> None:
    """Bring an order to one crowd."""
    place = w.crowds[crowd]["place"]
    crowds.obey(w, s, crowd, decision, leaders.bar_for_crowd(w, s, decision, place))


@rule
def cell_range(w: World, faction: int) -> tuple[int, int]:
    """First cell of a faction and the one after its last."""
    groups = w.factions[faction]["groups"]
    if groups == 0:
        return 0, 0
    first = w.factions[faction]["first_group"]
    last = w.groups[first + groups - 1]
    return w.groups[first]["first"], last["first"] + last["cells"]


@rule
def deliver(w: World, s: State, decision: int) -> None:
    """Bring an order to all cells and crowds of the leader's faction."""
    faction = w.decisions[decision]["faction"]
    first, end = cell_range(w, faction)
    for cell in range(first, end):
        reach_cell(w, s, cell, decision)
    for crowd in range(w.crowds.shape[0]):
        if w.crowds[crowd]["faction"] == faction:
            reach_crowd(w, s, crowd, decision)


@rule
def lift(w: World, s: State, decision: int, end: float) -> None:
    """Release the faction's cells from a lapsed order; orders still in force hold them again."""
    faction = w.decisions[decision]["faction"]
    first, last = cell_range(w, faction)
    for cell in range(first, last):
        cells.release(w, s, cell)
        for other in range(w.decisions.shape[0]):
            if w.decisions[other]["faction"] == faction and leaders.in_force(s, other, end):
                reach_cell(w, s, cell, other)
