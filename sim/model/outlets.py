"""An outlet: it sees the true toll with its own lag and prints it by its own rule."""

from __future__ import annotations

from sim.model import rules
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import REPORT_EVENT, S_CROWD, S_DEAD, S_WOUNDED, State, World


@rule
def publish(w: World, s: State, outlet: int, step: int) -> None:
    """Print the toll known at publication, if the outlet publishes in this step."""
    fixed = w.outlets[outlet]
    step_h = w.run[0]["step_h"]
    start = step * step_h
    if fixed["at"] < start or fixed["at"] >= start + step_h:
        return
    known = min(step + 1, int((fixed["at"] - s.outlets[outlet]["lag"]) / step_h + 1e-9))
    counts = fixed["counts"]
    column = S_DEAD
    if counts == 1:
        column = S_WOUNDED
    if counts == 2:
        column = S_CROWD
    value = 0.0
    for t in range(known):
        here = 0.0
        for place in range(w.places.shape[0]):
            if w.outlet_places[outlet, place] == 1:
                here += s.series[t, place, column]
        if counts == 2:
            value = max(value, here)  # a crowd is reported at its largest, not added up
        else:
            value += here
    value = rules.published(value, fixed["rule"])
    s.outlets[outlet]["value"] = value
    record(s, REPORT_EVENT, -1, start, outlet, -1, -1, value)
