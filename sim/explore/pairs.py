"""Pairs of replicates: a future less its baseline, and what the pairing was worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble import Ensemble
from sim.ensemble.levels import quantile_row
from sim.scenario.vocabulary import TIME_STATISTICS

RESAMPLES = 1000


def compare_pairs(baseline: Ensemble, future: Ensemble, variant: str) -> pd.DataFrame:
    """One row per observable: how a future differs from its baseline.

    Columns: variant, observable, title, baseline and future (mean over replicates in which the
    value is there), difference (mean of the pairs), difference_q05 ... q95 (over pairs), ratio
    (of the two means; NaN for times) with ratio_q05 ... q95 (bootstrap over pairs: how well the
    ratio is known), pair_ratio_q05 ... q95 (over pairs with a baseline above zero: how much the
    effect itself varies), unchanged (share of pairs equal to the bit), pairs (in which both are
    there), variance_removed (by pairing, as a share of that of unpaired replicates).
    """
    rows = []
    for observable in baseline.scenario.observables:
        before = baseline.observables[observable.id].to_numpy()
        after = future.observables[observable.id].to_numpy()
        row: dict[str, object] = {
            "variant": variant,
            "observable": observable.id,
            "title": observable.title,
        }
        row |= _row(before, after, observable.statistic in TIME_STATISTICS)
        rows.append(row)
    return pd.DataFrame(rows)


def _row(
    before: NDArray[np.float64], after: NDArray[np.float64], is_time: bool
) -> dict[str, float]:
    unchanged = (before == after) | (np.isnan(before) & np.isnan(after))
    both = np.isfinite(before) & np.isfinite(after)
    row = {
        "baseline": _mean(before),
        "future": _mean(after),
        "baseline_missing": float(np.isnan(before).mean()),
        "future_missing": float(np.isnan(after).mean()),
        "unchanged": float(unchanged.mean()),
        "pairs": float(both.sum()),
    }
    x, y = before[both], after[both]
    row["difference"] = _mean(y - x)
    row |= quantile_row(y - x, "difference_")
    row |= {"ratio": np.nan, **quantile_row(np.empty(0), "ratio_")}
    row |= quantile_row(np.empty(0), "pair_ratio_")
    if not is_time and len(x) and x.sum() > 0:
        row["ratio"] = float(y.sum() / x.sum())
        row |= quantile_row(bootstrap_ratio(x, y), "ratio_")
        row |= quantile_row(y[x > 0] / x[x > 0], "pair_ratio_")
    row["variance_removed"] = variance_removed(x, y)
    return row


def bootstrap_ratio(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ratios of means over resampled pairs, f8[RESAMPLES]; a fixed generator, so reproducible."""
    generator = np.random.Generator(np.random.Philox(key=20))
    ratios = np.full(RESAMPLES, np.nan)
    for i in range(RESAMPLES):
        chosen = generator.integers(0, len(x), len(x))
        total = x[chosen].sum()
        if total > 0:
            ratios[i] = y[chosen].sum() / total
    return ratios[np.isfinite(ratios)]


def variance_removed(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """1 - variance of the paired difference / variance of an unpaired one; NaN if both are 0."""
    unpaired = x.var() + y.var() if len(x) else 0.0
    return float(1.0 - (y - x).var() / unpaired) if unpaired > 0 else float("nan")


def _mean(values: NDArray[np.float64]) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")
