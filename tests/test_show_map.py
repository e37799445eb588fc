"""The map: outlines where the world has them, a user's own file read or refused in words."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import show_case as case
from matplotlib.figure import Figure
from matplotlib.path import Path as Line

from sim.cli import main
from sim.ensemble import Ensemble
from sim.inputs import InputError
from sim.scenario.schema import Scenario
from sim.show.figures.map_figure import alt_map, draw_map, map_points
from sim.show.figures.style import PAGE, styled
from sim.show.maps.outlines import countries, frame_of, read_geojson, within

SQUARE = [[44.0, 33.0], [45.0, 33.0], [45.0, 34.0], [44.0, 33.0]]


def mapped() -> Ensemble:
    """The made-up episode with coordinates, and three times the dead on the hill."""
    given = case.scenario_dict()
    for place, (lat, lon) in zip(given["places"], ((33.3, 44.4), (30.5, 47.8)), strict=True):
        place |= {"latitude": lat, "longitude": lon}
    ensemble = case.ensemble(20, of=Scenario.model_validate(given))
    dead = ensemble.hourly["dead"]
    dead[:, :, 0] = 0
    dead[:, 0, 0], dead[:, :, 1], dead[:, 0, 1] = 10, 0, 40
    return ensemble


def patch(figure: Figure, gid: str) -> Any:
    (found,) = (p for axes in figure.axes for p in axes.patches if p.get_gid() == gid)
    return found


@pytest.mark.parametrize(
    ("name", "longitude", "latitude"),
    [("Iraq", 44.36, 33.31), ("Iraq", 47.7, 30.6), ("Iran", 51.4, 35.7), ("Colombia", -74.1, 4.7),
     ("South Africa", 28.0, -26.2), ("New Zealand", 175.3, -37.8)],
)  # fmt: skip
def test_a_city_lies_in_its_country(name: str, longitude: float, latitude: float) -> None:
    holds = [
        outline.name
        for outline in countries()[0]
        if sum(Line(ring).contains_point((longitude, latitude)) for ring in outline.rings) % 2
    ]
    assert holds == [name]


def test_the_outlines_name_their_source_and_are_small() -> None:
    found, source = countries()
    assert len(found) > 200
    assert "Natural Earth" in source and "public domain" in source
    shipped = Path(__file__).parents[1] / "sim" / "show" / "maps" / "countries.json"
    assert shipped.stat().st_size < 400_000


def test_a_window_holds_every_place_and_only_the_countries_that_meet_it() -> None:
    frame = frame_of([(44.4, 33.3), (47.8, 30.5)], 1.3)
    assert frame.west < 44.4 and frame.east > 47.8 and frame.south < 30.5 and frame.north > 33.3
    names = {outline.name for outline in within(countries()[0], frame)}
    assert {"Iraq", "Iran"} <= names and "France" not in names


def test_areas_grow_with_the_dead_and_reported_stands_beside_simulated() -> None:
    ensemble = mapped()
    with styled(PAGE):
        figure = draw_map(ensemble, None, PAGE)
    axes = figure.axes[0]

    def millimetres(gid: str) -> float:
        corners = axes.transData.transform(patch(figure, gid).get_xy())
        return float(np.ptp(corners[:, 1])) / figure.dpi * 25.4

    small, large = millimetres("point-0-simulated"), millimetres("point-1-simulated")
    assert large / small == pytest.approx(math.sqrt(40 / 10), rel=1e-3)
    wide = axes.transData.transform(patch(figure, "point-1-simulated").get_xy())
    assert np.ptp(wide[:, 1]) == pytest.approx(2 * np.ptp(wide[:, 0]), rel=0.01), "round on paper"
    assert "Hill: median run 40" in alt_map(ensemble, None)


def test_places_without_coordinates_are_left_out_and_counted() -> None:
    assert map_points(case.ensemble(10), None) == []


def written(folder: Path, text: str) -> Path:
    path = folder / "own.geojson"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_users_provinces_are_read_with_their_names(tmp_path: Path) -> None:
    area = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    feature = {"type": "Feature", "properties": {"name": "بغداد"}, "geometry": area}
    course = {"type": "LineString", "coordinates": [[44, 33, 7], [45, 34, 7]]}
    line = {"type": "Feature", "properties": None, "geometry": course}
    text = json.dumps({"type": "FeatureCollection", "features": [feature, line]})
    province, river = read_geojson(written(tmp_path, text))
    assert province.name == "بغداد" and len(province.rings) == 2
    np.testing.assert_array_equal(river.rings[0], [[44, 33], [45, 34]])
    with styled(PAGE):
        plain = draw_map(mapped(), None, PAGE)
        own = draw_map(mapped(), None, PAGE, [province, river])
    assert len(own.axes[0].lines) == len(plain.axes[0].lines) + 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"type": "Topology"}', "TopoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "no outline"),
        ('{"type": "FeatureCollection", "features": 7}', "no outline"),
        ('{"type": "Point", "coordinates": [1, 2]}', "no outline"),
        ('{"type": "LineString", "coordinates": [[440000, 3300000], [1, 2]]}', "not degrees"),
        ('{"type": "LineString", "coordinates": [["a", "b"], [1, 2]]}', "no pairs of numbers"),
        ('{"type": "Polygon", "coordinates": [[1, 2], [3, 4]]}', "no pairs of numbers"),
    ],
)
def test_a_file_that_is_no_map_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_geojson(written(tmp_path, text))


def test_a_map_that_is_not_there_stops_a_run_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "scenarios/baghdad_2022_08.yaml", "--map", str(tmp_path / "none.geojson"),
             "--out", str(tmp_path / "out")]  # fmt: skip
    assert main(words) == 2
    assert "none.geojson" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
