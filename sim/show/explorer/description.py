"""A scenario as the page needs it: clock, places, controls, variants and the statements cited."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sim.compare.words import offset_name
from sim.ensemble import step_times
from sim.show.explorer.shelf import Shelved


def describe(shelved: Shelved) -> dict[str, Any]:
    """Everything about a scenario that does not depend on the controls."""
    scenario = shelved.loaded.scenario
    times = step_times(scenario.clock)
    offset = times[0].utcoffset()
    return {
        "name": scenario.name,
        "title": scenario.title,
        "summary": scenario.summary,
        "path": shelved.loaded.document.path,
        "clock": {
            # the instant at which the clock's wall shows what it does, were the wall in UTC
            "wall": times[0].timestamp() + (offset.total_seconds() if offset else 0.0),
            "offset": offset_name(times.tz, times[0]),
            "step_h": scenario.clock.step_h,
            "steps": len(times),
        },
        "places": [
            {
                "id": place.id,
                "name": place.name,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "authority": place.authority,
            }
            for place in scenario.places
        ],
        "factions": {faction.id: faction.name for faction in scenario.factions},
        "fighters": _fighters(scenario),
        "controls": [asdict(control) for control in shelved.controls],
        "variants": [
            {
                "name": name,
                "title": variant.title,
                "set": variant.set,
                "extrapolation": variant.extrapolation,
            }
            for name, variant in scenario.variants.items()
        ],
        "statements": _statements(shelved),
    }


def _fighters(scenario: Any) -> dict[str, float]:
    """Fighters at each place, all factions together."""
    found: dict[str, float] = {place.id: 0.0 for place in scenario.places}
    for faction in scenario.factions:
        for force in faction.forces:
            found[force.place] += force.fighters
    return found


def _statements(shelved: Shelved) -> dict[str, dict[str, Any]]:
    """Every coded statement by id: the page shows one where a number rests on it."""
    evidence = shelved.loaded.evidence
    found: dict[str, dict[str, Any]] = {}
    for name in evidence.statements if evidence else ():
        cited = shelved.citations.get(name)
        if cited is not None:
            found[name] = {
                "tag": cited.tag,
                "outlet": cited.outlet,
                "title": cited.title,
                "published": cited.published.isoformat() if cited.published else "",
                "where": cited.where,
                "says": cited.says,
                "attribution": cited.attribution,
                "class": cited.of_class,
                "hedging": cited.hedging,
                "background": cited.background,
            }
    return found
