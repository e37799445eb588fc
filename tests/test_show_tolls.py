"""The first picture: every reported toll is on it, on its days, and none is counted twice."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import show_case as case
import yaml
from matplotlib.figure import Figure

from sim.cli import main
from sim.scenario import load_checked
from sim.scenario.schema import Scenario
from sim.show.figures.style import PAGE, styled
from sim.show.figures.toll_figure import alt_tolls, draw_tolls, toll_rows
from sim.show.reported_tolls import counted, daily_dead, episode_span, reported_tolls

HARBOUR = {"id": "gazette", "name": "Gazette", "publishes": "2030-05-03T06:00+03:00",
           "lag_h": [0, 2],
           "places": ["harbour"], "rule": "at_least", "source": "ga.3a"}  # fmt: skip


def bulletins() -> Scenario:
    """The made-up episode with a dated bulletin and two daily tolls of one place."""
    given = case.scenario_dict()
    given["outlets"] = [*given.get("outlets", []), HARBOUR]
    given["observables"] += [
        {"id": "printed", "title": "What the Gazette could print", "measure": "report",
         "statistic": "total", "outlet": "gazette", "reported": {"at_least": 11}, "facts": [],
         "role": "hold_out"},
        *({"id": f"day_{day}", "title": f"Dead on day {day}", "measure": "dead",
           "statistic": "total", "places": ["harbour"],
           "span": {"start": f"2030-05-0{day}T00:00+03:00",
                    "end": f"2030-05-0{day + 1}T00:00+03:00"},
           "reported": {"low": day, "best": day, "high": 2 * day}, "facts": [], "role": "hold_out"}
          for day in (1, 2)),
    ]  # fmt: skip
    return Scenario.model_validate(given)


def marks(figure: Figure) -> Counter[str]:
    drawn = [*(line for axes in figure.axes for line in axes.lines),
             *(patch for axes in figure.axes for patch in axes.patches)]  # fmt: skip
    return Counter(str(g)[5:] for one in drawn if str(g := one.get_gid()).startswith("toll-"))


def test_every_reported_toll_is_on_the_picture_those_of_bulletins_too() -> None:
    ensemble = case.ensemble(20, of=bulletins())
    with styled(PAGE):
        found = marks(draw_tolls(ensemble, None, PAGE))
    wanted = {t.id for t in reported_tolls(ensemble.scenario)}
    assert {"printed", "day_1", "day_2", "dead_total", "dead_disputed"} <= wanted
    assert set(found) == wanted
    assert found["day_1"] == 2, "by day, and counted up"
    assert found["printed"] == 1, "a bulletin counts what was known by then"


def test_the_dead_by_day_add_up_to_the_runs_tolls() -> None:
    ensemble = case.ensemble(20)
    found = daily_dead(ensemble)
    assert len(found.days) == 3
    whole = np.asarray(ensemble.hourly["dead"], dtype=np.float64).sum(axis=1)
    np.testing.assert_allclose(found.dead.sum(axis=1), whole)


def test_a_toll_stands_upon_what_was_reported_before_it() -> None:
    tolls = [t for t in reported_tolls(bulletins()) if t.places == {"harbour"}]
    first, second = (next(t for t in tolls if t.id == name) for name in ("day_1", "day_2"))
    assert counted(first, tolls) == (1, 2)
    assert counted(second, tolls) == (3, 6)
    (printed,) = (t for t in tolls if t.outlet)
    assert counted(printed, tolls) == (11, math.inf)


def test_the_picture_is_cut_to_the_episode_and_loses_no_report() -> None:
    given = case.scenario_dict()
    given["clock"]["end"] = "2030-05-31T00:00+03:00"
    ensemble = case.ensemble(20, of=Scenario.model_validate(given))
    for values in ensemble.hourly.values():
        values[:, 72:] = 0
    tolls = reported_tolls(ensemble.scenario)
    first, last = episode_span(ensemble, tolls)
    assert first == 0 and last <= 72, "of 30 days, three have anything to show"
    assert max(t.last for t in tolls if t.id == "dead_disputed") <= last
    words = alt_tolls(ensemble, None)
    assert "at least 30" in words and "1 daily toll." in words


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario drafted from a table of two towns over five days."""
    folder = tmp_path_factory.mktemp("table")
    (folder / "map.yaml").write_text(
        "name: invented\ncolumns: {id: n, day: d, city: c, actor: a, target: t, type: k, best: x}\n"
    )
    rows = ["n,d,c,a,t,k,x"]
    dead = {"Westport": (2, 0, 3, 1, 0), "Eastport": (1, 4, 0, 0, 2)}
    for town, tolls in dead.items():
        for day, toll in enumerate(tolls, start=1):
            rows.append(f"{town}{day},2030-05-0{day},{town},Reds,Blues,shooting,{toll}")
    (folder / "t.csv").write_text("\n".join(rows) + "\n")
    (folder / "types.csv").write_text(
        "type,sub_type,plover_type,plover_mode\nshooting,,ASSAULT,firearms\n"
    )
    words = ["import", "table", str(folder / "t.csv"), "--columns", str(folder / "map.yaml"),
             "--mapping", str(folder / "types.csv"),
             "--to-folder", str(folder / "imports/ports")]  # fmt: skip
    assert main(words) == 0
    (folder / "scenarios").mkdir()
    assert main(["new", "ports", "--from", str(folder / "imports/ports"), "--folder",
                 str(folder / "scenarios")]) == 0  # fmt: skip
    return folder / "scenarios" / "ports.yaml"


def test_each_place_gets_its_part_of_a_days_toll_where_the_rows_add_up(table: Path) -> None:
    loaded = load_checked(str(table))
    tolls = reported_tolls(loaded.scenario, loaded.evidence)
    east = [t for t in tolls if t.places == {"eastport"} and t.is_daily]
    assert [t.best for t in sorted(east, key=lambda t: t.first)] == [1, 4, 0, 0, 2]


def test_no_place_gets_a_part_of_a_day_whose_rows_do_not_add_up(table: Path) -> None:
    given = yaml.safe_load(table.read_text())
    day = next(o for o in given["observables"] if o["id"] == "dead_2030_05_02")
    day["reported"] = {"low": 9, "best": 9, "high": 9}
    other = table.with_name("other.yaml")
    other.write_text(yaml.safe_dump(given))
    loaded = load_checked(str(other))
    tolls = reported_tolls(loaded.scenario, loaded.evidence)
    parts = [t for t in tolls if t.id == "dead_2030_05_02" and len(t.places) == 1]
    assert parts == []


def test_a_place_without_dead_and_reports_has_no_row() -> None:
    ensemble = case.ensemble(20)
    ensemble.hourly["dead"][:, :, 1] = 0
    assert [row.title for row in toll_rows(ensemble, None)] == ["All places", "Harbour"]
