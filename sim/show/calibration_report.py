"""The calibration's report: opens with what was not learned, shows what the rest rests on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.evidence import Evidence
from sim.show.calibration_table import learned_rows, verdict
from sim.show.citations import Citations
from sim.show.figures import FigureRecord
from sim.show.report import manifest_facts, render
from sim.show.rows import rows_of

if TYPE_CHECKING:
    from sim.calibrate.study import Study

SHOWN_LOSS = 0.05
"""Contraction lost below which an article is not said to have taught a parameter."""


def write_calibration_report(
    path: str | Path,
    study: Study,
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
        satisfied=f"{study.satisfied:.0%}",
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


def _coverage(study: Study) -> list[dict[str, str]]:
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


def _taught(study: Study, evidence: dict[str, Evidence | None]) -> list[dict[str, str]]:
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


def _swapped(study: Study) -> list[dict[str, str]]:
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


def _predictive(study: Study, evidence: dict[str, Evidence | None]) -> list[dict[str, Any]]:
    return [
        {
            "title": ensemble.scenario.title,
            "rows": rows_of(comparison, ensemble, Citations.of(evidence.get(name))),
        }
        for name, (ensemble, comparison) in study.predictive.items()
    ]
