"""A study: every fact learned from one library, with its identity, sources and curves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.episodes.crossing import both_sides, crossing_facts, sided_days
from sim.episodes.fact import Fact, bootstrap
from sim.episodes.matching import SPANS, effects, match
from sim.episodes.minutes import minute_facts
from sim.episodes.orders import read_orders
from sim.episodes.persistence import daily_counts, incident_facts, persistence_facts
from sim.episodes.relapse import relapse_facts
from sim.episodes.row_scores import by_conflict
from sim.episodes.tolls import toll_facts
from sim.inputs import InputError, Problem

LEARNED = Path(__file__).with_name("learned.json")
"""What the project ships: learned from the library that docs/episodes.md describes."""

UCDP = (
    "UCDP Georeferenced Event Dataset (Sundberg and Melander 2013; Pettersson et al. 2021), "
    "events with an exact day"
)
SOURCES = {
    "clock": "attacks with clock time and town: significant activities of a coalition force, "
    "released by CENTCOM, tabulated by V. Bauer",
    "events": UCDP,
    "events with sides": UCDP + ", dyads whose rows part the dead by side",
    "deaths of both sides": "deaths by day and district: B'Tselem",
    "orders": UCDP + "; orders: ETH/PRIO Civil Conflict Ceasefire Dataset (Clayton et al. 2022, "
    "doi 10.1177/00220027221129195)",
}
MODULES = ("crossing", "fact", "matching", "minutes", "persistence", "relapse", "study", "tolls")
"""Code that moves these numbers; its bytes go into the identity."""

FILES = ("episodes.csv", "episode_days.csv.gz", "orders.csv", "events.csv.gz", "dyads.csv")


@dataclass(frozen=True)
class Study:
    """Facts and curves.

    Attributes:
        id: 12 hexadecimal digits of the checksums of the files read and of the code that read.
        facts: by name.
        curves: lists of numbers by name.
        sizes: rows of each file.
        sources: what the facts' `source` stands for.
    """

    id: str
    facts: dict[str, Fact]
    curves: dict[str, list[float]]
    sizes: dict[str, int]
    sources: dict[str, str]

    def to_json(self) -> str:
        """Sorted, numbers to four significant digits, NaN as null."""
        rows = [{k: _plain(v) for k, v in asdict(f).items()} for f in self.facts.values()]
        return (
            json.dumps(
                {
                    "study": self.id,
                    "sizes": self.sizes,
                    "sources": self.sources,
                    "facts": rows,
                    "curves": self.curves,
                },
                indent=1,
                ensure_ascii=False,
                allow_nan=False,
            )
            + "\n"
        )


def learn(folder: Path, told: Callable[[str], None] = lambda _: None) -> Study:
    """Everything that can be learned from the tables of a library.

    The clock table (`*_minutes.csv.gz`, columns `time`, `town`) and the table of deaths on both
    sides (`*_deaths_*.csv`, columns `date`, `victim`, `deaths`) are used where they are there.

    Raises:
        InputError: a table is missing.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise InputError(
            [
                Problem(
                    str(folder / name),
                    None,
                    None,
                    "there is no such file",
                    "a library with " + ", ".join(FILES),
                )
                for name in missing
            ]
        )
    clock = sorted(folder.glob("*_minutes.csv.gz"))
    sided = sorted(folder.glob("*_deaths_*.csv"))
    used = [folder / name for name in FILES] + clock + sided
    episodes = pd.read_csv(folder / "episodes.csv")
    days = pd.read_csv(folder / "episode_days.csv.gz")
    events = pd.read_csv(folder / "events.csv.gz")
    dyads = pd.read_csv(folder / "dyads.csv")
    facts: list[Fact] = []
    curves: dict[str, list[float]] = {}
    for path in clock[:1]:
        told("attacks with clock time")
        found, curves = minute_facts(path)
        facts += found
    told("deaths per event")
    facts += toll_facts(events, dyads)
    told("orders")
    facts += relapse_facts(episodes, days)
    facts += _effect_facts(folder, episodes, events, dyads)
    told("days")
    counts = daily_counts(events)
    facts += incident_facts(counts)
    facts += persistence_facts(counts)
    told("sides")
    facts += crossing_facts(sided_days(events), "events with sides", "cross")
    for path in sided[:1]:
        facts += crossing_facts(
            {"both": both_sides(str(path))}, "deaths of both sides", "cross_daily"
        )
    sizes = {
        "episodes.csv": len(episodes),
        "events.csv.gz": len(events),
        "dyads.csv": len(dyads),
        "order episodes": int((episodes["kind"] == "order").sum()),
    }
    return Study(_identity(used), {f.name: f for f in facts}, curves, sizes, SOURCES)


