"""Curves of the episode and the tree of one run, as plain numbers for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.ensemble import Ensemble, Posterior, draw_parameters
from sim.ensemble.parameter_draws import as_vectors
from sim.model import simulate_block
from sim.scenario import Scenario
from sim.show.boxes import ReportedBox, facts_of, ladder_facts, scenario_timeline
from sim.show.citations import Citations
from sim.show.explorer.futures import Query, Shelved
from sim.show.figures.bands import order_bands
from sim.show.figures.episode_figure import LOOK, comparable, episode_fans
from sim.show.figures.reprisal_tree import alt_tree, reprisal_tree, titles_of

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


MEASURES = ("dead", "clashes", "cells", "crowd", "presence", "ladder")
MOST_EVENTS = 4000
"""Events that are sent; a run that has more is cut, and the page says so."""

KINDS = {
    "trigger": "trigger",
    "order": "order",
    "clash": "clash",
    "barrage": "rockets",
    "push": "push on a site",
    "breach": "site breached",
    "security_deployment": "security forces move",
    "mobilisation": "cell mobilises",
    "stand_down": "cell stands down",
    "crowd": "crowd",
    "report": "outlet prints",
}


def single_run(
    shelved: Shelved, scenario: Scenario, state: Query, replicate: int, posterior: Posterior | None
) -> dict[str, Any]:
    """Replicate ``replicate`` of the state: the very run that is the ensemble's row."""
    theta = draw_parameters(scenario, state.seed, [replicate], posterior)
    output = simulate_block(
        scenario, as_vectors(theta), state.seed, [replicate], keep="log", threads=1
    )
    if output.events is None:
        raise RuntimeError("the engine kept no log")
    hourly = output.hourly
    return {
        "replicate": replicate,
        "hourly": {name: hourly[name][0].round(3).tolist() for name in MEASURES},
        "events": events_json(output.events.head(MOST_EVENTS), scenario),
        "left_out": max(0, len(output.events) - MOST_EVENTS),
        "tree": tree_json(output.events),
        "tree_alt": alt_tree(output.events, replicate),
        "parameters": {str(k): float(v) for k, v in theta.iloc[0].items()},
    }


def events_json(events: pd.DataFrame, scenario: Scenario) -> list[dict[str, Any]]:
    """The log with names for ids; ``cause`` is the number of the event that caused it, or -1.

    ``begun``: whether the first of the ``sides`` is known to have acted on the second.
    """
    titles = titles_of(scenario) | {outlet.id: outlet.name for outlet in scenario.outlets}
    places = {place.id: place.name for place in scenario.places}
    factions = {faction.id: faction.name for faction in scenario.factions}
    return [
        {
            "event": int(row["event"]),
            "cause": int(row["cause"]),
            "time": round(float(row["time"]), 4),
            "kind": row["kind"],
            "what": KINDS.get(row["kind"], row["kind"]),
            "title": titles.get(row["subject"], str(row["subject"]).replace("_", " ")),
            "place": places.get(row["place"], ""),
            "sides": [factions[one] for one in _sides(row) if one in factions],
            "begun": row["actor"] in factions,
            "dead": int(row["dead_a"]) + int(row["dead_b"]),
            "wounded": int(row["wounded"]),
            "value": float(row["value"]) if row["kind"] == "report" else None,
        }
        for row in events.to_dict("records")
    ]


def _sides(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Who acted and on whom; for a clash that nobody is known to have begun, its two sides."""
    if row["actor"] or not row["side_a"]:
        return row["actor"], row["target"]
    return row["side_a"], row["side_b"]


def tree_json(events: pd.DataFrame) -> dict[str, Any]:
    """The printed tree's layout: rows of the chosen events and their causes."""
    tree = reprisal_tree(events)
    return {
        "nodes": [[number, row] for number, row in tree.rows.items() if number in tree.events],
        "links": [[number, cause] for number, cause in tree.causes.items()],
        "height": tree.height,
        "left_out": tree.left_out,
    }


def places_of(view: str, known: Sequence[str]) -> list[str] | None:
    """The places of a view: None for all. Raises KeyError for a place that is not there."""
    if not view:
        return None
    if view not in known:
        raise KeyError(view)
    return [view]
