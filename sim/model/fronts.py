"""A front: two factions at one place, their reprisal stocks, clashes and casualties."""

from __future__ import annotations

from typing import Any

from sim.model import book, cells, crowds, draws, groups, places, rules
from sim.model.causes import find_cause, spill_to
from sim.model.compiled import rule
from sim.model.journal import record, record_loser, record_sides, record_toll
from sim.model.layout import (
    CLASH_EVENT,
    S_CLASHES,
    S_DEAD,
    S_WOUNDED,
    STRETCH,
    State,
    World,
)
from sim.model.places import draw, draw_row, mark

MOST_CLASHES = 4096  # per front and step; keeps the draws of two steps apart
NEGLIGIBLE = 1e-6  # expected reprisals below which a stock counts as spent


@rule
def present_share(w: World, s: State, g: int, crowd: int, live_fire: int) -> float:
    """Share of a side that can be attacked at a place: its cells, or its crowd under live fire."""
    value = 0.0
    if g >= 0:
        value = s.groups[g]["present"] * w.groups[g]["per_cell"]
        if w.groups[g]["security"] == 1:
            value *= s.places[w.groups[g]["place"]]["presence"]
    if live_fire == 1:
        value = max(value, crowds.share(s, crowd))
    return value


@rule
def active_share(w: World, s: State, g: int) -> float:
    """Share of a side that may begin a clash: its cells present and under no order."""
    if g < 0:
        return 0.0
    value = s.groups[g]["active"] * w.groups[g]["per_cell"]
    if w.groups[g]["security"] == 1:
        value *= s.places[w.groups[g]["place"]]["presence"]
    return value


@rule
def strength(w: World, s: State, g: int) -> float:
    """Fighters of a side present at the place."""
    if g < 0:
        return 0.0
    value = s.groups[g]["people"]
    if w.groups[g]["security"] == 1:
        value *= s.places[w.groups[g]["place"]]["presence"]
    return value


@rule
def any_cause(w: World, s: State, step: int) -> bool:
    """Whether anything can open a clash: salience, something to avenge, a scripted attack."""
    return places.any_salience(w, s, step) or s.run[0]["stocked"] >= step - 1


@rule
def age_stock(s: State, stock: Any) -> bool:
    """One step passes over what a side has to avenge at a front; whether anything is left."""
    young, ripe = stock["young"], stock["ripe"]
    stock["due"] = 0.0
    if young + ripe <= NEGLIGIBLE:
        return False
    x, left = s.run[0]["reprisal_x"], s.run[0]["reprisal_left"]
    stock["due"] = rules.reprisals_due(young, ripe, x, left)
    stock["ripe"] = rules.ripe_after(young, ripe, x, left)
    stock["young"] = rules.young_after(young, left)
    return True


@rule
def age_salvo(s: State, f: int, step: int) -> float:
    """One step passes over what is to follow of a front's salvoes; what of it is due."""
    state = s.fronts[f]
    if state["late"] + state["salvo"] <= NEGLIGIBLE:
        return 0.0
    due = rules.salvo_due(state["late"], state["salvo"], s.run[0]["salvo_left"])
    state["late"] = 0.0
    state["salvo"] = rules.young_after(state["salvo"], s.run[0]["salvo_left"])
    state["stocked"] = 1
    s.run[0]["stocked"] = step
    return due


