"""A calibration in words: what was learned and what not, on the terminal and as a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.compare.words import number, percent
from sim.ensemble.folder import new_folder
from sim.evidence import Evidence
from sim.inputs.spreadsheet import spreadsheet_safe
from sim.show.citations import Citations
from sim.show.figures.drawing import FigureRecord
from sim.show.observables import rows_of
from sim.show.reports.page import manifest_facts, render
from sim.show.terminal import table

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibrate.calibration_run import CalibrationRun
    from sim.calibrate.calibration_study import CalibrationStudy


SHOWN_LOSS = 0.05
"""Contraction lost below which an article is not said to have taught a parameter."""


def write_calibration(
    run: CalibrationRun, out: Path, command: str = "", *, figures: bool = True
) -> Path:
    """Write a calibration as the command does: posterior, manifest, tables, figures and report.

    The folder below ``out`` appears whole at the end or not at all. Returns it.
    """
    from sim.calibrate.posterior_file import MANIFEST, POSTERIOR, manifest_for, write_posterior
    from sim.show.figures.calibration_figures import calibration_figures

    study = run.study
    paths = {name: one.document.path for name, one in run.loaded.items()}
    manifest = manifest_for(study.calibration, command, study.mode, paths)
    with new_folder(out / "calibration" / manifest.folder_name) as folder:
        hidden = folder.hidden
        write_posterior(study.calibration, hidden / POSTERIOR)
        (hidden / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        learned = spreadsheet_safe(study.learned)
        learned.to_csv(hidden / "learned.csv", index=False, lineterminator="\n")
        if figures:
            drawn = calibration_figures(study, hidden, manifest.id)
            bodies = {name: one.evidence for name, one in run.loaded.items()}
            write_calibration_report(hidden / "report.html", study, bodies, drawn, manifest)
    return folder.final


def write_calibration_report(
    path: str | Path,
    study: CalibrationStudy,
    evidence: dict[str, Evidence | None],
    figures: Sequence[FigureRecord],
    manifest: Any,
) -> None:
    """Write the report of a calibration as one HTML file."""
    facts = manifest_facts(manifest)
    facts["scenarios"] = "; ".join(
        f"{name} {one['hash']} {one['path']}" for name, one in manifest.scenarios.items()
    )
    bank = study.calibration.bank
    titles = [s.title for s in bank.scenarios.values()]
    html = render(
        "calibration.html.j2",
        titles=titles,
        mode=study.mode,
        refused=study.calibration.cannot_give,
        verdict=verdict(study),
        learned=learned_rows(study.learned),
        correlations=[(c.first, c.second, f"{c.value:+.2f}") for c in study.correlations],
        warnings=study.warnings,
        satisfied=percent(study.satisfied),
        effective=f"{study.calibration.effective:.0f}",
        simulations=f"{len(bank):,}",
        sets=len(study.coverage.positions),
        coverage=_coverage(study),
        taught=_taught(study, evidence),
        swapped=_swapped(study),
        predictive=_predictive(study, evidence),
        figures=figures,
        manifest=facts,
        command=facts.get("command", ""),
        manifest_id=facts.get("id", ""),
    )
    Path(path).write_text(html, encoding="utf-8", newline="\n")


def _coverage(study: CalibrationStudy) -> list[dict[str, str]]:
    whole, near = study.coverage, study.near
    return [
        {
            "name": name, "half": f"{whole.share(0.5)[k]:.3f}",
            "ninety": f"{whole.share(0.9)[k]:.3f}",
            "p": f"{whole.p_values()[k]:.2f}", "near_half": f"{near.share(0.5)[k]:.3f}",
            "near_ninety": f"{near.share(0.9)[k]:.3f}", "near_p": f"{near.p_values()[k]:.2f}",
        }
        for k, name in enumerate(whole.names)
    ]  # fmt: skip


def _taught(study: CalibrationStudy, evidence: dict[str, Evidence | None]) -> list[dict[str, str]]:
    rows = []
    for prefix, losses in study.lost.iterrows():
        strong = losses[losses.abs() >= SHOWN_LOSS].sort_values(ascending=False)
        said = ", ".join(f"{name} {value:+.2f}" for name, value in strong.items())
        rows.append(
            {"article": _outlet(str(prefix), evidence), "lost": said or "nothing above noise"}
        )
    return rows


def _outlet(prefix: str, evidence: dict[str, Evidence | None]) -> str:
    for body in evidence.values():
        for article in body.articles.values() if body is not None else ():
            if article.prefix == prefix:
                return f"{article.citation.outlet}, {article.citation.published.isoformat()}"
    return prefix


def _swapped(study: CalibrationStudy) -> list[dict[str, str]]:
    names, rows = study.calibration.bank.names, []
    full = study.calibration.weights @ study.calibration.unit
    for row in study.swapped.to_dict("records"):
        moves = {n: float(row[f"mean {n}"]) - full[k] for k, n in enumerate(names)}
        strong = sorted(
            (n for n in names if abs(moves[n]) >= SHOWN_LOSS), key=lambda n: -abs(moves[n])
        )
        said = ", ".join(f"{n} {moves[n]:+.2f}" for n in strong)
        rows.append(
            {"fact": str(row["title"]), "account": str(row["account"]), "moves": said or "none"}
        )
    return rows


def _predictive(
    study: CalibrationStudy, evidence: dict[str, Evidence | None]
) -> list[dict[str, Any]]:
    return [
        {
            "title": ensemble.scenario.title,
            "rows": rows_of(comparison, ensemble, Citations.of(evidence.get(name))),
        }
        for name, (ensemble, comparison) in study.predictive.items()
    ]


def calibration_table(study: CalibrationStudy, columns: int | None = None) -> str:
    """Contraction per parameter, most learned first; no estimate for what was not learned.

    Where the model cannot give the facts, that comes before everything.
    """
    refused = study.calibration.cannot_give
    lines = [] if refused is None else [refused, ""]
    cells = [
        (
            str(row.name),
            f"{row.contraction:.2f}",
            f"{number(row.prior_q05, 2)} to {number(row.prior_q95, 2)}",
            estimate(row),
        )
        for row in rows(study.learned)
    ]
    heads = ("parameter", "contraction", "prior 90 %", "posterior median (90 %)")
    lines += table(heads, cells, columns, right=(1,))
    lines += [verdict(study), *(f"warning: {said}" for said in study.warnings)]
    return "\n".join(lines)


def verdict(study: CalibrationStudy) -> str:
    """The first sentences of a calibration: what was not learned, then what was.

    Coverage is of data that the model gives. Where it cannot give the reported ones, coverage says
    nothing of them, and none is quoted.
    """
    learned = study.learned
    narrowed = learned["q50"].notna()
    unknown = [str(n) for n in learned[~narrowed]["name"] if " * " not in str(n)]
    known = [str(n) for n in learned[narrowed]["name"]]
    apart = [str(n) for n in learned[~learned["reached"]]["name"] if " * " not in str(n)]
    total = len(study.calibration.bank.names)
    said = f"Not learned: {len(unknown)} of {total} parameters keep their prior"
    said += f" ({', '.join(unknown)}). " if unknown else ". "
    if apart:
        pairs = study.calibration.bank.probes
        said += f"No fact depends on {', '.join(apart)} (none moved in {pairs:,} pairs of runs). "
    if study.calibration.cannot_give is not None:
        said += f"Nearest to the facts, without giving them: {', '.join(known)}. " if known else ""
        return f"{said}Coverage is measured on data that the model gives; it says nothing here."
    said += f"Learned: {', '.join(known)}. " if known else "Nothing was learned. "
    cover = study.coverage.overall(0.9)
    return (
        f"{said}Coverage of the calibrator's 90 % intervals: {cover:.3f} over the whole prior, "
        f"{study.near.overall(0.9):.3f} near the reported facts."
    )


def estimate(row: Any) -> str:
    """A posterior median with its 90 % interval, or ``prior``."""
    middle = float(row.q50)
    if math.isnan(middle):
        return "prior" if row.reached else "prior: no fact depends on it"
    low, high = float(row.q05), float(row.q95)
    return f"{number(middle, 2)} ({number(low, 2)} to {number(high, 2)})"


def rows(table: pd.DataFrame) -> list[Any]:
    """The rows of a table as named tuples."""
    return list(table.itertuples())


def learned_rows(table: pd.DataFrame) -> list[dict[str, object]]:
    """The table of what was learned as text for a page."""
    return [
        {
            "name": str(row.name), "unit": str(row.unit), "prior": str(row.prior),
            "contraction": f"{row.contraction:.2f}", "error": f"{row.error:.2f}",
            "before": f"{number(row.prior_q50, 2)} "
            f"({number(row.prior_q05, 2)} to {number(row.prior_q95, 2)})",
            "after": estimate(row), "learned": bool(row.learned),
        }
        for row in rows(table)
    ]  # fmt: skip
