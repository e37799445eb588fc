"""Orders that were tested: how often the model's differences held, by kind, for what-ifs to say."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sim.scenario.schema import Decision, Scenario
from sim.scenario.vocabulary import DeclaredBy, FactionKind

FILE = Path(__file__).with_name("orders_tested.json")


@cache
def recorded_kinds() -> dict[str, dict[str, float]]:
    """By kind of order: `orders` compared, `held` of them, `predicted` and `reported` ratios."""
    found: dict[str, dict[str, float]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def kind_of(scenario: Scenario, decision: Decision) -> str:
    """The kind of recorded orders that a decision is one of, the most special first."""
    owner = next(
        f for f in scenario.factions if f.leader is not None and f.leader.id == decision.leader
    )
    if decision.humanitarian:
        return "humanitarian pause"
    if decision.monitored:
        return "monitored"
    if decision.written:
        return "written"
    if decision.declared_by is DeclaredBy.BOTH:
        return "bilateral"
    if decision.declared_by is DeclaredBy.GOVERNMENT or owner.kind is FactionKind.SECURITY:
        return "unilateral, by the government"
    return "unilateral, by a group"


def changed_decisions(scenario: Scenario, variants: list[str]) -> list[Decision]:
    """The orders that some of a scenario's variants move, take away or change."""
    names = {
        path.split(".")[1]
        for variant in variants
        for path in scenario.variants[variant].set
        if path.startswith("decisions.")
    }
    return [decision for decision in scenario.decisions if decision.id in names]


def recorded_sentences(scenario: Scenario, variants: list[str]) -> list[str]:
    """What recorded orders say of such differences, one sentence per kind; none without an order.

    The record is of generic episodes whose parameters were learned from other conflicts.
    """
    kinds = dict.fromkeys(kind_of(scenario, one) for one in changed_decisions(scenario, variants))
    found = recorded_kinds()
    said = []
    for kind in kinds:
        name = kind if kind in found else "all orders"
        one = found[name]
        said.append(
            f"Differences of this kind ({name}) have been right in {one['held']:.0f} of "
            f"{one['orders']:.0f} recorded orders: there the reported change in deaths over 14 "
            f"days lay inside the generic model's 90 % interval. On average orders left "
            f"{one['reported']:.2f} of the deaths of matched days without one; predicted were "
            f"{one['predicted']:.2f}. Which order does more than another it could not tell."
        )
    return said
