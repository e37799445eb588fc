"""The ground of the explorer's map as plain numbers: its window, and the countries in it."""

from __future__ import annotations

from typing import Any

from sim.scenario import Scenario
from sim.show.maps.outlines import countries, frame_of, name_at, within

SHAPE = 420 / 320
"""Width by height of the page's map."""
DIGITS = 2


def ground_json(scenario: Scenario) -> dict[str, Any] | None:
    """``frame`` (west, south, east, north), ``countries`` (name, where it may stand, rings as
    longitude, latitude, longitude, ...) and ``source``; None unless every place has coordinates."""
    points = [(place.longitude, place.latitude) for place in scenario.places]
    known = [(x, y) for x, y in points if x is not None and y is not None]
    if len(known) < len(points):
        return None
    frame = frame_of(known, SHAPE)
    outlines, source = countries()
    return {
        "frame": [frame.west, frame.south, frame.east, frame.north],
        "countries": [
            {
                "name": outline.name,
                "at": name_at(outline, frame),
                "rings": [ring.round(DIGITS).ravel().tolist() for ring in outline.rings],
            }
            for outline in within(outlines, frame)
        ],
        "source": source,
    }
