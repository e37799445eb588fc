"""The numbers of docs/episodes.md: measured on a library that is not shipped, and written down.

Run ``python -m docs.remaking.episodes LIBRARY [FOLDER_OF_WORLDS]`` from the project's top folder:
it simulates worlds (or reads those that are kept), forecasts and scores all three kinds, matches
the orders, and writes docs/episodes_measured.json, sim/episodes/orders_tested.json and the figures.
(Time scales: ``python run.py episodes facts LIBRARY --to-file sim/episodes/learned.json``.)
``python docs/generate.py`` then writes the tables of the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from docs.remaking.episodes_model import (
    differences_table,
    ebb_table,
    measured_model,
    number_of,
    population_table,
    shifts_table,
    table_of,
)
from sim.episodes.crossvalidation import STACK, Forecasts, cross_validate, known_of
from sim.episodes.episode_library import Library, load_library, read_events_folder
from sim.episodes.fitting import order_free_of
from sim.episodes.forecasters import FAMILIES, LEARNING, STACKED
from sim.episodes.matching import SPANS, effects, match
from sim.episodes.model_forecast import NAME, PRIOR_NAME, ModelForecaster
from sim.episodes.path import OUTCOMES
from sim.episodes.row_scores import Difference, ratio_by_conflict
from sim.episodes.scorecard import BESIDE, Scorecard, by_kind_of_order, score
from sim.episodes.study import shipped
from sim.episodes.task import TASKS
from sim.episodes.world_bank import build_worlds
from sim.model.cache import cache_root

FILE = Path(__file__).parents[1] / "episodes_measured.json"
TESTED = Path(__file__).parents[2] / "sim" / "episodes" / "orders_tested.json"
WORLDS = 204_800
FIGURES = Path(__file__).parents[1] / "figures"
PARTS = STACKED
PUBLISHED = {"order": 0.82, "burst": 0.92, "local": 0.85}
"""The best rows that came with the data: forest and neighbours, half and half."""

SHOWN = ("stack", PRIOR_NAME, NAME, "forest, scaled", "own-dyad Hawkes")


def measured_scores(card: Scorecard, forecasts: Forecasts) -> dict[str, Any]:
    """What the page needs of one kind."""
    means = {name: float(one.mean()) for name, one in card.crps.items()}
    best = min((name for name in means if name != STACK), key=lambda name: means[name])

    def beside(name: str) -> list[float]:
        found: Difference = ratio_by_conflict(card.crps[STACK], card.crps[name], card.conflicts)
        return [found.value, found.low, found.high]

    out: dict[str, Any] = {
        "episodes": len(card.conflicts),
        "conflicts": len(set(card.conflicts)),
        "totals": card.totals.to_dict("records"),
        "weights": dict(card.weights),
        "paths": card.paths[card.paths["forecast"].isin(SHOWN)].to_dict("records"),
        "best": best,
        "over_best": beside(best),
    }
    if card.kind == "order":
        out["kinds"] = by_kind_of_order(forecasts, card).to_dict("records")
    return out


def measured_effects(library: Library) -> dict[str, Any]:
    """Orders beside matched days."""
    assert library.orders is not None
    events, dyads = read_events_folder(library.folder)
    found = match(library.episodes, events, dyads, library.orders)
    return {
        "orders": len(found.table),
        "relative": found.relative("order"),
        "matched": found.relative("days"),
        "kinds": effects(found, library.orders).to_dict("records"),
    }


def write(scores: dict[str, Any], orders: dict[str, Any], model: dict[str, Any]) -> None:
    """Write docs/episodes_measured.json, numbers to four digits, and the shipped record."""
    document = _rounded({"scores": scores, "effects": orders, "model": model})
    TESTED.write_text(
        json.dumps(_rounded(model["differences"]), indent=1, sort_keys=True) + "\n",
        encoding="utf-8",
    )
    FILE.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.4g}") if np.isfinite(value) else None
    return value


def measure(library: Library, bank: Path | None, kinds: Sequence[str] = tuple(TASKS)) -> None:
    """Everything: minutes to an hour, by the machine.

    Args:
        bank: where simulated worlds are kept; None: nowhere.
    """
    import pandas as pd

    from sim.show.figures.episodes_figures import forest_plot, score_figures

    worlds = build_worlds(WORLDS, 1, bank)
    model = ModelForecaster(worlds, library.orders, order_free_of(library))
    about_model = measured_model(library, model)
    scores, cards = {}, []
    for kind in kinds:
        task = TASKS[kind]
        known = known_of(library.panel(kind), task, library.orders)
        forecasts = cross_validate(
            known,
            task,
            families=(*FAMILIES, model),
            learning=(*LEARNING, model),
            told=lambda what: print(what, file=sys.stderr),
        )
        cards.append(score(forecasts))
        scores[kind] = measured_scores(cards[-1], forecasts)
    found = measured_effects(library)
    write(scores, found, about_model)
    for path in score_figures(cards, FIGURES):
        path.replace(path.with_name(f"episodes_{path.name}"))
    forest_plot(pd.DataFrame(found["kinds"]), FIGURES / "episodes_orders.png")


def measure_model(library: Library, bank: Path | None) -> None:
    """Only what needs no forecast: the model's ebb and its differences; the rest stays."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    model = ModelForecaster(build_worlds(WORLDS, 1, bank), library.orders, order_free_of(library))
    write(kept["scores"], kept["effects"], measured_model(library, model))


