"""The numbers of docs/episodes.md: measured on a library that is not shipped, and written down.

Run ``python -m docs.remaking.episodes LIBRARY`` from the project's top folder: it forecasts and
scores all three kinds, matches the orders, and writes docs/episodes_measured.json and the figures.
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

from sim.episodes.crossvalidation import STACK, Forecasts, cross_validate, known_of
from sim.episodes.episode_library import Library, load_library, read_events_folder
from sim.episodes.matching import SPANS, effects, match
from sim.episodes.path import OUTCOMES
from sim.episodes.row_scores import Difference, ratio_by_conflict
from sim.episodes.scorecard import BESIDE, Scorecard, by_kind_of_order, score
from sim.episodes.study import shipped
from sim.episodes.task import TASKS

FILE = Path(__file__).parents[1] / "episodes_measured.json"
FIGURES = Path(__file__).parents[1] / "figures"
PARTS = (
    "60 nearest, scaled",
    "forest",
    "forest, scaled",
    "random forest, scaled",
    "forest on ratios",
)
PUBLISHED = {"order": 0.82, "burst": 0.92, "local": 0.85}
"""The best rows that came with the data: forest and neighbours, half and half."""

SHOWN = ("stack", "forest, scaled", "own-dyad Hawkes", "all other outcomes")


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


def write(scores: dict[str, Any], orders: dict[str, Any]) -> None:
    """Write docs/episodes_measured.json, numbers to four digits."""
    document = _rounded({"scores": scores, "effects": orders})
    FILE.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.4g}") if np.isfinite(value) else None
    return value


def measure(library: Library, kinds: Sequence[str] = tuple(TASKS)) -> None:
    """Everything: minutes to an hour, by the machine."""
    import pandas as pd

    from sim.show.figures.episodes_figures import forest_plot, score_figures

    scores, cards = {}, []
    for kind in kinds:
        task = TASKS[kind]
        known = known_of(library.panel(kind), task, library.orders)
        forecasts = cross_validate(known, task, told=lambda what: print(what, file=sys.stderr))
        cards.append(score(forecasts))
        scores[kind] = measured_scores(cards[-1], forecasts)
    found = measured_effects(library)
    write(scores, found)
    for path in score_figures(cards, FIGURES):
        path.replace(path.with_name(f"episodes_{path.name}"))
    forest_plot(pd.DataFrame(found["kinds"]), FIGURES / "episodes_orders.png")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None or not np.isfinite(value) else f"{value:.{digits}f}"


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
    return _table(["fact", "value", "90 %", "unit", "from"], rows)


def scores_table(found: dict[str, Any]) -> str:
    """CRPS of every forecast on all tasks."""
    kinds = list(found["scores"])
    by_name = {
        kind: {row["forecast"]: row for row in found["scores"][kind]["totals"]} for kind in kinds
    }
    names = list(by_name[kinds[0]])
    head = ["forecast", *(f"{kind} {found['scores'][kind]['episodes']}" for kind in kinds)]
    rows = [[name, *(_number(by_name[kind][name]["crps"], 3) for kind in kinds)] for name in names]
    return _table(head, rows)


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
                _number(stack["crps"], 3),
                _number(PUBLISHED[kind]),
                f"{stack['crps'] / PUBLISHED[kind] - 1:+.1%}",
                _share(scaled),
                f"{_share(one['over_best'])}, {one['best']}",
                _number(stack["held_50"], 3),
                _number(stack["held_90"], 3),
                _number(stack["bits"]),
                _number(stack["brier"], 3),
            ]
        )
    return _table(
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
        [part, *(_number(one["weights"].get(part)) for one in found["scores"].values())]
        for part in PARTS
    ]
    return _table(["part", *found["scores"]], rows)


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
                    _number(told[STACK]["score"], 3),
                    *(
                        _share([told[n][k] for k in ("gain", "low", "high")]) if n in told else "-"
                        for n in SHOWN
                    ),
                ]
            )
    return _table(
        ["outcome", "task", "episodes", "stack's score", *(f"gain of {name}" for name in SHOWN)],
        rows,
    )


def effects_table(found: dict[str, Any]) -> str:
    """Effects by kind of order."""
    rows = [
        [
            row["kind"],
            str(row["orders"]),
            _number(row["effect"]),
            f"{row['low']:.2f} to {row['high']:.2f}",
        ]
        for row in found["effects"]["kinds"]
    ]
    return _table(["kind of order", "orders", "effect", "90 %"], rows)


def relative_table(found: dict[str, Any]) -> str:
    """Deaths per day after over before."""
    rows = [
        [name, *(_number(x) for x in found["effects"][key])]
        for name, key in (("orders", "relative"), ("matched days", "matched"))
    ]
    return _table(["", *(f"days {a}-{b}" for a, b in SPANS)], rows)


def kinds_table(found: dict[str, Any]) -> str:
    """The stack beside the best single forecast, by kind of order."""
    rows = [
        [
            row["kind"].replace("order_", "").replace("_", " "),
            str(row["episodes"]),
            _number(row["stack"], 3),
            f"{row['best']} {_number(row['best_crps'], 3)}",
            f"{row['stack_over_best']:+.1%}",
        ]
        for row in found["scores"]["order"]["kinds"]
    ]
    return _table(
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
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("say which library: python -m docs.remaking.episodes LIBRARY")
    measure(load_library(sys.argv[1]))
