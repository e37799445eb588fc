"""Tolls: how many die in one event, between dyads and within a dyad."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.episodes.fact import Fact, bootstrap

KINDS = {1: "state", 2: "nonstate", 3: "onesided"}
SOURCE = "events"


def toll_facts(events: pd.DataFrame, dyads: pd.DataFrame) -> list[Fact]:
    """Deaths per event with an exact day, by type of violence; dyads are resampled."""
    table = events[events["exact"] == 1].merge(dyads[["dyad_no", "type"]], on="dyad_no")
    facts = []
    for number, kind in KINDS.items():
        own = table[table["type"] == number]
        groups = [part.to_numpy() for _, part in own.groupby("dyad_no")["best"]]
        logs = [np.log(part[part > 0]) for part in groups]
        wide = [part for part in logs if len(part) >= 20]
        joined = np.concatenate(groups)
        rows = (
            (
                "mean",
                lambda i, g=groups: float(np.concatenate([g[k] for k in i]).mean()),
                groups,
                "deaths",
                "mean",
            ),
            (
                "median",
                lambda i, g=groups: float(np.median(np.concatenate([g[k] for k in i]))),
                groups,
                "deaths",
                "median",
            ),
            (
                "zero_share",
                lambda i, g=groups: float((np.concatenate([g[k] for k in i]) == 0).mean()),
                groups,
                "share",
                "share with best estimate 0",
            ),
            (
                "one_share",
                lambda i, g=groups: float((np.concatenate([g[k] for k in i]) == 1).mean()),
                groups,
                "share",
                "share with exactly one death",
            ),
            (
                "p95",
                lambda i, g=groups: float(np.quantile(np.concatenate([g[k] for k in i]), 0.95)),
                groups,
                "deaths",
                "95th percentile",
            ),
            (
                "log_sd_within",
                lambda i, w=wide: float(np.sqrt(np.mean([w[k].var(ddof=1) for k in i]))),
                wide,
                "log",
                "sd of the log of deaths within a dyad, events with any",
            ),
            (
                "log_sd_between",
                lambda i, w=wide: float(np.std([np.log(np.exp(w[k]).mean()) for k in i])),
                wide,
                "log",
                "sd between dyads of the log of the mean",
            ),
        )
        for name, statistic, units, unit, what in rows:
            value = bootstrap(len(units), statistic, 21, times=300)
            facts.append(
                Fact(
                    f"deaths_per_event_{kind}_{name}",
                    "toll",
                    *value,
                    unit,
                    len(joined) if units is groups else len(wide),
                    f"Deaths per event (best estimate), {kind.replace('nonstate', 'non-state')}: "
                    f"{what}; interval by bootstrap over dyads.",
                    SOURCE,
                )
            )
    return facts
