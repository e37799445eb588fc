"""An ensemble: one scenario run many times, with parameter and process uncertainty both in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.parameter_draws import parameters_line
from sim.scenario.schema import Clock, Scenario


@dataclass(repr=False)
class Ensemble:
    """Replicates of one scenario.

    Attributes:
        scenario: as run, variant and settings applied.
        variant: name of the variant, or None.
        seed, engine: what the replicates were run with.
        parameters: [R x NP] f8, index ``replicate``, one column per parameter.
        observables: [R x K] f8, one column per observable id; NaN = missing, as a time when
            nothing happened. Times in hours since the clock's start.
        orders: [R x D] f8, hours since the clock's start at which each decision was issued, NaN
            where it never was.
        hourly: measure to f4 [R, T, P]; empty if only totals were kept.
        times: [T] start of each step, in the clock's own UTC offset.
        places: [P] ids.
        events: log of the first few replicates, or None.
        posterior: path of the posterior the parameters were resampled from, or None.
        fork_at: the instant up to which the history is another scenario's, or None.
    """

    scenario: Scenario
    variant: str | None
    seed: int
    parameters: pd.DataFrame
    observables: pd.DataFrame
    orders: pd.DataFrame
    hourly: dict[str, NDArray[np.float32]]
    times: pd.DatetimeIndex
    places: list[str]
    events: pd.DataFrame | None
    engine: str = "kernel"
    posterior: str | None = None
    fork_at: datetime | None = None

    @property
    def replicates(self) -> int:
        return len(self.observables)

    @property
    def drawn_from(self) -> str:
        """Which parameters were drawn, in a sentence: see `sim.ensemble.parameter_draws`."""
        return parameters_line(self.posterior)

    def __repr__(self) -> str:
        what = (
            self.scenario.name if self.variant is None else f"{self.scenario.name}, {self.variant}"
        )
        return (
            f"{self.drawn_from}\n"
            f"Ensemble of {what}: {self.replicates} replicates, seed {self.seed}, "
            f"{len(self.observables.columns)} observables"
        )


def step_times(clock: Clock) -> pd.DatetimeIndex:
    """Start of each step, [T], in the offset in which the clock's start is written."""
    offset = clock.start.utcoffset() or timedelta(0)
    start = pd.Timestamp(clock.start.astimezone(timezone(offset)))
    return pd.date_range(start, periods=clock.steps, freq=pd.Timedelta(hours=clock.step_h))


def local_time(clock: Clock, hours: float) -> pd.Timestamp:
    """The instant `hours` after the clock's start, in the clock's own offset, to the second."""
    offset = clock.start.utcoffset() or timedelta(0)
    start = pd.Timestamp(clock.start.astimezone(timezone(offset)))
    return (start + pd.Timedelta(hours=float(hours))).round("s")
