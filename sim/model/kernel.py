"""The kernel: the hour compiled, and the loop that runs replicate after replicate through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.model import measures
from sim.model.begin import begin, take_over
from sim.model.book import WIDTH
from sim.model.compiled import compiled, rule
from sim.model.hour import HOUR, Entry
from sim.model.layout import State
from sim.model.reference import by_reference, refer_to

LOOP = """
    for i in range(w.{who}.shape[0]):
        does_{number}(w, s, i, step)
"""
LOOP_BY_GROUP = """
    for g in range(w.groups.shape[0]):
        if where_{number}(w, s, g, step):
            first = w.groups[g]["first"]
            for i in range(first, first + w.groups[g]["cells"]):
                does_{number}(w, s, i, step)
"""
LOOP_BY_MEMBER = """
    for g in range(w.groups.shape[0]):
        if where_{number}(w, s, g, step):
            last = w.groups[g]["first"] + w.groups[g]["cells"]
            i = whom_{number}(w, s, g, w.groups[g]["first"], step)
            while i < last:
                does_{number}(w, s, i, step)
                i = whom_{number}(w, s, g, i + 1, step)
"""


def hour_source(entries: Sequence[Entry]) -> str:
    """The hour as the text of one function, a loop for each entry of the list.

    Neighbours with the same condition share it: where it does not hold, none of them does anything
    that could make it hold.
    """
    text = "def hour(w, s, step):"
    open_condition = None
    for number, entry in enumerate(entries):
        form = LOOP
        if entry.where is not None:
            form = LOOP_BY_GROUP if entry.whom is None else LOOP_BY_MEMBER
        loop = form.format(who=entry.table, number=number)
        if entry.when is not None:
            if entry.when is not open_condition:
                text += f"\n    if when_{number}(w, s, step):"
            loop = loop.replace("\n    ", "\n        ")
        open_condition = entry.when
        text += loop
    return text


def compose(entries: Sequence[Entry]) -> Any:
    """The hour as one rule."""
    names: dict[str, Any] = {}
    for number, entry in enumerate(entries):
        names[f"does_{number}"] = entry.does
        names[f"when_{number}"], names[f"where_{number}"] = entry.when, entry.where
        names[f"whom_{number}"] = entry.whom
    exec(compile(hour_source(entries), "<the hour>", "exec"), names)
    return rule(names["hour"])


hour = compose(HOUR)


@rule
def set_parameters(s: State, theta: Any) -> None:
    """Put a parameter vector into a state."""
    for i in range(theta.shape[0]):
        s.parameters[i] = theta[i]


@compiled
def run_block(  # type: ignore[no-untyped-def]
    world, other, fork, state, measured, theta, theta_after, seed, replicates, first, last,
    observables, issued, hourly,
):  # fmt: skip
    """Run replicates ``first`` to ``last`` of a batch and keep what has room to be kept.

    Each runs in ``world`` up to step ``fork`` and in ``other`` from there on; ``measured`` are the
    observables' Specs.

    ``theta`` f8[R, NP]; ``replicates`` i8[R]; ``observables`` f8[R, K] and ``issued`` f8[R, D] are
    filled; ``hourly`` f4[R or 0, T, P, V] is filled where it has rows. Returns the largest number
    of events in a run.
    """
    w, s, specs = by_reference(world), by_reference(state), by_reference(measured)
    most = 0
    steps = w.run[0]["steps"]
    for r in range(first, last):
        refer_to(w, world)
        set_parameters(s, theta[r])
        begin(w, s, seed, replicates[r])
        begins, ends = 0, min(fork, steps)
        for part in range(2):  # one call of the hour, so that it is compiled once
            if part == 1:
                if fork >= steps:
                    break
                refer_to(w, other)
                set_parameters(s, theta_after[r])
                take_over(w, s, fork)
                begins, ends = fork, steps
            for step in range(begins, ends):
                hour(w, s, step)
        measures.measure(w, s, specs, observables[r])
        for d in range(w.decisions.shape[0]):
            issued[r, d] = s.decisions[d]["issued"]
        if hourly.shape[0] > 0:
            for t in range(hourly.shape[1]):
                for p in range(hourly.shape[2]):
                    for v in range(WIDTH):
                        hourly[r, t, p, v] = s.book[t, p * WIDTH + v]
        most = max(most, s.run[0]["events"])
    return most
