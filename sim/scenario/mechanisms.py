"""The registry's mechanisms: each is off until a scenario switches it on, and says what to set.

A mechanism that is off gives the numbers of the model without it, bit for bit.
"""

from __future__ import annotations

from sim.scenario.parameter import Parameter
from sim.scenario.priors import fixed

NEVER = 1e6
"""Hours that no clock reaches: a time of this length never ends."""


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
)  # fmt: skip
