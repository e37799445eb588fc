"""The command ``validate``: freeze predictions, print their hash, and score them only then."""

from __future__ import annotations

import argparse
import hashlib
import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.cli.calibrate_command import add_common, check_out, load_all
from sim.cli.kept_banks import kept_simulations, resumed_line

NAME = "validate"
SUMMARY = "predict what was held out, freeze the predictions, and score them beside baselines"
EPILOG = """\
examples:
  python run.py validate scenarios/X.yaml                       fit on X, score what X holds out
  python run.py validate scenarios/X.yaml scenarios/Y.yaml      fit on X, predict X and Y
  python run.py validate A.yaml B.yaml C.yaml                   and each from all the others

Predictions are written and their SHA-256 printed before any held-out fact is looked at.
Conditional (the orders' hours are given) and generative (they are outcomes) are never mixed, nor
are fitted, held-out and negative observables. If the model loses to a baseline, the first lines
say so; where the difference is within its error, they say that it cannot be told.

written, in <out>/validation/<time in UTC>-<id>/: predictions.parquet, manifest.json, scores.csv,
skill.csv and report.html."""

SIMULATIONS = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scenarios", metavar="SCENARIO", nargs="+",
        help="scenario files (YAML); the first is fitted alone",
    )  # fmt: skip
    add_common(parser, SIMULATIONS)


def execute(options: argparse.Namespace) -> int:
    """Predict, freeze, score; the result folder is put in place last, whole."""
    out = check_out(options.out)
    loaded = load_all(options.scenarios)
    with kept_simulations(out, options.command_line) as store:
        final = _validated(options, out, loaded, store)
    print(f"written: {final}")
    sys.stdout.flush()
    return 0


def _validated(options: argparse.Namespace, out: Path, loaded: Any, store: Any) -> Path:
    """Predict, freeze, score, write and print. Returns the folder."""
    from sim.calibrate.identity import model_hash
    from sim.calibrate.scoring import mean_scores, skill_table
    from sim.calibrate.validation import freeze, predictions, score, thaw, trials_of
    from sim.ensemble.folder import new_folder
    from sim.ensemble.manifest import code_hash, versions
    from sim.scenario import scenario_hash
    from sim.show.reports.validation_report import validation_table, write_validation_report
    from sim.show.terminal import terminal_columns

    trials = trials_of(list(loaded))
    made = predictions(
        loaded, trials, options.simulations, options.seed, options.threads, _say, store
    )
    resumed_line(store)
    created = datetime.now(UTC).replace(microsecond=0)
    decides = {
        "scenarios": {name: scenario_hash(one.scenario) for name, one in loaded.items()},
        "simulations": options.simulations, "seed": options.seed, "model_hash": model_hash(),
    }  # fmt: skip
    identity = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:10]
    with new_folder(out / "validation" / f"{created:%Y%m%d-%H%M%S}-{identity}") as folder:
        hidden = folder.hidden
        digest = freeze(made, hidden / "predictions.parquet")
        print(f"predictions frozen, sha256 {digest}")
        manifest: dict[str, Any] = {
            "id": identity, "created": created.isoformat(),
            "command": shlex.join(["run.py", *options.command_line]),
            "predictions_sha256": digest, **decides,
            "code_hash": code_hash(), "versions": versions(),
        }  # fmt: skip
        _write(hidden / "manifest.json", json.dumps(manifest, indent=2) + "\n")
        scores = score(thaw(hidden / "predictions.parquet"), loaded, trials)
        skills, means = skill_table(scores), mean_scores(scores)
        scores.to_csv(hidden / "scores.csv", index=False, lineterminator="\n")
        skills.to_csv(hidden / "skill.csv", index=False, lineterminator="\n")
        titles = {name: one.scenario.title for name, one in loaded.items()}
        write_validation_report(
            hidden / "report.html", scores, skills, means, list(titles.values()), manifest
        )
    print(validation_table(skills, means, terminal_columns()))
    return folder.final


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _say(step: str) -> None:
    if sys.stderr.isatty():
        print(f"{step} ...", file=sys.stderr)