@rule
def expect(w: World, s: State, f: int, step: int) -> None:
    """A front's reprisal stocks age, and the clashes to expect in this step are worked out."""
    fixed, state = w.fronts[f], s.fronts[f]
    place = fixed["place"]
    stirred = s.places[place]["stirred"] == 1
    state["expected"] = 0.0
    if not stirred and state["stocked"] == 0:
        return
    first, second = s.sides[f, 0], s.sides[f, 1]
    left_1, left_2 = age_stock(s, first), age_stock(s, second)
    state["stocked"] = 0
    if left_1 or left_2:
        state["stocked"] = 1
        s.run[0]["stocked"] = step
    state["opening"], state["volley"] = 0.0, 0.0
    salvo = age_salvo(s, f, step)
    if fixed["hostility"] <= 0.0:
        return
    one, two = w.sides[f, 0], w.sides[f, 1]
    present_1 = present_share(w, s, one["group"], one["crowd"], fixed["live_fire"])
    present_2 = present_share(w, s, two["group"], two["crowd"], fixed["live_fire"])
    if present_1 <= 0.0 or present_2 <= 0.0:
        return
    active_1 = active_share(w, s, one["group"]) * groups.willing(s, two["group"])
    active_2 = active_share(w, s, two["group"]) * groups.willing(s, one["group"])
    if stirred or salvo > 0.0:
        touch = rules.contact(active_1, present_1, active_2, present_2)
        state["volley"] = salvo * touch
        if stirred:
            state["opening"] = s.run[0]["opening"] * touch * s.run[0]["rhythm"]
    first["due"] = rules.revenge(first["due"], active_1, present_2)
    second["due"] = rules.revenge(second["due"], active_2, present_1)
    guard = 1.0
    if fixed["state"] == 0 and s.places[place]["presence"] > 0.0:
        guard = places.guard(w, s, place)
    state["expected"] = rules.expected_clashes(
        fixed["hostility"], guard, state["opening"] + state["volley"], first["due"], second["due"],
        s.run[0]["ceiling"],
    )  # fmt: skip


@rule
def bury(
    w: World, s: State, f: int, side: int, dead: int, wounded: int, index: int, anywhere: int,
    step: int,
) -> int:  # fmt: skip
    """Put a side's losses at a front on its crowd and cells, at home as well if ``anywhere``."""
    g, crowd = w.sides[f, side]["group"], w.sides[f, side]["crowd"]
    died = 0
    if anywhere == 0 and dead > 0 and crowd >= 0 and s.crowds[crowd]["size"] >= 1.0:
        exposed = dead
        if g >= 0 and s.groups[g]["present"] > 0:
            u = draw(s, draws.CROWD_DEATHS_FIRST + side, f, index)
            exposed = draws.binomial_quantile(
                u, dead, s.p[0]["crowd_exposure"] * crowds.share(s, crowd)
            )
        died = crowds.lose(s, crowd, exposed)
        dead -= exposed
    if g >= 0 and (dead > 0 or wounded > 0):
        u = draw(s, draws.ENGAGED_FIRST + side, f, index)
        died += cells.lose(w, s, g, dead, wounded, u, anywhere, step)
    s.factions[w.sides[f, side]["faction"]]["dead_now"] += died
    return died


@rule
def grieve(w: World, s: State, f: int, side: int, step: int) -> None:
    """Add a clash to what the side that lost has to avenge, here and where its front is linked."""
    ratio = s.p[0]["reprisal_ratio"]
    if ratio <= 0.0:
        return
    spill = rules.spill_share(s.p[0]["spillover"], w.fronts[f]["neighbours"] > 0)
    left = s.run[0]["reprisal_left_half"]
    s.run[0]["stocked"] = step
    for other in range(w.fronts[f]["dyad_begin"], w.fronts[f]["dyad_end"]):
        amount = ratio * spill * spill_to(w, f, other)
        if other == f:
            amount = ratio * (1.0 - spill)
        if amount <= 0.0:
            continue
        s.fronts[other]["stocked"] = 1
        s.sides[other, side]["young"] += rules.young_after(amount, left)
        s.sides[other, side]["ripe"] += amount * rules.past_first_stage(left)


@rule
def resound(s: State, f: int, step: int) -> None:
    """A clash is the first of a salvo, and is remembered on its front for weeks."""
    state, ratio = s.fronts[f], s.p[0]["salvo_ratio"]
    if ratio > 0.0:
        left = s.run[0]["salvo_left_half"]
        state["late"] += ratio * (1.0 - left)
        state["salvo"] += rules.young_after(ratio, left)
        state["stocked"] = 1
        s.run[0]["stocked"] = step
    if s.p[0]["grievance"] > 0.0:
        state["grievance"] += 1.0
        s.run[0]["grieved"] = step


@rule
def wounds(s: State, f: int, index: int, dead: int) -> int:
    """Wounded of a clash, given its dead: both share its severity."""
    ratio = s.run[0]["wound_ratio"]
    if ratio <= 0.0:
        return 0
    shape = s.p[0]["death_dispersion"] + dead
    zero = s.run[0]["wound_zero"] * draws.power(s.run[0]["wound_none"], dead)
    u = draw(s, draws.WOUNDED, f, index)
    return draws.negative_binomial_quantile(u, zero, shape, ratio / (1.0 + ratio))


