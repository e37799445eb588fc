"""What people look at: figures, the table on the terminal and the HTML report."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.show.figures.drawing import FigureRecord
    from sim.show.figures.reprisal_tree import Tree, reprisal_tree
    from sim.show.figures.run_figures import run_figures
    from sim.show.figures.timeline_figure import timeline_figure
    from sim.show.reports.page import render
    from sim.show.reports.run_report import write_report
    from sim.show.terminal import terminal_table

# name -> the module that has it; looked up on first use: a table needs no figure library
_HOME = {
    "FigureRecord": "sim.show.figures.drawing",
    "Tree": "sim.show.figures.reprisal_tree",
    "render": "sim.show.reports.page",
    "reprisal_tree": "sim.show.figures.reprisal_tree",
    "run_figures": "sim.show.figures.run_figures",
    "terminal_table": "sim.show.terminal",
    "timeline_figure": "sim.show.figures.timeline_figure",
    "write_report": "sim.show.reports.run_report",
}

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


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim.show' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
