"""A typical run: of the middle half by toll, the nearest to the median in which some answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.ensemble import Ensemble
from sim.ensemble.parameter_draws import as_vectors
from sim.model import simulate_block

FIGHTING = ("clash", "barrage", "breach")
MOST_TRIED = 12
"""Runs near the median that are looked through for one with a reprisal."""


@dataclass(frozen=True)
class TypicalRun:
    """One run and who answered whom in it.

    Attributes:
        replicate: its number in the ensemble.
        dead, median: its toll, and that of the median run.
        fights: clashes, barrages and breaches in it.
        log: those of them that answer another one or were answered, as the model keeps a log.
    """

    replicate: int
    dead: int
    median: float
    fights: int
    log: pd.DataFrame

    @property
    def answers(self) -> int:
        return int((self.log["cause"].isin(self.log["event"])).sum())


def typical_run(ensemble: Ensemble) -> TypicalRun | None:
    """The typical run of an ensemble with hourly series, or None where nobody answered.

    The run is simulated once more for its log, and is the very replicate of that number; where an
    ensemble is not the model's own, the logged runs are all there is.
    """
    tolls = np.asarray(ensemble.hourly["dead"], dtype=np.float64).sum(axis=(1, 2))
    median = float(np.median(tolls))
    low, high = np.quantile(tolls, (0.25, 0.75))
    order = np.argsort(np.abs(tolls - median), kind="stable")
    near = [int(run) for run in order if low <= tolls[run] <= high][:MOST_TRIED]
    logs = _logs(ensemble, near, tolls)
    for run, log in logs:
        fights = log[log["kind"].isin(FIGHTING)]
        answers = fights[fights["cause"].isin(fights["event"])]
        if len(answers):
            kept = fights["event"].isin(answers["event"]) | fights["event"].isin(answers["cause"])
            return TypicalRun(run, int(tolls[run]), median, len(fights), fights[kept])
    return None


def _logs(ensemble: Ensemble, near: list[int], tolls: np.ndarray) -> list[tuple[int, pd.DataFrame]]:
    """The logs of these runs, nearest first; of the logged ones where they cannot be had again."""
    if near and ensemble.fork_at is None:
        output = simulate_block(
            ensemble.scenario, as_vectors(ensemble.parameters.iloc[near]), ensemble.seed, near,
            keep="log", threads=1,
        )  # fmt: skip
        events = output.events
        if events is not None:
            logs = [(run, events[events["replicate"] == run]) for run in near]
            if all(_dead(log) == tolls[run] for run, log in logs):
                return logs
    if ensemble.events is None:
        return []
    groups = {int(str(run)): log for run, log in ensemble.events.groupby("replicate")}
    middle = float(np.median(tolls))
    runs = sorted(groups, key=lambda run: (abs(tolls[run] - middle), run))
    return [(run, groups[run]) for run in runs]


def _dead(log: pd.DataFrame) -> int:
    return int(log["dead_a"].sum() + log["dead_b"].sum())
