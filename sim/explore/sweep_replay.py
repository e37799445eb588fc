"""Replaying one run of a sweep: its point and replicate again, with its event log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.ensemble.parameter_draws import read_posterior
from sim.ensemble.tables import OBSERVABLE
from sim.explore.plan import Unit
from sim.explore.sweep import Sweep
from sim.explore.work import Worker
from sim.inputs import InputError, Problem
from sim.scenario import Scenario


@dataclass(frozen=True)
class PointReplay:
    """One run again.

    Attributes:
        scenario: with what the point changes.
        events: its log.
        observables: by id, now.
        differing: observables that are not the stored ones; None where no row is stored.
    """

    scenario: Scenario
    events: pd.DataFrame
    observables: pd.Series
    differing: list[str] | None


def replay_point(
    sweep: Sweep, point: int, replicate: int, agents: Mapping[str, type] | None = None
) -> PointReplay:
    """Run one replicate of one point again; one that failed fails again, as `StageError`.

    Raises:
        InputError: the sweep has no such point or replicate.
    """
    plan = sweep.plan
    for name, number, count in (
        ("point", point, len(plan.points)), ("replicate", replicate, plan.replicates)
    ):  # fmt: skip
        if not 0 <= number < count:
            problem = Problem(str(sweep.folder), None, None, f"the sweep has no {name} {number}",
                              f"a whole number from 0 to {count - 1}")  # fmt: skip
            raise InputError([problem])
    posterior = read_posterior(plan.posterior) if plan.posterior else None
    worker = Worker(plan, posterior, dict(agents or {}))
    scenario, output = worker.run(Unit(-1, point, replicate, replicate + 1), keep="log")
    names = [observable.id for observable in scenario.observables]
    now = pd.Series(output.observables[0], names)
    events = output.events if output.events is not None else pd.DataFrame()
    return PointReplay(scenario, events, now, _differing(sweep, point, replicate, now))


def _differing(sweep: Sweep, point: int, replicate: int, now: pd.Series) -> list[str] | None:
    import pyarrow.dataset as ds

    if sweep.plan.per != "replicate" or not sweep.store.row_files():
        return None
    wanted = (ds.field("point") == point) & (ds.field("replicate") == replicate)
    rows = sweep.dataset().to_table(filter=wanted).to_pandas()
    if rows.empty:
        return None
    then = rows.iloc[0]
    return [
        str(name)
        for name, value in now.items()
        if not (value == then[f"{OBSERVABLE}{name}"]
                or (pd.isna(value) and pd.isna(then[f"{OBSERVABLE}{name}"])))
    ]  # fmt: skip
