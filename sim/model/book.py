"""The book: a run's hourly series, one line per step of the clock.

A line holds the series of each place, the dead and the wounded of each side at each place, and the
clashes of each front. What happens is counted; what stands at the end of a step is written anew in
every step. So only the steps in which something was counted need emptying or adding up again.
"""

from __future__ import annotations

from sim.model.compiled import rule
from sim.model.layout import SERIES, State, World

WIDTH = len(SERIES)


@rule
def count(s: State, step: int, place: int, series: int, amount: float) -> None:
    """Add to a place's series of what happened in a step."""
    s.book[step, place * WIDTH + series] += amount


@rule
def count_losses(
    w: World, s: State, step: int, place: int, side: int, dead: int, wounded: int
) -> None:  # fmt: skip
    """Add to a side's dead and wounded at a place; after the last faction come bystanders."""
    column = place * w.run[0]["sides"] + side
    s.book[step, w.run[0]["dead"] + column] += dead
    s.book[step, w.run[0]["wounded"] + column] += wounded


@rule
def count_clash(w: World, s: State, step: int, front: int) -> None:
    """Add one to a front's clashes."""
    s.book[step, w.run[0]["clashes"] + front] += 1.0


@rule
def mark_busy(s: State, step: int) -> None:
    """Note that something was counted in this step."""
    busy = s.run[0]["busy"]
    if busy == 0 or s.busy[busy - 1] != step:
        s.busy[busy] = step
        s.run[0]["busy"] = busy + 1


@rule
def clear(s: State) -> None:
    """Empty the lines in which the run before has counted something."""
    for i in range(s.run[0]["busy"]):
        step = s.busy[i]
        for column in range(s.book.shape[1]):
            s.book[step, column] = 0.0
    s.run[0]["busy"] = 0
