"""Figures of a library: one episode with its siblings, calibration, skill, kinds of orders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.compare.words import shorten
from sim.episodes.crossvalidation import STACK
from sim.episodes.episode_library import DayPanel
from sim.episodes.scorecard import BESIDE, Scorecard, by_conflict_skill
from sim.show.figures.style import (
    FAINT,
    INK,
    ORDER,
    QUIET,
    REPORTED,
    SIMULATED,
    new_figure,
    plain,
    save,
    styled,
)

SHOWN = (STACK, BESIDE, "own-dyad Hawkes")
COLOURS = {STACK: SIMULATED, BESIDE: REPORTED, "own-dyad Hawkes": ORDER}


def score_figures(cards: Sequence[Scorecard], folder: Path) -> list[Path]:
    """`calibration.png` and `skill.png` of some scorecards."""
    return [
        calibration_figure(cards, folder / "calibration.png"),
        skill_figure(cards, folder / "skill.png"),
    ]


def calibration_figure(cards: Sequence[Scorecard], path: Path) -> Path:
    """PIT histograms: flat if a forecast's chances are right."""
    with styled():
        figure = new_figure(178, 55)
        axes = figure.subplots(1, len(cards), sharey=True, squeeze=False)[0]
        for axis, card in zip(axes, cards, strict=True):
            for name in SHOWN:
                shares, edges = np.histogram(card.pit[name], bins=10, range=(0, 1))
                heights = shares / len(card.pit[name]) * 10
                axis.stairs(heights, edges, color=COLOURS[name], label=name, linewidth=1.2)
            axis.axhline(1.0, color=FAINT, linewidth=0.6)
            axis.set_title(f"{card.kind}, {len(card.conflicts)}")
            axis.set_xlabel("place among the draws")
            axis.set_ylim(0, 3)
        axes[0].set_ylabel("share, relative to even")
        axes[-1].legend(frameon=False)
        figure.tight_layout()
        save(figure, path, "Calibration of forecasts of held-out conflicts", "")
    return path


def skill_figure(cards: Sequence[Scorecard], path: Path) -> Path:
    """CRPS of the stack against that of scaled neighbours, one point per conflict."""
    with styled():
        figure = new_figure(178, 65)
        axes = figure.subplots(1, len(cards), squeeze=False)[0]
        for axis, card in zip(axes, cards, strict=True):
            table = by_conflict_skill(card)
            axis.scatter(
                table["beside"],
                table["stack"],
                s=table["episodes"],
                color=SIMULATED,
                alpha=0.5,
                linewidths=0,
            )
            most = float(table[["beside", "stack"]].to_numpy().max()) * 1.05 if len(table) else 1.0
            axis.plot([0, most], [0, most], color=QUIET, linewidth=0.6)
            axis.set_title(f"{card.kind}: {len(table)} conflicts")
            axis.set_xlabel(f"CRPS, {BESIDE}")
            axis.set_ylabel("CRPS, stack")
        figure.tight_layout()
        save(figure, path, "Skill by conflict", "")
    return path


def forest_plot(effects: pd.DataFrame, path: Path) -> Path:
    """Effects of orders by kind: deaths on days 1-14 over those after matched days."""
    with styled():
        figure = new_figure(120, 12 + 5.5 * len(effects))
        axis = figure.subplots()
        at = np.arange(len(effects))[::-1]
        axis.hlines(at, effects["low"], effects["high"], color=SIMULATED, linewidth=1.2)
        axis.plot(effects["effect"], at, "o", color=SIMULATED, markersize=3.5)
        axis.axvline(1.0, color=QUIET, linewidth=0.6)
        axis.set_xscale("log")
        axis.set_xticks([0.5, 0.7, 1.0, 1.5, 2.0], ["0.5", "0.7", "1", "1.5", "2"])
        axis.minorticks_off()
        names = [f"{row['kind']} ({row['orders']})" for row in effects.to_dict("records")]
        axis.set_yticks(at, names)
        axis.set_xlabel("dead on days 1 to 14, relative to matched days")
        figure.tight_layout()
        save(figure, path, "Effects of orders by kind", "")
    return path


def episode_figure(panel: DayPanel, row: int, siblings: Sequence[int], path: Path) -> Path:
    """One episode's deaths by day above its nearest siblings, day 0 marked."""
    with styled():
        figure = new_figure(178, 30 + 14 * (1 + len(siblings)))
        axes = figure.subplots(1 + len(siblings), 1, sharex=True, squeeze=False)[:, 0]
        for axis, one in zip(axes, [row, *siblings], strict=True):
            about = panel.table.iloc[one]
            colour = REPORTED if one == row else QUIET
            axis.bar(panel.day, panel.columns["best"][one], color=colour, width=0.8)
            axis.axvline(-0.5, color=ORDER, linewidth=1.0)
            who = shorten(plain(f"{about['side_a']} - {about['side_b']}"), 90)
            told = [str(about["day0"]), who]
            if about["kind"] == "order":
                told.append(plain(f"{about['order_side']}, by {about['order_by']}"))
            axis.set_title(", ".join(told), loc="left", color=INK)
        axes[-1].set_xlabel("days from day 0")
        axes[len(axes) // 2].set_ylabel("dead per day (best)")
        figure.tight_layout()
        save(figure, path, "An episode and its nearest siblings", "")
    return path
