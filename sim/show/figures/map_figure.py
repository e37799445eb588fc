"""The map: places by their dead, reported beside simulated, on outlines of countries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from sim.compare.words import number, plain, span_text
from sim.ensemble import Ensemble
from sim.ensemble.levels import INTERVAL, quantiles
from sim.evidence import Evidence
from sim.show.figures.sheet import MarginLabel, Sheet, Swatch, draw_margin, wrap
from sim.show.figures.style import INK, QUIET, REPORTED, SIMULATED, Size
from sim.show.maps.outlines import Frame, Outline, countries, frame_of, name_at, within
from sim.show.observables import subtitle_of
from sim.show.reported_tolls import ReportedToll, counted, reported_tolls

LAND, SEA, BORDER, INNER = "#F4F1EA", "#E4EDF3", "#9C968A", "#C9C3B6"
LARGEST = 9.0  # mm, radius of the largest toll
OUTERMOST = 13.0  # mm, radius of the highest 90 % end
SMALLEST = 0.7


@dataclass(frozen=True)
class MapPoint:
    """One place on the map: where it is, its simulated toll and the largest reported one."""

    name: str
    longitude: float
    latitude: float
    low: float
    median: float
    high: float
    reported: float | None
    words: str


def map_points(ensemble: Ensemble, evidence: Evidence | None) -> list[MapPoint]:
    """The places that have coordinates."""
    tolls = reported_tolls(ensemble.scenario, evidence)
    dead = np.asarray(ensemble.hourly["dead"], dtype=np.float64).sum(axis=1)
    points = []
    for place in ensemble.scenario.places:
        if place.latitude is None or place.longitude is None:
            continue
        own = [t for t in tolls if t.places == {place.id} and not t.one_side]
        low, median, high = quantiles(dead[:, ensemble.places.index(place.id)], INTERVAL)
        reported, words = _total(own)
        points.append(
            MapPoint(plain(place.name), place.longitude, place.latitude, float(low), float(median),
                     float(high), reported, words)
        )  # fmt: skip
    return points


def _total(tolls: Sequence[ReportedToll]) -> tuple[float | None, str]:
    """The largest count that was reached by what was reported, and its words."""
    if not tolls:
        return None, ""
    ends = [(*counted(toll, tolls), toll) for toll in tolls]
    low, high, toll = max(ends, key=lambda end: (end[0], not math.isinf(end[1])))
    others = {number(one.low) for one in tolls if one.id == toll.id and one.low != toll.low}
    words = f"at least {number(low)}" if math.isinf(high) else span_text(number(low), number(high))
    words = number(low) if low == high else words
    stated = low + (toll.middle - toll.low)
    return stated, " or ".join([words, *sorted(others)])


def draw_map(
    ensemble: Ensemble,
    evidence: Evidence | None,
    size: Size,
    own: Sequence[Outline] = (),
) -> Figure:
    """The map of an ensemble; call it inside ``styled(size)``.

    ``own`` are outlines of a user's file, drawn over those of the countries. The left half of a
    point is the reported toll, the right half the median run's, with the 90 % end as a line; areas
    grow with the dead. Each half is one patch with the gid ``point-<place number>-<half>``.
    """
    points = map_points(ensemble, evidence)
    margin = 3.0 if size.is_column else 50.0
    width = size.width - 4 - margin
    height = width * (0.9 if size.is_column else 0.78)
    frame = frame_of([(p.longitude, p.latitude) for p in points], width / height)
    top = 3 + size.font * (1.9 if size.is_column else 1.1)
    swatches = [
        *(
            [Swatch("patch", "left half: reported dead", REPORTED)]
            if any(p.reported for p in points)
            else []
        ),
        Swatch("patch", "right half: median run", SIMULATED),
        Swatch("line", "outer line: 90 % of runs up to here", SIMULATED),
    ]
    key_mm = len(Sheet(size, 100).key_rows(swatches)) * size.font * 0.46 + 2
    sheet = Sheet(size, top + height + key_mm + size.font * 1.1 + 3)
    missing = len(ensemble.places) - len(points)
    said = f"; {missing} place{'s' * (missing > 1)} without coordinates left out" if missing else ""
    sheet.heading(f"{ensemble.scenario.title}: where", subtitle_of(ensemble) + said)
    axes = sheet.axes(2, top, width, height)
    source = _ground(axes, frame, own)
    _points(axes, points, frame, width)
    if not size.is_column:
        _labels(sheet, axes, points, frame, margin, height, width)
    _scale_bar(axes, frame, width)
    sheet.key(top + height + 1.5, swatches)
    words = wrap(sheet.figure, source, "x-small", size.width - 24, 2)
    sheet.text(2, top + height + key_mm + 1.5, words, fontsize="x-small", color=QUIET)
    return sheet.figure


def _ground(axes: Axes, frame: Frame, own: Sequence[Outline]) -> str:
    """Land, borders and the user's own lines; returns the sentence on their source."""
    axes.set_xlim(frame.west, frame.east)
    axes.set_ylim(frame.south, frame.north)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(SEA)
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(BORDER)
    known, source = countries()
    for outline in within(known, frame):
        for ring in outline.rings:
            axes.add_patch(Polygon(ring, closed=True, fc=LAND, ec=BORDER, lw=0.6, zorder=0.5))
        at = name_at(outline, frame)
        if at is not None:
            axes.text(*at, outline.name, color=BORDER, fontsize="medium", ha="center",
                      va="center", zorder=0.8, clip_on=True)  # fmt: skip
    for outline in within(own, frame):
        for ring in outline.rings:
            axes.plot(ring[:, 0], ring[:, 1], color=INNER, lw=0.5, zorder=0.6)
    words = f"Outlines: {source}. Borders as drawn there."
    return words + (" Inner lines: the user's own file." if own else "")


