"""A study: a calibration with all that must be said beside it before anybody may quote it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from sim.calibrate.bank import Bank
from sim.calibrate.calibration import REPLICATES, Calibration, calibrate, posterior_for, predict
from sim.calibrate.contraction import Correlation, correlations, learned, satisfied, warnings
from sim.calibrate.coverage import SETS, Coverage, coverage_of
from sim.calibrate.sources import lost_without, swapped
from sim.compare import Comparison, baselines_of, compare
from sim.ensemble import Ensemble
from sim.evidence import Evidence

Said = Callable[[str], None]


@dataclass(frozen=True)
class CalibrationStudy:
    """What a calibration report prints.

    Attributes:
        calibration: the posterior.
        mode: ``conditional`` or ``generative``.
        learned: see `sim.calibrate.contraction.learned`.
        correlations: the strongest.
        satisfied: share of the posterior weight on simulations that give every reported value.
        coverage, near: of the calibrator over synthetic data sets, drawn from the whole prior
            predictive, and among those that look like what was reported.
        lost: contraction lost without each article, [article, P].
        swapped: the posterior under each account of a disputed number.
        predictive: scenario name to ensemble and comparison.
        warnings: sentences.
    """

    calibration: Calibration
    mode: str
    learned: pd.DataFrame
    correlations: list[Correlation]
    satisfied: float
    coverage: Coverage
    near: Coverage
    lost: pd.DataFrame
    swapped: pd.DataFrame
    predictive: dict[str, tuple[Ensemble, Comparison]]
    warnings: list[str]


def study(
    bank: Bank,
    bodies: Mapping[str, Evidence | None],
    mode: str,
    sets: int = SETS,
    threads: int | None = None,
    say: Said = lambda _: None,
) -> CalibrationStudy:
    """Calibrate on a bank's facts and examine the result from every side.

    ``bodies``: scenario name to its evidence. ``sets``: synthetic data sets per coverage study.
    ``say`` is told what is being done.
    """
    say("posterior")
    calibration = calibrate(bank)
    say(f"coverage over 2 x {sets} synthetic data sets")
    coverage = coverage_of(calibration, sets, bank.seed)
    near = coverage_of(calibration, sets, bank.seed, near=True)
    say("articles and disputed numbers")
    lost = lost_without(bank, bodies, calibration.facts)
    accounts = swapped(bank, bodies, calibration.facts)
    say("posterior predictive")
    predictive = {}
    for name, scenario in bank.scenarios.items():
        ensemble = predict(
            scenario, posterior_for(calibration, name), REPLICATES, bank.seed, threads
        )
        predictive[name] = (ensemble, compare(ensemble, bodies.get(name), baselines_of(ensemble)))
    return CalibrationStudy(
        calibration,
        mode,
        learned(calibration),
        correlations(calibration),
        satisfied(calibration),
        coverage,
        near,
        lost,
        accounts,
        predictive,
        warnings(calibration) + _miscovered(coverage, near),
    )


def _miscovered(coverage: Coverage, near: Coverage) -> list[str]:
    said = []
    for found, where in ((coverage, "over the whole prior"), (near, "near the reported facts")):
        if found.p_values().min(initial=1.0) < 0.01:
            worst = found.names[int(found.p_values().argmin())]
            said.append(
                f"the calibrator's ranks are not uniform {where} for {worst} "
                f"(p = {found.p_values().min():.4f} after correction)"
            )
    return said
