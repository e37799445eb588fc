"""How the model predicts: validation beside simpler rules, and rival accounts compared."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from docs.remaking.measured import Measured

KEPT = ("n", "log_score", "inside50", "inside90")


def validation(paths: tuple[str, ...], simulations: int) -> Measured:
    """Mean scores of every forecast by trial, mode and group, with the verdict on each rival."""
    from docs.remaking.steps import command
    from sim.calibrate.scoring import mean_scores

    words = ["validate", *paths, "--simulations", str(simulations)]
    with tempfile.TemporaryDirectory() as out:
        command(*words, "--out", out)
        folder = next((Path(out) / "validation").iterdir())
        scores = pd.read_csv(folder / "scores.csv")
        skills = pd.read_csv(folder / "skill.csv")
        digest = json.loads((folder / "manifest.json").read_text())["predictions_sha256"]
    log = skills[skills["score"] == "log_score"].to_dict("records")
    verdicts = {(r["trial"], r["mode"], r["group"], r["rival"]): r["verdict"] for r in log}
    counted = {(r["trial"], r["mode"], r["group"], r["rival"]): r["n"] for r in log}
    found: Measured = {}
    for row in mean_scores(scores).to_dict("records"):
        key = (row["trial"], row["mode"], row["group"], row["forecast"])
        told = {name: row[name] for name in KEPT}
        # a rival is averaged over the observables that it forecasts, fewer for some
        told["n"] = int(counted.get(key, row["n"]))
        told["verdict"] = verdicts.get(key, "")
        place = found
        for name in key[:3]:
            place = place.setdefault(str(name), {})
        place[str(key[3])] = told
    single = scores[scores["forecast"].isin(["model", "prior"])]
    each = {
        f"{r['trial']}/{r['mode']}/{r['forecast']}/{r['observable']}": float(r["log_score"])
        for r in single.to_dict("records")
        if "all but" in str(r["trial"]) and r["mode"] == "conditional"
    }
    return {
        "command": f"run.py {' '.join(words)}", "simulations": simulations,
        "predictions sha256": digest, "trials": found, "each": each,
    }  # fmt: skip


def models(path: str, simulations: int, accounts: Sequence[str]) -> Measured:
    """Evidence ratios of rival accounts of one scenario, by the names of its variants."""
    from docs.remaking.steps import command
    from sim.calibrate.facts import facts_of
    from sim.scenario import load_checked
    from sim.scenario.vocabulary import Role

    facts = facts_of(load_checked(path).scenario, (Role.CALIBRATE, Role.HOLD_OUT))
    words = [
        "compare-models", path, "--variants", ",".join(accounts), "--simulations", str(simulations),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as out:
        command(*words, "--out", out)
        table = pd.read_csv(next((Path(out) / "models").glob("*.csv")))
    widened = float(table["widened"].iloc[0])
    keep = ("ratio", "low", "high", "accepted", "verdict")
    return {
        "command": f"run.py {' '.join(words)}", "simulations": simulations,
        "facts": len(facts),
        "factor": math.exp(widened), "hours": 12 * widened,
        "models": {str(r["model"]): {k: r[k] for k in keep} for r in table.to_dict("records")},
    }  # fmt: skip
