"""Make the invented library docs/examples/invented_episodes, 60 episodes of wars that never were.

Run ``python docs/examples/invent_episodes.py`` from the project's top folder. Every number comes
from a fixed seed and a simple self-exciting count process: nothing in it is from any data set.
``--to FOLDER`` writes elsewhere.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, os.getcwd())

import numpy as np
import pandas as pd

from sim.episodes.cutter import cut
from sim.episodes.episode_library import write_library

FOLDER = Path(__file__).with_name("invented_episodes")
SEED = 20300501
DAYS = 500
FIRST = pd.Timestamp("2030-01-01")
PER_KIND = 20
COUNTRIES = {
    "Ansa": ["Red Dawn", "Coast Guard League", "Hill Council"],
    "Brevia": ["Grey Column", "Lake Front"],
    "Corvania": ["Free Pass", "Salt Union", "Night Watch"],
    "Dorsia": ["Two Rivers"],
    "Estmark": ["Old Oath", "Young Oath"],
    "Faland": ["Ash Circle"],
}


def invent() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Events, dyads and orders."""
    rng = np.random.default_rng(SEED)
    events, dyads, orders = [], [], []
    for country, groups in COUNTRIES.items():
        corner = rng.integers(-30, 30, 2)
        for group in groups:
            key = f"{country}|1|Government of {country} - {group}"
            number = str(len(dyads) + 1)
            dyads.append(
                {
                    "dyad_no": number,
                    "key": key,
                    "country": country,
                    "type": 1,
                    "side_a": f"Government of {country}",
                    "side_b": group,
                    "conflict": f"{country}: {'Government' if rng.random() < 0.5 else group}",
                }
            )
            days = sorted(rng.choice(np.arange(40, DAYS - 40), 4, replace=False))
            for order, day in enumerate(days):
                date = str((FIRST + pd.Timedelta(days=int(day))).date())
                side = ["unilateral", "bilateral"][order % 2]
                orders.append(
                    {
                        "order_id": f"{number}-{order}",
                        "country": country,
                        "declared": date,
                        "effective": date,
                        "side": side,
                        "declared_by": "both"
                        if side == "bilateral"
                        else ["government", "non-state"][order // 2],
                        "actors": group,
                        "partial": int(rng.random() < 0.5),
                        "written": int(side == "bilateral"),
                        "fixed": 0,
                        "fixed_time": 0,
                        "purpose_humanitarian": int(rng.random() < 0.3),
                        "purpose_peace_process": int(rng.random() < 0.5),
                        "purpose_holiday": 0,
                        "purpose_election": 0,
                        "cf_class": 1,
                        "timing": 1,
                        "mediator": 0,
                        "monitor": int(rng.random() < 0.2),
                        "enforcement": 0,
                        "ddr": 0,
                        "ended": 0,
                        "end": "",
                        "date": date,
                        "ged_dyads": key,
                    }
                )
            events += _events(number, days, corner, rng)
    table = pd.DataFrame(events)
    table.insert(0, "id", [str(n + 1) for n in range(len(table))])
    return table, pd.DataFrame(dyads), pd.DataFrame(orders)


def _events(
    number: str, orders: list[int], corner: np.ndarray, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Counts that answer earlier ones; an order halves them for a drawn time."""
    base, ratio, decay = 0.05 * rng.gamma(2.0), rng.uniform(0.3, 0.8), rng.uniform(2.0, 6.0)
    echo, out = 0.0, []
    lull = np.ones(DAYS)
    for day in orders:
        lull[day : day + int(rng.integers(3, 25))] = rng.uniform(0.2, 1.0)
    for day in range(DAYS):
        surge = 3.0 if rng.random() < 0.006 else 0.0
        count = rng.poisson((base + ratio * echo + surge) * lull[day])
        echo = echo * (1 - 1 / decay) + count / decay
        for _ in range(count):
            dead = int(np.ceil(rng.lognormal(0.8, 1.0)))
            a = int(rng.binomial(dead, 0.4))
            b = int(rng.binomial(dead - a, 0.6))
            place = corner + rng.choice([0.2, 0.7, 1.3]) + rng.integers(0, 2, 2) * 0.1
            sure = rng.random() > 0.05
            out.append(
                {
                    "dyad_no": number,
                    "date": str((FIRST + pd.Timedelta(days=day)).date()),
                    "days": 1 if sure else 9,
                    "exact": int(sure),
                    "where_prec": 1,
                    "lat": round(float(place[0]), 3),
                    "lon": round(float(place[1]), 3),
                    "best": dead,
                    "low": dead,
                    "high": dead + int(rng.integers(0, 3)),
                    "deaths_a": a,
                    "deaths_b": b,
                    "deaths_civ": dead - a - b,
                    "deaths_unk": 0,
                    "src": "invented",
                }
            )
    return out


def write(folder: Path) -> None:
    """The library: of each kind the first episodes of every dyad in turn."""
    events, dyads, orders = invent()
    found = cut(events, dyads, orders)
    turn = found.episodes.groupby(["kind", "key"]).cumcount()
    table = found.episodes.assign(turn=turn).sort_values(["kind", "turn", "key"], kind="stable")
    kept = table.groupby("kind").head(PER_KIND).sort_index().drop(columns="turn")
    if (kept["kind"].value_counts() < PER_KIND).any():
        raise SystemExit(f"too few episodes: {kept['kind'].value_counts().to_dict()}")
    days = found.days[found.days["episode_id"].isin(kept["episode_id"])]
    write_library(folder, kept, days, orders, events, dyads)


if __name__ == "__main__":
    target = Path(sys.argv[2]) if sys.argv[1:2] == ["--to"] else FOLDER
    target.mkdir(exist_ok=True)
    write(target)
    print(f"written: {target.name}")
