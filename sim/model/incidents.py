"""Local incidents: clashes that come of a feud itself, by a clock of each front.

The clock runs at the pace that an incident would come at if both sides were free to begin one and
nobody kept them apart; what hurries it pushes it on. When it reaches its next mark, an incident
comes with the share of that pace that holds at that moment. So hours in which nothing happens cost
nothing, and whatever restrains a side needs to tell nobody.
"""

from __future__ import annotations

import math

from sim.model import draws, fronts, groups, places, rules
from sim.model.compiled import rule
from sim.model.journal import record, record_sides
from sim.model.layout import CLASH_EVENT, State, World
from sim.model.places import draw

FORGOTTEN = 0.01  # of a clash, below which its memory counts as gone
MOST_INCIDENTS = 64  # per front and step; the rest come in the next


@rule
def look_on(s: State, f: int) -> None:
    """When a front's clock gets to its next mark, if nothing hurries it."""
    state = s.fronts[f]
    state["next"] = math.inf
    if state["pace"] > 0.0:
        state["next"] = state["since"] + (state["mark"] - state["clock"]) / state["pace"]
    s.run[0]["incident"] = min(s.run[0]["incident"], state["next"])


@rule
def wind_up(w: World, s: State, time: float) -> None:
    """Every front's clock goes on at the pace that holds in this world from ``time`` on."""
    s.run[0]["incident"] = math.inf
    for f in range(w.fronts.shape[0]):
        state = s.fronts[f]
        rate = w.fronts[f]["incidents"]
        if rate < 0.0:
            rate = s.p[0]["incident_rate"]
        pace = rules.incident_pace(rate, w.fronts[f]["hostility"], s.run[0]["busiest"])
        if pace != state["pace"]:
            state["clock"] += state["pace"] * (time - state["since"])
            state["since"] = time
            state["pace"] = pace
        if pace > 0.0 and state["mark"] < 0.0:
            set_mark(s, f, 0.0)
        look_on(s, f)


@rule
def set_mark(s: State, f: int, after: float) -> None:
    """The next mark on a front's clock is a unit exponential further on."""
    u = draw(s, draws.INCIDENT, f, s.fronts[f]["marks"])
    s.fronts[f]["mark"] = after + draws.exponential_quantile(u, 1.0)


@rule
def any_hurry(w: World, s: State, step: int) -> bool:
    """Whether salience, or the memory of clashes, hurries the clock of any front."""
    alarmed = s.p[0]["incident_alarm"] > 0.0 and places.any_salience(w, s, step)
    return alarmed or (s.p[0]["grievance"] > 0.0 and s.run[0]["grieved"] >= step - 1)


@rule
def forget(s: State, f: int, step: int) -> None:
    """The memory of clashes on a front fades by one step."""
    state = s.fronts[f]
    if state["grievance"] <= 0.0:
        return
    state["grievance"] *= s.run[0]["grievance_left"]
    if state["grievance"] < FORGOTTEN:
        state["grievance"] = 0.0
    else:
        s.run[0]["grieved"] = step


@rule
def alarm(w: World, s: State, place: int) -> float:
    """Salience above its floor at a place, and its mean over the places linked to it."""
    here, elsewhere, linked = 0.0, 0.0, 0
    for other in range(w.places.shape[0]):
        salience = 0.0
        if s.places[other]["stirred"] == 1:
            salience = s.places[other]["salience"]
        if other == place:
            here = salience
        elif w.links[place, other] == 1:
            elsewhere += salience
            linked += 1
    return here + elsewhere / max(1, linked)


@rule
def hurry(w: World, s: State, f: int, step: int) -> None:
    """A front's clock of incidents is pushed on by salience and by clashes remembered."""
    if not any_hurry(w, s, step):
        return
    state = s.fronts[f]
    salience = 0.0
    if s.p[0]["incident_alarm"] > 0.0:
        salience = alarm(w, s, w.fronts[f]["place"])
    lift = rules.incident_lift(
        s.p[0]["incident_alarm"], salience, s.p[0]["grievance"], state["grievance"]
    )
    forget(s, f, step)
    if state["pace"] <= 0.0:
        return
    if lift > 0.0:
        state["clock"] += state["pace"] * lift * w.run[0]["step_h"]
        look_on(s, f)


