"""What a run supposes: parameters with priors and sources, orders, assumptions, sources cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.compare.wording import window_text
from sim.ensemble import Ensemble
from sim.scenario.effective import effective_priors
from sim.scenario.parameters import row_of
from sim.scenario.schema import ASSUMPTION, Scenario
from sim.show.citations import Citations, Cited
from sim.show.orders import order_words


@dataclass(frozen=True)
class ParameterRow:
    """One parameter as it was drawn."""

    name: str
    symbol: str
    unit: str
    meaning: str
    prior: str
    drawn: str
    source: str
    free: bool


@dataclass(frozen=True)
class OrderRow:
    """One order and who sets its hour."""

    order: str
    mode: str
    window: str
    given: str
    source: str


@dataclass(frozen=True)
class Assumption:
    """Something in the scenario that no report states."""

    where: str
    text: str


def source_words(sources: Sequence[str]) -> str:
    """Sources as one text."""
    return "; ".join(sources)


def parameter_rows(ensemble: Ensemble) -> list[ParameterRow]:
    """Every entry of the parameter vector; ``drawn`` is the median and the 90 % range drawn."""
    scenario, rows = ensemble.scenario, []
    for name, prior in effective_priors(scenario).items():
        entry = row_of(name)
        own = scenario.parameters.get(name)
        drawn = "fixed"
        if name in ensemble.parameters:
            low, middle, high = ensemble.parameters[name].quantile([0.05, 0.5, 0.95])
            drawn = f"{middle:.3g}" if low == high else f"{middle:.3g} ({low:.3g} to {high:.3g})"
        rows.append(
            ParameterRow(
                name, entry.symbol, entry.unit, entry.meaning, str(prior), drawn,
                source_words(own.source) if own else entry.source, entry.role == "free",
            )
        )  # fmt: skip
    return rows


def order_rows(ensemble: Ensemble) -> list[OrderRow]:
    """Every decision of the scenario."""
    scenario = ensemble.scenario
    return [
        OrderRow(
            order_words(scenario, decision),
            decision.mode.replace("_", " ")
            + (f", moved by {decision.shift_h:g} h" if decision.shift_h else ""),
            window_text(decision.window.earliest, decision.window.latest, scenario.clock)
            if decision.window is not None else "none",
            f"{100 * ensemble.orders[decision.id].notna().mean():.0f} %"
            if decision.id in ensemble.orders else "–",
            source_words(decision.source),
        )
        for decision in scenario.decisions
    ]  # fmt: skip


def assumptions_of(scenario: Scenario) -> list[Assumption]:
    """Every source of the scenario that says "assumption", with where it stands."""
    return [
        Assumption(where, text)
        for where, text in _sources(scenario.model_dump(mode="python"), "")
        if text.startswith(ASSUMPTION)
    ]


def cited_in(scenario: Scenario, citations: Citations) -> list[tuple[Cited, list[str]]]:
    """Every statement the scenario rests on, with where it is used; in order of its id."""
    used: dict[str, list[str]] = {}
    for where, text in _sources(scenario.model_dump(mode="python"), ""):
        for name in citations.statements([text]):
            if where not in used.setdefault(name, []):
                used[name].append(where)
    found = [(citations.get(name), where) for name, where in sorted(used.items())]
    return [(cited, where) for cited, where in found if cited is not None]


def _sources(part: Any, where: str) -> Iterator[tuple[str, str]]:
    """(where, source) of every ``source`` and ``facts`` list below ``part``."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("source", "facts") and isinstance(value, list):
                yield from ((where or key, str(text)) for text in value)
            elif isinstance(value, dict | list):
                yield from _sources(value, f"{where}.{key}" if where else str(key))
    elif isinstance(part, list):
        for number, item in enumerate(part):
            name = item.get("id") if isinstance(item, dict) else None
            if isinstance(item, dict) and name is None and "between" in item:
                name = "-".join(item["between"])
            if isinstance(item, dict) and name is None:
                name = item.get("place")
            yield from _sources(item, f"{where}.{name if name is not None else number}")
