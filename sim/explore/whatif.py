"""A what-if: the baseline and other futures on common random numbers, compared pair by pair.

Every draw is a function of (seed, replicate, mechanism, entity, index), so a replicate and its
counterpart in a variant differ by what the variant changes and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from sim.ensemble import Ensemble, Posterior, draw_parameters, simulate
from sim.ensemble.parameter_draws import as_vectors
from sim.explore.pairs import compare_pairs
from sim.model import Fork
from sim.scenario import LoadedScenario, with_variant
from sim.scenario.schema import Scenario
from sim.scenario.shifts import orders_before_cause
from sim.scenario.vocabulary import DecisionMode

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
        reasons: for those of `extrapolated` whose orders are moved too far, why.
    """

    baseline: Ensemble
    futures: dict[str, Ensemble]
    table: pd.DataFrame
    extrapolated: list[str]
    fork_at: datetime | None
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
    posterior: Posterior | None = None,
    fork_at: datetime | None = None,
    keep: str = "hourly",
    progress: Callable[[int], None] | None = None,
) -> WhatIf:
    """Run the baseline and the variants on common random numbers.

    With ``fork_at`` a variant's changes hold from that instant on, and the history before it is the
    baseline's to the byte. Raises InputError for an unknown variant and ValueError for a fork that
    is outside the clock or changes the number of places, factions or cells.
    """
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
    return WhatIf(baseline, futures, table, beyond, fork_at, reasons)


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
