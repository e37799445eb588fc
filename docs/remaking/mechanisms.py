"""What the reports say of each mechanism: left out in turn, or put in where it is not in."""

from __future__ import annotations

import math
import statistics
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from docs.remaking.measured import Measured
from docs.remaking.words import filled, power, share, short, table

FACTS = ("dead_baghdad", "first_clash_baghdad", "last_clash_baghdad", "report_bbc")
LAST = "last_clash_baghdad"
SEEDS = (1, 2, 3)
BASE, BEFORE = "as written", "no_mechanisms"
ACCOUNTS = {
    BASE: "as written", BEFORE: "none of them, as before",
    "no_relief": "without relief", "no_reciprocity": "without reciprocity",
    "no_home_time": "without going home", "no_fraying": "without fraying",
    "no_incidents": "without incidents", "no_salvoes": "without salvoes",
    "with_daily_rhythm": "with days and nights", "with_incident_alarm": "with alarm",
    "with_incident_salience": "with incidents that open fights",
    "with_long_memory": "with long memory", "with_provocation": "with provocation",
}  # fmt: skip
"""The variants of the joint scenario that switch mechanisms, in the order of the table."""


def mechanisms(path: str, simulations: int, fitted: int) -> Measured:
    """Evidence from ``simulations`` runs of each account, posteriors from ``fitted`` runs each."""
    found: Measured = {"simulations": simulations, "fitted": fitted, "seeds": len(SEEDS)}
    found["command"], rows = compared(path, simulations)
    for account in ACCOUNTS:
        found.setdefault("accounts", {})[account] = rows[account] | predicted(path, account, fitted)
    found["hawkes"] = beside(path)
    return found


def compared(path: str, simulations: int) -> tuple[str, dict[str, Measured]]:
    """The evidence of Baghdad's four facts, by the command that compares models."""
    from docs.remaking.steps import command

    words = [
        "compare-models", path, "--variants", ",".join(a for a in ACCOUNTS if a != BASE),
        "--observables", ",".join(FACTS), "--simulations", str(simulations),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as out:
        command(*words, "--out", out)
        rows = pd.read_csv(next((Path(out) / "models").glob("*.csv"))).to_dict("records")
    keep = ("evidence", "accepted", "written", "written_low", "written_high", "widened")
    return f"run.py {' '.join(words)}", {str(r["model"]): {k: r[k] for k in keep} for r in rows}


def predicted(path: str, account: str, simulations: int) -> Measured:
    """What an account says once it is fitted to Baghdad: means over seeds, and their errors."""
    from sim.calibrate.bank import build_bank
    from sim.calibrate.calibration import calibrate, posterior_for, predict
    from sim.calibrate.validation import REPLICATES, Prediction
    from sim.scenario import load_checked
    from sim.scenario.loading import with_variant

    loaded = load_checked(path)
    scenario = loaded.scenario if account == BASE else with_variant(loaded, account)
    frozen = []
    for seed in SEEDS:
        posterior = posterior_for(
            calibrate(build_bank([scenario], simulations, seed)), scenario.name
        )
        draws = predict(scenario, posterior, REPLICATES, seed).observables.reset_index(drop=True)
        frozen.append(Prediction(str(seed), "conditional", account, scenario.name, draws))
    return averaged(loaded, frozen)


def averaged(loaded: Any, frozen: list[Any]) -> Measured:
    """Scores by group and the chance of the last clash in its window: mean and error over seeds."""
    from sim.calibrate.validation import Trial, score

    name = loaded.scenario.name
    trials = [Trial(one.trial, (name,), (name,)) for one in frozen]
    scores = score(frozen, {name: loaded}, trials)
    found: Measured = {}
    for group in ("negative", "held out"):
        part = scores[scores["group"] == group]
        found[group] = spread(part.groupby("trial")["log_score"].mean().tolist())
        found[group]["n"] = int(part["observable"].nunique())
    last = scores[scores["observable"] == LAST]["probability"].tolist()
    return found | {"last": spread(last)}


def spread(values: list[float]) -> Measured:
    """Mean and standard error of the mean over seeds."""
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return {"mean": statistics.fmean(values), "error": error}


def beside(path: str) -> Measured:
    """The Hawkes process on what it forecasts, and the model as written on the same observables."""
    from sim.calibrate.rivals import rivals
    from sim.calibrate.validation import REPLICATES, Prediction
    from sim.scenario import load_checked

    loaded = load_checked(path)
    scenario = loaded.scenario
    frozen = [
        Prediction(str(seed), "conditional", "hawkes", scenario.name,
                   rivals([scenario], scenario, REPLICATES, seed)["hawkes"])
        for seed in SEEDS
    ]  # fmt: skip
    return averaged(loaded, frozen)


def with_error(found: Measured) -> str:
    return f"{short(found['mean'])} ± {short(found['error'])}"


def mechanisms_table(measured: Measured) -> str:
    """The table of calibration.md."""
    run = measured["mechanisms"]
    rows = []
    for name, said in ACCOUNTS.items():
        one = run["accounts"][name]
        ends = f"{short(one['written_low'])} to {short(one['written_high'])}"
        ratio = "1" if name == BASE else f"{short(one['written'])} ({ends})"
        rows.append([said, short(one["evidence"], 4), ratio, *told(one)])
    rows.append(["Hawkes process", "-", "-", *told(run["hawkes"])])
    base = run["accounts"][BASE]
    widened = max(one["widened"] for one in run["accounts"].values())
    wide = f" Ranges had to be widened by a factor of {math.exp(widened):.2f}." if widened else ""
    head = f"""
    `compare-models scenarios/august_september_2022.yaml` with Baghdad's four facts,
    {power(run["simulations"])} simulations of each account on the same draws and luck (95 % by
    Monte Carlo error);{wide} then each account fitted to these facts alone
    ({power(run["fitted"])} simulations, 1,000 runs of its posterior, mean of {run["seeds"]} seeds
    and its standard error), its chance that the last clash falls on 30 August, and mean log scores
    in bits of what is negative (n = {base["negative"]["n"]}) and of Basra, held out
    (n = {base["held out"]["n"]}, the Hawkes process {run["hawkes"]["held out"]["n"]}):
    """
    heads = ["account", "evidence", "ratio to as written", "last clash on 30 August", "negative",
             "Basra held out"]  # fmt: skip
    return f"{filled(head)}\n\n{table(heads, rows)}"


def told(found: Measured) -> list[str]:
    last = found["last"]
    chance = f"{share(last['mean'])} ± {share(last['error'])}" if last["mean"] is not None else "-"
    return [chance, with_error(found["negative"]), with_error(found["held out"])]
