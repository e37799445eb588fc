"""Validation: predictions frozen as a file whose hash is known before anything is scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.calibrate.bank import Bank, build_bank, columns_of
from sim.calibrate.bank_store import BankStore
from sim.calibrate.calibration import calibrate, posterior_for, predict
from sim.calibrate.facts import CONDITIONAL, GENERATIVE, facts_of, in_mode, with_changes
from sim.calibrate.rivals import rivals
from sim.calibrate.scoring import groups_of, scores_of
from sim.compare.baselines import NO_REPRISALS
from sim.scenario import Scenario
from sim.scenario.loading import LoadedScenario
from sim.scenario.vocabulary import Role

REPLICATES = 1_000
LOCAL_TRIGGER = "local_trigger"
SCORED = (Role.CALIBRATE, Role.HOLD_OUT, Role.NEGATIVE, Role.BASE_RATE)
MODELS: dict[str, dict[str, Any]] = {
    "model": {},
    "no_reprisals": NO_REPRISALS,
    "one_compliance": {"order_reach": 1.0},
    LOCAL_TRIGGER: {},
}
"""The model and its reduced forms, as settings; the local trigger is the variant of that name."""


@dataclass(frozen=True)
class Trial:
    """Fit on some scenarios, predict some."""

    name: str
    fitted: tuple[str, ...]
    targets: tuple[str, ...]


def trials_of(names: Sequence[str]) -> list[Trial]:
    """The trials for scenarios in the order given.

    The first is fitted alone and everything is predicted; with three or more, each is also
    predicted from all others.
    """
    found = [Trial(f"fitted on {names[0]}", (names[0],), tuple(names))]
    if len(names) > 2:
        for name in names:
            rest = tuple(n for n in names if n != name)
            found.append(Trial(f"fitted on all but {name}", rest, (name,)))
    return found


@dataclass(frozen=True)
class Prediction:
    """Draws [S x observables] of one target by one forecast."""

    trial: str
    mode: str
    forecast: str
    target: str
    draws: pd.DataFrame


Say = Callable[[str], None]


def predictions(
    loaded: Mapping[str, LoadedScenario],
    trials: Sequence[Trial],
    simulations: int,
    seed: int,
    threads: int | None = None,
    say: Say = lambda _: None,
    store: BankStore | None = None,
    refused: Callable[[str], None] = lambda _: None,
) -> list[Prediction]:
    """Every forecast of every target in both modes; no fact but the fitted ones is looked at.

    The generative mode is left out where it changes none of a trial's scenarios. ``refused`` is
    told, in a sentence, of each trial whose fitted facts the model cannot give.
    """
    found: list[Prediction] = []
    for mode in (CONDITIONAL, GENERATIVE):
        plain = {name: in_mode(one, mode) for name, one in loaded.items()}
        kept = [t for t in trials if mode == CONDITIONAL or _differs(loaded, plain, t)]
        if not kept:
            continue
        for model, settings in MODELS.items():
            changed = {
                name: with_changes(one, mode, _settings(one, model, settings))
                for name, one in loaded.items()
            }
            if model == LOCAL_TRIGGER and all(
                LOCAL_TRIGGER not in s.variants for s in plain.values()
            ):
                continue
            used = {name for trial in kept for name in (*trial.fitted,)}
            say(f"{mode}: bank of {model}")
            bank = build_bank(
                [changed[name] for name in loaded if name in used], simulations, seed, threads,
                store=store,
            )  # fmt: skip
            for trial in kept:
                calibration = calibrate(only(bank, trial.fitted))
                if model == "model" and calibration.cannot_give:
                    refused(f"{calibration.cannot_give} ({trial.name}, {mode}.)")
                for target in trial.targets:
                    ensemble = predict(
                        changed[target],
                        posterior_for(calibration, target),
                        REPLICATES,
                        seed,
                        threads,
                    )
                    draws = ensemble.observables.reset_index(drop=True)
                    found.append(Prediction(trial.name, mode, model, target, draws))
        say(f"{mode}: rivals")
        found += _others(plain, kept, mode, seed, threads)
    return found


def score(
    frozen: Sequence[Prediction], loaded: Mapping[str, LoadedScenario], trials: Sequence[Trial]
) -> pd.DataFrame:
    """One row per prediction and fact: trial, mode, group, target, observable, forecast, scores."""
    fitted = {trial.name: trial.fitted for trial in trials}
    rows = []
    for one in frozen:
        scenario = in_mode(loaded[one.target], one.mode)
        end = scenario.clock.steps * scenario.clock.step_h
        for fact in facts_of(scenario, SCORED):
            if fact.observable not in one.draws:
                continue
            row: dict[str, object] = {
                "trial": one.trial, "mode": one.mode, "group": groups_of(fact, fitted[one.trial]),
                "target": one.target, "observable": fact.observable, "title": fact.title,
                "forecast": one.forecast,
            }  # fmt: skip
            rows.append(row | scores_of(fact, one.draws[fact.observable].to_numpy(float), end))
    return pd.DataFrame(rows)


def only(bank: Bank, names: Sequence[str]) -> Bank:
    """A bank reduced to some of its scenarios and the columns they use."""
    scenarios = {name: bank.scenarios[name] for name in names}
    needed = set()
    for name, scenario in scenarios.items():
        for column in columns_of([scenario]):
            own = f"{column}@{name}"
            needed.add(own if own in bank.priors else column)
    columns = [name for name in bank.priors if name in needed]
    keep = [bank.names.index(name) for name in columns]
    return Bank(
        {name: bank.priors[name] for name in columns},
        bank.unit[:, keep],
        {name: bank.values[name] for name in names},
        scenarios,
        bank.seed,
        bank.probes,
        {name: bank.moved[name][keep] for name in names if name in bank.moved},
    )


def _others(
    plain: Mapping[str, Scenario],
    trials: Sequence[Trial],
    mode: str,
    seed: int,
    threads: int | None,
) -> list[Prediction]:
    """The prior of the model, and forecasts without a model."""
    found = []
    for trial in trials:
        for target in trial.targets:
            prior = predict(plain[target], None, REPLICATES, seed, threads).observables
            forecasts = {"prior": prior.reset_index(drop=True)}
            fitted = [plain[name] for name in trial.fitted]
            forecasts |= rivals(fitted, plain[target], REPLICATES, seed)
            found += [Prediction(trial.name, mode, n, target, d) for n, d in forecasts.items()]
    return found


def _settings(one: LoadedScenario, model: str, settings: dict[str, Any]) -> dict[str, Any]:
    if model == LOCAL_TRIGGER and LOCAL_TRIGGER in one.scenario.variants:
        return dict(one.scenario.variants[LOCAL_TRIGGER].set)
    return settings


def _differs(
    loaded: Mapping[str, LoadedScenario], changed: Mapping[str, Scenario], trial: Trial
) -> bool:
    names = {*trial.fitted, *trial.targets}
    return any(loaded[name].scenario.decisions != changed[name].decisions for name in names)


KEYS = ("trial", "mode", "forecast", "target")


def freeze(predictions: Sequence[Prediction]) -> bytes:
    """Predictions as a Parquet file.

    One column per prediction and observable, named by a JSON list of trial, mode, forecast,
    target and observable; one row per draw.
    """
    names, columns = [], []
    for one in predictions:
        for observable in one.draws:
            names.append(json.dumps([*(getattr(one, key) for key in KEYS), observable]))
            columns.append(pa.array(one.draws[observable].to_numpy(float)))
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, names=names), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def thaw(frozen: bytes) -> list[Prediction]:
    """Predictions as they were frozen, in their order."""
    table = pq.read_table(pa.BufferReader(frozen))
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for name in table.column_names:
        *key, observable = json.loads(name)
        found.setdefault(tuple(key), {})[observable] = table[name].to_numpy()
    return [Prediction(key[0], key[1], key[2], key[3], pd.DataFrame(d)) for key, d in found.items()]
