"""What figures show, in words, for readers who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.show.episode import panel_values
from sim.show.facts import Fact
from sim.show.numbers import number
from sim.show.reprisals import reprisal_tree
from sim.show.style import plain

if TYPE_CHECKING:
    from sim.ensemble import Ensemble


def alt_episode(ensemble: Ensemble, facts: Sequence[Fact], places: Sequence[str] | None) -> str:
    """Alternative text of the episode figure: the final toll, the peak, what was reported."""
    dead = panel_values(ensemble, "dead", places)[:, -1]
    low, middle, high = (number(float(round(q))) for q in np.quantile(dead, (0.05, 0.5, 0.95)))
    peak = panel_values(ensemble, "clashes", places).max(axis=1)
    usual = number(float(np.median(peak)))
    said = [
        f"{fact.title} at least {fact.low:g}" if fact.high is None
        else f"{fact.title} {fact.low:g} to {fact.high:g}"
        for fact in facts
        if fact.low is not None and fact.panel != "ladder"
    ]  # fmt: skip
    reported = f" Reported boxes: {'; '.join(said)}." if said else ""
    events = sum(fact.panel == "ladder" for fact in facts)
    return (
        "Stacked panels over time of cumulative dead, clashes per hour, people and cells on the "
        f"street and the escalation ladder, with 50 and 90 % bands of {ensemble.replicates} runs. "
        f"At the end the median run has {middle} dead, 90 % of runs {low} to {high}; the median "
        f"run peaks at {usual} clashes per hour.{reported} {events} reported events stand on the "
        "ladder panel. All numbers are in the table of observables."
    )


def alt_comparison(table: pd.DataFrame) -> str:
    """Alternative text of the comparison figure."""
    tested = table[table["tested"].astype(bool)]
    inside = int(tested["inside90"].astype(bool).sum()) if len(tested) else 0
    return (
        f"One row per observable with the simulated median, 50 and 90 % interval against the "
        f"reported range: {inside} of {len(tested)} tested values lie in the 90 % interval. "
        "All numbers are in the table of observables."
    )


def alt_tree(log: pd.DataFrame, run: int) -> str:
    """Alternative text of the reprisal tree."""
    tree = reprisal_tree(log)
    dead = sum(int(e["dead_a"]) + int(e["dead_b"]) for e in tree.events.values())
    return (
        f"Tree of {len(tree.events)} events of run {run} along the time axis, each joined to the "
        f"event that caused it, with {dead} dead in all; {tree.left_out} further events of the "
        "run are left out. The whole log is among the result's files."
    )


def alt_timeline(table: pd.DataFrame) -> str:
    """Alternative text of the timeline."""
    first, last = plain(table["title"].iloc[0]), plain(table["title"].iloc[-1])
    return (
        f"{len(table)} reported events as bars as wide as the window in which they happened, "
        f"sorted by place, from “{first}” to “{last}”."
    )
