"""The dataset: rows are the runs they say they are, readable by others, missing is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest
import sweep_case as case

from sim.ensemble import simulate
from sim.explore.request import Request, make_plan
from sim.explore.sweep import Sweep, sweep
from sim.explore.sweep_replay import replay_point
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return case.write(tmp_path_factory.mktemp("twins"))


@pytest.fixture(scope="module")
def done(twins: Path, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return sweep(case.request(twins, replicates=300), tmp_path_factory.mktemp("out"))


def at(done: Sweep, **values: float) -> pd.DataFrame:
    frame = done.frame()
    for path, value in values.items():
        frame = frame[frame[path.replace("__", ".")] == value]
    return frame.reset_index(drop=True)


def test_a_row_is_the_run_that_the_run_command_would_make(done: Sweep, twins: Path) -> None:
    changed = load_scenario(twins, None, {"compliance": 0.6, "decisions.stop.shift_h": 4})
    alone = simulate(changed, 300, seed=1, keep="totals", logs=0)
    rows = at(done, compliance=0.6, decisions__stop__shift_h=4.0)
    for column in alone.observables:
        then, now = rows[f"observable.{column}"], alone.observables[column]
        assert np.array_equal(then.to_numpy(), now.to_numpy(), equal_nan=True)
    assert np.array_equal(rows["clash_rate"].to_numpy(), alone.parameters["clash_rate"].to_numpy())
    assert np.array_equal(rows["order.stop"].to_numpy(), alone.orders["stop"].to_numpy())


def test_points_are_compared_on_common_random_numbers(done: Sweep) -> None:
    few, many = (at(done, compliance=c, decisions__stop__shift_h=0.0) for c in (0.3, 1.0))
    assert np.array_equal(few["clash_rate"].to_numpy(), many["clash_rate"].to_numpy())
    x, y = few["observable.dead"], many["observable.dead"]
    assert np.corrcoef(np.log1p(x), np.log1p(y))[0, 1] > 0.9


def test_what_is_varied_has_an_effect(done: Sweep) -> None:
    early = at(done, decisions__stop__shift_h=-4.0)["order.stop"]
    late = at(done, decisions__stop__shift_h=8.0)["order.stop"]
    assert np.allclose(late - early, 12)
    few, many = (at(done, compliance=c)["observable.dead"].mean() for c in (0.3, 1.0))
    assert few > many


@pytest.mark.parametrize(
    ("path", "values", "column"),
    [
        ("dyads.reds-blues.hostility", "0,1", "observable.dead"),
        ("factions.reds.forces.up.fighters", "1,60", "observable.dead"),
        ("decisions.stop.mode", "scripted,off", "order.stop"),
        ("decisions.stop.scope.places", "[up],[up, down]", "observable.dead"),
        ("cells_per_group", "20,60", "observable.dead"),
        ("triggers.speech.enabled", "true,false", "observable.dead"),
    ],
)
def test_every_kind_of_setting_that_can_be_varied_does_something(
    twins: Path, tmp_path: Path, path: str, values: str, column: str
) -> None:
    settings = {} if path != "decisions.stop.scope.places" else {"order_reach": 0, "compliance": 1}
    frame = sweep(
        Request([twins], [f"{path}={values}"], replicates=300, settings=settings), tmp_path
    ).frame()
    first, second = (rows[column].to_numpy() for _, rows in frame.groupby("point"))
    assert not np.array_equal(first, second, equal_nan=True)


def test_a_row_per_point_is_the_statistics_of_its_runs(done: Sweep, twins: Path) -> None:
    points = sweep(case.request(twins, replicates=300, per="point"), done.folder.parent).frame()
    runs = done.frame()
    assert len(points) == 12
    grouped = runs.groupby("point")["observable.first"]
    assert np.allclose(points["observable.first.mean"], grouped.mean())
    assert np.allclose(points["observable.first.variance"], grouped.var())
    assert np.allclose(points["observable.first.q25"], grouped.quantile(0.25))
    assert np.allclose(points["observable.first.q95"], grouped.quantile(0.95))
    missing = grouped.apply(lambda one: one.isna().mean())
    assert np.allclose(points["observable.first.missing"], missing)
    assert 0 < missing.mean() < 1


def test_a_reader_that_knows_nothing_of_us_finds_units_and_nulls(done: Sweep) -> None:
    dataset = ds.dataset(done.folder / "rows", format="parquet")
    table = dataset.to_table()
    assert table.num_rows == 12 * 300
    field = table.schema.field("observable.first")
    assert field.metadata[b"unit"] == b"h since clock start"
    assert table.schema.field("compliance").metadata[b"kind"] == b"parameter"
    first = table.column("observable.first")
    assert first.null_count > 0
    assert not np.isnan(first.drop_null().to_numpy()).any()
    assert table.schema.metadata[b"plan"] == done.plan.id.encode()


def test_several_scenarios_leave_null_what_the_other_does_not_have(
    twins: Path, tmp_path: Path
) -> None:
    observables = [o for o in case.data()["observables"] if o["id"] != "late"]
    other = case.write(tmp_path, "o.yaml", name="others", observables=observables)
    frame = sweep(
        Request([twins, other], ["compliance=0.5,1"], replicates=50), tmp_path / "out"
    ).frame()
    by = frame.groupby("scenario", observed=True)["observable.late"]
    assert by.apply(lambda one: one.notna().all()).to_dict() == {"twins": True, "others": False}
    assert frame.loc[frame["scenario"] == "others", "observable.late"].isna().all()


def test_a_run_of_a_sweep_replays_to_the_bit(done: Sweep) -> None:
    again = replay_point(done, 7, 123)
    assert again.differing == []
    dead = again.events["dead_a"].sum() + again.events["dead_b"].sum()
    assert dead == again.observables["dead"]


def test_more_replicates_than_fit_one_part_are_cut_and_joined(twins: Path) -> None:
    plan = make_plan(Request([twins], ["compliance=0.5,1"], replicates=40_000))
    assert plan.chunks == 3
    numbers = [n for u in map(plan.unit, range(3)) for n in range(u.first, u.last)]
    assert numbers == list(range(40_000))
    assert sorted(u.number for p in range(plan.part_count) for u in plan.units_of(p)) == list(
        range(plan.unit_count)
    )


def test_lasting_violence_can_be_observed(twins: Path, tmp_path: Path) -> None:
    request = case.request(twins, replicates=200, still_violent_after=18)
    frame = sweep(request, tmp_path).frame()
    assert (frame["observable.still_violent_18h"] == frame["observable.late"]).all()
