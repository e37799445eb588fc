"""A what-if: a baseline and futures on the same random numbers, compared pair by pair.

Every draw is a function of (seed, replicate, mechanism, entity, index), so a replicate and its
counterpart in a variant differ by what the variant changes and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.posterior_file import posterior_for
from sim.compare import Comparison, baselines_of, compare
from sim.compare.verdict import Judgement
from sim.ensemble import Ensemble, Posterior, draw_parameters, simulate
from sim.ensemble.levels import quantile_row
from sim.ensemble.parameter_draws import as_vectors
from sim.model import Fork
from sim.scenario import LoadedScenario, with_variant
from sim.scenario.schema import Scenario
from sim.scenario.shifts import orders_before_cause
from sim.scenario.vocabulary import TIME_STATISTICS, DecisionMode

BASELINE = "baseline"


@dataclass(repr=False)
class WhatIf:
    """A baseline and its other futures.

    Attributes:
        baseline: the scenario as written.
        futures: variant name to its ensemble, the same replicates.
        table: one row per variant and observable, see `compare_pairs`.
        extrapolated: variants about which no report can say anything.
        fork_at: the instant up to which all share the baseline's history, or None.
        comparison: the baseline beside the reports and the simple rules: the ground on which every
            difference stands.
        reasons: for those of `extrapolated` whose orders are moved too far, why.
    """

    baseline: Ensemble
    futures: dict[str, Ensemble]
    table: pd.DataFrame
    extrapolated: list[str]
    fork_at: datetime | None
    comparison: Comparison
    reasons: dict[str, list[str]] = field(default_factory=dict)

    @property
    def drawn_from(self) -> str:
        """Which parameters were drawn, in a sentence."""
        return self.baseline.drawn_from

    def __repr__(self) -> str:
        return (
            f"{self.drawn_from}\n"
            f"WhatIf of {self.baseline.scenario.name}: {self.baseline.replicates} pairs, "
            f"variants {', '.join(self.futures)}"
        )


def what_if(
    loaded: LoadedScenario,
    variants: list[str],
    replicates: int = 2000,
    seed: int = 1,
    *,
    threads: int | None = None,
    posterior: Posterior | str | None = None,
    fork_at: datetime | None = None,
    keep: str = "hourly",
    progress: Callable[[int], None] | None = None,
) -> WhatIf:
    """Run the baseline and the variants on common random numbers.

    With ``fork_at`` a variant's changes hold from that instant on, and the history before it is the
    baseline's to the byte. ``posterior``: draws, their file, ``'prior'``, or None for the posterior
    that fits the scenario's file, as `sim.run` takes it. Raises InputError for an unknown variant
    and ValueError for a fork that is outside the clock or changes the number of places, factions or
    cells.
    """
    if not isinstance(posterior, Posterior):
        posterior, _ = posterior_for(posterior, loaded.as_written)
    scenarios = {name: with_variant(loaded, name) for name in variants}
    baseline = simulate(
        loaded.scenario, replicates, seed, threads=threads, posterior=posterior, keep=keep,
        progress=progress,
    )  # fmt: skip
    futures: dict[str, Ensemble] = {}
    for name, scenario in scenarios.items():
        fork = None
        if fork_at is not None:
            drawn = draw_parameters(scenario, seed, list(range(replicates)), posterior)
            fork = Fork(fork_at, scenario, as_vectors(drawn))
        futures[name] = simulate(
            scenario if fork is None else loaded.scenario, replicates, seed, threads=threads,
            posterior=posterior, keep=keep, progress=progress, variant=name, fork=fork,
        )  # fmt: skip
    table = pd.concat(
        [compare_pairs(baseline, future, name) for name, future in futures.items()],
        ignore_index=True,
    )
    reasons = {name: said for name, s in scenarios.items() if (said := unreported(s))}
    beyond = [n for n in scenarios if loaded.scenario.variants[n].extrapolation or n in reasons]
    table["extrapolation"] = table["variant"].isin(beyond)
    comparison = compare(baseline, loaded.evidence, baselines_of(baseline))
    table = on_its_ground(table, comparison)
    return WhatIf(baseline, futures, table, beyond, fork_at, comparison, reasons)


def on_its_ground(table: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """The paired differences with what was reported and how the baseline agrees with it.

    Adds ``reported_text``, ``baseline_probability`` (of the reported range), ``baseline_verdict``
    (see `sim.compare.verdict`) and ``grounded``: False where the baseline disagrees with the
    reports, so that a ratio to it says nothing of what happened.
    """
    ground = comparison.table.set_index("id")
    told = ground.loc[table["observable"]] if len(table) else ground.head(0)
    return table.assign(
        reported_text=told["reported_text"].to_numpy(),
        baseline_probability=told["probability"].to_numpy(),
        baseline_verdict=told["verdict"].to_numpy(),
        grounded=(told["verdict"] != Judgement.DISAGREES).to_numpy(),
    )


def unreported(scenario: Scenario) -> list[str]:
    """Why no report can speak for a scenario's moved orders, one sentence each; empty if some can.

    A scripted order that may fall past the end of the clock may never come; one that is moved to
    before its cause answers what has not happened.
    """
    said = []
    for decision in scenario.decisions:
        if decision.mode is DecisionMode.SCRIPTED and decision.window is not None:
            last = (decision.window.latest - scenario.clock.start).total_seconds() / 3600
            horizon = (scenario.clock.end - scenario.clock.start).total_seconds() / 3600
            if last + decision.shift_h > horizon:
                said.append(f"the order '{decision.id}' may never come: its hours end at the clock")
    return said + orders_before_cause(scenario)


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
