"""Sources: what each article taught, and what follows if one side of a dispute is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sim.calibrate.bank import Bank
from sim.calibrate.calibration import calibrate
from sim.calibrate.contraction import contraction
from sim.calibrate.facts import ReportedFact, fact_of, facts_of
from sim.evidence import Evidence, reading
from sim.scenario import Scenario
from sim.scenario.schema import Observable, Reported
from sim.scenario.vocabulary import Measure, Role, Statistic

COUNTED = {
    Measure.DEAD: "dead",
    Measure.WOUNDED: "wounded",
    Measure.ROCKETS: "rockets",
    Measure.CROWD: "people",
}
"""Measures whose number can be read from the statements again when some of them are left out."""

Bodies = Mapping[str, Evidence | None]
"""Scenario name to its evidence."""


def prefixes(facts: Sequence[ReportedFact], bodies: Bodies) -> list[str]:
    """Prefixes of the articles that the facts rest on, in order of appearance."""
    found: dict[str, None] = {}
    for fact in facts:
        evidence = bodies.get(fact.scenario)
        if evidence is not None:
            found.update(dict.fromkeys(_prefix(s) for s in _statements(evidence, fact.statements)))
    return list(found)


def without_article(scenario: Scenario, evidence: Evidence, prefix: str) -> Scenario:
    """The scenario as it would be had one article never been written.

    An observable that rests on that article alone becomes missing. A number that others report too
    is read again from their statements. A time or a yes/no keeps its reading while one other
    article vouches for it.
    """
    observables = [_without(o, evidence, prefix) for o in scenario.observables]
    return scenario.model_copy(update={"observables": observables})


def lost_without(bank: Bank, bodies: Bodies, facts: Sequence[ReportedFact]) -> pd.DataFrame:
    """Contraction lost per parameter when one article is left out: [article, P], bank's columns.

    Index: article prefixes. The bank is not simulated again.
    """
    full = _contraction(bank, facts)
    roles = tuple({fact.role for fact in facts})
    rows = {}
    for prefix in prefixes(facts, bodies):
        kept = []
        for name, scenario in bank.scenarios.items():
            evidence = bodies.get(name)
            reduced = scenario if evidence is None else without_article(scenario, evidence, prefix)
            kept += facts_of(reduced, roles)
        rows[prefix] = full - _contraction(bank, kept)
    return pd.DataFrame(rows, index=bank.names).T


def swapped(bank: Bank, bodies: Bodies, facts: Sequence[ReportedFact]) -> pd.DataFrame:
    """The posterior had one account of a disputed number been the only one.

    One row per fact and account: ``fact``, ``account``, then each parameter's contraction and, as
    ``mean NAME``, the posterior mean of its unit-cube position.
    """
    rows = []
    for position, fact in enumerate(facts):
        for account, changed in _accounts(bank, bodies, fact):
            chosen = [*facts[:position], changed, *facts[position + 1 :]]
            result = calibrate(bank, chosen)
            means = result.weights @ result.unit
            row: dict[str, object] = {"fact": fact.key, "title": fact.title, "account": account}
            row |= dict(zip(bank.names, contraction(result.unit, result.weights), strict=True))
            rows.append(row | {f"mean {n}": m for n, m in zip(bank.names, means, strict=True)})
    return pd.DataFrame(rows)


def _contraction(bank: Bank, facts: Sequence[ReportedFact]) -> np.ndarray:
    result = calibrate(bank, facts)
    return contraction(result.unit, result.weights)


def _accounts(bank: Bank, bodies: Bodies, fact: ReportedFact) -> list[tuple[str, ReportedFact]]:
    """Each way in which one fact was told: the sides of a dispute, else article by article."""
    if len(fact.readings) > 1:
        return [
            (f"{r.low:g}" if r.low == r.high else f"{r.low:g} to {r.high:g}",
             replace(fact, readings=(replace(r, weight=1.0),)))
            for r in fact.readings
        ]  # fmt: skip
    evidence = bodies.get(fact.scenario)
    scenario = bank.scenarios[fact.scenario]
    observable = next(o for o in scenario.observables if o.id == fact.observable)
    if evidence is None or observable.measure not in COUNTED or _is_yes_no(observable):
        return []
    statements = _statements(evidence, fact.statements)
    names = list(dict.fromkeys(_prefix(s) for s in statements))
    told: list[tuple[str, ReportedFact]] = []
    for prefix in names if len(names) > 1 else []:
        reported = _read(observable, evidence, [s for s in statements if _prefix(s) == prefix])
        changed = fact_of(scenario, observable.model_copy(update={"reported": reported}))
        if changed.readings:
            told.append((prefix, changed))
    return told


def _without(observable: Observable, evidence: Evidence, prefix: str) -> Observable:
    statements = _statements(evidence, observable.facts)
    left = [s for s in statements if _prefix(s) != prefix]
    if len(left) == len(statements) or observable.role == Role.INPUT_CHECK:
        return observable
    if not left:
        return observable.model_copy(update={"reported": Reported(missing=True), "facts": []})
    reported = observable.reported
    if observable.measure in COUNTED and not _is_yes_no(observable):
        reported = _read(observable, evidence, left)
    return observable.model_copy(update={"reported": reported, "facts": left})


def _read(observable: Observable, evidence: Evidence, statements: list[str]) -> Reported:
    """The number of some statements; the report as it stands if they cannot be read alone."""
    try:
        found = reading(evidence, statements, COUNTED[observable.measure])
    except ValueError:
        return observable.reported
    if not found.has_number:
        return Reported(missing=True)
    if len(found.alternatives) > 1:
        sides = [
            {"weight": weight, "low": low, "best": best, "high": high}
            for weight, low, best, high in found.alternatives
        ]
        return Reported.model_validate({"alternatives": sides})
    return Reported(low=found.low, best=found.best, high=found.high, at_least=found.at_least)


def _statements(evidence: Evidence, ids: Sequence[str]) -> list[str]:
    names: list[str] = []
    for name in ids:
        if name in evidence.conflicts:
            names.extend(evidence.conflicts[name].all_statements)
        elif name in evidence.statements:
            names.append(name)
    return list(dict.fromkeys(names))


def _prefix(statement: str) -> str:
    return statement.split(".", maxsplit=1)[0]


def _is_yes_no(observable: Observable) -> bool:
    return observable.statistic == Statistic.ANY or observable.factions is not None
