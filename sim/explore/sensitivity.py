"""Sensitivity: which inputs an observable depends on, process noise told apart from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.ensemble.folder import new_folder
from sim.ensemble.manifest import sha256_of, versions
from sim.ensemble.parameter_draws import read_posterior
from sim.ensemble.tables import OBSERVABLE
from sim.explore import indices as inputs
from sim.explore.indices import (
    MOST_FILLED,
    Factor,
    Values,
    filled,
    morris_cube,
    morris_indices,
    sobol_cube,
    sobol_indices,
)
from sim.explore.plan import Plan
from sim.explore.scenario_source import LoadedSource, load_source
from sim.explore.sweep import Sweep, begin_in, carry_on, check_unchanged
from sim.inputs import InputError, Problem
from sim.inputs.code_identity import code_files, digest_of
from sim.model.rule_check import check_rules
from sim.scenario import RuleFile, Scenario

KEPT = 0.1
"""A factor goes on to the variance stage if its screening effect is at least this share of the
largest one, for any output."""

NEVER = ".never"
"""Ending of the output that is the probability that an observable is missing (it never happens)."""

SCREENED = ("factor", "mu_star", "confidence", "mu", "sigma")
SHARED_OUT = (
    "factor", "first", "first_low", "first_high", "total", "total_low", "total_high",
)  # fmt: skip

Run = Callable[[Plan, str], Sweep]


@dataclass(frozen=True)
class SensitivityStudy:
    """What is to be analysed.

    Attributes:
        path, variant, settings: the scenario.
        posterior: file of draws whose marginals replace the priors, or None.
        trajectories: of each Morris screening; a screening is trajectories * (factors + 1) points.
        base: of the Sobol design, a power of two; it is base * (factors + 2) points.
        replicates: per point; the output analysed is the mean over them.
        rules: path and text of a file of rules of the user's own, or None.
    """

    path: str
    variant: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    posterior: str | None = None
    trajectories: int = 60
    base: int = 1024
    replicates: int = 32
    seed: int = 1
    rules: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if self.base < 2 or self.base & (self.base - 1):
            raise ValueError(f"base {self.base} is not a power of two")

    def source(self, fixed: Mapping[str, Any] | None = None) -> LoadedSource:
        """The scenario, with some more of its parameters fixed. Raises InputError."""
        rules = None if self.rules is None else RuleFile(**self.rules)
        if rules is not None:
            check_rules(rules)
        settings = {**self.settings, **(fixed or {})}
        return load_source(self.path, self.variant, settings, rules=rules)


@dataclass(frozen=True)
class Sensitivity:
    """What came of a study.

    Attributes:
        screening: per output and factor mu_star, confidence, mu, sigma.
        variance: per output and factor first, total, each with its 95 % interval.
        assumptions: as `screening`, for the registry's assumptions, the free parameters drawn.
        noise: per output ``process`` (share of the variance between single runs that is chance,
            not parameters), ``left`` (at most so much of what the indices divide is chance that
            the mean over replicates has left in), ``filled`` (share of points without a value).
        factors: words of each factor, by name.
        fixed: factors screened out, and the middle at which the variance stage holds them.
        scenario: as run.
    """

    screening: pd.DataFrame
    variance: pd.DataFrame
    assumptions: pd.DataFrame
    noise: pd.DataFrame
    factors: dict[str, str]
    fixed: dict[str, float]
    scenario: Scenario

    @property
    def titles(self) -> dict[str, str]:
        """Title of each output."""
        return {o.id: o.title for o in self.scenario.observables} | {
            o.id + NEVER: f"Never: {o.title}" for o in self.scenario.observables
        }


def begin_study(study: SensitivityStudy, out: Path, command: str = "") -> tuple[Path, str]:
    """A new folder below ``out`` that holds a study's plan, and its id.

    Raises:
        InputError: the scenario, variant or a setting cannot be used.
    """
    source = study.source().source
    code = digest_of(code_files())
    decides = {"study": vars(study), "scenario": source.hash, "code": code}
    created = datetime.now(UTC).replace(microsecond=0)
    texts = {key: json.dumps(value, sort_keys=True) for key, value in decides.items()}
    identity = digest_of(texts)[:10]
    manifest = {
        "id": identity, "kind": "sensitivity", "created": created.isoformat(),
        "command": command, "study": vars(study), "scenario_hash": source.hash,
        "code_hash": code, "versions": versions(),
    }  # fmt: skip
    name = f"{created:%Y%m%d-%H%M%S}-{identity}-sensitivity"
    with new_folder(out / source.name / name) as folder:
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        (folder.hidden / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return folder.final, identity


def open_study(folder: Path) -> tuple[SensitivityStudy, str]:
    """The study that `begin_study` put into a folder, and its id. Raises InputError."""
    try:
        data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return SensitivityStudy(**data["study"]), str(data["id"])
    except (OSError, ValueError, KeyError, TypeError):
        problem = Problem(str(folder), None, None, "not a sensitivity analysis",
                          "a folder that the sensitivity command wrote")  # fmt: skip
        raise InputError([problem]) from None


def study_sensitivity(
    study: SensitivityStudy,
    folder: Path,
    *,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Sensitivity:
    """Screen, share out the variance, screen the assumptions; each stage is a sweep of its own in
    ``folder`` that is finished if it had been begun.

    Raises:
        InputError: nothing is uncertain, or a stage was begun with other code or scenario.
    """

    def run(plan: Plan, stage: str) -> Sweep:
        begun = begin_in(plan, folder / stage)
        if begun.plan.id != plan.id:
            check_unchanged(begun.folder, begun.plan, {})
            problem = Problem(str(begun.folder), None, None, "was begun with another plan",
                              "the same scenario, seed and sizes")  # fmt: skip
            raise InputError([problem])
        return carry_on(begun, threads=threads, cluster=cluster, progress=progress)

    posterior = read_posterior(study.posterior) if study.posterior else None
    loaded = study.source()
    scenario = loaded.source.scenario
    if posterior is not None:
        posterior.refuse_other_rules(scenario)
    free = inputs.free_factors(scenario, posterior)
    if not free:
        raise InputError([Problem(study.path, None, None, "no parameter has a prior",
                                  "something uncertain")])  # fmt: skip
    screening = _screen(study, loaded, free, "screening", run)
    kept = kept_factors(screening, free)
    fixed = inputs.medians([f for f in free if f not in kept])
    variance, noise = _share_out(study, kept, fixed, run)
    assumed = inputs.assumption_factors(scenario)
    assumptions = _screen(study, loaded, assumed, "assumptions", run)
    words = {factor.name: factor.words for factor in (*free, *assumed)}
    return Sensitivity(screening, variance, assumptions, noise, words, fixed, scenario)


def kept_factors(screening: pd.DataFrame, free: Sequence[Factor]) -> list[Factor]:
    """Factors that move some output by a tenth or more of what the strongest does."""
    largest = screening.groupby("output")["mu_star"].transform("max")
    moved = screening[(largest > 0) & (screening["mu_star"] >= KEPT * largest)]
    names = set(moved["factor"])
    return [factor for factor in free if factor.name in names] or list(free[:1])


def _screen(
    study: SensitivityStudy, loaded: LoadedSource, factors: Sequence[Factor], stage: str, run: Run
) -> pd.DataFrame:
    if not factors:
        return pd.DataFrame(columns=["output", *SCREENED])
    low, high = (inputs.LOW, inputs.HIGH) if stage == "screening" else (0.0, 1.0)
    cube = morris_cube(len(factors), study.trajectories, study.seed, low, high)
    sweep = run(_plan(study, loaded, factors, cube, "morris"), stage)
    names = [factor.name for factor in factors]
    frames = [
        morris_indices(names, cube, y, study.seed, low, high).assign(output=output)
        for output, y, _ in outputs_of(sweep)
    ]
    return _joined(frames, SCREENED)


def _share_out(
    study: SensitivityStudy, factors: Sequence[Factor], fixed: dict[str, float], run: Run
) -> tuple[pd.DataFrame, pd.DataFrame]:
    held = study.source(fixed)
    cube = sobol_cube(len(factors), study.base, study.seed)
    sweep = run(_plan(study, held, factors, cube, "sobol indices"), "variance")
    names = [factor.name for factor in factors]
    frames, noise = [], []
    for output, y, facts in outputs_of(sweep):
        frames.append(sobol_indices(names, y, study.seed).assign(output=output))
        noise.append({"output": output} | facts)
    facts_table = pd.DataFrame(noise, columns=["output", "process", "left", "filled"])
    return _joined(frames, SHARED_OUT), facts_table


def _plan(
    study: SensitivityStudy,
    loaded: LoadedSource,
    factors: Sequence[Factor],
    cube: Values,
    design: str,
) -> Plan:
    values = inputs.mapped(factors, cube)
    return Plan(
        sources=(loaded.source,),
        axes=tuple(inputs.axes_of(factors, values)),
        points=np.column_stack([np.zeros(len(values)), values]),
        replicates=study.replicates, seed=study.seed, engine="kernel", per="point",
        design=design, code=code_files(), posterior=study.posterior,
        posterior_sha256=sha256_of(study.posterior),
    )  # fmt: skip


def outputs_of(sweep: Sweep) -> list[tuple[str, Values, dict[str, float]]]:
    """(name, value per point [N], facts) of every output that varies and can be analysed.

    An output is an observable's mean over the replicates in which it is there, or the share of
    replicates in which it never is. Facts: ``process``, ``left`` and ``filled``.

    Raises:
        InputError: a point failed; indices need every point.
    """
    if sweep.failures:
        one = sweep.failures[0]
        problem = Problem(str(sweep.folder), None, None,
                          f"point {one.point} failed: {one.error}: {one.message}",
                          "every point: --resume RESULT --retry-failed")  # fmt: skip
        raise InputError([problem])
    found = []
    replicates = sweep.plan.replicates
    observables = sweep.scenarios[0].observables
    statistics = ("mean", "variance", "missing")
    rows = sweep.frame([f"{OBSERVABLE}{o.id}.{s}" for o in observables for s in statistics])
    for observable in observables:
        column = OBSERVABLE + observable.id
        mean, variance, missing = (rows[f"{column}.{s}"].to_numpy(np.float64) for s in statistics)
        y, gaps = filled(mean)
        if gaps <= MOST_FILLED and _varies(y):
            within = float(np.nanmean(variance)) if np.isfinite(variance).any() else 0.0
            found.append((observable.id, y, _facts(y, within, replicates, gaps)))
        if 0 < missing.mean() < 1 and _varies(missing):
            chance = missing * (1 - missing) * replicates / (replicates - 1)
            facts = _facts(missing, float(chance.mean()), replicates, 0.0)
            found.append((observable.id + NEVER, missing, facts))
    return found


def _varies(y: Values) -> bool:
    """Whether an output differs by more than what the order of a sum does to its last digits."""
    return bool(np.ptp(y) > 1e-9 * np.abs(y).max())


def _facts(y: Values, within: float, replicates: int, gaps: float) -> dict[str, float]:
    """By the law of total variance; the replicates' common numbers make ``left`` a ceiling."""
    between = float(np.var(y, ddof=1))
    return {
        "process": within / (within + between),
        "left": min(1.0, within / replicates / between),
        "filled": gaps,
    }


def _joined(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """One table of all outputs; with no row where nothing varies."""
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return whole.reindex(columns=["output", *columns])
