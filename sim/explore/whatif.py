"""A what-if: the baseline and other futures on common random numbers, compared pair by pair.

Every draw is a function of (seed, replicate, mechanism, entity, index), so a replicate and its
counterpart in a variant differ by what the variant changes and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from sim.ensemble import Ensemble, Posterior, draw_parameters, simulate
from sim.ensemble.parameters import as_vectors
from sim.explore.pairs import compare_pairs
from sim.model import Fork
from sim.scenario import LoadedScenario, with_variant
from sim.scenario.schema import Scenario
from sim.scenario.vocabulary import DecisionMode

BASELINE = "baseline"


@dataclass
class WhatIf:
    """A baseline and its other futures.

    Attributes:
        baseline: the scenario as written.
        futures: variant name to its ensemble, the same replicates.
        table: one row per variant and observable, see `compare_pairs`.
        extrapolated: variants about which no report can say anything.
        fork_at: the instant up to which all share the baseline's history, or None.
    """

    baseline: Ensemble
    futures: dict[str, Ensemble]
    table: pd.DataFrame
    extrapolated: list[str]
    fork_at: datetime | None


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
    beyond = [
        name
        for name, scenario in scenarios.items()
        if loaded.scenario.variants[name].extrapolation or order_beyond_clock(scenario)
    ]
    table["extrapolation"] = table["variant"].isin(beyond)
    return WhatIf(baseline, futures, table, beyond, fork_at)


def order_beyond_clock(scenario: Scenario) -> bool:
    """Whether a scripted order is moved past the end of the clock, so that it never comes."""
    for decision in scenario.decisions:
        if decision.mode is DecisionMode.SCRIPTED and decision.window is not None:
            last = (decision.window.latest - scenario.clock.start).total_seconds() / 3600
            horizon = (scenario.clock.end - scenario.clock.start).total_seconds() / 3600
            if last + decision.shift_h > horizon:
                return True
    return False
