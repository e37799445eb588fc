"""Rivals of a forecast from a cut: they know the fitted days, go on from them, and see no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from intake_tables import ged_file, ged_row

from sim.calibrate.daily_rivals import Tiling, days_again, going_on, steady, tiling_of
from sim.calibrate.rivals import rivals
from sim.cli import main
from sim.intake import import_events
from sim.scenario import load_scenario
from sim.scenario.schema import Scenario

TWO = {"here": 0.75, "there": 0.25}
STEPS = 20 * 24


def tiled(*counts: float) -> Tiling:
    return Tiling(np.array(counts), 24.0, 0.0, TWO)


def chance() -> np.random.Generator:
    return np.random.default_rng(1)


def cut_draft(folder: Path) -> Scenario:
    rows = [
        ged_row(n, f"2030-05-{n:02d}", best=n % 4, low=n % 4, high=n % 4,
                where_coordinates=("Port Ansa", "Mill Hill")[n % 4 == 3])
        for n in range(1, 16)
    ]  # fmt: skip
    (folder / "seeds").mkdir()
    import_events(ged_file(folder / "g.csv", rows), "ged", folder / "seeds")
    words = ["new", "mine", "--from", str(folder / "seeds"), "--folder", str(folder / "scenarios")]
    assert main([*words, "--cut", "2030-05-10"]) == 0
    return load_scenario(folder / "scenarios" / "mine.yaml")


def test_the_fitted_days_of_a_draft_are_a_row_with_the_share_of_each_place(tmp_path: Path) -> None:
    found = tiling_of(cut_draft(tmp_path))
    assert found is not None
    assert found.counts.tolist() == [n % 4 for n in range(1, 11)]
    assert (found.tile_h, found.start_h, found.end_h) == (24.0, 0.0, 240.0)
    assert found.shares == {"port_ansa": pytest.approx(9 / 15), "mill_hill": pytest.approx(6 / 15)}


def test_up_to_the_cut_the_process_holds_what_was_reported_and_then_it_goes_on() -> None:
    counts = going_on(tiled(0, 4, 1, 0, 7, 2, 0, 5), STEPS, 1.0, 300, chance())
    assert counts is not None
    total = counts["here"] + counts["there"]
    days = total.reshape(300, 20, 24).sum(axis=2)
    assert (days[:, :8] == [0, 4, 1, 0, 7, 2, 0, 5]).all()
    assert days[:, 8:].sum() > 0


def test_deaths_just_before_the_cut_bring_more_after_it_than_deaths_long_ago() -> None:
    burst = [0, 0, 0, 0, 0, 0, 0, 30, 20, 12, 6, 9, 4, 2, 0, 0]
    late, early = (
        going_on(tiled(*counts), STEPS, 1.0, 400, chance()) for counts in (burst[:10], burst)
    )
    assert late is not None and early is not None
    after = late["here"][:, 240:264].mean(), early["here"][:, 384:408].mean()
    assert after[0] > 3 * after[1]


def test_a_steady_rate_and_days_drawn_again_have_the_mean_of_the_fitted_days() -> None:
    tiling = tiled(0, 4, 1, 0, 7, 2, 0, 2)
    for rival in (steady, days_again):
        counts = rival(tiling, STEPS, 1.0, 2000, chance())
        total = counts["here"] + counts["there"]
        assert total.sum(axis=1).mean() == pytest.approx(40, rel=0.03)
        assert counts["here"].sum() / total.sum() == pytest.approx(0.75, abs=0.02)
    days = days_again(tiling, STEPS, 1.0, 500, chance())
    total = (days["here"] + days["there"]).reshape(500, 20, 24).sum(axis=2)
    assert set(np.unique(total)) == {0, 1, 2, 4, 7}


def test_held_out_days_move_no_rival(tmp_path: Path) -> None:
    scenario = cut_draft(tmp_path)
    changed = scenario.model_copy(
        update={
            "observables": [
                o.model_copy(update={"reported": o.reported.model_copy(
                    update={"low": 90.0, "best": 90.0, "high": 90.0})})
                if o.role == "hold_out" and o.statistic == "total" else o
                for o in scenario.observables
            ]
        }
    )  # fmt: skip
    before, after = (rivals([one], one, 50, 1) for one in (scenario, changed))
    assert set(before) == {"nothing", "climatology", "constant_rate", "hawkes"}
    for name, frame in before.items():
        assert frame.equals(after[name]), name


def test_totals_that_are_no_row_of_days_are_no_tiling(tmp_path: Path) -> None:
    scenario = cut_draft(tmp_path)
    gap = [o for o in scenario.observables if o.id != "dead_2030_05_05"]
    assert tiling_of(scenario.model_copy(update={"observables": gap})) is None
    assert going_on(replace(tiled(0, 0, 1), counts=np.zeros(5)), STEPS, 1.0, 5, chance()) is None
