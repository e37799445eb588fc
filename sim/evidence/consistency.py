"""Checks between numbers: tolls grow, sides quote right, no disagreement is unnamed."""

from __future__ import annotations

from collections import defaultdict

from sim.evidence.body import Evidence
from sim.evidence.conflict import Conflict
from sim.evidence.quantity import Quantity
from sim.inputs import Problem


def consistency_problems(evidence: Evidence) -> list[Problem]:
    """All problems between the numbers of an evidence folder whose names are right."""
    problems: list[Problem] = []
    for index, conflict in enumerate(evidence.conflicts.values()):
        if conflict.kind == "running_toll":
            problems += _toll_problems(evidence, conflict, index)
        elif conflict.measure is not None:
            problems += _side_problems(evidence, conflict, index)
    return problems + _unnamed_disagreements(evidence)


def _toll_problems(evidence: Evidence, conflict: Conflict, index: int) -> list[Problem]:
    document = evidence.documents["conflicts"]
    problems, before = [], 0.0
    for i, name in enumerate(conflict.statements):
        loc = ("conflicts", index, "statements", i)
        quantity = evidence.statements[name].quantity(str(conflict.measure))
        floor = quantity.floor if quantity is not None else None
        if floor is None:
            message = f"the statement '{name}' gives no number of {conflict.measure}"
            problems.append(document.problem(loc, message))
            continue
        if floor < before:
            message = f"the toll falls from {before:g} to {floor:g} at '{name}'"
            problems.append(document.problem(loc, message, "statements as the count grew"))
        before = max(before, floor)
    return problems


def _side_problems(evidence: Evidence, conflict: Conflict, index: int) -> list[Problem]:
    document = evidence.documents["conflicts"]
    problems = []
    for a, side in enumerate(conflict.alternatives):
        stated = {
            value
            for name in side.statements
            for quantity in evidence.statements[name].quantities
            if quantity.measure == conflict.measure
            for value in (quantity.low, quantity.best, quantity.high, quantity.at_least)
        }
        for key in ("low", "best", "high", "at_least"):
            value = getattr(side, key)
            if value is not None and value not in stated:
                message = f"{key} {value:g} stands in none of the statements of '{side.name}'"
                problems.append(
                    document.problem(("conflicts", index, "alternatives", a, key), message)
                )
    return problems


def _unnamed_disagreements(evidence: Evidence) -> list[Problem]:
    """Exact numbers for the same thing that differ although no conflict names them."""
    named = {
        (name, conflict.measure)
        for conflict in evidence.conflicts.values()
        for name in conflict.all_statements
    }
    seen: dict[tuple[str, str, str | None, str | None], tuple[str, float]] = defaultdict(
        lambda: ("", -1.0)
    )
    problems = []
    for article_id, article in evidence.articles.items():
        document = evidence.documents[article_id]
        for index, statement in enumerate(article.statements):
            for i, quantity in enumerate(statement.quantities):
                if (statement.id, quantity.measure) in named or statement.event is None:
                    continue
                problem_at = ("statements", index, "quantities", i, "best")
                other = seen[_about(statement.event, quantity)]
                if quantity.best is not None and other[0] and other[1] != quantity.best:
                    message = (
                        f"{quantity.measure} {quantity.best:g} differs from the {other[1]:g} "
                        f"of '{other[0]}' and no conflict names both"
                    )
                    problems.append(document.problem(problem_at, message))
                if quantity.best is not None:
                    seen[_about(statement.event, quantity)] = (statement.id, quantity.best)
    return problems


def _about(event: str, quantity: Quantity) -> tuple[str, str, str | None, str | None]:
    return (event, quantity.measure, quantity.side, quantity.unit)
