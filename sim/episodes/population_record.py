"""A record of what was learned: population, draws and sources, as shipped; no reported episode."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.episodes.population import OF_ORDERS, OWN_SCALE, SHIFTED, Population
from sim.episodes.study import UCDP
from sim.episodes.world_bank import SPARKS_NAME, free_parameters
from sim.scenario.priors import Prior

RECORD = Path(__file__).with_name("population.json")
DRAWS_FILE = RECORD.with_suffix(".parquet")

CARRIED = (
    *OF_ORDERS,
    "reprisal_ratio",
    "reprisal_delay",
    "spillover",
    "deterrence",
    "salvo_ratio",
)
"""Parameters that mean the same in every scenario. The others say how a generic episode is told
(how often, how deadly, what sparks it), which a scenario says for itself."""

DRAWN = 4000
TAUGHT = 0.2
SOURCES = (
    UCDP,
    "ETH/PRIO Civil Conflict Ceasefire Dataset (Clayton et al. 2022, doi "
    "10.1177/00220027221129195)",
)


@dataclass(frozen=True)
class Lesson:
    """What the episodes say of one parameter.

    Attributes:
        name: of the parameter.
        assumed: the prior that the fit began with, in words.
        q05, q50, q95: of the population, for a dyad or an order that has not been seen.
        contraction: 1 - variance / that of the assumed prior, on its unit cube; what is not known
            of the population itself counts as spread.
        mean, low, high: the population's mean in normal scores of the assumed prior, and its 90 %
            interval: 0 is where it was. No interval (both ends the mean) for how violent dyads are:
            a mixture of what each says of itself.
        bursts: the same mean learned from bursts alone; None for what only orders have.
        taught: whether the contraction is .2 or more, as for articles.
        setting: the population as a prior that a scenario file can hold.
    """

    name: str
    assumed: str
    q05: float
    q50: float
    q95: float
    contraction: float
    mean: float
    low: float
    high: float
    bursts: float | None
    taught: bool
    setting: dict[str, list[float]]

    @property
    def span(self) -> str:
        """The population's mean with its interval, where it has one."""
        if self.low == self.high:
            return f"{self.mean:+.2f}"
        return f"{self.mean:+.2f} ({self.low:+.2f} to {self.high:+.2f})"


