"""Checks between numbers: tolls grow, sides quote right, no disagreement is unnamed."""

from __future__ import annotations

from sim.evidence.body import Evidence
from sim.evidence.conflict import Conflict
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
    """Numbers for the same thing that differ, or miss the conflict about it, without a name."""
    conflicts = {
        (event, conflict.measure): conflict
        for conflict in evidence.conflicts.values()
        for event in conflict.events
        if conflict.measure is not None
    }
    seen: dict[tuple[str, str, str | None, str | None], tuple[str, float]] = {}
    problems = []
    for article_id, article in evidence.articles.items():
        document = evidence.documents[article_id]
        for index, statement in enumerate(article.statements):
            for i, q in enumerate(statement.quantities):
                if statement.event is None or q.unknown:
                    continue
                loc = ("statements", index, "quantities", i)
                conflict = conflicts.get((statement.event, q.measure))
                if conflict is not None and q.side is None:
                    if statement.id not in conflict.all_statements:
                        message = f"the conflict '{conflict.id}' is about this number and lacks"
                        problems.append(document.problem(loc, f"{message} '{statement.id}'"))
                    continue
                if q.best is None:
                    continue
                about = (statement.event, q.measure, q.side, q.unit)
                other, value = seen.setdefault(about, (statement.id, q.best))
                if value != q.best:
                    message = f"{q.measure} {q.best:g} differs from the {value:g} of '{other}'"
                    problems.append(document.problem(loc, message, "a conflict that names both"))
    return problems
