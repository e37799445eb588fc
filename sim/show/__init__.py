"""What people look at: figures, the table on the terminal and the HTML report."""

from __future__ import annotations

from sim.show.figures.drawing import FigureRecord
from sim.show.figures.reprisal_tree import Tree, reprisal_tree
from sim.show.figures.run_figures import run_figures
from sim.show.figures.timeline_figure import timeline_figure
from sim.show.reports.page import render
from sim.show.reports.run_report import write_report
from sim.show.terminal import terminal_table

__all__ = [
    "FigureRecord",
    "Tree",
    "render",
    "reprisal_tree",
    "run_figures",
    "terminal_table",
    "timeline_figure",
    "write_report",
]
