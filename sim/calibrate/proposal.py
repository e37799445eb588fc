"""A proposal: where to draw so that more simulations give what was reported, with known weights.

Facts that hold together once in ten thousand draws of the prior leave too few simulations to weigh
models by. So the parameters that a pilot calibration learned are drawn from a normal distribution
on the logit of the unit cube, twice as wide as their posterior, in four rows of five; the fifth
row, and every other parameter, comes from the prior. The importance weight undoes it and cannot
exceed five.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.calibrate.calibration import Calibration
from sim.calibrate.learned import CALLED_PRIOR, contraction
from sim.calibrate.summaries import logit, unlogit

FROM_PRIOR = 0.2
WIDER = 2.0
"""Factor on the posterior's standard deviations."""


@dataclass(frozen=True)
class Proposal:
    """Names of the parameters it draws, mean [L] and covariance [L, L] of their logits."""

    names: tuple[str, ...]
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]

    def apply(
        self, unit: NDArray[np.float64], names: list[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Turn prior draws [N, P] into draws of the proposal, with their weights [N].

        The same prior draws give the same draws. A parameter that is no column of ``names`` is
        left out of the normal distribution.
        """
        known = [k for k, name in enumerate(self.names) if name in names]
        if not known:
            return unit, np.ones(len(unit))
        columns = [names.index(self.names[k]) for k in known]
        mean = self.mean[known]
        covariance = self.covariance[np.ix_(known, known)]
        root = np.linalg.cholesky(covariance)
        # every fifth row keeps its prior draw; no further random number is needed
        moved = np.arange(len(unit)) % round(1 / FROM_PRIOR) != 0
        drawn = unit.copy()
        normal = stats.norm.ppf(np.clip(unit[np.ix_(moved, columns)], 1e-12, 1 - 1e-12))
        drawn[np.ix_(moved, columns)] = unlogit(mean + normal @ root.T)
        held = np.clip(drawn[:, columns], 1e-12, 1 - 1e-12)
        density = stats.multivariate_normal(mean, covariance).pdf(np.log(held / (1 - held)))
        density = np.reshape(density, -1) / np.prod(held * (1 - held), axis=1)
        return drawn, 1.0 / (FROM_PRIOR + (1 - FROM_PRIOR) * density)


def proposal_from(pilot: Calibration) -> Proposal:
    """The proposal that a pilot calibration suggests; empty where nothing was learned."""
    learned = np.flatnonzero(contraction(pilot.unit, pilot.weights) >= CALLED_PRIOR)
    x = logit(pilot.unit[:, learned])
    mean = pilot.weights @ x
    centred = (x - mean) * WIDER
    covariance = centred.T @ (centred * pilot.weights[:, None])
    return Proposal(tuple(pilot.bank.names[k] for k in learned), mean, covariance)
