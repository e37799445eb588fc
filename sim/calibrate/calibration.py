"""A calibration: the bank conditioned on the facts, and what the posterior then predicts.

Nearest rows by learned summaries, then local-linear regression adjustment (Beaumont, Zhang and
Balding 2002, Genetics 162:2025-2035) on the logit of the unit cube, so that an adjusted draw can
never leave its prior's support.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibrate.adequacy import Adequacy, adequacy_of, cannot_give
from sim.calibrate.bank import OWN, Bank, scenario_seed
from sim.calibrate.facts import Combination, ReportedFact, facts_of, worlds_of
from sim.calibrate.reporting import tell
from sim.calibrate.summaries import TINY, Summaries, learn, logit, unlogit
from sim.ensemble import Ensemble, Posterior, simulate
from sim.scenario import Scenario


@dataclass(frozen=True)
class Piece:
    """One world's share of a posterior.

    ``summaries`` [N, Q] f4 are those of every row under this world's way of reporting, one for each
    of the Q parameters that its facts can tell of. ``constant`` holds the keys of facts that tell
    nothing, as the model gives one value whatever its parameters.
    """

    world: Combination
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
    facts: tuple[ReportedFact, ...]
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
    def constant(self) -> list[ReportedFact]:
        """Facts that told nothing under some reading, as no two simulations differ in them."""
        keys = {key for piece in self.pieces for key in piece.constant}
        return [fact for fact in self.facts if fact.key in keys]


def calibrate(bank: Bank, facts: Sequence[ReportedFact] | None = None) -> Calibration:
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


def _piece(
    bank: Bank, facts: Sequence[ReportedFact], world: Combination, reached: NDArray[np.bool_]
) -> Piece:
    told = tell(bank, facts, world.readings)
    summaries = learn(told, bank.unit[:, reached])
    simulated = summaries.of(told.simulated)
    target = summaries.of(told.reported[None, :])[0]
    adequacy = adequacy_of(bank, facts, world.readings, simulated, target)
    given = condition(simulated, target, bank.unit, None, reached, adequacy.fails)
    return Piece(world, simulated, target, given, adequacy, told.constant)


NEAREST = 1_000
FEWEST = 100
WIDE = 20


@dataclass(frozen=True)
class Conditioned:
    """Draws given one reading of all facts.

    Attributes:
        unit: [n, P] draws on the unit cube, adjusted unless asked for wide.
        weights: [n], sum 1 (Epanechnikov in the distance, or equal).
        rows: [n] rows of the bank they came from.
        radius: the largest distance, in units of a logit.
    """

    unit: NDArray[np.float64]
    weights: NDArray[np.float64]
    rows: NDArray[np.int64]
    radius: float


def nearest_count(simulations: int) -> int:
    """1,000 rows, or a twentieth of a bank too small for that, but 100 at least."""
    return min(simulations, max(FEWEST, min(NEAREST, simulations // 20)))


def condition(
    simulated: NDArray[np.float32],
    target: NDArray[np.float32],
    unit: NDArray[np.float64],
    without: int | None = None,
    reached: NDArray[np.bool_] | None = None,
    wide: bool = False,
) -> Conditioned:
    """Condition unit-cube draws [N, P] on summaries [Q], given the summaries [N, Q] of all rows.

    ``without``: a row to leave out, when the target is that row's own report. ``reached`` [P]: the
    parameters that the target can tell of (default: all); the others get their prior exactly.
    ``wide``: the target is nothing that the model gives, so nothing is adjusted to it, and of the
    nearest twentieth of all rows as many as otherwise are taken, evenly and equally: more
    simulations must not make a wrong model surer.
    """
    distance = np.einsum("np,np->n", simulated - target, simulated - target)
    if without is not None:
        distance[without] = np.inf
    count = nearest_count(len(simulated))
    if wide:
        pool = max(count, len(simulated) // WIDE)
        nearest = np.argpartition(distance, pool - 1)[:pool]
        nearest = nearest[np.lexsort((nearest, distance[nearest]))]
        rows = nearest[np.arange(count) * pool // count]
    else:
        rows = np.argpartition(distance, count - 1)[:count]
    rows.sort()
    near = np.sqrt(distance[rows].astype(np.float64))
    radius = float(near.max())
    weights = 1.0 - (near / radius) ** 2 if radius > 0 and not wide else np.ones(count)
    if weights.sum() <= 0:  # all at the same distance
        weights = np.ones(count)
    weights /= weights.sum()
    drawn = unit[rows]
    reached = np.ones(unit.shape[1], np.bool_) if reached is None else reached
    if not wide:
        gaps = simulated[rows].astype(np.float64) - target
        drawn[:, reached] = _adjusted(logit(drawn[:, reached]), gaps, weights)
    for column in np.flatnonzero(~reached):
        drawn[:, column] = _levelled(drawn[:, column], weights)
    return Conditioned(drawn, weights, rows, radius)


def _levelled(draws: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws [n] of a uniform in their own order, moved so that with their weights they are one.

    Rows chosen by facts that a parameter cannot touch hold draws of its prior anyway; this takes
    away what chance of the choice is left in them.
    """
    order = np.argsort(draws, kind="stable")
    levelled = np.empty(len(draws))
    levelled[order] = np.cumsum(weights[order]) - weights[order] / 2
    return np.clip(levelled, TINY, 1.0 - TINY)


def _adjusted(
    draws: NDArray[np.float64], gaps: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draws [n, P] moved along the regression on the gaps [n, Q] to where the gaps are zero."""
    if not gaps.shape[1]:
        return unlogit(draws)
    centred = gaps - weights @ gaps
    moved = draws - weights @ draws
    gram = centred.T @ (centred * weights[:, None])
    # a summary that hardly moves must not be divided by
    gram += np.eye(len(gram)) * (1e-6 * np.trace(gram) / max(len(gram), 1) + 1e-12)
    slope = np.linalg.solve(gram, centred.T @ (moved * weights[:, None]))
    return unlogit(draws - gaps @ slope)


__all__ = ["Conditioned", "Summaries", "condition", "nearest_count"]


REPLICATES = 2_000
STREAM = "predictive"


def posterior_for(calibration: Calibration, scenario: str) -> Posterior:
    """A calibration's draws as one scenario uses them: its own columns under their plain names."""
    draws, names = calibration.draws, calibration.bank.names
    own = {name: name.split(OWN)[0] for name in names if name.endswith(f"{OWN}{scenario}")}
    pooled = [name for name in names if OWN not in name]
    rules = calibration.bank.rules
    learned_under = None if rules is None else rules.hash
    renamed = draws[[*pooled, *own]].rename(columns=own)
    return Posterior(renamed, calibration.weights, "", learned_under)


def predict(
    scenario: Scenario,
    posterior: Posterior | None,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int | None = None,
    theta: pd.DataFrame | None = None,
) -> Ensemble:
    """Run a scenario with draws of a posterior, or of the prior where it is None; totals only.

    Its chance is its own: no run of the bank from the same seed is seen again.
    """
    own = scenario_seed(seed, f"{STREAM}/{scenario.name}")
    return simulate(
        scenario, replicates, own, threads=threads, keep="totals", posterior=posterior,
        theta=theta, logs=0,
    )  # fmt: skip
