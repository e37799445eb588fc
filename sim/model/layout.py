"""The shape of memory: what is fixed in a run (World) and what changes in it (State).

Both are tuples of flat record arrays, one record per place, group, cell and so on. Mesa's agents
are views of records; the kernel loops over the same records.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.mechanisms import ORDER_SHIFTS
from sim.scenario.parameters import SHARED

Records = NDArray[Any]

# cell status
IDLE, DEPLOYED, STOOD_DOWN, TIRED, DESTROYED = 0, 1, 2, 3, 4
# crowd phase
WAITING, GATHERING, PUSHING, DISPERSING, GONE = 0, 1, 2, 3, 4
# faction kind
ARMED, SECURITY, MOVEMENT, EXTERNAL = 0, 1, 2, 3
# order kind
WITHDRAW, RESTRAIN, CLOSE_OFFICES = 0, 1, 2
# decision mode
SCRIPTED, ENDOGENOUS, NOT_BEFORE, OFF = 0, 1, 2, 3

EVENT_KINDS = (
    "trigger", "order", "mobilisation", "stand_down", "security_deployment", "crowd", "clash",
    "push", "breach", "barrage", "report",
)  # fmt: skip
(
    TRIGGER_EVENT, ORDER_EVENT, MOBILISATION_EVENT, STAND_DOWN_EVENT, SECURITY_EVENT, CROWD_EVENT,
    CLASH_EVENT, PUSH_EVENT, BREACH_EVENT, BARRAGE_EVENT, REPORT_EVENT,
) = range(11)  # fmt: skip

# hourly series per place
SERIES = (
    "clashes", "dead", "wounded", "cells", "crowd", "rockets", "barrages", "pushes", "breaches",
    "salience", "presence", "standing", "ladder",
)  # fmt: skip
(
    S_CLASHES, S_DEAD, S_WOUNDED, S_CELLS, S_CROWD, S_ROCKETS, S_BARRAGES, S_PUSHES, S_BREACHES,
    S_SALIENCE, S_PRESENCE, S_STANDING, S_LADDER,
) = range(13)  # fmt: skip
# what stands at the end of a step; all other series count what happened in it
STANDING = (S_CELLS, S_CROWD, S_SALIENCE, S_PRESENCE, S_STANDING, S_LADDER)

STRETCH = 16  # steps for which a front's chances are drawn at once

F, I = np.float64, np.int64  # noqa: E741 - the two widths in use


def _records(*fields: tuple[str, Any]) -> np.dtype[Any]:
    return np.dtype(list(fields), align=True)


RUN = _records(
    ("steps", I), ("step_h", F), ("parameters", I),
    # where the parts of a line of the book begin, and how long it is
    ("sides", I), ("dead", I), ("wounded", I), ("clashes", I), ("columns", I),
    ("first_hour", F),  # of the day, by the local clock
)  # fmt: skip
PLACE = _records(
    ("authority", F), ("presence", F), ("garrison", F), ("guarded", I), ("rocket_target", I),
    ("has_security", I), ("mobile", I),
)  # fmt: skip
FACTION = _records(("kind", I), ("leader", I), ("first_group", I), ("groups", I))
GROUP = _records(
    ("faction", I), ("place", I), ("first", I), ("cells", I), ("people", F), ("resident", I),
    ("security", I), ("mobile", I), ("per_cell", F),
)  # fmt: skip
CELL = _records(("group", I), ("people", I))
CROWD = _records(
    ("faction", I), ("place", I), ("low", F), ("high", F), ("earliest", F), ("latest", F),
    ("stays", F), ("pushes", I),
)  # fmt: skip
FRONT = _records(
    ("place", I), ("hostility", F), ("share_first", F), ("live_fire", I), ("state", I), ("dyad", I),
    ("incidents", F),  # a week; below 0 the parameter
    # the fronts of its dyad stand together; how many of them reprisals spill to
    ("dyad_begin", I), ("dyad_end", I), ("neighbours", I),
)  # fmt: skip
SIDE = _records(("faction", I), ("group", I), ("crowd", I))
DECISION = _records(
    ("leader", I), ("faction", I), ("kind", I), ("mode", I), ("earliest", F), ("latest", F),
    ("fighting", I), ("protest", I), ("lasts", F), ("ultimatum", F),
    *((name, F) for name in ORDER_SHIFTS),  # 1 where the order is of that kind
)  # fmt: skip
TRIGGER = _records(
    ("earliest", F), ("latest", F), ("salience", F), ("severity", F), ("actor", I),
    ("front", I), ("attacked_first", I), ("dead", I),
)  # fmt: skip
DEPLOYMENT = _records(("place", I), ("earliest", F), ("latest", F), ("until", F), ("presence", F))
PARAMETERS = _records(*((name, F) for name in SHARED))
OUTLET = _records(("at", F), ("low", F), ("high", F), ("counts", I), ("rule", I))


class World(NamedTuple):
    """What does not change in a run. Record arrays, one record per thing."""

    run: Records  # 1
    places: Records
    factions: Records
    groups: Records  # faction at a place
    cells: Records
    crowds: Records
    fronts: Records  # dyad at a place, sorted by first faction
    sides: Records  # [front, side]
    decisions: Records
    triggers: Records
    deployments: Records
    outlets: Records
    links: NDArray[np.int8]  # [from place, to place] whether reprisals spill from one to the other
    scope: NDArray[np.int64]  # [decision, place]
    trigger_places: NDArray[np.int64]  # [trigger, place]
    outlet_places: NDArray[np.int64]  # [outlet, place]
    day: NDArray[np.float64]  # [hour of the day] how busy it is, mean 1
    severity: NDArray[np.float64]  # [event kind] on the ladder, 0 to 10


OWN = ("own", F)
"""A field that the model leaves alone, 0 when a run begins: memory of rules of the user's own."""

