"""A sweep in words: the table of effects for the terminal, the page with its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.compare import readings_of
from sim.compare.words import NOTHING, number, plain
from sim.ensemble.json_record import read_record
from sim.explore.discovery import Discovery
from sim.explore.effects import observables_of
from sim.explore.phase import Phase, phase
from sim.explore.sweep import MANIFEST, Sweep
from sim.inputs import InputError
from sim.scenario.vocabulary import Statistic
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.sweep_figures import draw_effects, phase_figure
from sim.show.reports.page import manifest_facts, render
from sim.show.terminal import table

MOST_PHASES = 4


def write_sweep_report(sweep: Sweep, effects: pd.DataFrame, folder: Path) -> list[FigureRecord]:
    """Draw the figures of a finished sweep into ``folder``/figures and write report.html."""
    easel = Easel(folder / "figures", sweep.id)
    known = observables_of(sweep)
    clock = sweep.scenarios[0].clock
    reported = {
        name: ends
        for name, observable in known.items()
        if np.isfinite(ends := readings_of(observable, clock).ends).any()
    }
    said = sweep_subtitle(sweep)
    figures = [
        easel.draw("effects", "What the observables do along each axis",
              f"Small panels of {len(known)} observables along each axis.",
              lambda size: draw_effects(effects, known, reported, size, said))
    ]  # fmt: skip
    for found in _phases(sweep)[:MOST_PHASES]:
        figures.append(phase_figure(found, easel, said))
    html = render(
        "sweep.html.j2",
        heading="Sweep of " + ", ".join(dict.fromkeys(s.title for s in sweep.scenarios)),
        subtitle=said,
        drawn_from=sweep.drawn_from,
        axes=[_axis_words(sweep, axis.path) for axis in sweep.plan.axes],
        status=sweep.status,
        failures=[vars(failure) for failure in sweep.failures[:50]],
        figures=figures,
        effects=(largest := largest_moves(effects, known)),
        lead=moves_sentence(largest),
        **reproduction(sweep.folder),
    )
    (folder / "report.html").write_text(html, encoding="utf-8", newline="\n")
    return figures


def sweep_subtitle(sweep: Sweep) -> str:
    """Sizes and the design, in a line."""
    plan = sweep.plan
    return (
        f"{len(plan.points):,} points ({plan.design}) x {plan.replicates:,} replicates, "
        f"common random numbers, seed {plan.seed}"
    )


def reproduction(folder: Path) -> dict[str, Any]:
    """What the base template prints of a manifest."""
    data = read_record(folder / MANIFEST).data
    return {
        "manifest": manifest_facts(data), "command": data.get("command", ""),
        "manifest_id": data.get("id", ""),
    }  # fmt: skip


def discovery_lines(found: Discovery) -> str:
    """The sentences of a discovery, for a terminal."""
    return "\n".join([found.drawn_from, *found.sentences()])


def _phases(sweep: Sweep) -> list[Phase]:
    """Diagrams of the first two numeric axes for the first observables that can have one."""
    if sweep.plan.design != "grid":
        return []
    found: list[Phase] = []
    for name in observables_of(sweep):
        try:
            one = phase(sweep, name)
        except InputError:
            return found
        values = np.concatenate([panel.z[np.isfinite(panel.z)] for panel in one.panels])
        if len(one.xs) > 1 and len(one.ys) > 1 and len(np.unique(values)) > 1:
            found.append(one)
        if len(found) >= MOST_PHASES:
            break
    return found


def _axis_words(sweep: Sweep, path: str) -> dict[str, str]:
    axis = next(axis for axis in sweep.plan.axes if axis.path == path)
    if axis.is_range:
        return {"path": path, "values": f"{axis.low:g} to {axis.high:g}"}
    words = [str(x) if isinstance(x, str) else f"{x:g}"
             for x in axis.column(np.arange(len(axis.levels), dtype=float))]  # fmt: skip
    shown = words if len(words) <= 12 else [*words[:5], "...", words[-1]]
    return {"path": path, "values": ", ".join(shown)}


def moves_sentence(moves: Sequence[Mapping[str, str]]) -> str:
    """What was found, in one sentence: of the first observable that moves."""
    if not moves:
        return "Nothing that is observed moves along what was varied"
    first = moves[0]
    return (
        f"{first['title']} moves most along {first['axis']}: {first['what']} from {first['low']} "
        f"to {first['high']}"
    )


def largest_moves(effects: pd.DataFrame, known: dict[str, Any]) -> list[dict[str, str]]:
    """Per observable the axis along which it moves most, and from where to where.

    By its median over the replicates and the other axes; a yes or no by the share of yes.
    """
    rows = []
    for name, mine in effects.groupby("observable", sort=False):
        is_any = known[str(name)].statistic is Statistic.ANY
        middle = "mean" if is_any else "q50"
        spans = mine.groupby("axis", sort=False)[middle].agg(lambda m: m.max() - m.min())
        if not spans.notna().any() or spans.max() <= 0:
            continue
        axis = spans.idxmax()
        along = mine[mine["axis"] == axis].dropna(subset=[middle])
        order = along[middle].to_numpy().argsort()
        low, high = along.iloc[int(order[0])], along.iloc[int(order[-1])]
        rows.append(
            {
                "title": known[str(name)].title, "axis": str(axis),
                "what": "share of yes" if is_any else "median",
                "low": f"{number(low[middle])} at {low['step']}",
                "high": f"{number(high[middle])} at {high['step']}",
            }
        )  # fmt: skip
    return rows


COLUMNS = 5
"""Observables shown; all of them stand in effects.csv."""


def effects_table(effects: pd.DataFrame, columns: int | None = None, most: int = COLUMNS) -> str:
    """Lines of text: per axis and step the median and 90 % range of the first observables."""
    wanted = list(dict.fromkeys(effects["observable"]))
    lines = []
    for axis in dict.fromkeys(effects["axis"]):
        along = effects[effects["axis"] == axis]
        rows = [
            [
                plain(step),
                *(
                    _cell(along[(along["step"] == step) & (along["observable"] == name)])
                    for name in wanted[:most]
                ),
            ]
            for step in dict.fromkeys(along["step"])
        ]
        lines += [*table([str(axis), *(plain(name) for name in wanted[:most])], rows, columns), ""]
    lines.append("median (5 to 95 %) over the replicates and the other axes; a time in h since the "
                 "start, '–' where it never happened")  # fmt: skip
    if len(wanted) > most:
        lines.append(f"{len(wanted) - most} more observables stand in effects.csv")
    return "\n".join(lines)


def _cell(rows: pd.DataFrame) -> str:
    if rows.empty or rows["q50"].isna().all():
        return NOTHING
    one = rows.iloc[0]
    return f"{number(one['q50'])} ({number(one['q05'])} to {number(one['q95'])})"
