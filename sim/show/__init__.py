"""What people look at: figures, the table on the terminal and the HTML report."""

from __future__ import annotations

from sim.show.figures import FigureRecord, figures, timeline_figure
from sim.show.report import render, write_report
from sim.show.reprisals import Tree, reprisal_tree
from sim.show.terminal import terminal_table

__all__ = [
    "FigureRecord",
    "Tree",
    "figures",
    "render",
    "reprisal_tree",
    "terminal_table",
    "timeline_figure",
    "write_report",
]