@rule
def any_due(w: World, s: State, step: int) -> bool:
    """Whether the clock of any front gets to its next mark in this step."""
    return s.run[0]["incident"] < step * w.run[0]["step_h"] + w.run[0]["step_h"]


@rule
def break_out(w: World, s: State, f: int, step: int) -> None:
    """Local incidents happen on a front whose clock gets to a mark, if the sides let them."""
    state = s.fronts[f]
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    for k in range(MOST_INCIDENTS):
        if state["next"] >= end:
            return
        chance_one(w, s, f, step, k)
        state["marks"] += 1
        set_mark(s, f, state["mark"])
        look_on(s, f)


@rule
def look_ahead_to_incidents(w: World, s: State, _: int, step: int) -> None:
    """The next hour in which the clock of any front gets to a mark is noted."""
    first = math.inf
    for f in range(w.fronts.shape[0]):
        first = min(first, s.fronts[f]["next"])
    s.run[0]["incident"] = first


@rule
def there(w: World, s: State, g: int) -> float:
    """Share of a side's cells that are not destroyed, at home or out; of none, 0."""
    if g < 0:
        return 0.0
    value = (w.groups[g]["cells"] - s.groups[g]["lost"]) * w.groups[g]["per_cell"]
    if w.groups[g]["security"] == 1:
        value *= s.places[w.groups[g]["place"]]["presence"]
    return value


@rule
def free(w: World, s: State, g: int) -> float:
    """Share of a side's cells that may begin an incident: not destroyed and under no order."""
    if g < 0:
        return 0.0
    value = (w.groups[g]["cells"] - s.groups[g]["lost"] - s.groups[g]["held"]) * w.groups[g][
        "per_cell"
    ]
    if w.groups[g]["security"] == 1:
        value *= s.places[w.groups[g]["place"]]["presence"]
    return value


@rule
def chance_one(w: World, s: State, f: int, step: int, k: int) -> None:
    """A mark is reached: an incident happens if there is somebody to begin it, and to be hit."""
    state, fixed = s.fronts[f], w.fronts[f]
    place, g1, g2 = fixed["place"], w.sides[f, 0]["group"], w.sides[f, 1]["group"]
    there_1, there_2 = there(w, s, g1), there(w, s, g2)
    free_1 = free(w, s, g1) * groups.willing(s, g2)
    free_2 = free(w, s, g2) * groups.willing(s, g1)
    chance = rules.contact(free_1, there_1, free_2, there_2)
    chance *= s.run[0]["rhythm"] / s.run[0]["busiest"]
    if fixed["state"] == 0 and s.places[place]["presence"] > 0.0:
        chance *= places.guard(w, s, place)
    if draw(s, draws.INCIDENT_TAKEN, f, state["marks"]) >= chance:
        return
    index = step * fronts.MOST_CLASHES + fronts.MOST_CLASHES - 1 - k
    people_1, people_2 = w.groups[g1]["people"], w.groups[g2]["people"]
    share = fixed["share_first"]
    if share < 0.0:
        share = rules.loser_share(people_1 * there_1, people_2 * there_2)
    begins = rules.begins_share(people_1 * free_1, people_2 * free_2)
    striker = 0 if draw(s, draws.INCIDENT_BEGINNER, f, state["marks"]) < begins else 1
    time = step * w.run[0]["step_h"]
    event = record(s, CLASH_EVENT, -1, time, f, place, -1, 1.0)
    record_sides(s, event, w.sides[f, 0]["faction"], w.sides[f, 1]["faction"], striker)
    fronts.clash(w, s, f, step, index, fronts.deaths(s, f, index), share, event, 1)
    if s.p[0]["incident_salience"] > 0.0:
        s.places[place]["spark"] += s.p[0]["incident_salience"]
        s.places[place]["trigger_event"] = event
