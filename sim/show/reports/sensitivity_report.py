"""A sensitivity analysis in words: what matters for what, the heat map, every index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.compare.words import percent
from sim.ensemble.parameter_draws import parameters_line
from sim.explore.sensitivity import Sensitivity
from sim.inputs.spreadsheet import spreadsheet_safe
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.sensitivity_heat import draw_heat, draw_screening
from sim.show.figures.style import Size
from sim.show.reports.page import render
from sim.show.reports.sweep_report import reproduction
from sim.show.terminal import table, wrapped


def write_sensitivity_report(
    found: Sensitivity, folder: Path, manifest_id: str, made_in: Path, posterior: str | None
) -> None:
    """Draw the figures into ``folder``/figures, write the tables and report.html.

    ``made_in`` is the analysis' own folder, with its manifest.
    """
    for name in ("screening", "variance", "assumptions", "noise"):
        spreadsheet_safe(getattr(found, name)).to_csv(
            folder / f"{name}.csv", index=False, lineterminator="\n"
        )
    easel = Easel(folder / "figures", manifest_id)
    figures = [
        easel.draw("shares", "Share of the variance that each parameter has a part in",
              "Heat map of total order indices, observables in rows.",
              lambda size: draw_heat(found.variance, found.noise, found.titles, size,
                                     "Total order indices (Sobol) of the mean over the replicates"))
    ]  # fmt: skip
    for name, title, screened in (
        ("screening", "Screening of the parameters", found.screening),
        ("assumptions", "Screening of the registry's assumptions", found.assumptions),
    ):
        if len(screened):
            figures.append(_screening(found, screened, name, title, easel))
    html = render(
        "sensitivity.html.j2",
        heading=found.scenario.title,
        drawn_from=parameters_line(posterior),
        lead=lead(found),
        caveat=caveat(found),
        lines=verdicts(found),
        figures=figures,
        rows=_rows(found),
        factors=found.factors,
        fixed={name: f"{value:.3g}" for name, value in found.fixed.items()},
        **reproduction(made_in),
    )
    (folder / "report.html").write_text(html, encoding="utf-8", newline="\n")


def _screening(
    found: Sensitivity, table: pd.DataFrame, name: str, title: str, easel: Easel
) -> FigureRecord:
    said = "Mean size of the effect of going through the whole range (Morris' mu*)"

    def draw(size: Size) -> Figure:
        return draw_screening(table, found.titles, size, title, said)

    return easel.draw(name, title, f"Heat map: {title}", draw)


def _rows(found: Sensitivity) -> list[dict[str, str]]:
    noise = found.noise.set_index("output")
    rows = []
    for row in found.variance.to_dict("records"):
        if row["total_low"] <= 0:
            continue
        rows.append(
            {
                "title": found.titles[str(row["output"])], "factor": str(row["factor"]),
                "first": f"{row['first']:.2f} ({row['first_low']:.2f} to {row['first_high']:.2f})",
                "total": f"{row['total']:.2f} ({row['total_low']:.2f} to {row['total_high']:.2f})",
                "chance": percent(float(noise.loc[row["output"], "process"])),
            }
        )  # fmt: skip
    return rows


MATTERS = 0.05
"""Share of variance that the lower end of the total index's interval must exceed."""

WEIGHS = 0.25
"""Share of the strongest parameter's effect from which an assumption is spoken of."""

NOISY = 0.2
"""Left-over chance above which an output's indices are called rough."""


def lead(found: Sensitivity) -> str:
    """What decides, in one sentence: how often each parameter is the strongest."""
    strong = found.variance[found.variance["total_low"] > MATTERS]
    if strong.empty:
        return "No parameter can be told from chance"
    first = strong.loc[strong.groupby("output", sort=False)["total"].idxmax()]
    counts = first["factor"].value_counts()
    named = [
        f"{name} ({count} of {found.variance['output'].nunique()})"
        for name, count in counts.head(3).items()
    ]
    idle = idle_parameters(found)
    said = f"Strongest for most of what is observed: {_listed(named)}"
    return f"{said}; nothing observed depends much on {_listed(idle)}" if idle else said


