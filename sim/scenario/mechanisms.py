"""The registry's mechanisms: each is off until a scenario switches it on, and says what to set.

A mechanism that is off gives the numbers of the model without it, bit for bit.
"""

from __future__ import annotations

from sim.scenario.parameter import Parameter
from sim.scenario.priors import fixed

DAY = (
    0.8235, 0.7217, 0.5834, 0.44, 0.3452, 0.2908, 0.3676, 0.5614, 0.7965, 1.0071, 1.3078, 1.5164,
    1.5169, 1.4854, 1.4797, 1.4384, 1.3337, 1.2247, 1.2285, 1.1786, 1.136, 1.1755, 1.0884, 0.9529,
)  # fmt: skip
"""Attacks by local hour of the day, mean 1: the curve ``hour_of_day`` learned from episodes."""

NEVER = 1e6
"""Hours that no clock reaches: a time of this length never ends."""


ORDER_SHIFTS = {
    "order_by_government": "that a government declares",
    "order_by_both": "that leader and government declare together",
    "order_to_both_sides": "addressed to both sides",
    "order_to_public": "addressed to the public",
    "order_written": "given in writing",
    "order_monitored": "that somebody watches over",
    "order_in_part": "to hold back in part",
    "order_humanitarian": "for a humanitarian end",
}
"""What a kind of order may change in how many obey it, by the number that says how much."""


def _switch(
    name: str, symbol: str, unit: str, off: float, high: float, meaning: str, source: str,
    sensitivity: tuple[float, float], low: float = 0.0,
) -> Parameter:  # fmt: skip
    """The number that switches a mechanism on."""
    return Parameter(
        name, symbol, unit, "assumption", fixed(off), low, high, meaning, source, sensitivity,
        off=off,
    )  # fmt: skip


def _shape(
    name: str, needs: str, unit: str, value: float, low: float, high: float, meaning: str,
    source: str, sensitivity: tuple[float, float],
) -> Parameter:  # fmt: skip
    """A number that a mechanism needs once it is on."""
    return Parameter(
        name, "-", unit, "assumption", fixed(value), low, high, meaning, source, sensitivity,
        needs=needs,
    )  # fmt: skip


MECHANISMS: tuple[Parameter, ...] = (
    _switch(
        "relief", "r", "share", 0.0, 1.0,
        "Share of the salience at the places in its scope that an order takes when it is given: "
        "the cause of the fight goes with the order. 0: off.",
        "assumption; nothing known, so a scenario that uses it sets uniform 0 to 1", (0.0, 1.0),
    ),
    _switch(
        "incident_rate", "ι", "incidents/week", 0.0, 1000.0,
        "Local incidents a week on a front at full contact and hostility 1: clashes that nothing "
        "but the feud itself causes. 0: off.",
        "begin_after_quiet_week of 470 dyads: median 0.093, 5 to 95 % 0.012 to 0.51 event-days a "
        "week; a scenario that uses it sets log-uniform 0.012 to 0.51", (0.01, 0.5),
    ),
    _shape(
        "incident_alarm", "incident_rate", "per salience", 0.0, 0.0, 1000.0,
        "Rise of the incident rate per unit of salience above its floor, here and on average at "
        "linked places.", "assumption", (0.0, 4.0),
    ),
    _shape(
        "incident_salience", "incident_rate", "salience", 0.0, 0.0, 100.0,
        "Salience that an incident adds at its place, so that a fight may come of it.",
        "assumption", (0.0, 1.0),
    ),
    _switch(
        "home_time", "-", "h", NEVER, NEVER,
        "Mean time after which a mobilised cell goes home, ready to come again, once neither "
        "salience nor a clash keeps it. A million hours: off.",
        "assumption; the mirror of mobilisation, so a scenario that uses it sets 3 to 24 h",
        (3.0, 24.0), low=0.01,
    ),
    _switch(
        "order_memory", "-", "h", NEVER, NEVER,
        "Mean time for which a cell that obeys is held back by an order. A million hours: off.",
        "order_relapse_by_week: dead again in 0.27 of episodes by week 2, 0.41 by week 3, 0.50 by "
        "week 4; a scenario that uses it sets log-uniform 336 to 2016 h", (336.0, 2016.0), low=0.01,
    ),
    _shape(
        "provocation", "order_memory", "per own dead", 0.0, 0.0, 1000.0,
        "Rise of the rate at which an order frays, per own dead since it was given.",
        "assumption", (0.0, 0.5),
    ),
    _switch(
        "reciprocity", "-", "share", 0.0, 1.0,
        "Share by which a side's initiative at a place falls when the other side there holds back "
        "with all its cells. 0: off.",
        "assumption; after orders both sides go quiet (order_none_1_3: nobody dead in 0.41 of "
        "episodes), so a scenario that uses it sets uniform 0 to 1", (0.0, 1.0),
    ),
    _shape(
        "reciprocity_lag", "reciprocity", "h", 12.0, 0.01, 10000.0,
        "Time constant with which a side takes notice that the other holds back.",
        "assumption", (3.0, 48.0),
    ),
    _switch(
        "grievance", "-", "per clash", 0.0, 1000.0,
        "Rise of the incident rate on a front per clash there that is remembered. 0: off.",
        "assumption; wants an incident rate", (0.0, 2.0),
    ),
    _shape(
        "grievance_memory", "grievance", "weeks", 4.0, 0.01, 1000.0,
        "Decay time of the memory of clashes on a front.", "assumption", (1.0, 12.0),
    ),
    _switch(
        "salvo_ratio", "-", "clashes/clash", 0.0, 1.0,
        "Expected clashes that follow a clash on its front at once, by the same side, at full "
        "contact and hostility 1. 0: off.",
        "salvo_branching of towns with clock time: 0.39 in the largest, 0.05 to 0.24 elsewhere; "
        "a scenario that uses it sets log-uniform 0.05 to 0.39", (0.05, 0.39),
    ),
    _shape(
        "salvo_delay", "salvo_ratio", "h", 1.2, 0.05, 100.0,
        "Mean time until a clash of the same salvo.",
        "salvo_decay of towns with clock time: 0.5 to 1.5 h", (0.5, 1.5),
    ),
    _switch(
        "daily_rhythm", "-", "share", 0.0, 1.0,
        "How far first clashes, incidents and gathering crowds follow the hour of the day. 0: off; "
        "1: as attacks did in towns with clock time.",
        "hour_of_day, from attacks with clock time; how far it holds elsewhere is an assumption: a "
        "scenario that uses it sets uniform 0 to 1", (0.0, 1.0),
    ),
    *(
        _switch(
            name, "-", "log-odds", 0.0, 10.0, f"Shift of compliance for an order {words}. 0: off.",
            "assumption: neutral until learned from episodes; a scenario that uses it says why",
            (-1.0, 1.0), low=-10.0,
        )
        for name, words in ORDER_SHIFTS.items()
    ),
)  # fmt: skip
