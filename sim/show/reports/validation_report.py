"""The validation's report and terminal table: losses to baselines first."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.compare.words import score_text
from sim.ensemble.folder import new_folder
from sim.ensemble.manifest import versions
from sim.inputs.code_identity import code_hash, model_hash
from sim.inputs.spreadsheet import spreadsheet_safe
from sim.scenario import scenario_hash
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.skill_figure import alt_skill, draw_skill
from sim.show.reports.page import manifest_facts, render
from sim.show.terminal import table, wrapped

if TYPE_CHECKING:
    from sim.calibrate.validation_run import ValidationRun

WORDS = {
    "prior": "this model with its prior",
    "no_reprisals": "this model without reprisals",
    "one_compliance": "this model with one compliance everywhere",
    "local_trigger": "this model with a scripted local trigger",
    "nothing": "nothing happens",
    "climatology": "climatology",
    "constant_rate": "a constant rate",
    "hawkes": "a Hawkes process without leaders",
    "model": "this model",
}

UNSEEN = ("held out", "negative")
MEANS = ("log_score", "crps_scaled", "ign", "inside50", "inside90")


def verdicts(skills: pd.DataFrame) -> dict[str, list[str]]:
    """Sentences on the log score by verdict: ``worse``, ``cannot tell``, ``better``."""
    found: dict[str, list[str]] = {"worse": [], "cannot tell": [], "better": []}
    for row in skills[skills["score"] == "log_score"].to_dict("records"):
        where = f"{row['trial']}, {row['mode']}, {row['group']}"
        found[str(row["verdict"])].append(
            f"{where}: against {_word(row['rival'])} {gain_text(row)}"
        )
    return found


def lead(skills: pd.DataFrame) -> str:
    """The first sentences: to whom the model loses on what it had not seen, and how often."""
    log = skills[skills["score"] == "log_score"]
    parts = []
    for group in UNSEEN:
        part = log[log["group"] == group]
        if len(part):
            counts = part["verdict"].value_counts()
            parts.append(
                f"{group.capitalize()} observables, log score: better in "
                f"{counts.get('better', 0)} of {len(part)} comparisons with a baseline, worse in "
                f"{counts.get('worse', 0)}, cannot tell in {counts.get('cannot tell', 0)}."
            )
    if not parts:
        return "Nothing was held out: these scores say how the model fits, not how it predicts."
    lost = log[log["group"].isin(UNSEEN) & (log["verdict"] == "worse")]
    names = {_word(str(row["rival"])): str(row["group"]) for row in lost.to_dict("records")}
    said = "; ".join(f"{name} ({group})" for name, group in names.items())
    return " ".join([f"The model loses to {said}." if names else "The model loses to no baseline.",
                     *parts])  # fmt: skip


def caveat(skills: pd.DataFrame) -> str:
    """The one thing to know: where the other score says what the log score does not."""
    unseen = skills[skills["group"].isin(UNSEEN)]
    log = unseen[unseen["score"] == "log_score"]
    crps = unseen[(unseen["score"] == "crps_scaled") & (unseen["verdict"] == "worse")]
    keys = ["trial", "mode", "group", "rival"]
    judged = log.set_index(keys)["verdict"]
    hidden = [
        f"{_word(str(row['rival']))} ({row['group']})"
        for row in crps.to_dict("records")
        if judged.get(tuple(row[key] for key in keys)) != "worse"
    ]
    if hidden:
        names = ", ".join(dict.fromkeys(hidden))
        return f"on CRPS the model is worse than {names}, where the log score does not say so"
    return "observables of one episode depend on each other, so that intervals are too narrow"


def validation_table(
    skills: pd.DataFrame,
    means: pd.DataFrame,
    columns: int | None = None,
    refused: Sequence[str] = (),
) -> str:
    """Mean scores of every forecast, by trial, mode and group, with the verdict on each rival.

    Before everything stands where the model cannot give what it was fitted to.
    """
    lines = [line for said in refused for line in wrapped(said, columns)]
    lines += wrapped(lead(skills), columns)
    log = skills[skills["score"] == "log_score"]
    verdict = {
        (r["trial"], r["mode"], r["group"], r["rival"]): str(r["verdict"])
        for r in log.to_dict("records")
    }
    for key, part in means.groupby(["trial", "mode", "group"], sort=False):
        lines += ["", _heading(key)]
        rows = [
            (
                _word(str(row["forecast"])),
                str(row["n"]),
                *(score_text(row[name]) for name in MEANS),
                verdict.get((*key, row["forecast"]), ""),
            )
            for row in part.to_dict("records")
        ]
        lines += table(
            ("forecast", "n", "log", "CRPS*", "IGN", "in 50", "in 90", "the model is"),
            rows, columns, right=range(1, 7),
        )  # fmt: skip
    units = "log, IGN in bits, smaller is better; CRPS* of log(1 + count) or of days"
    lines += ["", *wrapped(units, columns), *wrapped(f"caveat: {caveat(skills)}", columns)]
    return "\n".join(lines)


def write_validation(run: ValidationRun, out: Path, command: str = "") -> Path:
    """Write a validation as the command does: frozen predictions, scores, manifest and report.

    The folder below ``out`` appears whole at the end or not at all. Returns it.
    """
    created = datetime.now(UTC).replace(microsecond=0)
    decides = {
        "scenarios": {name: scenario_hash(one.scenario) for name, one in run.loaded.items()},
        "simulations": run.simulations, "seed": run.seed, "model_hash": model_hash(),
    }  # fmt: skip
    identity = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:10]
    manifest: dict[str, Any] = {
        "id": identity, "created": created.isoformat(), "command": command,
        "predictions_sha256": run.sha256, "cannot_give": list(run.refused), **decides,
        "code_hash": code_hash(), "versions": versions(),
    }  # fmt: skip
    skills, means = run.skills, run.means
    with new_folder(out / "validation" / f"{created:%Y%m%d-%H%M%S}-{identity}") as folder:
        hidden = folder.hidden
        (hidden / "predictions.parquet").write_bytes(run.frozen)
        (hidden / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        for name, frame in (("scores", run.scores), ("skill", skills)):
            safe = spreadsheet_safe(frame)
            safe.to_csv(hidden / f"{name}.csv", index=False, lineterminator="\n")
        titles = [one.scenario.title for one in run.loaded.values()]
        figures = []
        if (skills["score"] == "log_score").any():
            figures.append(
                Easel(hidden / "figures", identity).draw(
                    "skill", "By how much is the model better than each rival?", alt_skill(skills),
                    lambda size: draw_skill(skills, WORDS, size),
                )
            )  # fmt: skip
        write_validation_report(hidden / "report.html", run.scores, skills, means, titles, manifest,
                                run.refused, figures)  # fmt: skip
    return folder.final


def write_validation_report(
    path: Path,
    scores: pd.DataFrame,
    skills: pd.DataFrame,
    means: pd.DataFrame,
    titles: list[str],
    manifest: dict[str, Any],
    refused: Sequence[str] = (),
    figures: Sequence[FigureRecord] = (),
) -> None:
    """Write the report of a validation as one HTML file."""
    facts = manifest_facts(manifest)
    html = render(
        "validation.html.j2",
        titles=titles,
        lead=lead(skills),
        caveat=caveat(skills),
        verdicts=verdicts(skills),
        refused=refused,
        figures=figures,
        blocks=_blocks(skills, means),
        details=_details(scores),
        manifest=facts,
        command=facts["command"],
        manifest_id=facts["id"],
    )
    path.write_text(html, encoding="utf-8", newline="\n")


def _blocks(skills: pd.DataFrame, means: pd.DataFrame) -> list[dict[str, Any]]:
    keyed = {
        (row["trial"], row["mode"], row["group"], row["rival"], row["score"]): row
        for row in skills.to_dict("records")
    }
    blocks = []
    for key, part in means.groupby(["trial", "mode", "group"], sort=False):
        rows = []
        for row in part.to_dict("records"):
            log = keyed.get((*key, row["forecast"], "log_score"))
            scaled = keyed.get((*key, row["forecast"], "crps_scaled"))
            rows.append(
                {
                    "forecast": _word(row["forecast"]), "n": str(row["n"]),
                    **{name: score_text(row[name]) for name in
                       ("log_score", "crps_scaled", "ign", "mis", "inside50", "inside90")},
                    "gain": gain_text(log) if log else "",
                    "verdict": str(log["verdict"]) if log else "",
                    "crps_gain": gain_text(scaled) if scaled else "",
                }
            )  # fmt: skip
        blocks.append({"title": _heading(key), "rows": rows})
    return blocks


def _details(scores: pd.DataFrame) -> list[dict[str, str]]:
    own = scores[scores["forecast"] == "model"]
    return [
        {
            "where": f"{row['trial']}, {row['mode']}", "title": str(row["title"]),
            "group": str(row["group"]),
            **{name: score_text(row[name]) for name in
               ("probability", "log_score", "crps", "ign", "mis", "inside50", "inside90")},
        }
        for row in own.to_dict("records")
    ]  # fmt: skip


def gain_text(row: dict[Any, Any]) -> str:
    """An advantage with its 90 % interval, as ``+0.42 (-0.10 to 0.93), n = 7``."""
    ends = ""
    if math.isfinite(row["low"]):
        ends = f" ({row['low']:+.2f} to {row['high']:+.2f})"
    return f"{row['gain']:+.2f}{ends}, n = {row['n']}"


def _heading(key: Any) -> str:
    return ", ".join(str(part) for part in key)


def _word(name: str) -> str:
    return WORDS.get(name, name.replace("_", " "))
