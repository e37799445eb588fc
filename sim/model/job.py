"""A job: a batch of replicates ready to run, on either engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sim.model.layout import World
from sim.model.measures import Specs, specify
from sim.model.rulebook import Rulebook, rulebook_of
from sim.model.size import refuse_too_large
from sim.model.world import build_world, hours
from sim.scenario.schema import Scenario

FIRST_LOG_ROWS = 2048
"""Events for which a log has room at first; a run with more is done again with enough."""


@dataclass(frozen=True)
class Fork:
    """Another future: from ``at`` on, runs go on in ``scenario`` with ``theta`` f8[R, NP]."""

    at: datetime
    scenario: Scenario
    theta: NDArray[np.float64]


@dataclass(frozen=True)
class Job:
    """A batch ready to run: worlds before and after a fork, parameters, seed and replicates."""

    scenario: Scenario
    world: World
    after: World
    fork_step: int
    specs: Specs
    theta: NDArray[np.float64]
    theta_after: NDArray[np.float64]
    seed: int
    replicates: NDArray[np.int64]
    rulebook: Rulebook


def make_job(
    scenario: Scenario,
    theta: NDArray[np.float64],
    seed: int,
    replicates: Sequence[int] | NDArray[np.int64],
    fork: Fork | None = None,
    world: World | None = None,
) -> Job:
    """Check shapes and build the worlds of a batch.

    ``theta`` f8[R, NP] in the order of ``vector_names``; ``replicates`` R numbers from 0 to
    2**32 - 1. Raises ValueError for wrong shapes, a seed outside 0 to 2**63 - 1, or a fork whose
    other scenario does not have the same places, factions, forces and rules; InputError for a world
    that does not fit into this machine's memory, or rules of the user's own that cannot be used.
    """
    world = build_world(scenario) if world is None else world
    refuse_too_large(world, f"scenario '{scenario.name}'")
    theta = _own(theta)
    numbers = np.require(np.asarray(replicates), np.int64, ["C", "W"])
    wanted = (len(numbers), int(world.run[0]["parameters"]))
    if theta.shape != wanted:
        raise ValueError(f"theta has shape {theta.shape}, expected {wanted}")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed} is outside 0 to 2**63 - 1")
    if len(numbers) and not (numbers.min() >= 0 and numbers.max() < 2**32):
        raise ValueError("replicate numbers must lie in 0 to 2**32 - 1")
    steps = int(world.run[0]["steps"])
    after, theta_after, fork_step = world, theta, steps
    if fork is not None:
        after = build_world(fork.scenario)
        _same_shape(world, after)
        if fork.scenario.rules != scenario.rules:
            raise ValueError("a fork cannot change the rules")
        theta_after = _own(fork.theta)
        fork_step = int(np.ceil(hours(scenario, fork.at) / scenario.clock.step_h - 1e-9))
        if not 0 <= fork_step <= steps:
            raise ValueError(f"the fork at {fork.at.isoformat()} is outside the clock")
    return Job(
        scenario, world, after, fork_step, specify(scenario, world), theta, theta_after, seed,
        numbers, rulebook_of(scenario.rules),
    )  # fmt: skip


def _own(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Contiguous and writable: the kernel is compiled for that, and anew for anything else."""
    return np.require(theta, np.float64, ["C", "W"])


def _same_shape(world: World, after: World) -> None:
    for name in World._fields:
        if getattr(world, name).shape != getattr(after, name).shape:
            raise ValueError(f"a fork cannot change the number of {name}")
