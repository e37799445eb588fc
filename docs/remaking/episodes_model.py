"""The model's part of docs/episodes.md: its populations, its ebb, its differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.episodes.differences import EFFECT, held_out_differences
from sim.episodes.ebb import ebb
from sim.episodes.episode_library import Library, read_events_folder
from sim.episodes.matching import SPANS, match
from sim.episodes.model_forecast import NAME, PRIOR_NAME, ModelForecaster
from sim.episodes.population_record import Lesson, read_record
from sim.episodes.task import TASKS


def measured_model(library: Library, model: ModelForecaster) -> dict[str, Any]:
    """The model without an order beside order-free days, and its differences beside reported."""
    assert library.orders is not None
    events, dyads = read_events_folder(library.folder)
    panel = library.panel("order")
    matches = match(library.episodes, events, dyads, library.orders)
    population = model.population(panel, TASKS["order"])
    ebbs = {
        name: {key: [[d.value, d.low, d.high] for d in row] for key, row in ebb(model, one).items()}
        for name, one in ((PRIOR_NAME, None), (NAME, population))
    }
    return {"differences": held_out_differences(model, panel, matches)[0], "ebb": ebbs}


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def number_of(value: float | None, digits: int = 2) -> str:
    return "-" if value is None or not np.isfinite(value) else f"{value:.{digits}f}"


def ebb_table(found: dict[str, Any]) -> str:
    """Deaths after order-free days over before, reported and the model's."""

    def cells(row: list[list[float]]) -> list[str]:
        return [f"{value:.2f} ({low:.2f} to {high:.2f})" for value, low, high in row]

    ebbs = found["model"]["ebb"]
    rows = [["reported", *cells(ebbs[NAME]["reported"])]]
    rows += [[name, *cells(ebbs[name]["model"])] for name in (PRIOR_NAME, NAME)]
    return table_of(["", *(f"days {a}-{b}" for a, b in SPANS)], rows)


def differences_table(found: dict[str, Any]) -> str:
    """The model's differences beside reported ones, by kind of order."""
    rows = [
        [
            kind,
            f"{one['orders']:.0f}",
            number_of(one["predicted"]),
            number_of(one["reported"]),
            f"{one['held']:.0f}",
            number_of(one["held"] / one["orders"]),
        ]
        for kind, one in found["model"]["differences"].items()
    ]
    return table_of(["kind of order", "orders", "predicted", "reported", "held", "share"], rows)


def population_table() -> str:
    """What the shipped record says of every parameter."""
    record = read_record()
    rows = []
    for one in sorted(record.lessons.values(), key=lambda one: -one.contraction):
        bursts = "-" if one.bursts is None else f"{one.bursts:+.2f}"
        rows.append(
            [
                f"`{one.name}`",
                one.assumed,
                " / ".join(f"{x:.2g}" for x in (one.q05, one.q50, one.q95)),
                number_of(one.contraction),
                one.span,
                bursts,
                _taught_by(one, record.sizes),
            ]
        )
    return table_of(
        [
            "parameter",
            "assumed",
            "population 5 / 50 / 95 %",
            "contraction",
            "mean (90 %)",
            "of bursts",
            "taught by",
        ],
        rows,
    )


def _taught_by(one: Lesson, sizes: dict[str, int]) -> str:
    if not one.taught:
        return "nothing: keeps what was assumed"
    if one.name in EFFECT:
        return f"{sizes['matched orders']} orders beside matched days"
    return f"{sizes['orders']} orders and {sizes['order-free windows']} order-free windows"


def shifts_table() -> str:
    """Shift of compliance by kind of order."""
    rows = [
        [kind, f"{value:+.2f}", f"{low:+.2f} to {high:+.2f}"]
        for kind, (value, low, high) in read_record().kinds.items()
    ]
    return table_of(["kind of order", "log-odds of compliance", "90 %"], rows)