def _effect_facts(
    folder: Path, episodes: pd.DataFrame, events: pd.DataFrame, dyads: pd.DataFrame
) -> list[Fact]:
    """What orders changed beside matched days, over all and by kind; how much dyads differ."""
    orders = read_orders(folder / "orders.csv")
    found = match(episodes, events, dyads, orders)
    if len(found.table) < 20:
        return []
    facts = []
    for row in effects(found, orders).to_dict("records"):
        name = "".join(c if c.isalnum() else "_" for c in row["kind"]).replace("__", "_")
        facts.append(
            Fact(
                f"order_effect_{name}",
                "order",
                row["effect"],
                row["low"],
                row["high"],
                "ratio",
                row["orders"],
                f"Dead on days 1 to 14 after an order ({row['kind']}) over those after matched "
                "order-free days of the dyad, exp(mean difference of log(1 + dead)); interval by "
                "bootstrap over conflicts.",
                "orders",
            )
        )
    for side, what in (("order", "an order"), ("days", "matched order-free days")):
        for (first, last), value in zip(SPANS, found.relative(side), strict=True):
            facts.append(
                Fact(
                    f"log_relative_{side}_{first}_{last}",
                    "order",
                    value,
                    *_mean_interval(found.table, side, first, last),
                    "ratio",
                    len(found.table),
                    f"Deaths per day on days {first} to {last} after {what} over the 14 days "
                    "before, exp(mean difference of log(1 + deaths per day)); interval by "
                    "bootstrap over conflicts.",
                    "orders",
                )
            )
    return [*facts, _dyad_spread(found.table)]


def _mean_interval(table: pd.DataFrame, side: str, first: int, last: int) -> tuple[float, float]:
    one = by_conflict(table[f"{side}_{first}_{last}"].to_numpy(), table["conflict"].to_numpy())
    return float(np.exp(one.low)), float(np.exp(one.high))


def _dyad_spread(table: pd.DataFrame) -> Fact:
    """Sd of the log effect between dyads, the spread within a dyad taken off."""
    groups = [part.to_numpy() for _, part in table.groupby("key")["effect"] if len(part) >= 2]

    def spread(chosen: np.ndarray) -> float:
        parts = [groups[k] for k in chosen]
        means = np.array([part.mean() for part in parts])
        within = np.sum([part.var() * len(part) for part in parts]) / max(
            1, sum(len(part) - 1 for part in parts)
        )
        noise = within * np.mean([1.0 / len(part) for part in parts])
        return float(np.sqrt(max(0.0, means.var(ddof=1) - noise)))

    value, low, high = bootstrap(len(groups), spread, 51)
    return Fact(
        "order_effect_log_sd_dyads",
        "order",
        value,
        low,
        high,
        "log",
        len(groups),
        "Sd between dyads of the log effect of orders, the spread between a dyad's own orders "
        "taken off, dyads with two or more; interval by bootstrap over dyads.",
        "orders",
    )


def shipped() -> dict[str, Fact]:
    """The facts that the project ships, by name."""
    document = json.loads(LEARNED.read_text(encoding="utf-8"))
    return {row["name"]: Fact(**_known(row)) for row in document["facts"]}


def _identity(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in [*files, *(Path(__file__).with_name(f"{name}.py") for name in MODULES)]:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {key: float("nan") if value is None else value for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}") if np.isfinite(value) else None
    return value