def idle_parameters(found: Sensitivity) -> list[str]:
    """Screened parameters of which no output depends by more than `MATTERS`."""
    mattering = set(found.variance.loc[found.variance["total_low"] > MATTERS, "factor"])
    return [f for f in dict.fromkeys(found.screening["factor"]) if f not in mattering]


def caveat(found: Sensitivity) -> str:
    """How much of the difference between single runs no parameter decides, where it is most."""
    noise = found.noise.set_index("output")["process"]
    worst = str(noise.idxmax())
    return (
        f"chance alone makes up to {percent(float(noise.max()))} of the variance between single "
        f"runs (of “{found.titles[worst]}”); the shares are of what is left for parameters"
    )


def sensitivity_table(found: Sensitivity, columns: int | None = None) -> str:
    """The sentence, then per output the strongest parameters and what chance alone makes."""
    noise = found.noise.set_index("output")["process"]
    rows = []
    for output, part in found.variance.groupby("output", sort=False):
        strong = part[part["total_low"] > MATTERS].sort_values("total", ascending=False)
        rows.append(
            (
                found.titles[str(output)],
                ", ".join(f"{r['factor']} {r['total']:.2f}" for r in strong.to_dict("records"))
                or "none that can be told",
                percent(float(noise.loc[str(output)])),
            )
        )
    heads = ("observable", "parameters (total share)", "chance")
    lines = [*wrapped(f"{lead(found)}.", columns), *table(heads, rows, columns, right=(2,))]
    for said in _assumptions(found):
        lines += wrapped(said, columns)
    return "\n".join([*lines, *wrapped(f"caveat: {caveat(found)}", columns)])


def verdicts(found: Sensitivity) -> list[str]:
    """One sentence per output, then what matters nowhere, then the assumptions."""
    lines = []
    titles = found.titles
    noise = found.noise.set_index("output")
    for output, rows in found.variance.groupby("output", sort=False):
        strong = rows[rows["total_low"] > MATTERS].sort_values("total", ascending=False)
        facts = noise.loc[output]
        chance = f"chance alone makes {facts['process']:.0%} of the variance between single runs"
        if strong.empty:
            said = "no parameter can be told from chance"
        else:
            parts = [
                f"{row['factor']} {row['total']:.2f} ({max(0.0, row['total_low']):.2f} to "
                f"{min(1.0, row['total_high']):.2f})"
                for row in strong.to_dict("records")
            ]
            said = f"of what parameters decide, total shares: {_listed(parts)}"
        rough = "; rough, more replicates are needed" if facts["left"] > NOISY else ""
        lines.append(f"{titles[str(output)]}: {said}; {chance}{rough}.")
    idle = idle_parameters(found)
    if idle:
        lines.append(f"Nothing observed depends much on {_listed(idle)}.")
    return lines + _assumptions(found)


def _assumptions(found: Sensitivity) -> list[str]:
    """Assumptions whose effect over their range is not small beside the free parameters'."""
    lines = []
    strongest = found.screening.groupby("output")["mu_star"].max()
    for output, rows in found.assumptions.groupby("output", sort=False):
        if output not in strongest.index or strongest[output] <= 0:
            continue
        share = rows["mu_star"] / strongest[output]
        certain = rows["mu_star"] - rows["confidence"] > 0
        picked = rows.assign(share=share)[(share >= WEIGHS) & certain]
        if len(picked):
            parts = [
                f"{row['factor']} ({row['share']:.0%})"
                for row in picked.sort_values("share", ascending=False).to_dict("records")
            ]
            lines.append(
                f"Assumptions that weigh on '{found.titles[str(output)]}' (their effect as a share "
                f"of the strongest parameter's): {_listed(parts)}."
            )
    if not lines:
        lines.append("No assumption's effect reaches a quarter of the strongest parameter's.")
    return lines


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]
