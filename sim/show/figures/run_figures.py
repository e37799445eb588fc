"""All figures of one result."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.compare.curves import ladder_as_reported
from sim.compare.words import plain
from sim.scenario.schema import Scenario
from sim.show.boxes import ReportedBox, facts_of, ladder_facts, scenario_timeline
from sim.show.citations import Citations
from sim.show.figures.calendar_figure import alt_calendar, draw_calendar, worth_a_calendar
from sim.show.figures.comparison_figure import alt_comparison, draw_comparison
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.episode_figure import alt_episode, comparable, draw_episode, episode_fans
from sim.show.figures.exceedance_figure import alt_exceedance, draw_exceedance, toll_curves
from sim.show.figures.map_figure import alt_map, draw_map, map_points
from sim.show.figures.reprisal_tree import alt_typical, draw_tree
from sim.show.figures.style import Size
from sim.show.figures.timeline_figure import alt_timeline, draw_timeline
from sim.show.figures.toll_figure import alt_tolls, draw_tolls
from sim.show.observables import subtitle_of
from sim.show.typical_run import typical_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.compare import Comparison
    from sim.ensemble import Ensemble
    from sim.evidence import Evidence, ReportedCurve
    from sim.show.maps.outlines import Outline


def run_figures(
    ensemble: Ensemble,
    comparison: Comparison,
    evidence: Evidence | None,
    easel: Easel,
    own: Sequence[Outline] = (),
) -> list[FigureRecord]:
    """Draw and save every figure that the data allow; ``own``: a user's outlines for the map.

    The episode and the tree need hourly series and logs; without them they are left out.
    """
    scenario, citations = ensemble.scenario, Citations.of(evidence)
    records = []

    def add(name: str, title: str, alt: str, draw: Callable[[Size], Figure]) -> None:
        records.append(easel.draw(name, title, alt, draw))

    if ensemble.hourly:
        add(
            "tolls", f"{plain(scenario.title)}: the dead by day and counted up, with every "
            "reported toll", alt_tolls(ensemble, evidence),
            lambda size: draw_tolls(ensemble, evidence, size),
        )  # fmt: skip
        for places in _views(scenario, citations):
            facts = _episode_facts(ensemble, evidence, citations, places)
            name, title = _episode_name(scenario, places)
            reported = _reported(ensemble, evidence, places)
            add(
                name, title, alt_episode(ensemble, facts, places),
                partial(_episode, ensemble, facts, places, title, reported),
            )  # fmt: skip
        if map_points(ensemble, evidence):
            add(
                "map", "Where: places by their dead, reported beside simulated",
                alt_map(ensemble, evidence), lambda size: draw_map(ensemble, evidence, size, own),
            )  # fmt: skip
        if worth_a_calendar(ensemble, evidence):
            add(
                "calendar", "A calendar of the dead: reported above simulated",
                alt_calendar(ensemble, evidence),
                lambda size: draw_calendar(ensemble, evidence, size),
            )  # fmt: skip
    add(
        "comparison", f"{plain(scenario.title)}: simulated against reported",
        alt_comparison(comparison.table),
        lambda size: draw_comparison(
            comparison.table, scenario, citations, size,
            subtitle_of(ensemble),
        ),
    )  # fmt: skip
    if toll_curves(ensemble):
        add(
            "exceedance", "How likely is a higher toll?", alt_exceedance(ensemble),
            lambda size: draw_exceedance(ensemble, size),
        )  # fmt: skip
    chosen = typical_run(ensemble) if ensemble.hourly else None
    if chosen is not None:
        add(
            "reprisals", f"Who answered whom in a typical run, number {chosen.replicate}",
            alt_typical(chosen), lambda size: draw_tree(chosen, scenario, size),
        )  # fmt: skip
    table = scenario_timeline(scenario, evidence)
    if evidence is not None and table is not None and len(table):
        names = {p.id: p.name for p in evidence.places.values()}
        span = (pd.Timestamp(scenario.clock.start), pd.Timestamp(scenario.clock.end))
        add(
            "timeline", "What was reported, and when", alt_timeline(table),
            lambda size: draw_timeline(table, citations, size, names=names, span=span),
        )  # fmt: skip
    return records


def _episode(
    ensemble: Ensemble,
    facts: list[ReportedBox],
    places: list[str] | None,
    title: str,
    reported: ReportedCurve | None,
    size: Size,
) -> Figure:
    return draw_episode(ensemble, facts, size, places, title, reported)


def _reported(
    ensemble: Ensemble, evidence: Evidence | None, places: list[str] | None
) -> ReportedCurve | None:
    """The ladder as reported of these places, None where no report tells of it."""
    if evidence is None:
        return None
    wanted = places or [place.id for place in ensemble.scenario.places]
    found = ladder_as_reported(ensemble.scenario, evidence, wanted)
    return found if len(found.marks) else None


def _views(scenario: Scenario, citations: Citations) -> list[list[str] | None]:
    """The whole episode, and each place of which a number was reported that fits a panel."""
    if len(scenario.places) == 1:
        return [None]
    singles = [[place.id] for place in scenario.places]
    return [None, *(one for one in singles if facts_of(scenario, citations, one))]


def _episode_name(scenario: Scenario, places: list[str] | None) -> tuple[str, str]:
    if places is None:
        return "episode", plain(scenario.title)
    names = {p.id: p.name for p in scenario.places}
    return f"episode_{places[0]}", f"{plain(names[places[0]])} alone: {plain(scenario.title)}"


def _episode_facts(
    ensemble: Ensemble, evidence: Evidence | None, citations: Citations, places: list[str] | None
) -> list[ReportedBox]:
    scenario = ensemble.scenario
    wanted = places or [place.id for place in scenario.places]
    reported = scenario_timeline(scenario, evidence, wanted)
    facts = [
        *facts_of(scenario, citations, places),
        *ladder_facts(reported, scenario, citations),
    ]
    return comparable(facts, ensemble, episode_fans(ensemble, places))
