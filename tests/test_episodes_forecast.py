"""Forecasts are draws that see nothing they should not, and scores say what they claim to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.compare.scores import crps, ignorance
from sim.episodes.crossvalidation import STACK, cross_validate, forecast_new, known_of
from sim.episodes.draws_file import draws_table, read_draws
from sim.episodes.episode_library import DayPanel, Library, load_library, read_events_folder
from sim.episodes.features import features
from sim.episodes.folds import folds_of
from sim.episodes.forecast import Forecast, from_donors
from sim.episodes.forecasters import (
    FAMILIES,
    climatology,
    hawkes,
    last_rate,
    neighbours,
    nothing,
)
from sim.episodes.matching import held_differences, match
from sim.episodes.path import days_with_dead, last_day, path_scores, relapsed
from sim.episodes.row_scores import (
    by_conflict,
    crps_rows,
    energy_rows,
    held,
    ignorance_rows,
    pit_rows,
)
from sim.episodes.stack import learn_weights, mixed
from sim.episodes.task import TASKS
from sim.inputs import InputError

ROOT = Path(__file__).parents[1]
INVENTED = ROOT / "docs" / "examples" / "invented_episodes"
SHARED = ROOT.parent / "shared" / "data" / "episodes"
CHEAP = (nothing, last_rate, hawkes, climatology, neighbours)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(INVENTED)


def changed_after(panel: DayPanel, row: int, day: int) -> DayPanel:
    """The panel with other deaths in one episode after a day."""
    columns = {name: values.copy() for name, values in panel.columns.items()}
    later = panel.day > day
    for name in ("best", "n_events", "n_places", "deaths_a", "high", "other", "near", "far"):
        columns[name][row, later] = 77.0
    return DayPanel(panel.kind, panel.table, panel.day, columns)


@pytest.mark.parametrize("kind", list(TASKS))
def test_what_comes_after_the_given_day_moves_no_feature_of_the_episode(
    library: Library, kind: str
) -> None:
    task, panel = TASKS[kind], library.panel(kind)
    before = features(panel, task, library.orders)
    for row in (0, len(panel) - 1):
        after = features(changed_after(panel, row, task.given), task, library.orders)
        assert before.iloc[row].equals(after.iloc[row])


@pytest.mark.parametrize("kind", list(TASKS))
def test_an_earlier_episode_of_a_dyad_counts_only_once_it_is_over(
    library: Library, kind: str
) -> None:
    task, panel = TASKS[kind], library.panel(kind)
    before = features(panel, task, library.orders)
    day = pd.to_datetime(panel.table["day0"])
    for row in range(len(panel)):
        after = features(changed_after(panel, row, task.given), task, library.orders)
        moved = (before != after).any(axis=1)
        for other in np.nonzero(moved.to_numpy())[0]:
            assert panel.table["key"][other] == panel.table["key"][row]
            assert (day[other] - day[row]).days >= task.last


def test_folds_never_part_a_conflict() -> None:
    conflicts = pd.Series([f"c{i % 13}" for i in range(200)] + ["big"] * 90)
    fold = folds_of(conflicts)
    assert (pd.Series(fold).groupby(conflicts).nunique() == 1).all()
    assert len(set(fold)) == 10
    assert len(set(folds_of(pd.Series(["a", "a", "b"])))) == 2


def test_no_outcome_of_the_own_conflict_reaches_a_forecast(library: Library) -> None:
    task, panel = TASKS["order"], library.panel("order")
    known = known_of(panel, task, library.orders)
    row = 3
    spoilt = known_of(changed_after(panel, row, task.given), task, library.orders)
    one = (panel.table["conflict"] == panel.table["conflict"][row]).to_numpy()
    first, second = (
        cross_validate(k, task, families=[climatology, neighbours], learning=[neighbours]).by_name
        for k in (known, spoilt)
    )
    for name in set(first) - {STACK}:
        assert np.array_equal(first[name].paths[one], second[name].paths[one]), name
    assert not np.array_equal(first["60 nearest"].paths[~one], second["60 nearest"].paths[~one])


def test_donors_come_as_often_as_they_weigh_and_scaled_days_stay_whole() -> None:
    panel = load_library(INVENTED).panel("order")
    task, rng = TASKS["order"], np.random.default_rng(1)
    weights = np.zeros((1, len(panel)))
    weights[0, 2], weights[0, 5] = 3.0, 1.0
    drawn = from_donors("x", task, panel, weights, None, rng, draws=400)
    seen = task.outcome(panel)
    assert np.isclose((drawn.total == seen[2]).mean(), 0.75, atol=0.02)
    third = from_donors("x", task, panel, weights, np.full_like(weights, 1 / 3), rng, draws=4000)
    assert (third.paths % 1 == 0).all()
    assert np.isclose(third.total.mean(), (0.75 * seen[2] + 0.25 * seen[5]) / 3, rtol=0.06)


def test_rows_of_scores_are_those_of_the_published_definitions() -> None:
    rng = np.random.default_rng(2)
    draws, seen = rng.poisson(3.0, (7, 50)).astype(float), rng.poisson(3.0, 7).astype(float)
    assert np.allclose(
        crps_rows(draws, seen), [crps(d, y) for d, y in zip(draws, seen, strict=True)]
    )
    assert np.allclose(
        ignorance_rows(draws, seen), [ignorance(d, y) for d, y in zip(draws, seen, strict=True)]
    )
    assert np.allclose(energy_rows(draws[:, :, None], seen[:, None]), crps_rows(draws, seen))


def test_intervals_of_counts_hold_what_they_say_although_zeros_are_many() -> None:
    rng = np.random.default_rng(3)
    rate = rng.gamma(0.4, 3.0, 4000)
    draws = rng.poisson(rate[:, None], (4000, 200)).astype(float)
    seen = rng.poisson(rate).astype(float)
    pit = pit_rows(draws, seen, rng)
    assert abs(held(pit, 0.9).mean() - 0.9) < 0.02
    assert abs(held(pit, 0.5).mean() - 0.5) < 0.03
    low, high = np.quantile(draws, [0.25, 0.75], axis=1)
    assert ((low <= seen) & (seen <= high)).mean() > 0.6, "closed intervals hold too much"
    wide = pit_rows(draws * 3, seen, rng)
    assert abs(np.mean(wide[seen > 0]) - 0.5) > 0.08, "three times as many are seen to be too many"


def test_an_interval_by_conflict_is_wider_where_conflicts_differ() -> None:
    rng = np.random.default_rng(4)
    names = np.repeat([f"c{i}" for i in range(20)], 10).astype(object)
    apart = np.repeat(rng.normal(size=20), 10) + 0.1 * rng.normal(size=200)
    alike = rng.normal(size=200)
    first, second = by_conflict(apart, names), by_conflict(alike, names)
    assert first.high - first.low > 1.5 * (second.high - second.low)


def forecast_of(totals: np.ndarray) -> Forecast:
    return Forecast("x", totals[:, :, None].astype(float), 1)


def test_a_stack_learns_which_part_is_right_and_mixes_what_neither_is() -> None:
    rng = np.random.default_rng(5)
    level = rng.gamma(2.0, 5.0, 600)
    seen = rng.poisson(level).astype(float)
    sharp = forecast_of(rng.poisson(level[:, None], (600, 200)))
    blind = forecast_of(rng.poisson(rng.gamma(2.0, 5.0, (600, 200))))
    weights = learn_weights([blind, sharp], seen)
    assert weights[1] > 0.7 and abs(weights.sum() - 1) < 1e-9
    both = mixed("m", [blind, sharp], np.array([0.25, 0.75]), rng)
    assert both.paths.shape == (600, 200, 1)
    expected = 0.25 * blind.total.mean() + 0.75 * sharp.total.mean()
    assert np.isclose(both.total.mean(), expected, rtol=0.02)


def test_days_last_day_and_relapse_of_a_path() -> None:
    path = np.zeros((3, 14))
    path[0, [0, 2, 12]] = 1, 4, 2
    path[1, :3] = 1
    assert days_with_dead(path).tolist() == [3, 3, 0]
    assert last_day(path).tolist() == [13, 3, 0]
    assert relapsed(path).tolist() == [True, False, False]


def test_a_forecast_that_is_the_truth_has_no_error_in_any_outcome(library: Library) -> None:
    task, panel = TASKS["order"], library.panel("order")
    seen = panel.days(task.first, 28)
    truth = Forecast(
        "truth",
        np.repeat(seen[:, None, :], 5, axis=1),
        task.days,
        np.repeat(panel.total(1, 28, "n_places")[:, None], 5, axis=1),
        np.repeat(
            np.stack(
                [panel.total(1, 28, s) for s in ("deaths_a", "deaths_b", "deaths_civ")], axis=1
            )[:, None],
            5,
            axis=1,
        ),
    )
    for name, scores in path_scores(truth, panel, task).items():
        assert np.nanmax(np.abs(scores)) < 1e-6, name


def test_draws_on_file_come_back_and_are_refused_where_episodes_are_missing(
    library: Library, tmp_path: Path
) -> None:
    task, panel = TASKS["burst"], library.panel("burst")
    known = known_of(panel, task, library.orders)
    drawn = hawkes(known, known, task, np.random.default_rng(1))[0]
    table = draws_table(drawn, known.panel, task)
    for name in ("draws.parquet", "draws.csv"):
        path = tmp_path / name
        if name.endswith("parquet"):
            table.to_parquet(path, index=False)
        else:
            table.to_csv(path, index=False)
        back = read_draws(path, known.panel, task)
        assert np.array_equal(np.sort(back.total, axis=1), np.sort(drawn.total, axis=1))
    short = table[table["episode_id"] != known.panel.table["episode_id"][0]]
    short.to_csv(tmp_path / "short.csv", index=False)
    with pytest.raises(InputError, match=r"1 of .* episodes have no draws"):
        read_draws(tmp_path / "short.csv", known.panel, task)


def test_a_models_draws_are_scored_and_stacked_like_the_others(library: Library) -> None:
    task = TASKS["order"]
    known = known_of(library.panel("order"), task, library.orders)
    seen = known.panel.days(1, 28)
    oracle = Forecast("model", np.repeat(seen[:, None, :], 200, axis=1), task.days)
    found = cross_validate(
        known, task, families=[neighbours], learning=[neighbours], extra={"model": oracle}
    )
    assert found.weights["model"].mean() > 0.7


def test_episodes_of_a_new_file_get_no_donors_of_their_conflict(library: Library) -> None:
    task = TASKS["order"]
    known = known_of(library.panel("order"), task, library.orders)
    own = (known.panel.table["conflict"] == known.panel.table["conflict"][0]).to_numpy()
    new = known.chosen(own)
    found = forecast_new(
        new, known, task, families=[climatology, neighbours], learning=[neighbours]
    )
    others = set(map(tuple, known.panel.days(1, 28)[~own]))
    assert set(map(tuple, found.by_name["all other outcomes"].paths[0])) <= others


def test_orders_are_matched_with_days_without_any_and_a_models_difference_is_held_to_them(
    library: Library,
) -> None:
    events, dyads = read_events_folder(INVENTED)
    assert library.orders is not None
    found = match(library.episodes, events, dyads, library.orders)
    assert len(found.table) > 5 and (found.table["days"] >= 5).all()
    never = match(library.episodes, events, dyads, library.orders.iloc[:0])
    assert never.table["days"].sum() > found.table["days"].sum()
    draws = np.random.default_rng(0).normal(0, 0.05, (len(found.table), 200))
    told = pd.DataFrame(
        {
            "episode_id": np.repeat(found.table["episode_id"].to_numpy(), 200),
            "difference": (found.table["effect"].to_numpy()[:, None] + draws).ravel(),
        }
    )
    right = held_differences(found, told)
    assert right["held"] == right["orders"] == len(found.table)
    assert held_differences(found, told.assign(difference=told["difference"] + 9))["held"] == 0


def test_the_commands_forecast_score_and_draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], library: Library
) -> None:
    name = library.panel("order").table["episode_id"][0]
    figure = tmp_path / "one.png"
    assert main(["episodes", "show", str(INVENTED), name, "--to-file", str(figure)]) == 0
    assert figure.stat().st_size > 5000
    assert main(["episodes", "show", str(INVENTED), name[:-1] + "x"]) == 2
    assert "did you mean" in capsys.readouterr().err
    assert main(["episodes", "orders", str(INVENTED)]) == 0
    draws = tmp_path / "draws.parquet"
    words = ["episodes", "forecast", str(INVENTED), "--id", name, "--to-file", str(draws)]
    words += ["--worlds", "0"]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "stack" in out and "60 nearest, scaled" in out
    assert pd.read_parquet(draws)["forecast"].nunique() > 8
    assert main(["episodes", "forecast", str(INVENTED)]) == 2


@pytest.mark.long
def test_the_published_scores_of_plain_baselines_come_out_again() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared episodes are not there")
    shared = load_library(SHARED)
    published = {
        "order": {"nothing": 3.408, "last rate": 1.3521, "all other outcomes": 1.4795},
        "burst": {
            "nothing": 1.9284,
            "last rate": 2.2521,
            "all other outcomes": 0.9498,
            "60 nearest": 0.9311,
            "60 nearest, scaled": 0.9273,
        },
        "local": {"nothing": 1.7154, "last rate": 2.3698, "all other outcomes": 0.9064},
    }
    counts = {"order": 576, "burst": 678, "local": 1033}
    for kind, scores in published.items():
        task = TASKS[kind]
        known = known_of(shared.panel(kind), task, shared.orders)
        assert len(known.panel) == counts[kind]
        found = cross_validate(known, task, families=CHEAP, learning=[neighbours])
        seen = np.log1p(found.observed)
        for name, value in scores.items():
            own = crps_rows(np.log1p(found.by_name[name].total), seen).mean()
            assert abs(own - value) < 0.006, (kind, name, own)


def test_episodes_without_a_table_of_orders_are_forecast_on_what_both_tables_tell(
    library: Library,
) -> None:
    task = TASKS["order"]
    known = known_of(library.panel("order"), task, library.orders)
    blind = known_of(library.panel("order"), task, None)
    assert (blind.features["monitor"] == -1).all() and (known.features["monitor"] >= 0).any()
    assert blind.features["order_written"].nunique() > 1
    row = np.arange(len(known.panel)) == 2
    first, second = (
        forecast_new(blind.chosen(row), train, task, families=FAMILIES[5:6], learning=FAMILIES[5:6])
        for train in (known, blind)
    )
    assert np.array_equal(first.by_name["forest"].paths, second.by_name["forest"].paths)
