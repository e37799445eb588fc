"""A run: a scenario simulated, compared with its reports and with baselines, in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.calibrate.posterior_file import posterior_for
from sim.compare import Comparison, baselines_of, compare
from sim.compare.baselines import without_reprisals
from sim.ensemble import Ensemble, simulate
from sim.ensemble.tables import MEASURE_UNITS
from sim.explore.whatif import unreported
from sim.inputs import InputError, Problem
from sim.model.own_rules import Rules, read_rules
from sim.scenario import LoadedScenario, load_checked, load_scenario

MOST_BYTES = 2_000_000_000
"""Memory that the hourly series may take; a run keeps all of them until they are drawn."""

ENOUGH = 500
"""Replicates below which the ends of a 90 % interval are too rough to be quoted."""

FITTED = "this posterior was fitted to facts with role 'calibrate'; agreement with those is no test"


@dataclass(repr=False)
class Run:
    """What a run found.

    Attributes:
        loaded: the scenario as run, with its evidence.
        ensemble: its replicates.
        comparison: the ensemble beside the reports and the baselines.
        drawn: which parameters were drawn and why, in a sentence.
        settings: what was set over the scenario's file, dotted path to value.
        path: the scenario's file as it was named.
    """

    loaded: LoadedScenario
    ensemble: Ensemble
    comparison: Comparison
    drawn: str
    settings: dict[str, Any] = field(default_factory=dict)
    path: str = ""

    @property
    def notes(self) -> list[str]:
        """What one has to know before quoting a number, one sentence each, the gravest first."""
        notes = [f"extrapolation: {why}" for why in unreported(self.ensemble.scenario)]
        if self.ensemble.variant or self.settings:
            notes.append("the reports speak of what happened, not of this changed scenario")
        if self.ensemble.posterior:
            notes.append(FITTED)
        if self.ensemble.replicates < ENOUGH:
            notes.append(
                f"{self.ensemble.replicates} replicates are few; quote intervals from {ENOUGH} "
                "or more"
            )
        return notes

    def __repr__(self) -> str:
        return f"{self.drawn}\nRun of {self.ensemble.scenario.name}: {self.comparison.summary}"


def run(
    path: str | Path,
    replicates: int = 500,
    seed: int = 1,
    *,
    variant: str | None = None,
    settings: dict[str, Any] | None = None,
    posterior: str | None = None,
    engine: str = "kernel",
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    loaded: LoadedScenario | None = None,
    rules: Rules | None = None,
) -> Run:
    """Run a scenario's file as the command ``run`` does, without writing anything.

    ``posterior``: a file of weighted draws, ``'prior'``, or None for the reference shipped for this
    very scenario and model, else the priors. ``progress`` is told of replicates as they are done,
    two for each of ``replicates``: the baseline without reprisals has as many. ``loaded``: the same
    file with the same variant, settings and rules, where the caller has loaded it. ``rules``: a
    file of the user's own that it runs under.

    Raises:
        InputError: the scenario, a setting or the posterior cannot be used, or the hourly series
            would not fit into memory; or the rules cannot be used.
    """
    settings = dict(settings or {})
    own = read_rules(rules) if loaded is None else loaded.scenario.rules
    loaded = loaded or load_checked(path, variant, settings, own)
    _check_size(loaded, replicates)
    as_written = load_scenario(path, rules=own) if variant or settings else loaded.scenario
    chosen, drawn = posterior_for(posterior, as_written)
    ensemble = simulate(
        loaded.scenario, replicates, seed, engine, threads=threads, posterior=chosen,
        progress=progress, variant=variant,
    )  # fmt: skip
    without = without_reprisals(ensemble, threads=threads, progress=progress)
    comparison = compare(ensemble, loaded.evidence, baselines_of(ensemble, without))
    return Run(loaded, ensemble, comparison, drawn, settings, str(path))


def _check_size(loaded: LoadedScenario, replicates: int) -> None:
    scenario = loaded.scenario
    per_replicate = scenario.clock.steps * len(scenario.places) * len(MEASURE_UNITS) * 4
    if replicates * per_replicate > MOST_BYTES:
        message = f"--replicates {replicates}: the hourly series would not fit into memory"
        expected = f"at most {MOST_BYTES // per_replicate} for this scenario"
        raise InputError([Problem("run", None, None, message, expected)])
