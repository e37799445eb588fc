"""A calibration: the posterior of a bank's parameters given its scenarios' facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.adequacy import Adequacy, adequacy_of, cannot_give
from sim.calibrate.bank import Bank
from sim.calibrate.conditioning import Conditioned, condition
from sim.calibrate.facts import Fact, World, facts_of, worlds_of
from sim.calibrate.reporting import tell
from sim.calibrate.summaries import learn


@dataclass(frozen=True)
class Piece:
    """One world's share of a posterior.

    ``summaries`` [N, Q] f4 are those of every row under this world's way of reporting, one for each
    of the Q parameters that its facts can tell of. ``constant`` holds the keys of facts that tell
    nothing, as the model gives one value whatever its parameters.
    """

    world: World
    summaries: NDArray[np.float32]
    target: NDArray[np.float32]
    given: Conditioned
    adequacy: Adequacy
    constant: tuple[str, ...]


@dataclass(frozen=True)
class Calibration:
    """A posterior as weighted draws.

    Attributes:
        bank, facts: what it was made from.
        pieces: one per way of reading the disputed facts, each with its weight.
        unit: [n, P] draws of all pieces on the prior's unit cube.
        weights: [n], sum 1: the piece's weight times the draw's.
        reached: [P], whether any fact can tell of the parameter; the others keep their prior.
    """

    bank: Bank
    facts: tuple[Fact, ...]
    pieces: tuple[Piece, ...]
    unit: NDArray[np.float64]
    weights: NDArray[np.float64]
    reached: NDArray[np.bool_]

    @property
    def draws(self) -> pd.DataFrame:
        """The draws [n, P] in the parameters' own units."""
        return self.bank.natural(self.unit)

    @property
    def effective(self) -> float:
        """Effective number of draws: 1 / sum of squared weights."""
        return float(1.0 / np.sum(self.weights**2))

    @property
    def cannot_give(self) -> str | None:
        """What must be said first where the model cannot give the facts; None where it can."""
        pieces = self.pieces
        return cannot_give([p.world.weight for p in pieces], [p.adequacy for p in pieces])

    @property
    def constant(self) -> list[Fact]:
        """Facts that told nothing under some reading, as no two simulations differ in them."""
        keys = {key for piece in self.pieces for key in piece.constant}
        return [fact for fact in self.facts if fact.key in keys]


def calibrate(bank: Bank, facts: Sequence[Fact] | None = None) -> Calibration:
    """Condition a bank on facts (default: those of its scenarios with role ``calibrate``).

    Where sources disagree, the posterior is the mixture of the posteriors under each reading, with
    the readings' weights: the model is not asked which source is right. Without any fact the
    posterior is the prior; so is that of a parameter that no fact can tell of. Facts that the model
    cannot give (adequacy.py) are not adjusted to.
    """
    if facts is None:
        facts = [fact for s in bank.scenarios.values() for fact in facts_of(s)]
    reached = bank.reaches((fact.scenario, fact.observable) for fact in facts)
    pieces = tuple(_piece(bank, facts, world, reached) for world in worlds_of(facts))
    return Calibration(
        bank,
        tuple(facts),
        pieces,
        np.concatenate([piece.given.unit for piece in pieces]),
        np.concatenate([piece.world.weight * piece.given.weights for piece in pieces]),
        reached,
    )


def _piece(bank: Bank, facts: Sequence[Fact], world: World, reached: NDArray[np.bool_]) -> Piece:
    told = tell(bank, facts, world.readings)
    summaries = learn(told, bank.unit[:, reached])
    simulated = summaries.of(told.simulated)
    target = summaries.of(told.reported[None, :])[0]
    adequacy = adequacy_of(bank, facts, world.readings, simulated, target)
    given = condition(simulated, target, bank.unit, None, reached, adequacy.fails)
    return Piece(world, simulated, target, given, adequacy, told.constant)
