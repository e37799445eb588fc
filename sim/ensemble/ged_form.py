"""Event logs in columns like UCDP GED's: one run event by event, or all runs day by day.

Column names follow the public codebook; the ids begin with SIM, because no event here was observed.
As in GED, only what killed somebody is an event.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from sim.ensemble.ensemble import local_time
from sim.scenario.schema import Scenario
from sim.scenario.vocabulary import FactionKind

COLUMNS = (
    "id", "year", "type_of_violence", "dyad_name", "side_a", "side_b", "source_article",
    "where_prec", "where_coordinates", "adm_1", "country", "latitude", "longitude", "date_prec",
    "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown",
    "best", "high", "low",
)  # fmt: skip

LOW, HIGH = 0.05, 0.95
"""Quantiles over the replicates that stand as low and high; best is the median."""

NOBODY = "Unattributed"


def ged_events(log: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The deadly events of one run, in order; low, best and high are the same number.

    Args:
        log: events of one replicate.
    """
    rows = []
    events: Iterable[Any] = _deadly(log).itertuples(index=False)
    for event in events:
        day = f"{local_time(scenario.clock, event.time):%Y-%m-%d}"
        dead = int(event.dead_a), int(event.dead_b)
        name = f"SIM{event.replicate}-{event.event}"
        total = sum(dead)
        pair = (str(event.side_a), str(event.side_b))
        rows.append(_row(scenario, name, day, str(event.place), pair, dead, (total,) * 3))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def daily_dead(log: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Dead per replicate, day, place and sides: columns of that name, then dead_a, dead_b."""
    deadly = _deadly(log)
    days = [f"{local_time(scenario.clock, t):%Y-%m-%d}" for t in deadly["time"]]
    frame = pd.DataFrame({
        "replicate": deadly["replicate"].to_numpy(),
        "day": days,
        "place": deadly["place"].astype(str).to_numpy(),
        "side_a": deadly["side_a"].astype(str).to_numpy(),
        "side_b": deadly["side_b"].astype(str).to_numpy(),
        "dead_a": deadly["dead_a"].to_numpy(np.int64),
        "dead_b": deadly["dead_b"].to_numpy(np.int64),
    })  # fmt: skip
    # A scenario may name a dyad either way round; here the two are one.
    turned = frame["side_a"] > frame["side_b"]
    for one, two in (("side_a", "side_b"), ("dead_a", "dead_b")):
        first, second = frame[one].copy(), frame[two].copy()
        frame[one], frame[two] = first.where(~turned, second), second.where(~turned, first)
    keys = ["replicate", "day", "place", "side_a", "side_b"]
    return frame.groupby(keys, as_index=False, sort=True).sum()


def ged_days(dead: pd.DataFrame, scenario: Scenario, replicates: int) -> pd.DataFrame:
    """One row per day, place and dyad: low, best, high over all replicates, those without too.

    Args:
        dead: as `daily_dead` gives it, of all replicates together.
        replicates: how many there are; one that is missing in `dead` counts as 0.
    """
    rows = []
    groups = dead.groupby(["day", "place", "side_a", "side_b"], sort=True)
    for number, (key, group) in enumerate(groups):
        day, place, first, second = (str(part) for part in key)
        toll = np.zeros(replicates)
        toll[: len(group)] = (group["dead_a"] + group["dead_b"]).to_numpy()
        low, best, high = (
            int(x) for x in np.quantile(toll, (LOW, 0.5, HIGH), method="inverted_cdf")
        )
        if high == 0:
            continue
        share = group["dead_a"].sum() / max((group["dead_a"] + group["dead_b"]).sum(), 1)
        own = round(best * float(share))
        rows.append(
            _row(scenario, f"SIM-{number}", day, place, (first, second), (own, best - own),
                 (low, best, high))
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _deadly(log: pd.DataFrame) -> pd.DataFrame:
    return log[(log["dead_a"] + log["dead_b"]) > 0]


def _row(
    scenario: Scenario, name: str, day: str, place: str, pair: tuple[str, str],
    dead: tuple[int, int], tolls: tuple[int, int, int],
) -> tuple[Any, ...]:  # fmt: skip
    factions = {faction.id: faction for faction in scenario.factions}
    where = next((one for one in scenario.places if one.id == place), None)
    sides = [factions[one].name if one in factions else NOBODY for one in pair]
    kinds = [factions[one].kind if one in factions else None for one in pair]
    kind = 2
    if FactionKind.SECURITY in kinds:
        kind = 1
    elif FactionKind.MOVEMENT in kinds:
        kind = 3
    low, best, high = tolls
    return (
        name, int(day[:4]), kind, " - ".join(sides), *sides, "simulated", 1,
        where.name if where else "", "", "", where.latitude if where else None,
        where.longitude if where else None, 1, day, day, *dead, 0, 0, best, high, low,
    )  # fmt: skip