@dataclass(frozen=True)
class PopulationRecord:
    """What is shipped.

    Attributes:
        id: 12 hexadecimal digits of the library's files, the bank and the code that learned.
        bank: id of the simulated worlds.
        sizes: worlds, episodes, order-free windows, conflicts.
        sources: of the reported episodes.
        lessons: by parameter.
        kinds: shift of compliance in log-odds by kind of order, with its 90 % interval.
    """

    id: str
    bank: str
    sizes: dict[str, int]
    sources: tuple[str, ...]
    lessons: dict[str, Lesson]
    kinds: dict[str, tuple[float, float, float]]

    def to_json(self) -> str:
        """Sorted, numbers to four significant digits."""
        document = {
            "population": self.id,
            "bank": self.bank,
            "sizes": self.sizes,
            "sources": list(self.sources),
            "parameters": {name: asdict(one) for name, one in self.lessons.items()},
            "kinds": {name: list(values) for name, values in self.kinds.items()},
        }
        return json.dumps(_short(document), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def draws_of(populations: list[Population], count: int, seed: int) -> pd.DataFrame:
    """Parameters of `count` dyads, each from one of the populations in turn, by name."""
    rng = np.random.default_rng(seed)
    priors = free_parameters()
    which = np.arange(count) % len(populations)
    mu = np.stack([one.mu for one in populations])[which]
    sigma = np.stack([one.sigma for one in populations])[which]
    unit = ndtr(mu + sigma * rng.standard_normal(mu.shape)).clip(1e-6, 1 - 1e-6)
    names = populations[0].names
    return pd.DataFrame(
        {name: prior.quantile(unit[:, names.index(name)]) for name, prior in priors.items()}
    )


def make_record(
    identity: str,
    bank: str,
    sizes: dict[str, int],
    found: Population,
    again: list[Population],
    bursts: Population | None,
    seed: int = 1,
) -> tuple[PopulationRecord, pd.DataFrame]:
    """The record and its draws.

    Args:
        found: learned from orders.
        again: draws of it.
        bursts: learned from bursts, to compare.
    """
    draws = draws_of(again, DRAWN, seed)
    lessons = {}
    means = np.stack([one.mu for one in again])
    for name, prior in free_parameters().items():
        k = found.names.index(name)
        values = draws[name].to_numpy()
        unit = prior.cumulative(values)
        shrunk = float(1.0 - unit.var() * 12.0)
        low, high = np.quantile(means[:, k], [0.05, 0.95])
        only_orders = name in OF_ORDERS
        q05, q50, q95 = (float(x) for x in np.quantile(values, [0.05, 0.5, 0.95]))
        lessons[name] = Lesson(
            name,
            str(prior),
            q05,
            q50,
            q95,
            shrunk,
            float(found.mu[k]),
            float(low),
            float(high),
            None if bursts is None or only_orders else float(bursts.mu[k]),
            shrunk >= TAUGHT,
            as_setting(prior, values),
        )
    kinds = {}
    for row, kind in enumerate(found.kinds):
        shifts = np.array([log_odds(one, row) for one in again])
        low, high = np.quantile(shifts, [0.05, 0.95])
        kinds[kind] = (log_odds(found, row), float(low), float(high))
    return PopulationRecord(identity, bank, sizes, SOURCES, lessons, kinds), draws


def log_odds(population: Population, kind: int) -> float:
    """By how much a kind of order shifts the log-odds of compliance at the population's mean."""
    k = population.names.index(SHIFTED)
    prior = free_parameters()[SHIFTED]
    mean, shift = population.mu[k], population.shifts[kind, k]
    values = prior.quantile(ndtr(np.array([mean, mean + shift]))).clip(1e-6, 1 - 1e-6)
    odds = np.log(values / (1 - values))
    return float(odds[1] - odds[0])


def as_setting(prior: Prior, values: NDArray[np.float64]) -> dict[str, list[float]]:
    """Draws as the nearest prior that a scenario file can hold, by mean and variance.

    A log-uniform prior stays one, narrower; a uniform or Beta becomes a scaled Beta.
    """
    if prior.family == "log_uniform":
        logs = np.log(values)
        widest = float(np.log(prior.arguments[1] / prior.arguments[0])) / 2
        half = min(float(np.sqrt(3.0) * logs.std()), widest)
        middle = float(logs.mean())
        low = max(float(np.exp(middle - half)), prior.arguments[0])
        return {"log_uniform": [low, min(float(np.exp(middle + half)), prior.arguments[1])]}
    scale = prior.arguments[1] if prior.family == "uniform" else prior.arguments[0]
    share = (values / scale).clip(1e-6, 1 - 1e-6)
    mean, variance = float(share.mean()), float(share.var())
    size = max(mean * (1 - mean) / variance - 1.0, 0.1)
    return {"scaled_beta": [float(scale), mean * size, (1 - mean) * size]}


def write_record(record: PopulationRecord, draws: pd.DataFrame, path: Path) -> Path:
    """Write the record and, beside it, the draws as Parquet; each appears by one rename."""
    hidden = path.with_suffix(".partial")
    draws.astype(np.float32).to_parquet(hidden, index=False)
    hidden.replace(path.with_suffix(".parquet"))
    hidden.write_text(record.to_json(), encoding="utf-8")
    hidden.replace(path)
    return path


def read_record(path: Path = RECORD) -> PopulationRecord:
    """A record as written. Raises OSError, ValueError or KeyError for what is none."""
    document: Any = json.loads(path.read_text(encoding="utf-8"))
    return PopulationRecord(
        document["population"],
        document["bank"],
        document["sizes"],
        tuple(document["sources"]),
        {name: Lesson(**one) for name, one in document["parameters"].items()},
        {name: (values[0], values[1], values[2]) for name, values in document["kinds"].items()},
    )


def record_id(library: Path, bank: str) -> str:
    """12 hexadecimal digits of the library's tables, the bank and the code that learns."""
    digest = hashlib.sha256(bank.encode())
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in LEARNS]
    folder = library if library.is_dir() else library.parent
    files += sorted(f for f in folder.iterdir() if f.name.split(".")[0] in TABLES)
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


LEARNS = (
    "differences",
    "likeness",
    "model_forecast",
    "order_free",
    "population",
    "population_fit",
    "simulated",
)
TABLES = ("episodes", "episode_days", "orders", "events", "dyads")
"""Code and tables that move what is learned."""


def lines(record: PopulationRecord) -> list[str]:
    """The table of what was learned, for a terminal; the most contracted first."""
    out = [
        f"population {record.id}: "
        + ", ".join(f"{n:,} {what}" for what, n in record.sizes.items()),
        f"{'parameter':20}{'assumed':>26}{'population 5/50/95 %':>30}{'contraction':>13}"
        "   mean in sd of the assumed (90 %)",
    ]
    for one in sorted(record.lessons.values(), key=lambda one: -one.contraction):
        quantiles = " ".join(f"{x:.3g}" for x in (one.q05, one.q50, one.q95))
        out.append(
            f"{one.name:20}{one.assumed:>26}{quantiles:>30}{one.contraction:13.2f}"
            f"   {one.span}" + ("" if one.taught else "  not learned")
        )
    out.append("compliance by kind of order, shift of its log-odds:")
    out += [
        f"  {kind:22}{m:+.2f} ({a:+.2f} to {b:+.2f})" for kind, (m, a, b) in record.kinds.items()
    ]
    return out


def _short(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _short(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_short(inner) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.4g}")
    return value


__all__ = ["CARRIED", "OWN_SCALE", "SPARKS_NAME", "PopulationRecord", "lines", "make_record"]
