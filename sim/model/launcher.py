"""The launcher: rocket barrages that nobody claims, drawn by political salience."""

from __future__ import annotations

from sim.model import book, draws, rules
from sim.model.compiled import rule
from sim.model.journal import record, record_toll
from sim.model.layout import (
    BARRAGE_EVENT,
    S_BARRAGES,
    S_DEAD,
    S_ROCKETS,
    State,
    World,
)
from sim.model.places import draw, mark

MOST_BARRAGES = 64  # per place and step


@rule
def rate(w: World, s: State, place: int) -> float:
    """Barrages per hour on a place."""
    if w.places[place]["rocket_target"] == 0:
        return 0.0
    return rules.barrage_rate(
        s.p[0]["rocket_base_rate"], s.p[0]["rocket_rate"], s.places[place]["salience"]
    )


@rule
def aim(w: World, s: State, place: int, step: int) -> None:
    """Whoever fires rockets looks at a place: the rate of barrages that it draws now."""
    s.places[place]["barrages"] = rate(w, s, place)


@rule
def fire(w: World, s: State, place: int, step: int) -> None:
    """The step's barrages on a place are drawn, their rockets and whom they kill."""
    step_h = w.run[0]["step_h"]
    per_hour = s.places[place]["barrages"]
    if per_hour <= 0.0:
        return
    n = draws.poisson_quantile(draw(s, draws.BARRAGE, place, step), per_hour * step_h)
    for k in range(min(n, MOST_BARRAGES)):
        index = step * MOST_BARRAGES + k
        extra = draws.poisson_quantile(
            draw(s, draws.ROCKETS, place, index), s.p[0]["rockets_extra"]
        )
        rockets = 1 + extra
        dead = draws.poisson_quantile(
            draw(s, draws.ROCKET_DEATHS, place, index), s.p[0]["rocket_lethality"] * rockets
        )
        cause = -1
        if s.places[place]["stirred"] == 1:
            cause = s.places[place]["trigger_event"]
        event = record(s, BARRAGE_EVENT, cause, step * step_h, -1, place, -1, float(rockets))
        record_toll(s, event, 1, dead, 0)
        book.count(s, step, place, S_BARRAGES, 1.0)
        book.count(s, step, place, S_ROCKETS, rockets)
        book.count(s, step, place, S_DEAD, dead)
        book.count_losses(w, s, step, place, w.factions.shape[0], dead, 0)
        book.mark_busy(s, step)
        mark(s, place, w.severity[BARRAGE_EVENT])
