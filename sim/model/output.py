"""The output of a batch of runs: only what was asked for is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model import layout
from sim.model.layout import EVENT_KINDS, SERIES
from sim.scenario.schema import Scenario

KEEPS = ("totals", "hourly", "log")
EVENT_COLUMNS = (
    "replicate", "event", "cause", "time", "kind", "subject", "place", "actor", "target",
    "side_a", "side_b", "dead_a", "dead_b", "wounded", "value",
)  # fmt: skip


@dataclass
class Output:
    """What a batch of R runs gave.

    ``observables`` f8[R, K] in the scenario's order, NaN where missing; ``orders`` f8[R, D], hours
    from the clock's start, NaN where never given; ``series`` f4[R or 0, T, P, V] per step, place
    and entry of ``layout.SERIES``; ``events`` the logs, if kept.
    """

    observables: NDArray[np.float64]
    orders: NDArray[np.float64]
    series: NDArray[np.float32]
    events: pd.DataFrame | None = field(default=None)

    @property
    def hourly(self) -> dict[str, NDArray[np.float32]]:
        """The series by name, each f4[R, T, P]."""
        return {name: self.series[..., i] for i, name in enumerate(SERIES)}


def name_events(scenario: Scenario, replicate: int, log: NDArray[np.float64]) -> pd.DataFrame:
    """A run's log rows as a frame with names for numbers; one row per event.

    Who acted and whom it hit (``actor``, ``target``) are empty where neither a source nor a rule
    says so; ``side_a`` and ``side_b`` are a clash's two factions in the order of
    the scenario's dyad, ``dead_a`` and ``dead_b`` their dead. A barrage's dead are bystanders:
    ``dead_b``, of no side.
    """
    factions = [faction.id for faction in scenario.factions]
    places = [place.id for place in scenario.places]
    subjects = {
        layout.TRIGGER_EVENT: [t.id for t in (*scenario.triggers, *scenario.schedules)],
        layout.ORDER_EVENT: [d.id for d in scenario.decisions],
        layout.CROWD_EVENT: [c.id for c in scenario.crowds],
        layout.PUSH_EVENT: [c.id for c in scenario.crowds],
        layout.BREACH_EVENT: [c.id for c in scenario.crowds],
        layout.SECURITY_EVENT: [d.id for d in scenario.deployments],
        layout.REPORT_EVENT: [o.id for o in scenario.outlets],
    }

    def pick(names: list[str], number: float) -> str:
        return names[int(number)] if number >= 0 else ""

    rows = [
        (
            replicate, int(row[layout.L_EVENT]), int(row[layout.L_CAUSE]), row[layout.L_TIME],
            EVENT_KINDS[int(row[layout.L_KIND])],
            pick(subjects.get(int(row[layout.L_KIND]), []), row[layout.L_SUBJECT])
            if int(row[layout.L_KIND]) in subjects else "",
            pick(places, row[layout.L_PLACE]), pick(factions, row[layout.L_ACTOR]),
            pick(factions, row[layout.L_TARGET]), pick(factions, row[layout.L_SIDE_A]),
            pick(factions, row[layout.L_SIDE_B]), int(row[layout.L_DEAD_A]),
            int(row[layout.L_DEAD_B]), int(row[layout.L_WOUNDED]), row[layout.L_VALUE],
        )
        for row in log
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))
