"""Scores follow the definitions of the VIEWS prediction challenge."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compare.scores import (
    central_interval,
    coverage,
    crps,
    ignorance,
    interval_score,
    log_score,
)

ONE_TO_TEN = [float(x) for x in range(1, 11)]
AT_EDGES = [0.0, 0.4, 0.5, 0.6, 2.4, 2.5, 2.6, 5.0, 6.0, 11.0]
WIDE = [1000.0, 1001.0, 2000.0, 5000.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]

# Computed by the public code of the VIEWS 2023/24 prediction challenge
# (prio-data/prediction_competition_2023 at f504ed8, with properscoring 0.1 for the CRPS).
VECTORS = [
    # draws, observed, crps, ignorance, interval score at 0.90, at 0.95
    ([0.0] * 10, 0.0, 0.0, 0.9328858041414629, 0.0, 0.0),
    ([0.0] * 10, 1.0, 1.0, 4.392317422778761, 20.0, 40.0),
    ([0.0] * 10, 1500.0, 1500.0, 4.392317422778761, 30000.0, 60000.0),
    (ONE_TO_TEN, 5.0, 0.85, 2.3923174227787602, 8.1, 8.55),
    (ONE_TO_TEN, 0.0, 3.85, 4.392317422778761, 37.1, 57.55),
    (ONE_TO_TEN, 30.0, 22.85, 4.392317422778761, 417.1, 817.55),
    (AT_EDGES, 0.5, 1.052, 2.3923174227787602, 8.57, 9.785),
    (WIDE, 1000.5, 429.0, 2.3923174227787602, 3649.55, 4324.775),
]


@pytest.mark.parametrize(("draws", "observed", "by_crps", "bits", "at90", "at95"), VECTORS)
def test_scores_equal_the_challenges_own(
    draws: list[float], observed: float, by_crps: float, bits: float, at90: float, at95: float
) -> None:
    assert crps(draws, observed) == pytest.approx(by_crps, abs=1e-12)
    assert ignorance(draws, observed) == pytest.approx(bits, abs=1e-12)
    assert interval_score(draws, observed, 0.90) == pytest.approx(at90, rel=1e-12)
    assert interval_score(draws, observed, 0.95) == pytest.approx(at95, rel=1e-12)


@pytest.fixture
def published() -> dict[str, list[dict[str, Any]]]:
    """The full set of vectors, from the folder that STANDDOWN_DATA names."""
    path = Path(os.environ.get("STANDDOWN_DATA", "")) / "views_metric_vectors.json"
    if "STANDDOWN_DATA" not in os.environ or not path.is_file():
        pytest.skip("STANDDOWN_DATA names no folder with views_metric_vectors.json")
    return {key: part for key, part in json.loads(path.read_text()).items() if key != "note"}


def test_scores_equal_every_published_vector(
    published: dict[str, list[dict[str, Any]]],
) -> None:
    cases = [*published["synthetic"], *published["iraq_conflictology_2020_2022"]]
    assert len(cases) > len(VECTORS)
    for case in cases:
        draws, observed = case["draws"], case["observed"]
        bits = case["ign"] if "ign" in case else case["ign_12draws"]
        assert crps(draws, observed) == pytest.approx(case["crps"], rel=1e-9, abs=1e-9), case
        assert ignorance(draws, observed) == pytest.approx(bits, rel=1e-9), case
        at90 = interval_score(draws, observed, 0.90)
        assert at90 == pytest.approx(case["mis90"], rel=1e-9, abs=1e-9), case


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=40),
    st.floats(0, 1e6),
)
def test_sorted_crps_equals_the_double_sum(draws: list[float], observed: float) -> None:
    x = np.array(draws)
    pairs = np.abs(x[:, None] - x[None, :]).mean() / 2
    assert crps(x, observed) == pytest.approx(
        np.abs(x - observed).mean() - pairs, rel=1e-9, abs=1e-6
    )


def test_coverage_counts_observed_values_within_their_intervals() -> None:
    draws = np.tile(np.arange(101.0), (4, 1))
    assert coverage(draws, [5.1, 94.9, 4.9, 95.1], 0.90) == 0.5
    assert central_interval(draws[0], 0.90) == pytest.approx((5.0, 95.0))


def test_surprise_costs_bits_and_never_infinitely_many() -> None:
    assert log_score(0.25, 500) == 2.0
    assert log_score(0.0, 500) == log_score(0.001, 500) == pytest.approx(np.log2(1000))


def test_scores_refuse_what_they_are_not_made_for() -> None:
    with pytest.raises(ValueError, match="none missing"):
        crps([1.0, np.nan], 1.0)
    with pytest.raises(ValueError, match="at least one draw"):
        interval_score([], 1.0)
    with pytest.raises(ValueError, match="below 0"):
        ignorance([1.0], -1.0)
    with pytest.raises(ValueError, match="shape"):
        coverage([[1.0, 2.0]], [1.0, 2.0])
