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
from sim.episodes.fact import Fact
from sim.episodes.minutes import minute_facts
from sim.episodes.persistence import daily_counts, incident_facts, persistence_facts
from sim.episodes.relapse import relapse_facts
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
MODULES = ("crossing", "fact", "minutes", "persistence", "relapse", "study", "tolls")
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
