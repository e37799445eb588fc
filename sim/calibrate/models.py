"""A proposal: where to draw so that more simulations give what was reported, with known weights.

Facts that hold together once in ten thousand draws of the prior leave too few simulations to weigh
models by. So the parameters that a pilot calibration learned are drawn from a normal distribution
on the logit of the unit cube, twice as wide as their posterior, in four rows of five; the fifth
row, and every other parameter, comes from the prior. The importance weight undoes it and cannot
exceed five.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim.calibrate.bank import Bank, Progress, build_bank
from sim.calibrate.calibration import Calibration, calibrate
from sim.calibrate.contraction import CALLED_PRIOR, contraction
from sim.calibrate.facts import ReportedFact, facts_of
from sim.calibrate.summaries import logit, unlogit
from sim.compare import Reading
from sim.scenario import RuleFile, Scenario
from sim.scenario.loading import LoadedScenario, with_variant
from sim.scenario.vocabulary import Role

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


PILOT = 20_000
ENOUGH = 400
"""Accepted simulations of the best model below which ranges are widened."""
WIDENINGS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
"""By how much: a count's logarithm, or a time in units of 12 hours, on either side."""
HOURS = 12.0
SLAB = 0.05
FEWEST_NEAR = 10
LARGEST = 1.0 / FROM_PRIOR
BASE = "as written"


def mechanisms(loaded: LoadedScenario) -> list[str]:
    """Variants that are rival accounts of what happened, not other orders or deployments.

    They change parameters, triggers or who was hostile to whom; orders, deployments and what is
    scored stay as they were.
    """
    listed = ("decisions", "deployments", "observables", "crowds", "clock", "factions", "outlets")
    return [
        name
        for name, variant in loaded.scenario.variants.items()
        if not variant.extrapolation and not any(p.split(".")[0] in listed for p in variant.set)
    ]


