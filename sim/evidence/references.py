"""References between coded files: every name known, every number and window consistent."""

from __future__ import annotations

import re
from collections.abc import Collection

from sim.evidence.body import Evidence
from sim.evidence.conflict import Conflict
from sim.evidence.form import common
from sim.evidence.ladder import modes, types
from sim.evidence.registry import and_above
from sim.evidence.statement import Article, Plover, Statement
from sim.inputs import Document, Problem, nearest

Loc = tuple[str | int, ...]


def cross_check(evidence: Evidence) -> list[Problem]:
    """All problems between the files of an evidence folder whose form is right."""
    problems = _registry_problems(evidence)
    prefixes: dict[str, str] = {}
    for article in evidence.articles.values():
        document = evidence.documents.get(article.id)
        if document is None or document.data.get("id") != article.id:
            problems.append(_misnamed(evidence, article))
            continue
        if article.prefix in prefixes:
            other = prefixes[article.prefix]
            message = f"the prefix '{article.prefix}' is already that of {other}"
            problems.append(document.problem(("prefix",), message))
        prefixes.setdefault(article.prefix, article.id)
        for index, statement in enumerate(article.statements):
            problems += _statement_problems(evidence, article, statement, index, document)
    problems += _event_problems(evidence)
    problems += _conflict_problems(evidence)
    return problems or consistency_problems(evidence)


def unknown_name(
    document: Document, loc: Loc, what: str, name: str, known: Collection[str]
) -> list[Problem]:
    """A problem if `name` is not among the `known` ones, with the nearest of them."""
    # `in` asks a dict at once; a list made of it first would cost its length at every name
    if name in known:
        return []
    return [document.problem(loc, f"unknown {what} '{name}'", None, nearest(name, known))]


def _misnamed(evidence: Evidence, article: Article) -> Problem:
    for stem, document in evidence.documents.items():
        if document.data.get("id") == article.id:
            message = f"the file is named '{stem}.yaml' but its id is '{article.id}'"
            return document.problem(("id",), message, f"the file name to be {article.id}.yaml")
    return Problem(evidence.folder, None, None, f"no file holds {article.id}")


def _statement_problems(
    evidence: Evidence, article: Article, s: Statement, index: int, document: Document
) -> list[Problem]:
    here: Loc = ("statements", index)
    problems: list[Problem] = []
    prefix, local = s.id.split(".")
    if prefix != article.prefix:
        message = f"the statement id begins with '{prefix}'"
        problems.append(document.problem((*here, "id"), message, f"the prefix '{article.prefix}'"))
    number = re.fullmatch(r"(\d+)[a-z]+", local)
    if article.kind == "article" and number and int(number[1]) != s.paragraph:
        message = f"the id '{s.id}' names paragraph {number[1]}, the statement {s.paragraph}"
        problems.append(document.problem((*here, "id"), message))
    if article.kind == "article" and s.row is not None:
        problems.append(document.problem((*here, "row"), "an article has paragraphs, not rows"))
    if article.kind == "table" and s.paragraph is not None:
        message = "a table has rows, not paragraphs"
        problems.append(document.problem((*here, "paragraph"), message))
    names: list[tuple[str, str | None, Collection[str]]]
    names = [("event", s.event, evidence.events), ("place", s.place, evidence.places)]
    names += [("actor", s.actor, evidence.actors), ("target", s.target, evidence.actors)]
    for key, name, known in names:
        if name is not None:
            what = "actor" if key == "target" else key
            problems += unknown_name(document, (*here, key), what, name, known)
    for i, name in enumerate(s.places_named):
        loc = (*here, "places_named", i)
        problems += unknown_name(document, loc, "place", name, evidence.places)
    for i, quantity in enumerate(s.quantities):
        if quantity.side is not None:
            loc = (*here, "quantities", i, "side")
            problems += unknown_name(document, loc, "actor", quantity.side, evidence.actors)
    if s.plover is not None:
        problems += _plover_problems(document, (*here, "plover"), s.plover)
    return problems + _time_problems(article, s, here, document)


