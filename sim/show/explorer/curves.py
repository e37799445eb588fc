"""Curves of the episode for the page: the printed figure's fans, as plain numbers."""

from __future__ import annotations

from typing import Any

from sim.ensemble import Ensemble
from sim.show.boxes import ReportedBox, facts_of, ladder_facts, scenario_timeline
from sim.show.citations import Citations
from sim.show.figures.bands import order_bands
from sim.show.figures.episode_figure import LOOK, comparable, episode_fans

DIGITS = 4

SHORT = {
    "dead": ("Dead, counted from the start", "people"),
    "clashes": ("Clashes", "per hour"),
    "crowd": ("On the street", "people"),
    "cells": ("On the street", "fighters’ cells"),
    "ladder": ("Escalation ladder", "severity, 0 to 10"),
}


def curves_of(ensemble: Ensemble, places: list[str] | None) -> dict[str, Any]:
    """Per panel: quantiles [5][T] over replicates, whether it steps, and its heading."""
    found: dict[str, Any] = {}
    for panel, fan in episode_fans(ensemble, places).items():
        title, unit = SHORT[panel]
        found[panel] = {
            "title": title,
            "unit": unit,
            "steps": fan.steps,
            "linear_to": LOOK[panel].linear_to,
            "levels": fan.levels.round(DIGITS).tolist(),
        }
    return found


def orders_of(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Orders as bands: label, start and end in hours from the clock's start."""
    return [
        {
            "label": band.label,
            "start": _hours(ensemble, band.start),
            "end": _hours(ensemble, band.end),
            "simulated": band.simulated,
        }
        for band in order_bands(ensemble.scenario, ensemble.orders, brief=False)
    ]


def reported_facts(
    baseline: Ensemble, citations: Citations, evidence: Any, places: list[str] | None
) -> list[ReportedBox]:
    """Reported facts on the scale of these places' panels, as in the printed figure."""
    scenario = baseline.scenario
    wanted = places or [place.id for place in scenario.places]
    reported = scenario_timeline(scenario, evidence, wanted)
    facts = [
        *facts_of(scenario, citations, places),
        *ladder_facts(reported, scenario, citations),
    ]
    return comparable(facts, baseline, episode_fans(baseline, places))


def facts_json(
    baseline: Ensemble, citations: Citations, evidence: Any, places: list[str] | None
) -> list[dict[str, Any]]:
    """Reported facts as boxes: panel, start and end in hours, range, words and statement ids."""
    return [
        {
            "panel": fact.panel,
            "start": _hours(baseline, fact.start),
            "end": _hours(baseline, fact.end),
            "low": fact.low,
            "high": fact.high,
            "time": fact.is_time,
            "title": fact.title,
            "tag": fact.tag,
            "background": fact.background,
            "statements": citations.statements(fact.statements),
        }
        for fact in reported_facts(baseline, citations, evidence, places)
    ]


def _hours(ensemble: Ensemble, moment: Any) -> float:
    return float((moment - ensemble.times[0]).total_seconds() / 3600)
