"""A crowd: it gathers, pushes a guarded site, is sent home or leaves, and can be shot at."""

from __future__ import annotations

from sim.model import book, draws, leaders, rules
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import (
    BREACH_EVENT,
    CROWD_EVENT,
    DISPERSING,
    GATHERING,
    GONE,
    PUSH_EVENT,
    PUSHING,
    RESTRAIN,
    S_BREACHES,
    S_PUSHES,
    WAITING,
    WITHDRAW,
    State,
    World,
)
from sim.model.places import draw, mark


@rule
def share(s: State, crowd: int) -> float:
    """A crowd's size as a share of its turnout; 0 for no crowd (-1)."""
    if crowd < 0 or s.crowds[crowd]["turnout"] <= 0.0:
        return 0.0
    return s.crowds[crowd]["size"] / s.crowds[crowd]["turnout"]


@rule
def move(w: World, s: State, crowd: int, step: int) -> None:
    """A crowd gathers, stays or leaves."""
    state = s.crowds[crowd]
    if state["phase"] == GONE:
        return
    step_h = w.run[0]["step_h"]
    start = step * step_h
    fixed = w.crowds[crowd]
    if state["phase"] == WAITING:
        if state["start"] >= start + step_h:
            return
        state["phase"] = GATHERING
        cause = s.places[fixed["place"]]["trigger_event"]
        state["event"] = record(
            s, CROWD_EVENT, cause, start, crowd, fixed["place"],
            fixed["faction"], state["turnout"],
        )  # fmt: skip
    if start >= state["end"] and (state["phase"] != DISPERSING or state["stay"] > 0.0):
        state["phase"] = DISPERSING
        state["stay"] = 0.0
    if state["phase"] == DISPERSING:
        state["stay"] *= s.run[0]["fatigue_left"]  # who stayed against the order tires
        state["size"] = rules.approach(state["size"], state["stay"], s.run[0]["dispersal_left"])
        if state["size"] < 1.0:
            state["size"] = 0.0
            state["phase"] = GONE
    else:
        room = max(0.0, state["turnout"] - state["dead"])
        left = s.run[0]["gathering_left"]
        if s.p[0]["daily_rhythm"] > 0.0:
            left = rules.decay(step_h * s.run[0]["rhythm"], s.p[0]["crowd_gathering_time"])
        state["size"] = rules.approach(state["size"], room, left)
    s.places[fixed["place"]]["crowd"] += state["size"]
    s.places[fixed["place"]]["turnout"] += state["turnout"]


@rule
def push_rate(w: World, s: State, crowd: int) -> float:
    """Pushes per hour on the guarded site; 0 where the crowd does not push."""
    state = s.crowds[crowd]
    place = w.crowds[crowd]["place"]
    standing = state["phase"] == GATHERING or state["phase"] == PUSHING
    if not standing or w.crowds[crowd]["pushes"] == 0 or w.places[place]["guarded"] == 0:
        return 0.0
    if state["restrained"] == 1 or s.places[place]["salience"] < s.p[0]["push_salience"]:
        return 0.0
    return s.p[0]["push_rate"] * share(s, crowd)


@rule
def press(w: World, s: State, crowd: int, step: int) -> None:
    """A crowd makes up its mind how hard to press the guarded site."""
    s.crowds[crowd]["rate"] = push_rate(w, s, crowd)


@rule
def push(w: World, s: State, crowd: int, step: int) -> None:
    """A crowd pushes the site, perhaps, and the security forces hold it or not."""
    rate = s.crowds[crowd]["rate"]
    state = s.crowds[crowd]
    if state["phase"] == PUSHING:
        state["phase"] = GATHERING
    if rate <= 0.0:
        return
    step_h = w.run[0]["step_h"]
    if not rules.fires(draw(s, draws.PUSH, crowd, step), rate, step_h):
        return
    place, faction = w.crowds[crowd]["place"], w.crowds[crowd]["faction"]
    time = step * step_h
    state["phase"] = PUSHING
    event = record(s, PUSH_EVENT, state["event"], time, crowd, place, faction, state["size"])
    book.count(s, step, place, S_PUSHES, 1.0)
    book.mark_busy(s, step)
    mark(s, place, w.severity[PUSH_EVENT])
    hold = rules.hold_probability(
        s.p[0]["deterrence"], w.places[place]["authority"], s.places[place]["presence"]
    )
    if draw(s, draws.HOLD, crowd, step) >= hold:
        breach = record(s, BREACH_EVENT, event, time, crowd, place, faction, state["size"])
        book.count(s, step, place, S_BREACHES, 1.0)
        s.places[place]["pulse"] += s.p[0]["breach_salience"]
        s.places[place]["trigger_event"] = breach
        mark(s, place, w.severity[BREACH_EVENT])


@rule
def hear(w: World, s: State, crowd: int, step: int) -> None:
    """A crowd hears each order given to its faction in this step."""
    faction = w.crowds[crowd]["faction"]
    if s.factions[faction]["ordered"] != step:
        return
    for order in range(w.decisions.shape[0]):
        if w.decisions[order]["faction"] == faction and leaders.is_new(w, s, order, step):
            bar = leaders.bar_for_crowd(w, s, order, w.crowds[crowd]["place"])
            obey(w, s, crowd, order, bar)


@rule
def obey(w: World, s: State, crowd: int, decision: int, bar: float) -> None:
    """A crowd takes an order: the share ``bar`` of it leaves, or it stops pushing."""
    state = s.crowds[crowd]
    kind = w.decisions[decision]["kind"]
    if kind == RESTRAIN and bar > 0.5:
        state["restrained"] = 1
    if kind != WITHDRAW or state["phase"] == GONE:
        return
    if state["phase"] == WAITING:
        state["turnout"] *= 1.0 - bar
        return
    if state["phase"] == DISPERSING:
        state["stay"] *= 1.0 - bar
        return
    state["phase"] = DISPERSING
    state["stay"] = state["size"] * (1.0 - bar)


@rule
def lose(s: State, crowd: int, dead: int) -> int:
    """Put dead on a crowd; returns how many died, never more than are there."""
    state = s.crowds[crowd]
    died = min(dead, int(state["size"]))
    state["size"] -= died
    state["dead"] += died
    return died