def _plover_problems(document: Document, loc: Loc, plover: Plover) -> list[Problem]:
    problems = unknown_name(document, (*loc, "type"), "PLOVER type", plover.type, types())
    if not problems and plover.mode is not None:
        what = f"mode of {plover.type}"
        known = modes(plover.type)
        problems = unknown_name(document, (*loc, "mode"), what, plover.mode, known)
    return problems


def _time_problems(article: Article, s: Statement, here: Loc, document: Document) -> list[Problem]:
    limit = article.citation.latest
    problems = []
    # A condition may announce something; nothing else can be told before it happened.
    if s.kind != "condition" and s.window.earliest is not None and s.window.earliest > limit:
        message = f"begins after the text was published ({limit.isoformat()})"
        problems.append(document.problem((*here, "window", "earliest"), message))
    if s.as_of is not None and s.as_of.latest is not None and s.as_of.latest > limit:
        message = f"counted after the text was published ({limit.isoformat()})"
        problems.append(document.problem((*here, "as_of", "latest"), message))
    return problems


def _event_problems(evidence: Evidence) -> list[Problem]:
    problems: list[Problem] = []
    for event, (document, index) in zip(
        evidence.events.values(), evidence.entries("events"), strict=True
    ):
        leads = []
        for i, name in enumerate(event.lead):
            loc: Loc = ("events", index, "lead", i)
            unknown = unknown_name(document, loc, "statement", name, evidence.statements)
            problems += unknown
            if unknown:
                continue
            lead = evidence.statements[name]
            # An event that does not exist is reported where the statement names it.
            if lead.event != event.id and lead.event in evidence.events:
                message = f"the statement '{name}' speaks of '{lead.event}', not of '{event.id}'"
                problems.append(document.problem(loc, message))
            leads.append(lead.window)
        if leads and common(leads) is None:
            message = f"the windows of the leading statements of '{event.id}' share no moment"
            problems.append(document.problem(("events", index, "lead"), message))
        for i, name in enumerate(event.ends):
            loc = ("events", index, "ends", i)
            problems += unknown_name(document, loc, "event", name, evidence.events)
    return problems


def _conflict_problems(evidence: Evidence) -> list[Problem]:
    problems: list[Problem] = []
    for index, conflict in enumerate(evidence.conflicts.values()):
        document = evidence.documents["conflicts"]
        here: Loc = ("conflicts", index)
        for i, name in enumerate(conflict.events):
            loc = (*here, "events", i)
            problems += unknown_name(document, loc, "event", name, evidence.events)
        places = [((*here, "statements", i), n) for i, n in enumerate(conflict.statements)]
        for a, side in enumerate(conflict.alternatives):
            at: Loc = (*here, "alternatives", a, "statements")
            places += [((*at, i), name) for i, name in enumerate(side.statements)]
        for loc, name in places:
            unknown = unknown_name(document, loc, "statement", name, evidence.statements)
            problems += unknown
            if not unknown and evidence.statements[name].event not in conflict.events:
                about = evidence.statements[name].event
                message = f"the statement '{name}' speaks of '{about}', which is not listed"
                problems.append(document.problem(loc, message))
    return problems


def _registry_problems(evidence: Evidence) -> list[Problem]:
    problems: list[Problem] = []
    within = {place.id: place.within for place in evidence.places.values()}
    part_of = {actor.id: actor.part_of for actor in evidence.actors.values()}
    for file, key, above in (("places", "within", within), ("actors", "part_of", part_of)):
        for (name, larger), (document, index) in zip(
            above.items(), evidence.entries(file), strict=True
        ):
            if larger is None:
                continue
            loc: Loc = (file, index, key)
            problems += unknown_name(document, loc, file[:-1], larger, above)
            if above.get(and_above(name, above)[-1]) is not None:
                message = f"'{name}' leads back into a circle"
                problems.append(document.problem(loc, message))
    return problems


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
