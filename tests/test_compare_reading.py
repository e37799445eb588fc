"""What was reported is read as it was printed: open ends open, missing missing, sides apart."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.compare.reading import Readings, readings_of
from sim.compare.words import reported_text
from sim.scenario.schema import Clock, Observable

CLOCK = Clock.model_validate(
    {"start": "2030-05-01T06:00:00+03:00", "end": "2030-05-03T06:00:00+03:00"}
)
VALUES = np.array([0.0, 10.0, 20.0, 23.0, 30.0, 40.0, np.nan])


def observable(reported: dict[str, Any], statistic: str = "total") -> Observable:
    return Observable.model_validate(
        {
            "id": "x",
            "title": "X",
            "measure": "dead",
            "statistic": statistic,
            "reported": reported,
            "role": "hold_out",
        }
    )


def read(reported: dict[str, Any], statistic: str = "total") -> Readings:
    return readings_of(observable(reported, statistic), CLOCK)


def said(reported: dict[str, Any]) -> str:
    return reported_text(observable(reported), CLOCK)


@pytest.mark.parametrize(
    ("reported", "share", "words"),
    [
        ({"best": 23}, 1 / 7, "23"),
        ({"best": 0}, 1 / 7, "0"),
        ({"low": 20, "high": 30}, 3 / 7, "20 to 30"),
        ({"low": 20, "best": 23, "high": 30}, 3 / 7, "20 to 30, most likely 23"),
        ({"at_least": 23}, 3 / 7, "at least 23"),
        ({"at_least": 20, "best": 30}, 4 / 7, "at least 20, most likely 30"),
        ({"at_least": 10, "high": 30}, 4 / 7, "10 to 30"),
        ({"high": 10}, 2 / 7, "at most 10"),
        ({"low": 10000, "best": 12500}, 0.0, "at least 10,000, most likely 12,500"),
    ],
)
def test_number_is_a_range_that_missing_values_are_outside_of(
    reported: dict[str, Any], share: float, words: str
) -> None:
    assert read(reported).probability(VALUES) == pytest.approx(share)
    assert said(reported) == words


def test_unknown_side_contributes_nothing_and_is_said() -> None:
    reported = {
        "alternatives": [
            {"weight": 0.5, "best": 23},
            {"weight": 0.3, "low": 0, "high": 10},
            {"weight": 0.2, "unknown": True},
        ]
    }
    readings = read(reported)
    assert readings.probability(VALUES) == pytest.approx(0.625 * 1 / 7 + 0.375 * 2 / 7)
    assert readings.unknown == pytest.approx(0.2)
    assert readings.ends == (0.0, 23.0)
    assert readings.best == 23.0
    assert said(reported) == "23 (weight 0.5) or 0 to 10 (weight 0.3) or unknown (weight 0.2)"


def test_sides_of_equal_weight_have_no_best_value() -> None:
    reported = {"alternatives": [{"weight": 0.5, "best": 2}, {"weight": 0.5, "best": 4}]}
    assert math.isnan(read(reported).best)


def test_nothing_but_unknown_is_missing() -> None:
    readings = read({"alternatives": [{"weight": 1.0, "unknown": True}]})
    assert readings.missing and math.isnan(readings.probability(VALUES))


def test_missing_is_missing_and_not_zero() -> None:
    readings = read({"missing": True})
    assert readings.missing
    assert math.isnan(readings.probability(np.zeros(5)))
    assert math.isnan(readings.best) and all(math.isnan(end) for end in readings.ends)
    assert said({"missing": True}) == "not reported"


def test_time_in_another_offset_is_the_same_instant() -> None:
    local = {"earliest": "2030-05-01T12:00:00+03:00", "latest": "2030-05-01T15:00:00+03:00"}
    utc = {"earliest": "2030-05-01T09:00:00Z", "latest": "2030-05-01T12:00:00Z"}
    assert read(local) == read(utc)
    assert said(local) == said(utc) == "1 May 12:00 to 15:00 (+03:00)"
    assert read(local).ends == (6.0, 9.0)


def test_window_over_midnight_names_both_days() -> None:
    window = {"earliest": "2030-05-01T22:00:00+03:00", "latest": "2030-05-02T02:30:00+03:00"}
    assert said(window) == "1 May 22:00 to 2 May 02:30 (+03:00)"
    assert said({key: window["latest"] for key in window}) == "2 May 02:30 (+03:00)"


@pytest.mark.parametrize(
    ("statistic", "simulated"),
    [
        ("first", 6.0),  # it began in the step from 6 to 7
        ("last", 7.0),  # it ended in that step
        ("peak_time", 6.5),
    ],
)
def test_step_that_holds_the_reported_moment_is_right(statistic: str, simulated: float) -> None:
    moment = "2030-05-01T12:30:00+03:00"
    readings = read({"earliest": moment, "latest": moment}, statistic)
    held = readings.probability(np.array([simulated - 1, simulated, simulated + 1, np.nan]))
    assert held == 0.25
    assert readings.ends == (6.5, 6.5), "the report itself is not widened"


def test_inside_goes_by_the_stated_value_or_else_by_the_range() -> None:
    assert read({"low": 20, "best": 23, "high": 30}).inside(21, 25)
    assert not read({"low": 20, "best": 23, "high": 30}).inside(24, 40)
    assert read({"low": 20, "high": 30}).inside(24, 40)
    assert read({"at_least": 23}).inside(5, 24)
    assert not read({"at_least": 23}).inside(5, 22)
    assert not read({"at_least": 23}).inside(math.nan, math.nan), "it never happened"
    lopsided = {"alternatives": [{"weight": 0.7, "best": 2}, {"weight": 0.3, "best": 40}]}
    assert read(lopsided).inside(0, 5) and not read(lopsided).inside(30, 50)
