"""Scoring predictions against facts: log score everywhere, VIEWS scores where a value stands."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.facts import ReportedFact
from sim.compare import Reading
from sim.compare.scores import crps, ignorance, interval_score, log_score

LEVELS = {"inside50": 0.5, "inside90": 0.9}
RESAMPLES = 2_000
FEWEST = 5
"""Observables below which nothing is claimed: four gains of one sign are chance in one of eight."""


def scores_of(fact: ReportedFact, draws: NDArray[np.float64], end_h: float) -> dict[str, float]:
    """Scores of one prediction [S] for one fact; smaller is better but for ``inside50/90``.

    ``log_score`` (bits) is that of the reported range, readings weighted; ``log_error`` its Monte
    Carlo standard error. ``crps``, ``mis`` (in
    the observable's unit), ``ign`` (bits, counts only) and ``crps_scaled`` need a value: the
    stated one, or the middle of a closed range; NaN where there is none. ``crps_scaled`` is the
    CRPS of log(1 + count), or of a time in days, so that observables can be averaged. A time that
    never came is scored as ``end_h``, the end of the clock, in all but the log score.
    """
    probability = float(sum(r.weight * np.mean(r.holds(draws)) for r in fact.readings))
    filled = np.where(np.isfinite(draws), draws, end_h) if fact.is_time else draws
    held = max(probability, 0.5 / len(draws))
    found = {
        "probability": probability,
        "log_score": log_score(probability, len(draws)),
        "log_error": math.sqrt((1 - held) / (held * len(draws))) / math.log(2),
    }
    for name, level in LEVELS.items():
        low, high = np.quantile(filled, [(1 - level) / 2, (1 + level) / 2])
        met = sum(r.weight for r in fact.readings if r.meets(float(low), float(high)))
        found[name] = float(met >= 0.5 - 1e-9)
    values = [(r.weight, y) for r in fact.readings if math.isfinite(y := value_of(r))]
    total = sum(weight for weight, _ in values)
    for name in ("crps", "mis", "ign", "crps_scaled"):
        found[name] = (
            sum(w * _score(name, fact, filled, y) for w, y in values) / total
            if values
            else math.nan
        )
    return found


def value_of(reading: Reading) -> float:
    """The stated value of a reading, else the middle of its closed range, else NaN."""
    if reading.best is not None:
        return reading.best
    middle = (reading.low + reading.high) / 2
    return middle if math.isfinite(middle) else math.nan


def skill(
    own: NDArray[np.float64],
    rival: NDArray[np.float64],
    error: NDArray[np.float64] | None = None,
    seed: int = 1,
) -> tuple[float, float, float, str]:
    """Mean advantage over a rival on the same observables [n], its 90 % interval, and a verdict.

    The advantage is rival score minus own score, above 0 where the model is better; the interval
    is a paired bootstrap over observables, widened by the Monte Carlo standard ``error`` [n] of
    each difference. The verdict is ``better`` or ``worse`` where it excludes zero, else ``cannot
    tell``. Observables of one episode depend on each other,
    so the interval is too narrow rather than too wide.
    """
    gain = rival - own
    known = np.isfinite(gain)
    noise = np.zeros(len(gain)) if error is None else error
    gain, noise = gain[known], noise[known]
    if len(gain) < FEWEST:
        mean = float(gain.mean()) if len(gain) else math.nan
        return mean, math.nan, math.nan, "cannot tell"
    generator = np.random.Generator(np.random.Philox(key=[seed, len(gain)]))
    picked = generator.integers(0, len(gain), size=(RESAMPLES, len(gain)))
    chance = generator.normal(size=(RESAMPLES, len(gain))) * noise[picked]
    low, high = np.quantile((gain[picked] + chance).mean(axis=1), [0.05, 0.95])
    verdict = "better" if low > 0 else "worse" if high < 0 else "cannot tell"
    return float(gain.mean()), float(low), float(high), verdict


def skill_table(scores: pd.DataFrame, own: str = "model") -> pd.DataFrame:
    """Skill of ``own`` against every other forecast, per trial, mode and group.

    ``scores``: one row per trial, mode, group, target, observable and forecast. Columns of the
    result: trial, mode, group, rival, score, n, gain, low, high, verdict.
    """
    keys = ["trial", "mode", "group"]
    rows = []
    for (trial, mode, group), part in scores.groupby(keys, sort=False):
        for score in ("log_score", "crps_scaled"):
            index = ["target", "observable"]
            wide = part.pivot(index=index, columns="forecast", values=score)
            errors = part.pivot(index=index, columns="forecast", values="log_error") ** 2
            for rival in [name for name in dict.fromkeys(part["forecast"]) if name != own]:
                both = wide[[own, rival]].dropna()
                # runs share their chance, so adding the errors is on the safe side
                added = np.sqrt(errors.loc[both.index, [own, rival]].sum(axis=1).to_numpy())
                error = added if score == "log_score" else None
                gain, low, high, verdict = skill(
                    both[own].to_numpy(), both[rival].to_numpy(), error
                )
                rows.append((trial, mode, group, rival, score, len(both), gain, low, high, verdict))
    names = [*keys, "rival", "score", "n", "gain", "low", "high", "verdict"]
    return pd.DataFrame(rows, columns=names)


def mean_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Means per trial, mode, group and forecast: log score, CRPS, IGN, MIS, coverage, and n."""
    measures = ["log_score", "crps_scaled", "crps", "ign", "mis", "inside50", "inside90"]
    grouped = scores.groupby(["trial", "mode", "group", "forecast"], sort=False)
    table = grouped[measures].mean()
    table.insert(0, "n", grouped.size())
    return table.reset_index()


def _score(name: str, fact: ReportedFact, draws: NDArray[np.float64], value: float) -> float:
    if name == "crps":
        return crps(draws, value)
    if name == "mis":
        return interval_score(draws, value)
    if name == "ign":
        return math.nan if fact.is_time or fact.is_any else ignorance(draws, value)
    if fact.is_time:
        return crps(draws / 24.0, value / 24.0)
    return crps(np.log1p(draws), math.log1p(value))


def groups_of(fact: ReportedFact, fitted: Sequence[str]) -> str:
    """``fitted``, ``held out``, ``negative`` or ``base rate``: what a score of this fact means."""
    if fact.role in ("negative", "base_rate"):
        return str(fact.role.value).replace("_", " ")
    return "fitted" if fact.role == "calibrate" and fact.scenario in fitted else "held out"
