"""Parameters of a draft: what it switches on, and every free one with its prior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.parameters import PER_LEADER, ROWS, row_of
from sim.scenario.priors import Prior

LONG_DAYS = 28
"""Clocks from this many days on are long enough for clashes to be remembered for weeks."""

LEAST_CONTACT = 0.02
"""Contact below which a learned rate is not divided by it: no draft is one of hidden war."""

GUESS = "assumption"


@dataclass(frozen=True)
class LearnedFacts:
    """What reported episodes taught, as a draft uses it.

    Attributes:
        study: id of the study.
        values: value by name of the fact.
    """

    study: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


def live_settings(
    learned: LearnedFacts,
    days: int,
    contact: float,
    any_order: bool,
    given: bool,
    wounded: bool = False,
) -> dict[str, dict[str, Any]]:
    """The mechanisms that keep a draft alive to the end of its clock, as settings with sources.

    Args:
        days: length of the clock.
        contact: hostility times contact of the pair that met most, summed over its places: the
            share of its incidents that the draft's guesses let happen.
        any_order: whether any order may be given at all.
        given: whether one is given by its day.
        wounded: whether the table tells of the wounded, so that their ratio can be learned.
    """
    values = learned.values
    by = f"learned from reported episodes, study {learned.study}"
    low, high = values["begin_after_quiet_week_p05"], values["event_days_week_p95"]
    scale = max(contact, LEAST_CONTACT)
    settings = {
        "incident_rate": _setting(
            "log_uniform",
            [_round(low / scale), _round(high / scale)],
            f"{by}: {low:.2g} (violence that begins by itself, 5 %) to {high:.2g} (all event days, "
            f"95 %) a week and pair of sides, over {scale:.2g}, the contact of the pair that met "
            "most",
        ),
        "incident_salience": _setting(
            "uniform", [0, 1], "from an incident that stays one to one that rouses like a trigger"
        ),
        "home_time": _setting("value", 8, "the middle of 3 to 24 h, on a scale of ratios"),
    }
    if days >= LONG_DAYS:
        answers = values["days_branching_p90"]
        settings["grievance"] = _setting(
            "log_uniform",
            [0.01, 0.2],
            "at the rates above, clashes that a clash brings by its memory stay below one; "
            f"{by}: an event brings up to {answers:.2g} more in days",
        )
    if any_order:
        second, fourth = (values[f"order_relapse_by_week_{week}"] for week in (2, 4))
        settings["order_memory"] = _setting(
            "log_uniform",
            [336, 2016],
            f"two to twelve weeks; {by}: dead again after an order in {second:.2g} of episodes by "
            f"week 2 and {fourth:.2g} by week 4",
        )
    if given:
        settings["relief"] = _setting(
            "uniform", [0, 1], "nothing known, from none of the cause to all of it"
        )
        settings["reciprocity"] = _setting(
            "uniform",
            [0, 1],
            f"nothing known, from none to all; {by}: nobody dead on days 1 to 3 after an order in "
            f"{values['order_none_1_3']:.2g} of episodes",
        )
    if wounded:
        low, high = row_of("wounded_per_death").sensitivity or (1, 17)
        settings["wounded_per_death"] = _setting(
            "log_uniform", [low, high], "the registry's range; the table's wounded narrow it"
        )
    return settings


def _setting(form: str, value: Any, why: str) -> dict[str, Any]:
    return {form: value, "source": [f"{GUESS}: {why}"]}


def free_rows(leaders: list[str], without: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every free parameter of the registry that is not set: name, and its prior as a setting."""
    found: list[tuple[str, dict[str, Any]]] = []
    for row in ROWS:
        if row.role != "free":
            continue
        names = [f"{PER_LEADER}.{leader}" for leader in leaders] if row.per_leader else [row.name]
        setting = {**prior_setting(row.prior), "source": f"{GUESS}: registry"}
        found += [(name, setting) for name in names if name not in without]
    return found


def prior_setting(prior: Prior) -> dict[str, Any]:
    """A prior as a scenario writes it."""
    numbers = [int(x) if x == int(x) else x for x in prior.arguments]
    return {"value": numbers[0]} if prior.family == "fixed" else {prior.family: numbers}


def _round(value: float) -> float:
    return float(f"{value:.2g}")
