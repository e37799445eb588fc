"""How large a run is, in memory and time; a world too large for this machine is refused."""

from __future__ import annotations

import os

from sim.inputs import InputError, Problem
from sim.model.layout import World, memory

WORTH_SAYING = 1 << 28
"""Bytes of one run from which its size is said beforehand."""

FRONT_STEP_NS = 200
"""About what a front costs in a step while its sides fight, measured with 400 to 400,000 fronts."""


def machine_memory() -> int:
    """Bytes of memory that this machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def refuse_too_large(world: World, path: str) -> None:
    """Raise InputError if one run alone needs more memory than the machine has."""
    needed, there = memory(world), machine_memory()
    if needed > there:
        raise InputError(
            [Problem(path, None, None, f"too large to be run here: {size_words(world)}",
                     f"at most {there / 2**30:.0f} GiB, what this machine has: fewer steps, places "
                     "or dyads")]
        )  # fmt: skip


def size_words(world: World) -> str:
    """A run's fronts, cells, steps, memory and rough time, in words."""
    fronts, steps = len(world.fronts), int(world.run[0]["steps"])
    seconds = fronts * steps * FRONT_STEP_NS * 1e-9
    return (
        f"{fronts:,} fronts and {len(world.cells):,} cells over {steps:,} steps: "
        f"{memory(world) / 2**30:.1f} GiB for each run at a time, and up to about "
        f"{max(seconds, 0.01):,.2g} s a run while all fronts fight"
    )