@rule
def deaths(s: State, f: int, index: int) -> int:
    """Deaths of a clash that no script sets."""
    u = draw(s, draws.DEATHS, f, index)
    return draws.negative_binomial_quantile(
        u, s.run[0]["death_zero"], s.p[0]["death_dispersion"], s.run[0]["death_ratio"]
    )


@rule
def clash(
    w: World, s: State, f: int, step: int, index: int, dead: int, share: float, event: int,
    anywhere: int,
) -> int:  # fmt: skip
    """One clash with ``dead`` deaths, each on the first side with probability ``share``.

    Cells at home can be hit too where ``anywhere`` is 1, else only those who are out.

    Returns 0 or 1: the side that lost it, whose reprisal stock grows.
    """
    place = w.fronts[f]["place"]
    dead_1 = 0
    if dead > 0:
        dead_1 = draws.binomial_quantile(draw(s, draws.DEATH_SIDE, f, index), dead, share)
    wounded = wounds(s, f, index, dead)
    wounded_1 = 0
    if wounded > 0:
        u = draw(s, draws.WOUNDED_SIDE, f, index)
        wounded_1 = draws.binomial_quantile(u, wounded, share)
    lead = 0
    for side in range(2):
        faction = w.sides[f, side]["faction"]
        side_dead, side_wounded = dead_1, wounded_1
        if side == 1:
            side_dead, side_wounded = dead - dead_1, wounded - wounded_1
        died = bury(w, s, f, side, side_dead, side_wounded, index, anywhere, step)
        lead += died * (1 - 2 * side)
        if died > 0:
            s.factions[faction]["loss_event"] = event
        book.count(s, step, place, S_DEAD, died)
        book.count_losses(w, s, step, place, faction, died, side_wounded)
        record_toll(s, event, side, died, side_wounded)
    book.count(s, step, place, S_CLASHES, 1.0)
    book.count(s, step, place, S_WOUNDED, wounded)
    book.count_clash(w, s, step, f)
    book.mark_busy(s, step)
    s.places[place]["last_clash"] = (step + 0.5) * w.run[0]["step_h"]
    s.places[place]["clash_event"] = event
    mark(s, place, w.severity[CLASH_EVENT])
    loser = 0
    if lead < 0 or (lead == 0 and draw(s, draws.LOSER, f, index) >= share):
        loser = 1
    grieve(w, s, f, loser, step)
    resound(s, f, step)
    record_loser(s, event, loser)
    return loser


@rule
def chance(s: State, f: int, step: int) -> float:
    """The uniform number for a front's clashes in a step, drawn for a stretch of steps at once."""
    first = step - step % STRETCH
    if s.fronts[f]["drawn"] != first:
        draw_row(s, s.chances[f], draws.CLASH, f, first, draws.ALONG_INDEX)
        s.fronts[f]["drawn"] = first
    return s.chances[f, step - first]


@rule
def fight(w: World, s: State, f: int, step: int) -> None:
    """The step's clashes of a front are drawn, and each happens; a scripted attack last."""
    state = s.fronts[f]
    n = 0
    if state["expected"] > 0.0:
        n = draws.poisson_quantile(chance(s, f, step), state["expected"])
    scripted = 1 if state["attack"] >= 0 else 0
    if n + scripted == 0:
        return
    fixed = w.fronts[f]
    time = step * w.run[0]["step_h"]
    even = fixed["share_first"]
    if even < 0.0:
        even = rules.loser_share(
            strength(w, s, w.sides[f, 0]["group"]), strength(w, s, w.sides[f, 1]["group"])
        )
    for k in range(n + scripted):
        index = step * MOST_CLASHES + k
        cause, striker, share, value = -1, -1, even, 1.0
        dead = 0
        if k < n:
            dead = deaths(s, f, index)
            if s.log.shape[0] > 0:
                cause, striker = find_cause(w, s, f, step, index)
        else:
            dead = state["attack"]
            striker = 1 - state["attacked"]
            share = 1.0 - state["attacked"]
            cause = s.places[fixed["place"]]["trigger_event"]
            value = 0.0
            state["attack"] = -1
        event = record(s, CLASH_EVENT, cause, time, f, fixed["place"], -1, value)
        record_sides(s, event, w.sides[f, 0]["faction"], w.sides[f, 1]["faction"], striker)
        clash(w, s, f, step, index, dead, share, event, 0)
