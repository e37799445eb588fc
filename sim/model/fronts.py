"""A front: two factions at one place, their reprisal stocks, clashes and casualties."""

from __future__ import annotations

from sim.model import book, cells, crowds, draws, places, rules
from sim.model.causes import find_cause, spill_to
from sim.model.compiled import rule
from sim.model.journal import record, record_loser, record_sides, record_toll
from sim.model.layout import (
    CLASH_EVENT,
    P_DISPERSION,
    P_EXPOSURE,
    P_REPRISAL_RATIO,
    P_SPILLOVER,
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
def age_stocks(s: State, f: int) -> None:
    """Let one step pass over a front's reprisal stocks; what falls due is kept for the clashes."""
    state = s.fronts[f]
    x, left = s.run[0]["reprisal_x"], s.run[0]["reprisal_left"]
    stocked = 0
    young, ripe = state["young_first"], state["ripe_first"]
    if young + ripe > NEGLIGIBLE:
        stocked = 1
        state["due_first"] = rules.reprisals_due(young, ripe, x, left)
        state["ripe_first"] = rules.ripe_after(young, ripe, x, left)
        state["young_first"] = young * left
    else:
        state["due_first"] = 0.0
    young, ripe = state["young_second"], state["ripe_second"]
    if young + ripe > NEGLIGIBLE:
        stocked = 1
        state["due_second"] = rules.reprisals_due(young, ripe, x, left)
        state["ripe_second"] = rules.ripe_after(young, ripe, x, left)
        state["young_second"] = young * left
    else:
        state["due_second"] = 0.0
    state["stocked"] = stocked
    s.run[0]["stocked"] += stocked


@rule
def expect(w: World, s: State, f: int) -> float:
    """Age a front's stocks and work out the clashes to expect in this step."""
    fixed = w.fronts[f]
    state = s.fronts[f]
    place = fixed["place"]
    stirred = s.places[place]["stirred"] == 1
    state["expected"] = 0.0
    if not stirred and state["stocked"] == 0:
        return 0.0
    age_stocks(s, f)
    state["opening"] = 0.0
    if fixed["hostility"] <= 0.0:
        return 0.0
    live = fixed["live_fire"]
    present_1 = present_share(w, s, fixed["first_group"], fixed["first_crowd"], live)
    present_2 = present_share(w, s, fixed["second_group"], fixed["second_crowd"], live)
    if present_1 <= 0.0 or present_2 <= 0.0:
        return 0.0
    active_1 = active_share(w, s, fixed["first_group"])
    active_2 = active_share(w, s, fixed["second_group"])
    if stirred:
        touch = rules.contact(active_1, present_1, active_2, present_2)
        state["opening"] = s.run[0]["opening"] * touch
    state["due_first"] *= active_1 * present_2
    state["due_second"] *= active_2 * present_1
    guard = 1.0
    if fixed["state"] == 0 and s.places[place]["presence"] > 0.0:
        guard = places.guard(w, s, place)
    state["expected"] = rules.expected_clashes(
        fixed["hostility"], guard, state["opening"], state["due_first"], state["due_second"],
        s.run[0]["ceiling"],
    )  # fmt: skip
    return state["expected"]


@rule
def bury(
    w: World, s: State, f: int, second: int, dead: int, wounded: int, index: int
) -> int:  # fmt: skip
    """Put the losses of a front's first or second side on its crowd and cells; how many died."""
    fixed = w.fronts[f]
    faction, g, crowd = fixed["first"], fixed["first_group"], fixed["first_crowd"]
    if second == 1:
        faction, g, crowd = fixed["second"], fixed["second_group"], fixed["second_crowd"]
    died = 0
    if dead > 0 and crowd >= 0 and s.crowds[crowd]["size"] >= 1.0:
        exposed = dead
        if g >= 0 and s.groups[g]["present"] > 0:
            u = draw(s, draws.CROWD_DEATHS_FIRST + second, f, index)
            exposed = draws.binomial_quantile(
                u, dead, s.parameters[P_EXPOSURE] * crowds.share(s, crowd)
            )
        died = crowds.lose(s, crowd, exposed)
        dead -= exposed
    if g >= 0 and (dead > 0 or wounded > 0):
        u = draw(s, draws.ENGAGED_FIRST + second, f, index)
        died += cells.lose(w, s, g, dead, wounded, u)
    s.factions[faction]["dead_now"] += died
    return died


@rule
def grieve(w: World, s: State, f: int, second: int) -> None:
    """Add a clash to the reprisal stock of the side that lost, here and where its front is linked.

    The clash is on average half a step old when the step ends, so part of it is ripe already.
    """
    ratio = s.parameters[P_REPRISAL_RATIO]
    if ratio <= 0.0:
        return
    spill = rules.spill_share(s.parameters[P_SPILLOVER], w.fronts[f]["neighbours"] > 0)
    left = s.run[0]["reprisal_left_half"]
    for other in range(w.fronts[f]["dyad_begin"], w.fronts[f]["dyad_end"]):
        amount = ratio * spill * spill_to(w, f, other)
        if other == f:
            amount = ratio * (1.0 - spill)
        if amount <= 0.0:
            continue
        s.fronts[other]["stocked"] = 1
        s.run[0]["stocked"] += 1
        if second == 1:
            s.fronts[other]["young_second"] += amount * left
            s.fronts[other]["ripe_second"] += amount * (1.0 - left)
        else:
            s.fronts[other]["young_first"] += amount * left
            s.fronts[other]["ripe_first"] += amount * (1.0 - left)


@rule
def wounds(s: State, f: int, index: int, dead: int) -> int:
    """Wounded of a clash, given its dead: both share its severity."""
    ratio = s.run[0]["wound_ratio"]
    if ratio <= 0.0:
        return 0
    shape = s.parameters[P_DISPERSION] + dead
    zero = s.run[0]["wound_zero"] * draws.power(s.run[0]["wound_none"], dead)
    u = draw(s, draws.WOUNDED, f, index)
    return draws.negative_binomial_quantile(u, zero, shape, ratio / (1.0 + ratio))


@rule
def clash(
    w: World, s: State, f: int, step: int, index: int, dead: int, share: float, event: int
) -> int:
    """One clash with ``dead`` deaths, each on the first side with probability ``share``.

    Returns 0 or 1: the side that lost it, whose reprisal stock grows.
    """
    fixed = w.fronts[f]
    place = fixed["place"]
    dead_1 = 0
    if dead > 0:
        dead_1 = draws.binomial_quantile(draw(s, draws.DEATH_SIDE, f, index), dead, share)
    wounded = wounds(s, f, index, dead)
    wounded_1 = 0
    if wounded > 0:
        u = draw(s, draws.WOUNDED_SIDE, f, index)
        wounded_1 = draws.binomial_quantile(u, wounded, share)
    faction, side_dead, side_wounded = fixed["first"], dead_1, wounded_1
    lead = 0
    for second in range(2):
        if second == 1:
            faction, side_dead, side_wounded = fixed["second"], dead - dead_1, wounded - wounded_1
        died = bury(w, s, f, second, side_dead, side_wounded, index)
        lead += died * (1 - 2 * second)
        if died > 0:
            s.factions[faction]["loss_event"] = event
        book.count(s, step, place, S_DEAD, died)
        book.count_losses(w, s, step, place, faction, died, side_wounded)
        record_toll(s, event, second, died, side_wounded)
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
    grieve(w, s, f, loser)
    record_loser(s, event, loser)
    return loser


@rule
def script_attack(w: World, s: State, trigger: int) -> None:
    """Put the clash that a trigger scripts on its front, for this step's clashes."""
    fixed = w.triggers[trigger]
    if fixed["front"] >= 0:
        s.fronts[fixed["front"]]["attack"] = fixed["dead"]
        s.fronts[fixed["front"]]["attacked"] = 1 - fixed["attacked_first"]


@rule
def chance(s: State, f: int, step: int) -> float:
    """The uniform number for a front's clashes in a step, drawn for a stretch of steps at once."""
    first = step - step % STRETCH
    if s.fronts[f]["drawn"] != first:
        draw_row(s, s.chances[f], draws.CLASH, f, first, draws.ALONG_INDEX)
        s.fronts[f]["drawn"] = first
    return s.chances[f, step - first]


@rule
def fight(w: World, s: State, f: int, expected: float, step: int) -> None:
    """Draw the step's clashes of a front and let each happen, a scripted attack last."""
    state = s.fronts[f]
    n = 0
    if expected > 0.0:
        n = draws.poisson_quantile(chance(s, f, step), expected)
    scripted = 1 if state["attack"] >= 0 else 0
    if n + scripted == 0:
        return
    fixed = w.fronts[f]
    time = step * w.run[0]["step_h"]
    even = fixed["share_first"]
    if even < 0.0:
        even = rules.loser_share(
            strength(w, s, fixed["first_group"]), strength(w, s, fixed["second_group"])
        )
    for k in range(n + scripted):
        index = step * MOST_CLASHES + k
        cause, striker, share, value = -1, -1, even, 1.0
        dead = 0
        if k < n:
            u = draw(s, draws.DEATHS, f, index)
            dead = draws.negative_binomial_quantile(
                u, s.run[0]["death_zero"], s.parameters[P_DISPERSION], s.run[0]["death_ratio"]
            )
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
        record_sides(s, event, fixed["first"], fixed["second"], striker)
        clash(w, s, f, step, index, dead, share, event)
