"""A scorecard: every forecaster's scores on one task, beside each other, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.crossvalidation import STACK, Forecasts
from sim.episodes.path import OUTCOMES, path_scores
from sim.episodes.row_scores import (
    LEVELS,
    brier_rows,
    crps_rows,
    held,
    ignorance_rows,
    pit_rows,
    ratio_by_conflict,
)

BESIDE = "60 nearest, scaled"
"""Whose paths the others' are measured against."""


@dataclass(frozen=True)
class Scorecard:
    """Scores of forecasts of the same episodes.

    Attributes:
        kind: of episode.
        totals: one row per forecaster: `crps` of log(1 + dead), `bits`, `brier` of any death,
            `held_50`, `held_90`, `against` (its mean CRPS relative to the stack's, minus 1) with
            `low` and `high`.
        paths: one row per outcome and forecaster: `score`, `gain` (1 - score / that of `BESIDE`)
            with `low` and `high`, `episodes`.
        pit: randomised PIT of each forecaster's totals, f8[N].
        crps: of each forecaster, f8[N].
        conflicts: of the episodes, [N].
        weights: the stack's, mean over folds.
    """

    kind: str
    totals: pd.DataFrame
    paths: pd.DataFrame
    pit: Mapping[str, NDArray[np.float64]]
    crps: Mapping[str, NDArray[np.float64]]
    conflicts: NDArray[np.object_]
    weights: Mapping[str, float]


def score(forecasts: Forecasts) -> Scorecard:
    """All scores. Intervals are of 90 %, by bootstrap over conflicts."""
    observed = forecasts.observed
    conflicts = forecasts.panel.table["conflict"].to_numpy(object)
    rng = np.random.default_rng(5)
    crps, pit, rows = {}, {}, []
    for name, one in forecasts.by_name.items():
        total = one.total
        crps[name] = crps_rows(np.log1p(total), np.log1p(observed))
        pit[name] = pit_rows(total, observed, rng)
        rows.append(
            {
                "forecast": name,
                "crps": crps[name].mean(),
                "bits": ignorance_rows(total, observed).mean(),
                "brier": brier_rows(total > 0, observed > 0).mean(),
                **{
                    f"held_{level:.0%}".rstrip("%"): held(pit[name], level).mean()
                    for level in LEVELS
                },
            }
        )
    for row in rows:
        difference = ratio_by_conflict(crps[STACK], crps[str(row["forecast"])], conflicts)
        row |= {"against": difference.value, "low": difference.low, "high": difference.high}
    weights = {str(k): float(v) for k, v in forecasts.weights.mean().items()}
    return Scorecard(
        forecasts.task.kind,
        pd.DataFrame(rows),
        _paths(forecasts, conflicts),
        pit,
        crps,
        conflicts,
        weights,
    )


def _paths(forecasts: Forecasts, conflicts: NDArray[np.object_]) -> pd.DataFrame:
    scores = {
        name: path_scores(one, forecasts.panel, forecasts.task)
        for name, one in forecasts.by_name.items()
    }
    beside = scores.get(BESIDE)
    rows = []
    for outcome in OUTCOMES:
        for name, own in scores.items():
            if outcome not in own or not np.isfinite(own[outcome]).any():
                continue
            row = {
                "outcome": outcome,
                "forecast": name,
                "episodes": int(np.isfinite(own[outcome]).sum()),
                "score": float(np.nanmean(own[outcome])),
            }
            if beside is not None and outcome in beside:
                gain = ratio_by_conflict(own[outcome], beside[outcome], conflicts)
                row |= {"gain": -gain.value, "low": -gain.high, "high": -gain.low}
            rows.append(row)
    return pd.DataFrame(rows)


def by_kind_of_order(forecasts: Forecasts, card: Scorecard) -> pd.DataFrame:
    """CRPS of the stack and of the best other forecast for each kind of order."""
    table = forecasts.panel.table
    rows = []
    for column, values in (
        ("order_side", None),
        ("order_by", None),
        ("order_class", None),
        ("order_partial", None),
        ("order_written", None),
    ):
        for value in sorted(table[column].dropna().unique(), key=str) if values is None else values:
            chosen = (table[column] == value).to_numpy()
            if chosen.sum() < 20:
                continue
            means = {name: float(one[chosen].mean()) for name, one in card.crps.items()}
            stack = means.pop(STACK)
            best = min(means, key=lambda name: means[name])
            rows.append(
                {
                    "kind": f"{column} {value}",
                    "episodes": int(chosen.sum()),
                    "stack": stack,
                    "best": best,
                    "best_crps": means[best],
                    "stack_over_best": stack / means[best] - 1.0,
                }
            )
    return pd.DataFrame(rows)


def by_conflict_skill(card: Scorecard, beside: str = BESIDE, fewest: int = 5) -> pd.DataFrame:
    """Mean CRPS of the stack and of another forecast in each conflict with enough episodes."""
    table = pd.DataFrame(
        {"conflict": card.conflicts, "stack": card.crps[STACK], "beside": card.crps[beside]}
    )
    out = table.groupby("conflict").agg(
        episodes=("stack", "size"), stack=("stack", "mean"), beside=("beside", "mean")
    )
    return out[out["episodes"] >= fewest].sort_values("episodes", ascending=False)


def lines(card: Scorecard) -> list[str]:
    """The scorecard for a terminal."""
    count = len(card.conflicts)
    out = [
        f"{card.kind}: {count} episodes of {len(set(card.conflicts))} conflicts",
        f"{'forecast':24}{'CRPS':>7}{'bits':>7}{'Brier':>7}{'50 %':>6}{'90 %':>6}"
        "   the stack's CRPS is",
    ]
    for row in card.totals.sort_values("crps", ascending=False).to_dict("records"):
        beside = (
            ""
            if row["forecast"] == STACK
            else (f"{row['against']:+7.1%} ({row['low']:+.1%} to {row['high']:+.1%})")
        )
        out.append(
            f"{row['forecast']:24}{row['crps']:7.3f}{row['bits']:7.2f}{row['brier']:7.3f}"
            f"{row['held_50']:6.2f}{row['held_90']:6.2f}   {beside}"
        )
    shares = ", ".join(f"{name} {weight:.2f}" for name, weight in card.weights.items())
    out.append(f"weights of the stack: {shares}")
    out.append(f"paths: gain over '{BESIDE}' of")
    for outcome in OUTCOMES:
        own = card.paths[(card.paths["outcome"] == outcome)]
        parts = [
            f"{row['forecast']} {row['gain']:+.1%} ({row['low']:+.1%} to {row['high']:+.1%})"
            for row in own.to_dict("records")
            if row["forecast"] in (STACK, "forest, scaled", "own-dyad Hawkes") and "gain" in row
        ]
        if parts:
            out.append(f"  {outcome:22} {'; '.join(parts)}")
    return out


__all__ = ["Scorecard", "by_conflict_skill", "by_kind_of_order", "lines", "score"]
