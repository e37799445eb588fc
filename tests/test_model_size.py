"""Worlds of thousands of fronts: what they cost, and what is said of one that cannot be run."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.cli.check_command import sound_line
from sim.inputs import InputError
from sim.model import build_world, simulate_block
from sim.model.layout import memory
from sim.scenario import Scenario, load_scenario
from tests.random_scenarios import WHY, at, random_theta


def many_fronts(places: int, factions: int, dyads: int, hours: int = 24) -> dict[str, Any]:
    """Everybody stands everywhere; each dyad has a front at each place."""
    names = [f"p{i}" for i in range(places)]
    pairs = [(a, b) for a in range(factions) for b in range(a + 1, factions)][:dyads]
    return {
        "name": "many", "title": "Many fronts", "summary": "Made up for a test.",
        "clock": {"start": at(0), "end": at(hours)},
        "places": [{"id": n, "name": n, "authority": 0.5, "source": WHY} for n in names],
        "factions": [
            {
                "id": f"f{i}", "name": f"F{i}", "kind": "armed",
                "forces": [{"place": n, "fighters": 40, "source": WHY} for n in names],
            }
            for i in range(factions)
        ],
        "dyads": [
            {"between": [f"f{a}", f"f{b}"], "hostility": 0.5, "source": WHY} for a, b in pairs
        ],
        "triggers": [{
            "id": "spark", "title": "Spark", "at": {"earliest": at(2), "latest": at(2)},
            "places": names, "salience": 1.0, "source": WHY,
        }],
        "observables": [{
            "id": "clashes", "title": "Clashes", "measure": "clashes", "statistic": "total",
            "reported": {"missing": True}, "role": "calibrate",
        }],
    }  # fmt: skip


def test_ten_times_the_fronts_take_about_ten_times_the_memory() -> None:
    small = build_world(Scenario.model_validate(many_fronts(10, 11, 50)))
    large = build_world(Scenario.model_validate(many_fronts(100, 11, 50)))
    assert (len(small.fronts), len(large.fronts)) == (500, 5000)
    assert memory(large) < 12 * memory(small)


def test_a_world_of_five_thousand_fronts_runs() -> None:
    scenario = Scenario.model_validate(many_fronts(50, 15, 100, hours=12))
    output = simulate_block(scenario, random_theta(scenario, 1, 2), 1, range(2), threads=1)
    assert (output.observables[:, 0] > 100).all()


def test_reprisals_spill_to_linked_places_of_the_same_dyad_only_and_in_equal_shares() -> None:
    data = many_fronts(4, 3, 3)
    data["places"][0]["links"] = ["p1", "p2"]
    data["places"][1]["links"] = []
    world = build_world(Scenario.model_validate(data))
    fronts = world.fronts
    assert {int(f["place"]): int(f["neighbours"]) for f in fronts} == {0: 2, 1: 0, 2: 3, 3: 3}
    for number, front in enumerate(fronts):
        assert front["dyad_begin"] <= number < front["dyad_end"]
        own = fronts[front["dyad_begin"] : front["dyad_end"]]
        assert set(own["dyad"]) == {front["dyad"]} and len(own) == 4
    assert np.array_equal(world.links[0], [0, 1, 1, 0])


def test_a_file_too_large_for_the_machine_is_refused_in_words_before_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.model.size.machine_memory", lambda: 2 << 30)
    data = many_fronts(50, 20, 150)
    data["clock"]["end"] = (datetime.fromisoformat(at(0)) + timedelta(hours=50000)).isoformat()
    path = tmp_path / "huge.yaml"
    path.write_text(yaml.dump(data, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper)), "utf-8")
    with pytest.raises(InputError, match=r"too large to be run here: 7,500 fronts .* 2 GiB"):
        sound_line(str(path))
    scenario = load_scenario(path)
    with pytest.raises(InputError, match=r"scenario 'many': too large"):
        simulate_block(scenario, random_theta(scenario, 1, 1), 1, [0])


def test_a_large_file_that_fits_says_what_a_run_takes(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(yaml.safe_dump(many_fronts(40, 20, 180, hours=6000)), "utf-8")
    assert "7,200 fronts" in sound_line(str(path)) and "GiB for each run" in sound_line(str(path))


@pytest.mark.parametrize("year", ["0001", "0500"])
def test_a_clock_before_the_year_1000_is_an_error_of_the_file(tmp_path: Path, year: str) -> None:
    data = many_fronts(2, 2, 1)
    data["clock"] = {"start": f"{year}-01-01T00:00:00+14:00", "end": f"{year}-01-02T00:00:00+14:00"}
    path = tmp_path / "old.yaml"
    path.write_text(yaml.safe_dump(data), "utf-8")
    with pytest.raises(InputError, match=r"the clock starts in the year .* 1000"):
        load_scenario(path)
