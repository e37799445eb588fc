"""Figures of a calibration: contraction, prior against posterior, ranks, prediction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from sim.calibrate.contraction import CALLED_PRIOR
from sim.calibrate.coverage import BINS
from sim.compare.words import plain, shorten
from sim.show.citations import Citations
from sim.show.figures.comparison_figure import alt_comparison, draw_comparison
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.style import (
    FAINT,
    QUIET,
    REPORTED,
    SIMULATED,
    Size,
    new_figure,
)

if TYPE_CHECKING:
    from sim.calibrate.calibration_study import CalibrationStudy
    from sim.compare import Comparison
    from sim.ensemble import Ensemble


GRID = 20
"""Bins of a posterior's histogram on the unit cube."""


def calibration_figures(
    study: CalibrationStudy, folder: Path, manifest_id: str
) -> list[FigureRecord]:
    """Draw and save the figures of a calibration into ``folder``/figures."""
    names, easel = study.calibration.bank.names, Easel(folder / "figures", manifest_id)
    count = int(study.learned["learned"].sum())
    cover = study.coverage
    return [
        easel.draw(
            "contraction", "What was learned: contraction per parameter",
            f"Bars of contraction for {len(study.learned)} parameters and products; {count} reach "
            f"{CALLED_PRIOR:g}, below which a parameter keeps its prior.",
            lambda size: _contraction(study, size),
        ),
        easel.draw(
            "prior_posterior", "Prior (line) and posterior (area)",
            f"One panel for each of {len(names)} parameters: the posterior's density over the "
            "prior's cumulative probability; a flat posterior is the prior.",
            lambda size: _densities(study, size),
        ),
        easel.draw(
            "ranks", "Does the calibrator cover? Ranks of the true values",
            f"Histograms of the true value's position in its posterior over {len(cover.positions)} "
            f"synthetic data sets; 90 % intervals cover {cover.overall(0.9):.3f} of them.",
            lambda size: _ranks(study, size),
        ),
        *(_predicted(easel, *study.predictive[name]) for name in study.predictive),
    ]  # fmt: skip


def _predicted(easel: Easel, ensemble: Ensemble, comparison: Comparison) -> FigureRecord:
    scenario = ensemble.scenario
    title = f"{plain(scenario.title)}: posterior predictive against reported"
    subtitle = f"{ensemble.replicates} runs with parameters from the posterior"
    return easel.draw(
        f"predictive_{scenario.name}", title,
        alt_comparison(comparison.table),
        lambda size: draw_comparison(
            comparison.table, scenario, Citations.of(None), size,
            subtitle,
        ),
    )  # fmt: skip


def panels(count: int, size: Size, height: float) -> tuple[Figure, list[Axes]]:
    """A figure with ``count`` small axes, rows of them as the width allows."""
    across = 2 if size.is_column else 4
    rows = -(-count // across)
    figure = new_figure(size.width, rows * height + 6)
    axes = figure.subplots(rows, across, squeeze=False)
    top = 1 - 5 / (rows * height + 6)
    figure.subplots_adjust(
        left=8 / size.width, right=1 - 3 / size.width, top=top, hspace=0.75, wspace=0.25,
        bottom=8 / (rows * height + 6),
    )  # fmt: skip
    for spare in axes.flat[count:]:
        spare.set_visible(False)
    return figure, list(axes.flat[:count])


def _contraction(study: CalibrationStudy, size: Size) -> Figure:
    table = study.learned.iloc[::-1]
    figure = new_figure(size.width, 14 + 5.2 * len(table))
    left = 34 if size.is_column else 52
    axes = figure.add_axes(
        (left / size.width, 10 / (14 + 5.2 * len(table)),
         1 - (left + 8) / size.width, 1 - 13 / (14 + 5.2 * len(table)))
    )  # fmt: skip
    colors = [SIMULATED if known else FAINT for known in table["learned"]]
    values = table["contraction"].clip(lower=-0.15)
    axes.barh(np.arange(len(table)), values, color=colors, height=0.62)
    axes.axvline(CALLED_PRIOR, color=QUIET, lw=0.8, ls=(0, (3, 2)))
    axes.axvline(0, color=QUIET, lw=0.6)
    letters = 26 if size.is_column else 36
    axes.set_yticks(np.arange(len(table)), [shorten(plain(n), letters) for n in table["name"]])
    axes.set_xlim(-0.17, 1.08)
    for y, (value, known) in enumerate(zip(table["contraction"], table["learned"], strict=True)):
        words = f"{value:.2f}" + ("" if known else " prior")
        axes.text(max(value, 0.0) + 0.015, y, words, va="center", fontsize="small", color=QUIET)
    axes.set_xlabel("contraction: 1 - posterior variance / prior variance")
    return figure


def _densities(study: CalibrationStudy, size: Size) -> Figure:
    calibration = study.calibration
    figure, axes = panels(len(calibration.bank.names), size, 23)
    learned = dict(zip(study.learned["name"], study.learned["learned"], strict=True))
    edges = np.linspace(0, 1, GRID + 1)
    for k, (name, one) in enumerate(zip(calibration.bank.names, axes, strict=True)):
        density, _ = np.histogram(
            calibration.unit[:, k], edges, weights=calibration.weights, density=True
        )
        color = SIMULATED if learned[name] else FAINT
        one.stairs(density, edges, fill=True, color=color, alpha=0.7)
        one.axhline(1.0, color=QUIET, lw=0.8)
        _title(one, name, size)
        prior = calibration.bank.priors[name]
        ticks = [0.05, 0.5, 0.95]
        labels = [f"{float(v):.2g}" for v in prior.quantile(ticks)]
        one.set_xticks(ticks, labels)
        one.set_yticks([])
        one.set_ylim(0, max(2.0, 1.1 * density.max()))
    return figure


def _ranks(study: CalibrationStudy, size: Size) -> Figure:
    cover = study.coverage
    figure, axes = panels(len(cover.names), size, 21)
    counts, sets = cover.histogram(), len(cover.positions)
    low, high = (float(stats.binom.ppf(q, sets, 1 / BINS)) for q in (0.005, 0.995))
    edges = np.linspace(0, 1, BINS + 1)
    for name, row, one in zip(cover.names, counts, axes, strict=True):
        one.axhspan(low, high, color=REPORTED, alpha=0.14, lw=0)
        one.stairs(row, edges, fill=True, color=SIMULATED, alpha=0.6)
        _title(one, name, size)
        one.set_xticks([0, 0.5, 1])
        one.set_ylim(0, max(high * 1.4, row.max() * 1.1))
    return figure


def _title(axes: Axes, name: str, size: Size) -> None:
    axes.set_title(shorten(plain(name), 27), fontsize=size.font * 0.9, loc="left")
