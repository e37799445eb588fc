"""Outlines as rings of longitude and latitude: the countries that are shipped, or a user's own."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compare.words import plain
from sim.inputs import InputError, Problem

COUNTRIES = Path(__file__).with_name("countries.json")
MOST_BYTES = 50_000_000
MOST_POINTS = 400_000
LEAST_NAMED = 0.16  # share of a map's width that a country needs for its name

Ring = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """A window on the map in degrees."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, ring: Ring) -> bool:
        low, high = ring.min(axis=0), ring.max(axis=0)
        return bool(
            low[0] <= self.east and high[0] >= self.west
            and low[1] <= self.north and high[1] >= self.south
        )  # fmt: skip


@dataclass(frozen=True)
class Outline:
    """One country or province: its name, and its rings f8[N, 2] of longitude and latitude."""

    name: str
    rings: tuple[Ring, ...]
    closed: bool = True


@cache
def countries() -> tuple[tuple[Outline, ...], str]:
    """Every country, and the sentence that says where the outlines are from."""
    given = json.loads(COUNTRIES.read_text(encoding="utf-8"))
    arcs = [
        np.cumsum(np.array(arc, dtype=np.float64).reshape(-1, 2), axis=0) / given["scale"]
        for arc in given["arcs"]
    ]
    found = [
        Outline(country["name"], tuple(_joined(ring, arcs) for ring in country["rings"]))
        for country in given["countries"]
    ]
    return tuple(found), given["source"]


def _joined(ring: list[int], arcs: Sequence[Ring]) -> Ring:
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def within(outlines: Sequence[Outline], frame: Frame) -> list[Outline]:
    """The outlines that meet a window, each with the rings that do."""
    found = []
    for outline in outlines:
        rings = tuple(ring for ring in outline.rings if frame.meets(ring))
        if rings:
            found.append(Outline(outline.name, rings, outline.closed))
    return found


def read_geojson(path: str | os.PathLike[str]) -> list[Outline]:
    """A user's own outlines: polygons and lines of a GeoJSON file in longitude and latitude.

    Raises:
        InputError: not there, no JSON, no outlines in it, or coordinates that are not degrees.
    """
    shown = os.fspath(path)
    try:
        if Path(path).stat().st_size > MOST_BYTES:
            raise _wrong(shown, "too large", f"at most {MOST_BYTES // 1_000_000} MB; simplify it")
        given = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(shown, f"cannot be read: {error.strerror}", "a GeoJSON file") from None
    except (ValueError, RecursionError) as error:
        raise _wrong(shown, f"no JSON: {error}", "GeoJSON, as a FeatureCollection") from None
    outlines = [outline for outline in _features(given, shown) if outline.rings]
    if not outlines:
        raise _wrong(shown, "no outline in it", "features with Polygon or LineString geometries")
    points = sum(len(ring) for outline in outlines for ring in outline.rings)
    if points > MOST_POINTS:
        raise _wrong(shown, f"{points:,} points", f"at most {MOST_POINTS:,}; simplify it")
    return outlines


def _wrong(path: str, message: str, expected: str) -> InputError:
    return InputError([Problem(path, None, None, message, expected)])


def _features(given: Any, path: str) -> Iterator[Outline]:
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "Topology":
        raise _wrong(path, "this is TopoJSON", "GeoJSON")
    if kind == "FeatureCollection":
        features = given.get("features")
        for feature in features if isinstance(features, list) else []:
            yield from _features(feature, path)
    elif kind == "Feature":
        named = given.get("properties") or {}
        name = next((named[key] for key in ("name", "NAME", "NAME_1", "shapeName", "name_en")
                     if isinstance(named, dict) and named.get(key)), "")  # fmt: skip
        for rings, closed in _rings(given.get("geometry"), path):
            yield Outline(plain(name), rings, closed)
    else:
        for rings, closed in _rings(given, path):
            yield Outline("", rings, closed)


def _rings(geometry: Any, path: str) -> Iterator[tuple[tuple[Ring, ...], bool]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        for part in geometry.get("geometries") or []:
            yield from _rings(part, path)
        return
    depth = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}.get(str(kind))
    if depth is None:
        return  # points and the like are no outlines
    lines: list[Any] = [geometry.get("coordinates")]
    for _ in range(depth):
        lines = [inner for line in lines for inner in (line if isinstance(line, list) else [])]
    yield tuple(_ring(line, path) for line in lines if line), "Polygon" in str(kind)


def _ring(line: Any, path: str) -> Ring:
    try:
        ring = np.array([point[:2] for point in line], dtype=np.float64)
    except (TypeError, ValueError, IndexError):
        raise _wrong(path, "a line whose points are no pairs of numbers",
                     "[longitude, latitude]") from None  # fmt: skip
    if ring.ndim != 2 or ring.shape[1] != 2 or not np.isfinite(ring).all():
        raise _wrong(path, "a line whose points are no pairs of numbers", "[longitude, latitude]")
    if np.abs(ring[:, 0]).max() > 360 or np.abs(ring[:, 1]).max() > 90:
        raise _wrong(path, "coordinates that are not degrees",
                     "longitude and latitude (WGS 84), not metres of a projection")  # fmt: skip
    return ring


def frame_of(points: Sequence[tuple[float, float]], shape: float, least: float = 3.0) -> Frame:
    """A window around points (longitude, latitude), ``shape`` = its width by its height on paper.

    At least ``least`` degrees of latitude high, with room around the outermost points.
    """
    lon = [x for x, _ in points]
    lat = [y for _, y in points]
    middle = (min(lat) + max(lat)) / 2
    shrink = max(math.cos(math.radians(middle)), 0.05)
    high = max((max(lat) - min(lat)) * 1.5, least)
    wide = max((max(lon) - min(lon)) * 1.5 * shrink, high * shape)
    high = max(high, wide / shape)
    centre = (min(lon) + max(lon)) / 2
    return Frame(
        centre - wide / shrink / 2, middle - high / 2, centre + wide / shrink / 2, middle + high / 2
    )


def name_at(outline: Outline, frame: Frame) -> tuple[float, float] | None:
    """Where a country's name may stand: the middle of a row of its land inside the window."""
    ring = max(outline.rings, key=len)
    best: tuple[float, tuple[float, float]] | None = None
    for share in (0.12, 0.25, 0.5, 0.75, 0.88):
        y = frame.south + share * (frame.north - frame.south)
        a, b = ring[:-1], ring[1:]
        cross = (a[:, 1] > y) != (b[:, 1] > y)
        if not cross.any():
            continue
        part = (y - a[cross, 1]) / (b[cross, 1] - a[cross, 1])
        xs = np.sort(a[cross, 0] + part * (b[cross, 0] - a[cross, 0]))
        for start, end in zip(xs[::2], xs[1::2], strict=False):
            low, high = max(float(start), frame.west), min(float(end), frame.east)
            wide = high - low > LEAST_NAMED * (frame.east - frame.west)
            if wide and (best is None or high - low > best[0]):
                best = (high - low, ((low + high) / 2, y))
    return best[1] if best else None