RUN_STATE = _records(
    ("seed", I), ("replicate", I), ("events", I), ("busy", I),
    # the last step in which salience was up anywhere, a pulse came, an order began or ended, a
    # cell was due, one moved, a front had something to avenge or an attack to come
    ("stirred", I), ("pulsed", I), ("ordered", I), ("acted", I), ("moved", I), ("stocked", I),
    # the next time, in hours, that the script, a leader's order or a local incident comes
    ("script", F), ("orders", F), ("incident", F),
    ("out", I), ("held", I),  # mobilised cells that are out; cells that an order holds back
    # the last step in which a side's restraint, or what the other sees of it, was on the move; in
    # which any front remembered a clash
    ("holding", I), ("grieved", I),
    ("rhythm", F), ("busiest", F),  # factor of this hour of the day, and of the busiest
    # constants of the run, worked out once from the parameters
    ("salience_left", F), ("cost_left", F), ("reprisal_x", F), ("reprisal_left", F),
    ("reprisal_left_half", F), ("security_in", F), ("security_out", F),
    ("gathering_left", F), ("dispersal_left", F), ("fatigue_left", F),
    ("death_zero", F), ("death_ratio", F), ("wound_ratio", F), ("wound_zero", F), ("wound_none", F),
    ("ceiling", F), ("opening", F), ("clock_step", F), ("home_step", F),
    ("fray_step", F), ("notice_left", F), ("grievance_left", F), ("salvo_left", F),
    ("salvo_left_half", F),
)  # fmt: skip
PLACE_STATE = _records(
    ("salience", F), ("pulse", F), ("spark", F), ("presence", F), ("held", F), ("last_clash", F),
    ("trigger_event", I), ("clash_event", I), ("stirred", I), ("pulsed", I), ("roused", I),
    ("alarmed", I), ("street", I),
    ("crowd", F), ("turnout", F), ("top", F), ("guard", F), ("barrages", F), OWN,
)  # fmt: skip
FACTION_STATE = _records(
    ("dead_now", F), ("own_dead", F), ("loss_event", I), ("ordered", I),
    # how far its last order has frayed, and own dead since it was given
    ("fray", F), ("dead_since", F), OWN,
)  # fmt: skip
GROUP_STATE = _records(
    ("present", I), ("active", I), ("people", F), ("clock", F), ("base", F), ("order_event", I),
    ("mobilised", I), ("stood_down", I), ("asked", I), ("called", I),
    # cells destroyed; cells alive that an order holds back; the clock of those who may go home
    ("lost", I), ("held", I), ("home", F),
    # what the other side sees of its restraint; when the next of its cells is held no more
    ("seen", F), ("next_fray", F),
    # the earliest that any of its cells may join, in units of its clock, or leave, in hours
    ("next_join", F), ("next_leave", F), OWN,
)  # fmt: skip
CELL_STATE = _records(
    ("status", I), ("restrained", I), ("threshold", F), ("due", F), ("dead", I),
    ("wounded", I), ("deployments", I), ("tired_at", F),
)  # fmt: skip
CROWD_STATE = _records(
    ("phase", I), ("restrained", I), ("size", F), ("turnout", F), ("start", F), ("end", F),
    ("stay", F), ("dead", I), ("event", I), ("rate", F), OWN,
)  # fmt: skip
FRONT_STATE = _records(
    ("opening", F), ("expected", F), ("attack", I), ("attacked", I), ("stocked", I), ("drawn", I),
    # its clock of local incidents: where it stood at `since`, its pace per hour, the next mark on
    # it, the hour in which it gets there if nothing hurries it, and how many marks it has passed
    ("clock", F), ("since", F), ("pace", F), ("mark", F), ("next", F), ("marks", I),
    ("grievance", F),  # clashes remembered
    # what is to follow of salvoes, what of it is late, and what is due in this step
    ("salvo", F), ("late", F), ("volley", F), OWN,
)  # fmt: skip
SIDE_STATE = _records(("young", F), ("ripe", F), ("due", F))
DECISION_STATE = _records(
    ("at", F), ("issued", F), ("event", I), ("lapses", F), ("hazard", F), OWN,
)  # fmt: skip
TRIGGER_STATE = _records(("at", F), ("done", I))
DEPLOYMENT_STATE = _records(("at", F), ("done", I))
OUTLET_STATE = _records(("lag", F), ("value", F))

