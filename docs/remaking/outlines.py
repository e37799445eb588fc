"""The outlines of countries that are shipped, made small from Natural Earth's.

Run from the project's top folder, with countries-50m.json of the npm package world-atlas 2.0.2
(``npm pack world-atlas``; Natural Earth 4.1.0, 1:50 million, public domain)::

    python -m docs.remaking.outlines countries-50m.json
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[2] / "sim" / "show" / "maps" / "countries.json"
TOLERANCE = 0.015
"""Degrees by which a simplified line may leave the one given: under 2 km."""
SCALE = 100
"""Units per degree of the coordinates written."""

Point = tuple[float, float]


def decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """A TopoJSON arc as longitudes and latitudes."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    found = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        found.append((x * sx + tx, y * sy + ty))
    return found


def simplified(line: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker's choice of points; a closed line keeps its farthest point too."""
    last = len(line) - 1
    keep = {0, last}
    spans = [(0, last)]
    if line[0] == line[-1] and last > 2:
        far = max(range(1, last), key=lambda i: math.dist(line[i], line[0]))
        keep.add(far)
        spans = [(0, far), (far, last)]
    while spans:
        a, b = spans.pop()
        if b - a < 2:
            continue
        off = {i: _distance(line[i], line[a], line[b]) for i in range(a + 1, b)}
        worst = max(off, key=lambda i: off[i])
        if off[worst] > tolerance:
            keep.add(worst)
            spans += [(a, worst), (worst, b)]
    return [line[i] for i in sorted(keep)]


def _distance(point: Point, a: Point, b: Point) -> float:
    length = math.dist(a, b)
    if length < 1e-12:
        return math.dist(point, a)
    cross = (b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])
    return abs(cross) / length


def steps(line: list[Point]) -> list[int]:
    """Whole units, each point as the step from the one before: x, y, x, y, ..."""
    found: list[int] = []
    x = y = 0
    for lon, lat in line:
        now = round(lon * SCALE), round(lat * SCALE)
        if found and now == (x, y):
            continue
        found += [now[0] - x, now[1] - y]
        x, y = now
    return found


def outlines(atlas: dict[str, Any]) -> dict[str, Any]:
    """Arcs and, per country, its rings as numbers of arcs (``~n``: arc n backwards)."""
    arcs = [steps(simplified(decoded(arc, atlas["transform"]), TOLERANCE)) for arc in atlas["arcs"]]
    countries = []
    for one in atlas["objects"]["countries"]["geometries"]:
        parts = one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]]
        rings = [ring for part in parts for ring in part]
        countries.append({"name": one["properties"]["name"], "rings": rings})
    return {
        "source": "Natural Earth 4.1.0, 1:50 million, public domain; by way of world-atlas 2.0.2 "
        f"(ISC licence), simplified to {TOLERANCE} degrees",
        "scale": SCALE,
        "arcs": arcs,
        "countries": sorted(countries, key=lambda country: country["name"]),
    }


if __name__ == "__main__":
    atlas = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    text = json.dumps(outlines(atlas), ensure_ascii=False, separators=(",", ":"))
    TARGET.write_text(text + "\n", encoding="utf-8")
