"""Siblings: the episodes of other conflicts that look most like one, and what followed them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.episodes.episode_library import DayPanel, Library
from sim.episodes.neighbours import likeness
from sim.episodes.task import TASKS, Task
from sim.inputs import InputError, Problem, nearest


def find(library: Library, episode_id: str) -> tuple[DayPanel, int, Task]:
    """The panel of an episode's kind and its row there.

    Raises:
        InputError: there is no such episode.
    """
    ids = library.episodes["episode_id"]
    if episode_id not in set(ids):
        raise InputError(
            [
                Problem(
                    str(library.folder),
                    None,
                    None,
                    f"there is no episode '{episode_id}'",
                    "an id as 'episodes list --match' prints it",
                    nearest(episode_id, ids),
                )
            ]
        )
    kind = str(library.episodes.loc[ids == episode_id, "kind"].iloc[0])
    panel = library.panel(kind)
    return panel, int(np.nonzero(panel.table["episode_id"] == episode_id)[0][0]), TASKS[kind]


def siblings(panel: DayPanel, row: int, task: Task, count: int) -> list[int]:
    """Rows of the nearest episodes of other conflicts by the days that are known, nearest first."""
    points = likeness(panel, task)
    distance = ((points - points[row]) ** 2).sum(axis=1)
    own = panel.table["conflict"] == panel.table["conflict"].iloc[row]
    distance[own.to_numpy()] = np.inf
    order = np.argsort(distance, kind="stable")
    return [int(one) for one in order[:count] if np.isfinite(distance[one])]


def described(panel: DayPanel, rows: list[int], task: Task) -> list[str]:
    """One line per episode: id, day 0, dead before, dead in the days to forecast, who, order."""
    before = panel.total(*((-14, -1) if task.kind == "order" else (0, task.given)))
    after: NDArray[np.float64] = task.outcome(panel)
    span = "-14..-1" if task.kind == "order" else f"0..{task.given}"
    out = [f"{'episode':13}{'day 0':>12}{span:>9}{f'{task.first}..{task.last}':>8}  who"]
    for row in rows:
        about = panel.table.iloc[row]
        who = f"{about['side_a']} - {about['side_b']}"
        if task.kind == "order":
            who += f" ({about['order_side']}, by {about['order_by']})"
        out.append(
            f"{about['episode_id']:13}{about['day0']:>12}{before[row]:>9.0f}"
            f"{after[row]:>8.0f}  {who}"
        )
    return out