LOG = (
    "event", "cause", "time", "kind", "subject", "place", "actor", "target", "side_a", "side_b",
    "dead_a", "dead_b", "wounded", "value", "owner",
)  # fmt: skip
(
    L_EVENT, L_CAUSE, L_TIME, L_KIND, L_SUBJECT, L_PLACE, L_ACTOR, L_TARGET, L_SIDE_A, L_SIDE_B,
    L_DEAD_A, L_DEAD_B, L_WOUNDED, L_VALUE, L_OWNER,
) = range(15)  # fmt: skip


class State(NamedTuple):
    """What changes in a run. Record arrays beside those of World, and the run's records."""

    run: Records  # 1
    parameters: NDArray[np.float64]  # the whole vector; the next two are views of it
    p: Records  # 1, by name: s.p[0]["clash_rate"]
    thresholds: NDArray[np.float64]  # [leader] own dead that bring the hazard to half its ceiling
    places: Records
    factions: Records
    groups: Records
    cells: Records
    crowds: Records
    fronts: Records
    sides: Records  # [front, side]: what each side has to avenge
    decisions: Records
    triggers: Records
    deployments: Records
    outlets: Records
    obedience: NDArray[np.float64]  # [cell] drawn for a group at once, when it is first asked
    coming: NDArray[np.float64]  # [cell] the draw for a cell's first mobilisation
    tiring: NDArray[np.float64]  # [cell] the draw for its first fatigue
    joins: NDArray[np.float64]  # [cell] when it may join, on its group's clock; infinite for never
    leaves: NDArray[np.float64]  # [cell] when it leaves, in hours; infinite for never
    homes: NDArray[np.float64]  # [cell] when it goes home, on its group's home clock; -1: not drawn
    frays: NDArray[np.float64]  # [cell] when its order has frayed, on its faction's clock; -1: has
    chances: NDArray[np.float64]  # [front, step of a stretch] the draws for the number of clashes
    busy: NDArray[np.int64]  # [n] the steps in which something was counted, in order
    book: NDArray[np.float64]  # [step, column]: see sim.model.book
    log: NDArray[np.float64]  # [event, column]; no rows where no log is kept

    @property
    def series(self) -> NDArray[np.float64]:
        """The hourly series, f8[step, place, series]; not for compiled code."""
        places, series = len(self.places), len(SERIES)
        return self.book[:, : places * series].reshape(-1, places, series)


FIXED = {
    "run": RUN, "places": PLACE, "factions": FACTION, "groups": GROUP, "cells": CELL,
    "crowds": CROWD, "fronts": FRONT, "decisions": DECISION, "triggers": TRIGGER,
    "deployments": DEPLOYMENT, "outlets": OUTLET,
}  # fmt: skip
"""What is fixed in a run, by the name of its array in World."""

CHANGING = {
    "run": RUN_STATE, "places": PLACE_STATE, "factions": FACTION_STATE, "groups": GROUP_STATE,
    "cells": CELL_STATE, "crowds": CROWD_STATE, "fronts": FRONT_STATE,
    "decisions": DECISION_STATE, "triggers": TRIGGER_STATE, "deployments": DEPLOYMENT_STATE,
    "outlets": OUTLET_STATE,
}  # fmt: skip
"""What changes in a run, by the name of its array in State."""


def shapes(world: World, log_rows: int = 0) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of each array of State for a run of this world."""
    cells, fronts = len(world.cells), len(world.fronts)
    steps = int(world.run[0]["steps"])
    records = {name: ((len(getattr(world, name)),), kind) for name, kind in CHANGING.items()}
    return records | {
        "sides": ((fronts, 2), SIDE_STATE),
        "parameters": ((int(world.run[0]["parameters"]),), F),
        "obedience": ((cells,), F),
        "coming": ((cells,), F),
        "tiring": ((cells,), F),
        "joins": ((cells,), F),
        "leaves": ((cells,), F),
        "homes": ((cells,), F),
        "frays": ((cells,), F),
        "chances": ((fronts, STRETCH), F),
        "busy": ((steps,), I),
        "book": ((steps, int(world.run[0]["columns"])), F),
        "log": ((log_rows, len(LOG)), F),
    }


def allocate(world: World, log_rows: int = 0) -> State:
    """Memory for one run of this world, with room for ``log_rows`` events."""
    parts: dict[str, Any] = {
        name: np.zeros(*form) for name, form in shapes(world, log_rows).items()
    }  # fmt: skip
    vector = parts["parameters"]
    parts["p"] = vector[: len(SHARED)].view(PARAMETERS)
    parts["thresholds"] = vector[len(SHARED) :]
    return State(**parts)


def memory(world: World) -> int:
    """Bytes that one run of this world takes, world and state together, without a log."""
    state = sum(math.prod(form) * np.dtype(kind).itemsize for form, kind in shapes(world).values())
    return state + sum(part.nbytes for part in world)