def _radius(value: float, most: float) -> float:
    """Millimetres: areas grow with the dead."""
    return max(LARGEST * math.sqrt(max(value, 0.0) / max(most, 1.0)), SMALLEST if value else 0.0)


def _points(axes: Axes, points: Sequence[MapPoint], frame: Frame, width: float) -> None:
    most = max([p.reported or 0.0 for p in points] + [p.median for p in points], default=1.0)
    highest = max((p.high for p in points), default=1.0)
    most = max(most, highest * (LARGEST / OUTERMOST) ** 2)
    per_mm = (frame.east - frame.west) / width
    box = axes.get_position()
    fig = axes.figure.get_size_inches()  # type: ignore[union-attr]
    height = box.height * fig[1] * 25.4
    aspect = ((frame.north - frame.south) / height) / per_mm
    for place, point in enumerate(points):
        x, y = point.longitude, point.latitude
        for half, value, color, angles in (
            ("reported", point.reported, REPORTED, (90, 270)),
            ("simulated", point.median, SIMULATED, (-90, 90)),
        ):
            if value is None or value <= 0:
                continue
            _half(axes, (x, y), _radius(value, most) * per_mm, aspect, angles,
                  {"fc": color, "alpha": 0.75, "lw": 0, "zorder": 3,
                   "gid": f"point-{place}-{half}"})  # fmt: skip
        _half(axes, (x, y), _radius(point.high, most) * per_mm, aspect, (-90, 90),
              {"fc": "none", "ec": SIMULATED, "lw": 0.8, "zorder": 2.9})  # fmt: skip
        axes.plot([x], [y], marker="o", ms=1.8, color=INK, zorder=4, ls="none")


def _half(
    axes: Axes,
    at: tuple[float, float],
    radius: float,
    aspect: float,
    angles: tuple[float, float],
    how: dict[str, object],
) -> None:
    """Half a disc that is round on paper; ``aspect``: degrees of latitude by those of longitude."""
    turn = np.radians(np.linspace(*angles, 40))
    corners = np.column_stack(
        [at[0] + radius * np.cos(turn), at[1] + radius * aspect * np.sin(turn)]
    )
    axes.add_patch(Polygon(corners, closed=True, **how))  # type: ignore[arg-type]


def _labels(
    sheet: Sheet, axes: Axes, points: Sequence[MapPoint], frame: Frame, margin: float,
    height: float, width: float,
) -> None:  # fmt: skip
    items = []
    for point in points:
        reported = f"reported {point.words}" if point.words else "no toll reported"
        ends = span_text(number(round(point.low)), number(round(point.high)))
        name = wrap(sheet.figure, point.name, "small", margin - 6, 1)
        words = f"{reported}\nsimulated {number(round(point.median))} ({ends})"
        y = (point.latitude - frame.south) / (frame.north - frame.south)
        items.append(MarginLabel(point.longitude, y, f"{name}\n{words}", INK))
    draw_margin(axes, items, sheet.size.font * 0.385 / height, 3.0, width)


def _scale_bar(axes: Axes, frame: Frame, width: float) -> None:
    middle = math.radians((frame.north + frame.south) / 2)
    km_per_mm = (frame.east - frame.west) * 111.2 * math.cos(middle) / width
    km = next((k for k in (500, 200, 100, 50, 20, 10, 5) if k / km_per_mm < 28), 5)
    a = 1 - (3 + km / km_per_mm) / width
    b = 1 - 3 / width
    axes.plot([a, b], [0.03, 0.03], transform=axes.transAxes, color=QUIET, lw=1.2, zorder=5)
    axes.text((a + b) / 2, 0.04, f"{km} km", transform=axes.transAxes, ha="center", va="bottom",
              fontsize="x-small", color=QUIET, zorder=5)  # fmt: skip


def alt_map(ensemble: Ensemble, evidence: Evidence | None) -> str:
    """Alternative text of the map: each place's simulated and reported toll."""
    said = [
        f"{p.name}: median run {number(round(p.median))}, 90 % "
        f"{span_text(number(round(p.low)), number(round(p.high)))}"
        + (f", reported {p.words}" if p.words else ", no toll reported")
        for p in map_points(ensemble, evidence)
    ]
    return f"Map of the places, points as large as their dead. {'. '.join(said)}."
