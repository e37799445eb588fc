"""Crossing: whether the dead of one side bring dead on the other side in the days after."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.fact import Fact, bootstrap
from sim.episodes.persistence import CLEAR, busiest, fit_daily

FEWEST_DAYS = 40
"""Days with dead of each side below which a dyad is not fitted."""

SOURCE = "events with sides"
SOURCE_DAILY = "deaths of both sides"


def sided_days(events: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Per dyad f8[2, T]: events of a day in which side a, side b lost somebody."""
    known = events[(events["exact"] == 1) & events["deaths_a"].notna()]
    number = (pd.to_datetime(known["date"]) - pd.Timestamp("1980-01-01")).dt.days
    out = {}
    for dyad, rows in known.groupby("dyad_no"):
        day = number[rows.index].to_numpy() - number[rows.index].min()
        both = np.stack(
            [
                1.0
                * np.bincount(
                    day, weights=(rows[side] > 0).to_numpy(float), minlength=day.max() + 1
                )
                for side in ("deaths_a", "deaths_b")
            ]
        )
        if (both > 0).sum(axis=1).min() >= FEWEST_DAYS:
            out[str(dyad)] = both
    return out


def crossing_facts(pairs: dict[str, NDArray[np.float64]], source: str, prefix: str) -> list[Fact]:
    """Branching across sides per dyad and direction, beside the same with time turned round."""
    ratios, delays, clear, turned = [], [], [], []
    for both in pairs.values():
        part = both[:, busiest(both.sum(axis=0))]
        for side in (0, 1):
            own, other = part[side], part[1 - side]
            alone = fit_daily(own, [own])
            with_other = fit_daily(own, [own, other])
            back, back_other = own[::-1].copy(), other[::-1].copy()
            placebo = (
                fit_daily(back, [back, back_other]).log_likelihood
                - fit_daily(back, [back]).log_likelihood
            )
            gain = with_other.log_likelihood - alone.log_likelihood
            clear.append(2 * gain > CLEAR and gain > placebo)
            turned.append(2 * placebo > CLEAR)
            ratios.append(with_other.ratios[1])
            delays.append(with_other.delays[1])
    ratio, delay, sure = np.array(ratios), np.array(delays), np.array(clear)
    back_sure = np.array(turned)
    count = len(ratio)
    if not count:
        return []
    rows = [
        (
            "clear_share",
            lambda i: float(sure[i].mean()),
            "share of directions",
            "share of directions clear and beyond the same with time turned round",
        ),
        (
            "placebo_share",
            lambda i: float(back_sure[i].mean()),
            "share of directions",
            "share of directions that look clear with time turned round",
        ),
        (
            "branching_median",
            lambda i: float(np.median(np.where(sure, ratio, 0)[i])),
            "dead-days per dead-day",
            "median ratio, 0 where not clear",
        ),
        (
            "branching_mean",
            lambda i: float(np.mean(np.where(sure, ratio, 0)[i])),
            "dead-days per dead-day",
            "mean ratio, 0 where not clear",
        ),
        (
            "branching_p90",
            lambda i: float(np.quantile(np.where(sure, ratio, 0)[i], 0.9)),
            "dead-days per dead-day",
            "90th percentile of the ratio, 0 where not clear",
        ),
        (
            "branching_clear_median",
            lambda i: float(np.median(ratio[i][sure[i]])) if sure[i].any() else np.nan,
            "dead-days per dead-day",
            "median ratio where clear",
        ),
        (
            "delay_clear_median",
            lambda i: float(np.median(delay[i][sure[i]])) if sure[i].any() else np.nan,
            "days",
            "median mean delay where clear",
        ),
    ]
    return [
        Fact(
            f"{prefix}_{name}",
            "sides",
            *bootstrap(count, statistic, 31),
            unit,
            count,
            f"Events in which the other side lost somebody, answered by own losses on later "
            f"days: {what}; own losses and tide accounted for; bootstrap over dyad directions.",
            source,
        )
        for name, statistic, unit, what in rows
    ]


def both_sides(path: str) -> NDArray[np.float64]:
    """Events per day as f8[2, T] of a table `date`, `victim`, `deaths`: rows per victim side.

    A row is the dead of one district and day, so it is counted as one event.
    """
    table = pd.read_csv(path)
    day = (pd.to_datetime(table["date"]) - pd.to_datetime(table["date"]).min()).dt.days
    sides = sorted(table["victim"].unique())
    length = int(day.max()) + 1
    return np.stack(
        [
            np.bincount(day[table["victim"] == side], minlength=length).astype(float)
            for side in sides
        ]
    )