def _share(values: Sequence[float]) -> str:
    value, low, high = values
    return f"{value:+.1%} ({low:+.1%} to {high:+.1%})"


def facts_table() -> str:
    """Every shipped fact."""
    rows = []
    for fact in shipped().values():
        low, high = (f"{x:.3g}" if np.isfinite(x) else "-" for x in (fact.low, fact.high))
        value = f"{fact.value:.3g}" if np.isfinite(fact.value) else "-"
        rows.append([f"`{fact.name}`", value, f"{low} to {high}", fact.unit, str(fact.count)])
    return table_of(["fact", "value", "90 %", "unit", "from"], rows)


def scores_table(found: dict[str, Any]) -> str:
    """CRPS of every forecast on all tasks."""
    kinds = list(found["scores"])
    by_name = {
        kind: {row["forecast"]: row for row in found["scores"][kind]["totals"]} for kind in kinds
    }
    names = list(by_name[kinds[0]])
    head = ["forecast", *(f"{kind} {found['scores'][kind]['episodes']}" for kind in kinds)]
    rows = [
        [name, *(number_of(by_name[kind][name]["crps"], 3) for kind in kinds)] for name in names
    ]
    return table_of(head, rows)


def skill_table(found: dict[str, Any]) -> str:
    """The stack's distances and what its intervals hold."""
    rows = []
    for kind, one in found["scores"].items():
        by_name = {row["forecast"]: row for row in one["totals"]}
        stack = by_name[STACK]
        scaled = [by_name[BESIDE][key] for key in ("against", "low", "high")]
        rows.append(
            [
                kind,
                number_of(stack["crps"], 3),
                number_of(PUBLISHED[kind]),
                f"{stack['crps'] / PUBLISHED[kind] - 1:+.1%}",
                _share(scaled),
                f"{_share(one['over_best'])}, {one['best']}",
                number_of(stack["held_50"], 3),
                number_of(stack["held_90"], 3),
                number_of(stack["bits"]),
                number_of(stack["brier"], 3),
            ]
        )
    return table_of(
        [
            "task",
            "stack",
            "best published row",
            "stack over it",
            "over 60 nearest, scaled",
            "over the best single forecast",
            "50 % hold",
            "90 % hold",
            "bits",
            "Brier",
        ],
        rows,
    )


def weights_table(found: dict[str, Any]) -> str:
    """Mean weights over folds."""
    rows = [
        [part, *(number_of(one["weights"].get(part)) for one in found["scores"].values())]
        for part in PARTS
    ]
    return table_of(["part", *found["scores"]], rows)


def paths_table(found: dict[str, Any]) -> str:
    """Path outcomes: scores beside those of the scaled neighbours."""
    rows = []
    for outcome in OUTCOMES:
        for kind, one in found["scores"].items():
            told = {r["forecast"]: r for r in one["paths"] if r["outcome"] == outcome}
            if STACK not in told:
                continue
            rows.append(
                [
                    outcome,
                    kind,
                    str(told[STACK]["episodes"]),
                    number_of(told[STACK]["score"], 3),
                    *(
                        _share([told[n][k] for k in ("gain", "low", "high")]) if n in told else "-"
                        for n in SHOWN
                    ),
                ]
            )
    return table_of(
        ["outcome", "task", "episodes", "stack's score", *(f"gain of {name}" for name in SHOWN)],
        rows,
    )


def effects_table(found: dict[str, Any]) -> str:
    """Effects by kind of order."""
    rows = [
        [
            row["kind"],
            str(row["orders"]),
            number_of(row["effect"]),
            f"{row['low']:.2f} to {row['high']:.2f}",
        ]
        for row in found["effects"]["kinds"]
    ]
    return table_of(["kind of order", "orders", "effect", "90 %"], rows)


def relative_table(found: dict[str, Any]) -> str:
    """Deaths per day after over before."""
    rows = [
        [name, *(number_of(x) for x in found["effects"][key])]
        for name, key in (("orders", "relative"), ("matched days", "matched"))
    ]
    return table_of(["", *(f"days {a}-{b}" for a, b in SPANS)], rows)


def kinds_table(found: dict[str, Any]) -> str:
    """The stack beside the best single forecast, by kind of order."""
    rows = [
        [
            row["kind"].replace("order_", "").replace("_", " "),
            str(row["episodes"]),
            number_of(row["stack"], 3),
            f"{row['best']} {number_of(row['best_crps'], 3)}",
            f"{row['stack_over_best']:+.1%}",
        ]
        for row in found["scores"]["order"]["kinds"]
    ]
    return table_of(
        ["kind of order", "orders", "stack", "best single forecast", "stack over it"], rows
    )


def passages() -> dict[str, str]:
    """All passages of the page by name."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        "facts": facts_table(),
        "scores": scores_table(found),
        "skill": skill_table(found),
        "weights": weights_table(found),
        "paths": paths_table(found),
        "effects": effects_table(found),
        "relative": relative_table(found),
        "kinds": kinds_table(found),
        "ebb": ebb_table(found),
        "differences": differences_table(found),
        "population": population_table(),
        "shifts": shifts_table(),
    }


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4 or sys.argv[3:] not in ([], ["model"]):
        raise SystemExit("python -m docs.remaking.episodes LIBRARY [FOLDER_OF_WORLDS [model]]")
    where = Path(sys.argv[2]) if len(sys.argv) > 2 else cache_root()
    if sys.argv[3:]:
        measure_model(load_library(sys.argv[1]), where)
    else:
        measure(load_library(sys.argv[1]), where)