def compare_models(
    loaded: LoadedScenario,
    variants: Sequence[str],
    simulations: int,
    seed: int,
    threads: int | None = None,
    observables: Sequence[str] | None = None,
    progress: Progress | None = None,
    rules: Sequence[RuleFile] = (),
) -> pd.DataFrame:
    """Evidence of the scenario as written, of variants and of the scenario as written under rules
    of the user's own, on the same draws and chance.

    Facts: those with role calibrate or hold_out, or the named observables. Columns: model, title,
    evidence, accepted (effective number), ratio to the best model, low and high (95 %, Monte Carlo
    error only), verdict, written, written_low and written_high (the same ratio to the scenario as
    written), same_bank (the ratio to the scenario as written, read from its bank near
    the fixed value, where a variant only fixes free parameters), widened. Best first. Of the
    table's ``attrs``, ``cannot_give`` is the sentence that comes first where the scenario as
    written cannot give these facts, else None.

    Raises KeyError for an observable that is no fact of the scenario, ValueError for two files of
    rules of one name.
    """
    if len({file.name for file in rules} | set(variants)) < len(rules) + len(variants):
        raise ValueError("two models have the same name")
    facts = _chosen(loaded, observables)
    pilot = build_bank([loaded.scenario], min(PILOT, simulations), seed, threads)
    proposal = proposal_from(calibrate(pilot))

    def run(scenario: Scenario) -> tuple[Bank, NDArray[np.float64]]:
        importance = np.ones(simulations)

        def redraw(unit: NDArray[np.float64], names: list[str]) -> NDArray[np.float64]:
            drawn, importance[:] = proposal.apply(unit, names)
            return drawn

        bank = build_bank([scenario], simulations, seed + 1, threads, progress, redraw, 0)
        return bank, importance

    banks = {BASE: run(loaded.scenario)}
    banks |= {name: run(with_variant(loaded, name)) for name in variants}
    own = {file.name: file for file in rules}
    banks |= {name: run(loaded.scenario.under(file)) for name, file in own.items()}
    widened, found = _accepted(banks, facts)
    best = max(found, key=lambda name: found[name].mean())
    rows = []
    for name, weights in found.items():
        title, same = loaded.scenario.title, math.nan
        if name in own:
            title = f"under {own[name].path}"
        elif name != BASE:
            variant = loaded.scenario.variants[name]
            title = variant.title
            same = same_bank_ratio(banks[BASE][0], found[BASE], banks[BASE][1], variant.set)
        ratio, low, high = ratio_of(weights, found[best])
        written = ratio_of(weights, found[BASE])
        rows.append(
            {
                "model": name, "title": title, "evidence": float(weights.mean()),
                "accepted": effective(weights), "ratio": ratio, "low": low, "high": high,
                "verdict": _verdict(high, name == best), "written": written[0],
                "written_low": written[1], "written_high": written[2], "same_bank": same,
                "widened": widened,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    table = table.sort_values("evidence", ascending=False, kind="stable", ignore_index=True)
    table.attrs["cannot_give"] = calibrate(pilot, facts).cannot_give if facts else None
    return table


def acceptance(
    bank: Bank, facts: Sequence[ReportedFact], widened: float = 0.0
) -> NDArray[np.float64]:
    """Weight [N] of each simulation: the product over facts of the weight of readings it meets."""
    weights = np.ones(len(bank))
    for fact in facts:
        values = bank.observable(fact.scenario, fact.observable)
        met = np.zeros(len(bank))
        for reading in fact.readings:
            met += reading.weight * _wider(fact, reading, widened).holds(values)
        weights *= met
    return weights


def ratio_of(own: NDArray[np.float64], base: NDArray[np.float64]) -> tuple[float, float, float]:
    """Ratio of two evidences from paired weights [N], with its 95 % interval by the delta method.

    A model that nothing was accepted for is bounded above by three accepted simulations, each of
    the largest importance weight.
    """
    mean, reference = float(own.mean()), float(base.mean())
    if reference == 0:
        return math.nan, math.nan, math.nan
    if mean == 0:
        return 0.0, 0.0, 3.0 * LARGEST / len(own) / reference
    error = float(np.std(own / mean - base / reference) / math.sqrt(len(own)))
    ratio = mean / reference
    return ratio, ratio * math.exp(-1.96 * error), ratio * math.exp(1.96 * error)


def same_bank_ratio(
    bank: Bank,
    weights: NDArray[np.float64],
    importance: NDArray[np.float64],
    settings: Mapping[str, Any],
) -> float:
    """Ratio read from the unchanged bank, where settings only fix its free parameters; else NaN.

    The mean weight of rows whose draws lie within 0.05 of the fixed values on the unit cube, over
    the mean weight of all rows (Savage and Dickey's ratio over a slab).
    """
    near = np.ones(len(bank), np.bool_)
    for path, value in settings.items():
        name = path.removeprefix("parameters.")
        if name not in bank.priors or isinstance(value, dict):
            return math.nan
        at = float(bank.priors[name].cumulative(value))
        at = min(max(at, SLAB / 2), 1 - SLAB / 2)
        near &= np.abs(bank.unit[:, bank.names.index(name)] - at) <= SLAB / 2
    if effective(weights) * near.mean() < FEWEST_NEAR:
        return math.nan  # a slab in which hardly an accepted run is expected tells nothing
    return float(weights[near].sum() / importance[near].sum() / weights.mean())


def _chosen(loaded: LoadedScenario, observables: Sequence[str] | None) -> list[ReportedFact]:
    facts = facts_of(loaded.scenario, (Role.CALIBRATE, Role.HOLD_OUT, Role.NEGATIVE))
    if observables is None:
        return [fact for fact in facts if fact.role != Role.NEGATIVE]
    by_name = {fact.observable: fact for fact in facts}
    return [by_name[name] for name in observables]


def _accepted(
    banks: Mapping[str, tuple[Bank, NDArray[np.float64]]], facts: Sequence[ReportedFact]
) -> tuple[float, dict[str, NDArray[np.float64]]]:
    """The smallest widening at which the best model has enough accepted, and all weights [N]."""
    for widened in WIDENINGS:
        found = {
            name: acceptance(bank, facts, widened) * importance
            for name, (bank, importance) in banks.items()
        }
        if max(effective(weights) for weights in found.values()) >= ENOUGH:
            break
    return widened, found


def _wider(fact: ReportedFact, reading: Reading, widened: float) -> Reading:
    if widened == 0 or fact.is_any:
        return reading
    if fact.is_time:
        more = widened * HOURS
        return replace(reading, early=reading.early + more, late=reading.late + more)
    low = max(0.0, (1 + reading.low) * math.exp(-widened) - 1) if reading.low > 0 else reading.low
    return replace(reading, low=low, high=(1 + reading.high) * math.exp(widened) - 1)


def effective(weights: NDArray[np.float64]) -> float:
    """Effective number of accepted simulations, 0 where none is."""
    total = float(weights.sum())
    return total**2 / float(np.sum(weights**2)) if total > 0 else 0.0


def _verdict(high: float, is_best: bool) -> str:
    """In words; a ratio within a factor of 3 of the best is no evidence worth the name."""
    if is_best:
        return "best"
    return "reports speak against it" if high < 1 / 3 else "cannot tell"
