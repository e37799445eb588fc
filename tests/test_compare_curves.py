"""Scores by the hour: what reports decide is scored, what they leave open is not."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from shipped import loaded

from sim.compare.bounds import Bound, cumulative_bounds
from sim.compare.curves import curve_table
from sim.compare.hourly_score import best_constant, exceedance, hourly_score, straight_line
from sim.ensemble import simulate

TIMES = np.arange(6.0)


def test_a_total_bounds_the_count_before_its_end_and_fixes_it_after() -> None:
    low, high = cumulative_bounds([Bound(0, 4, 10, 12, "total")], TIMES)
    assert low.tolist() == [0, 0, 0, 0, 10, 10]
    assert high.tolist() == [0, 12, 12, 12, 12, math.inf]


def test_a_quiet_span_after_the_total_keeps_the_top_closed() -> None:
    bounds = [Bound(0, 3, 10, 12, "total"), Bound(3, 5, 0, 0, "calm")]
    low, high = cumulative_bounds(bounds, TIMES)
    assert high.tolist() == [0, 12, 12, 12, 12, 12]
    assert low.tolist() == [0, 0, 0, 10, 10, 10]


def test_a_quiet_beginning_moves_the_rise_to_after_it() -> None:
    bounds = [Bound(0, 5, 10, 12, "total"), Bound(0, 2, 0, 0, "first")]
    assert cumulative_bounds(bounds, TIMES)[1].tolist() == [0, 0, 0, 12, 12, 12]


def test_floors_of_spans_that_overlap_do_not_add_up() -> None:
    bounds = [Bound(0, 4, 10, math.inf, "a"), Bound(0, 2, 7, math.inf, "b")]
    assert cumulative_bounds(bounds, TIMES)[0].tolist() == [0, 0, 7, 7, 10, 10]


def test_what_is_open_is_not_scored_whatever_is_forecast_there() -> None:
    low, high = np.array([0.0, 0.0]), np.array([0.0, 9.0])
    for there in (0.0, 0.3, 1.0):
        found = hourly_score(np.array([[0.25, there]]), low, high, [5.0])
        assert found.steps[0] == pytest.approx(0.0625)
        assert math.isnan(found.steps[1])
        assert found.mean == pytest.approx(0.0625)


def test_a_sure_and_right_curve_scores_nought_and_a_sure_and_wrong_one_scores_one() -> None:
    band = np.array([9.0])
    assert hourly_score(np.ones((2, 1)), band, band, [3.0, 6.0]).mean == 0.0
    assert hourly_score(np.zeros((2, 1)), band, band, [3.0, 6.0]).mean == 1.0


def test_no_probability_does_better_than_the_share_of_hours_in_which_it_was_so() -> None:
    band = np.array([9.0, 0.0, 0.0, 0.0])
    best = hourly_score(best_constant(band, band, [5.0]), band, band, [5.0]).mean
    for p in np.linspace(0, 1, 21):
        other = hourly_score(np.full((1, 4), p), band, band, [5.0]).mean
        assert best <= other + 1e-12


def test_unreported_hours_are_missing_and_not_quiet() -> None:
    nothing = np.full(2, np.nan)
    assert math.isnan(hourly_score(np.zeros((1, 2)), nothing, nothing, [5.0]).mean)


def test_exceedance_counts_runs_at_the_threshold() -> None:
    values = np.array([[0.0, 6.0], [6.0, 9.0]])
    assert exceedance(values, [6.0, 9.0]).tolist() == [[0.5, 1.0], [0.0, 0.5]]


def test_a_straight_line_runs_from_nothing_to_the_toll() -> None:
    assert straight_line(TIMES, 1, 3, 10).tolist() == [0, 0, 5, 10, 10, 10]
    assert straight_line(TIMES, 3, 3, 10).tolist() == [0, 0, 0, 10, 10, 10]


def shipped_curves(replicates: int = 40) -> pd.DataFrame:
    whole = loaded("baghdad_2022_08")
    ensemble = simulate(whole.scenario, replicates, 1, threads=1, logs=0)
    return curve_table(ensemble, whole.evidence).set_index("curve")


def test_a_run_is_scored_on_ladder_and_toll_beside_three_baselines() -> None:
    table = shipped_curves()
    assert set(table.index) == {"ladder", "dead"}
    assert table[["model", "nothing", "constant"]].to_numpy().max() <= 1
    assert (table["decided"] > 0.5).all()  # most of the week is quiet, and reported so
    assert table.loc["dead", "nothing"] > table.loc["dead", "straight"]  # it is told the toll


def test_totals_alone_have_no_curve_to_score() -> None:
    whole = loaded("baghdad_2022_08")
    ensemble = simulate(whole.scenario, 5, 1, threads=1, logs=0, keep="totals")
    assert curve_table(ensemble, whole.evidence).empty
