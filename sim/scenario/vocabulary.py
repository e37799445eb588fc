"""The closed word lists of a scenario file: kinds, modes, measures, statistics and roles."""

from __future__ import annotations

from enum import StrEnum


class FactionKind(StrEnum):
    """What a faction is made of, which decides the rules that apply to it."""

    ARMED = "armed"  # cells that mobilise, fight and stand down
    SECURITY = "security"  # the state's forces: present where clashes draw them
    MOVEMENT = "movement"  # unarmed crowds only
    EXTERNAL = "external"  # acts by schedule only (a foreign force, a parliament, a court)


class OrderKind(StrEnum):
    """What a leader tells the faction to do."""

    WITHDRAW = "withdraw"
    RESTRAIN = "restrain"
    CLOSE_OFFICES = "close_offices"


class DeclaredBy(StrEnum):
    """Who announces an order."""

    LEADER = "leader"
    GOVERNMENT = "government"
    BOTH = "both"


class AddressedTo(StrEnum):
    """Whom an order speaks to; those who may obey it are the leader's own all the same."""

    OWN_SIDE = "own_side"
    BOTH_SIDES = "both_sides"
    PUBLIC = "public"


class Extent(StrEnum):
    """How much of what they do an order tells people to leave."""

    WHOLE = "whole"
    PART = "part"


class DecisionMode(StrEnum):
    """Who sets the hour of a decision: the script, the rule, or nobody."""

    SCRIPTED = "scripted"
    ENDOGENOUS = "endogenous"
    ENDOGENOUS_NOT_BEFORE = "endogenous_not_before"
    OFF = "off"


class Activity(StrEnum):
    """What an order can be addressed to."""

    FIGHTING = "fighting"
    PROTEST = "protest"


class ReportRule(StrEnum):
    """How an outlet rounds the true toll it sees."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    SOME = "some"
    ORDER_OF_MAGNITUDE = "order_of_magnitude"
    NOTHING = "nothing"


class Measure(StrEnum):
    """What is measured on a run."""

    CLASHES = "clashes"
    DEAD = "dead"
    WOUNDED = "wounded"
    CELLS = "cells"
    CROWD = "crowd"
    ROCKETS = "rockets"
    BARRAGES = "barrages"
    PUSHES = "pushes"
    BREACHES = "breaches"
    SALIENCE = "salience"
    PRESENCE = "presence"
    STANDING = "standing"
    LADDER = "ladder"
    ORDER = "order"
    REPORT = "report"


class Statistic(StrEnum):
    """How a measure becomes one number per run."""

    TOTAL = "total"  # sum over the window
    PEAK = "peak"  # largest hourly value in the window
    ANY = "any"  # 1 if above zero at any hour of the window, else 0
    FIRST = "first"  # hours from the clock's start to the first hour above zero; missing if none
    LAST = "last"  # hours from the clock's start to the end of the last hour above zero
    PEAK_TIME = "peak_time"  # hours from the clock's start to the middle of the peak hour
    ACTIVE_HOURS = "active_hours"  # number of hours above zero
    TIME = "time"  # hours from the clock's start to an order; missing if never given
    VALUE = "value"  # the figure an outlet printed


class Role(StrEnum):
    """What a comparison with an observable may be used for."""

    CALIBRATE = "calibrate"
    HOLD_OUT = "hold_out"
    NEGATIVE = "negative"
    BASE_RATE = "base_rate"
    INPUT_CHECK = "input_check"


TIME_STATISTICS = frozenset({Statistic.FIRST, Statistic.LAST, Statistic.PEAK_TIME, Statistic.TIME})

# Simulated event kinds on PLOVER's scale, so that simulated and reported events share one ladder.
EVENT_PLOVER: dict[str, tuple[str, str | None]] = {
    "clash": ("ASSAULT", "firearms"),
    "barrage": ("ASSAULT", "heavy-weapons"),
    "push": ("PROTEST", "obstruct"),
    "breach": ("PROTEST", "riot"),
    "crowd": ("PROTEST", "demo"),
    "mobilisation": ("MOBILIZE", "militia"),
    "security_deployment": ("MOBILIZE", "police"),
    "withdraw": ("RETREAT", "withdraw"),
    "restrain": ("RETREAT", "ceasefire"),
    "close_offices": ("RETREAT", "withdraw"),
}
