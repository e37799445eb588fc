"""Agreement of the curves: the ladder and the toll of each place by the hour, beside baselines."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compare.bounds import cumulative_bounds, toll_bounds
from sim.compare.hourly_score import best_constant, exceedance, hourly_score
from sim.compare.scores import BINS
from sim.compare.toll_line import known_toll
from sim.ensemble.ensemble import Ensemble
from sim.evidence import Evidence, ReportedCurve, reported_curve
from sim.scenario.schema import Scenario

RUNGS: dict[float, str] = {
    3.0: "threats",
    5.0: "protest",
    6.0: "mobilised",
    7.0: "riot, arrests",
    8.0: "armed attack",
}
"""Rungs of the ladder that a score asks for, by the lowest severity of their PLOVER types."""

CURVES = ("ladder", "dead")
COLUMNS = ("place", "curve", "decided", "model", "nothing", "constant", "straight")


def curve_table(ensemble: Ensemble, evidence: Evidence | None = None) -> pd.DataFrame:
    """One row per place and curve on which the reports decide anything.

    Columns: ``place``; ``curve``, ladder (of which the coded statements tell) or dead (counted from
    the clock's start, bounded by the reported values); ``decided``, share of hours and thresholds
    that the reports decide; then ranked probability scores (``hourly_score``; 0 is right and sure,
    smaller is better) of the model, of ``nothing`` (all quiet, nobody dies), of ``constant`` (the
    constant forecast that is best in hindsight) and, for the dead, of ``straight``: a line from the
    first trigger to the reported toll, which knows that toll. NaN where one says nothing. Facts
    that were fitted are in it.
    """
    rows: list[dict[str, object]] = []
    if ensemble.hourly:
        for index, place in enumerate(ensemble.places):
            if evidence is not None and place in evidence.places:
                rows += _ladder(ensemble, evidence, index)
            rows += _dead(ensemble, index)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def ladder_as_reported(scenario: Scenario, evidence: Evidence, places: list[str]) -> ReportedCurve:
    """The reported curve on a scenario's clock, of those places that the evidence knows."""
    clock = scenario.clock
    known = [place for place in places if place in evidence.places]
    return reported_curve(evidence, clock.start, clock.end, clock.step_h, known)


def _ladder(ensemble: Ensemble, evidence: Evidence, index: int) -> list[dict[str, object]]:
    place = ensemble.places[index]
    band = ladder_as_reported(ensemble.scenario, evidence, [place])
    if not len(band.marks):
        return []
    values = np.asarray(ensemble.hourly["ladder"][:, :, index], np.float64)
    return _row(place, "ladder", values, band.low, band.high, list(RUNGS), None)


def _dead(ensemble: Ensemble, index: int) -> list[dict[str, object]]:
    scenario, place = ensemble.scenario, ensemble.places[index]
    bounds = toll_bounds(scenario, place)
    if not bounds:
        return []
    ends = np.arange(1, scenario.clock.steps + 1, dtype=np.float64) * scenario.clock.step_h
    low, high = cumulative_bounds(bounds, ends)
    values = np.cumsum(np.asarray(ensemble.hourly["dead"][:, :, index], np.float64), axis=1)
    toll = known_toll(scenario, place, bounds)
    return _row(
        place, "dead", values, low, high, BINS[1:], None if toll is None else toll.line(ends)
    )


def _row(
    place: str,
    curve: str,
    values: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    thresholds: list[float] | tuple[float, ...],
    line: NDArray[np.float64] | None,
) -> list[dict[str, object]]:
    model = hourly_score(exceedance(values, thresholds), low, high, thresholds)
    if math.isnan(model.mean):
        return []
    none = np.zeros((len(thresholds), len(low)))
    constant = best_constant(low, high, thresholds)
    straight = math.nan
    if line is not None:
        drawn = exceedance(np.round(line)[None, :], thresholds)
        straight = hourly_score(drawn, low, high, thresholds).mean
    return [
        {
            "place": place,
            "curve": curve,
            "decided": float(model.decided.mean()),
            "model": model.mean,
            "nothing": hourly_score(none, low, high, thresholds).mean,
            "constant": hourly_score(constant, low, high, thresholds).mean,
            "straight": straight,
        }
    ]
