"""An outlet: it sees the true toll with its own lag and prints it by its own rule."""

from __future__ import annotations

from sim.model import rules
from sim.model.book import WIDTH
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import REPORT_EVENT, S_CROWD, S_DEAD, S_WOUNDED, State, World


@rule
def publish(w: World, s: State, outlet: int, step: int) -> None:
    """An outlet that publishes in this step prints the toll known to it."""
    fixed = w.outlets[outlet]
    step_h = w.run[0]["step_h"]
    start = step * step_h
    if fixed["at"] < start or fixed["at"] >= start + step_h:
        return
    known = min(step + 1, int((fixed["at"] - s.outlets[outlet]["lag"]) / step_h + 1e-9))
    if fixed["counts"] == 2:
        value = largest_crowd(w, s, outlet, min(known, step))
    else:
        value = toll(w, s, outlet, known, S_WOUNDED if fixed["counts"] == 1 else S_DEAD)
    value = rules.published(value, fixed["rule"])
    s.outlets[outlet]["value"] = value
    record(s, REPORT_EVENT, -1, start, outlet, -1, -1, value)


@rule
def line(w: World, s: State, outlet: int, step: int, series: int) -> float:
    """A series in one step, over the places that an outlet reports on."""
    value = 0.0
    for place in range(w.places.shape[0]):
        if w.outlet_places[outlet, place] == 1:
            value += s.book[step, place * WIDTH + series]
    return value


@rule
def toll(w: World, s: State, outlet: int, known: int, series: int) -> float:
    """What was counted in the steps before ``known``."""
    value = 0.0
    for i in range(s.run[0]["busy"]):
        if s.busy[i] < known:
            value += line(w, s, outlet, s.busy[i], series)
    return value


@rule
def largest_crowd(w: World, s: State, outlet: int, known: int) -> float:
    """The crowd at its largest in the steps before ``known``: crowds do not add up over hours."""
    value = 0.0
    for step in range(known):
        value = max(value, line(w, s, outlet, step, S_CROWD))
    return value
