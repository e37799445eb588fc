"""The report of a run: the answer in words first, then the table, figures and suppositions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.compare import Comparison
from sim.compare.verdict import Judgement
from sim.compare.words import NOTHING, number, order_words, percent, window_text
from sim.ensemble import Ensemble, manifest_of, result_folder
from sim.ensemble.levels import INTERVAL
from sim.evidence import Evidence
from sim.explore.run import Run
from sim.inputs.spreadsheet import spreadsheet_safe
from sim.scenario.parameters import row_of
from sim.scenario.schema import ASSUMPTION, Scenario, effective_priors
from sim.show.citations import Citations, Cited
from sim.show.maps.outlines import Outline
from sim.show.observables import ObservableRow, baseline_names, rows_of, subtitle_of
from sim.show.terminal import CURVE_BASELINES, verdict_sentence

if TYPE_CHECKING:
    from sim.show.figures.drawing import FigureRecord


def write_run(
    run: Run,
    out: Path,
    command: str = "",
    *,
    figures: bool = True,
    for_print: bool = False,
    outlines: Sequence[Outline] = (),
) -> Path:
    """Write a run as the command does: tables, logs, comparison, figures and report.

    ``for_print``: each figure also as SVG and at a column's width; ``outlines``: drawn on the map
    beside the countries'. The folder below ``out`` appears
    whole at the end or not at all. Returns it.
    """
    ensemble, comparison, evidence = run.ensemble, run.comparison, run.loaded.evidence
    manifest = manifest_of(ensemble, command, run.path, run.settings)
    with result_folder(ensemble, manifest, out) as folder:
        table = comparison.table.assign(statements=comparison.table["statements"].map(" ".join))
        for name, frame in (("comparison", spreadsheet_safe(table)), ("curves", comparison.curves)):
            frame.to_csv(folder.hidden / f"{name}.csv", index=False, lineterminator="\n")
        if figures:
            from sim.show.figures.drawing import Easel
            from sim.show.figures.run_figures import run_figures

            easel = Easel(folder.hidden / "figures", manifest.id, for_print)
            drawn = run_figures(ensemble, comparison, evidence, easel, outlines)
            write_report(
                folder.hidden / "report.html", ensemble, comparison, evidence, drawn, manifest
            )
    return folder.final


def write_report(
    path: str | Path,
    ensemble: Ensemble,
    comparison: Comparison,
    evidence: Evidence | None,
    figures: Sequence[FigureRecord],
    manifest: Any,
) -> None:
    """Write the report of a run. ``manifest`` is a dataclass or mapping; all of it is printed."""
    scenario, citations = ensemble.scenario, Citations.of(evidence)
    rows = rows_of(comparison, ensemble, citations)
    from sim.show.reports.page import manifest_facts, render

    facts = manifest_facts(manifest)
    html = render(
        "run.html.j2",
        scenario=scenario,
        subtitle=subtitle_of(ensemble),
        drawn_from=ensemble.drawn_from,
        rows=rows,
        curves=comparison.curves.to_dict("records"),
        curve_baselines=CURVE_BASELINES,
        baselines=[name.replace("_", " ") for name in baseline_names(comparison.table)],
        verdict=verdict_of(rows, ensemble, comparison),
        figures=figures,
        parameters=parameter_rows(ensemble),
        orders=order_rows(ensemble),
        assumptions=assumptions_of(scenario),
        cited=cited_in(scenario, citations),
        manifest=facts,
        command=facts.get("command", ""),
        manifest_id=facts.get("id", ""),
        posterior=ensemble.posterior,
    )
    Path(path).write_text(html, encoding="utf-8", newline="\n")


GROUPS = (
    ("Does not agree", "disagree", (Judgement.DISAGREES,)),
    ("Agrees, better than every simple rule", "agree", (Judgement.AGREES,)),
    ("Inside, and no support: improbable, or a simple rule does as well", "untold",
     (Judgement.IMPROBABLE, Judgement.NO_BETTER)),
    ("Inside, but fitted: no test", "untold", (Judgement.FITTED,)),
    ("Zero against zero: says nothing", "untold", (Judgement.NO_NEWS,)),
)  # fmt: skip
"""How a report groups its verdicts: title, mark, and what stands in the group."""


@dataclass(frozen=True)
class Verdict:
    """What the first screen says. Each sentence claims no more than the table holds.

    ``groups``: title, mark and rows, without the groups that are empty but for the first two.
    """

    lead: str
    caveat: str
    groups: list[tuple[str, str, list[ObservableRow]]]
    untold: list[ObservableRow]
    sure: list[str]
    against: list[str]


def verdict_of(
    rows: Sequence[ObservableRow], ensemble: Ensemble, comparison: Comparison
) -> Verdict:
    """The verdict on a table of observables."""
    caveat, *sure = _sure(rows, ensemble)
    groups = [
        (title, mark, found)
        for title, mark, kinds in GROUPS
        if (found := [row for row in rows if row.judgement in kinds]) or mark != "untold"
    ]
    untold = [row for row in rows if row.judgement is Judgement.UNTESTED]
    lead = f"{verdict_sentence(comparison)}."
    return Verdict(lead, caveat, groups, untold, sure, _against(rows))


def _sure(rows: Sequence[ObservableRow], ensemble: Ensemble) -> list[str]:
    runs = ensemble.replicates
    error = 100 * 1.96 * math.sqrt(0.25 / max(runs, 1))
    if ensemble.posterior:
        source = (
            "Parameters were drawn from a posterior: they were fitted to observables with the role "
            "“calibrate”, so agreement with those is no test."
        )
    else:
        source = (
            "Parameters were drawn from their priors: nothing was fitted to the reports. "
            "Intervals are wide where little is known, and agreement with a wide interval is weak."
        )
    said = [
        source,
        f"{runs:,} runs. The intervals hold both the uncertainty of the parameters and chance. "
        f"By the number of runs alone, a probability here is known to ±{error:.1f} percentage "
        "points at worst.",
    ]
    if runs < 500:
        said.append("Fewer than 500 runs: the ends of the 90 % intervals are rough.")
    weak = [row.title for row in rows if row.weak and row.judgement is not Judgement.UNTESTED]
    if weak:
        said.append(
            f"{len(weak)} of the tested values rest{'s' * (len(weak) == 1)} on silence only "
            "(nothing was reported), which is weaker than a denial."
        )
    return said


def _against(rows: Sequence[ObservableRow]) -> list[str]:
    """Per baseline: on how many tested observables the model does better."""
    names = list(rows[0].baseline_chances) if rows else []
    said = []
    for name in names:
        pairs = [
            (row.chance, row.baseline_chances[name])
            for row in rows
            if row.judgement is not Judgement.UNTESTED and math.isfinite(row.baseline_chances[name])
        ]
        if not pairs:
            continue
        better = sum(ours > theirs for ours, theirs in pairs)
        worse = sum(ours < theirs for ours, theirs in pairs)
        said.append(
            f"{name.replace('_', ' ')}: of {len(pairs)} tested values it speaks to, the model "
            f"gives the reported one a higher probability in {better}, a lower one in {worse}"
        )
    return said


@dataclass(frozen=True)
class ParameterRow:
    """One parameter as it was drawn."""

    name: str
    symbol: str
    unit: str
    meaning: str
    prior: str
    drawn: str
    source: str
    free: bool


@dataclass(frozen=True)
class OrderRow:
    """One order and who sets its hour."""

    order: str
    mode: str
    window: str
    given: str
    source: str


@dataclass(frozen=True)
class Assumption:
    """Something in the scenario that no report states."""

    where: str
    text: str


def source_words(sources: Sequence[str]) -> str:
    """Sources as one text."""
    return "; ".join(sources)


def parameter_rows(ensemble: Ensemble) -> list[ParameterRow]:
    """Every entry of the parameter vector; ``drawn`` is the median and the 90 % range drawn."""
    scenario, rows = ensemble.scenario, []
    for name, prior in effective_priors(scenario).items():
        entry = row_of(name)
        own = scenario.parameters.get(name)
        drawn = "fixed"
        if name in ensemble.parameters:
            low, middle, high = ensemble.parameters[name].quantile(list(INTERVAL))
            drawn = number(middle)
            if low != high:
                drawn += f" ({number(low)} to {number(high)})"
        rows.append(
            ParameterRow(
                name, entry.symbol, entry.unit, entry.meaning, str(prior), drawn,
                source_words(own.source) if own else entry.source, entry.role == "free",
            )
        )  # fmt: skip
    return rows


def order_rows(ensemble: Ensemble) -> list[OrderRow]:
    """Every decision of the scenario."""
    scenario = ensemble.scenario
    return [
        OrderRow(
            order_words(scenario, decision),
            decision.mode.replace("_", " ")
            + (f", moved by {decision.shift_h:g} h" if decision.shift_h else ""),
            window_text(decision.window.earliest, decision.window.latest, scenario.clock)
            if decision.window is not None else "none",
            percent(ensemble.orders[decision.id].notna().mean())
            if decision.id in ensemble.orders else NOTHING,
            source_words(decision.source),
        )
        for decision in scenario.decisions
    ]  # fmt: skip


def assumptions_of(scenario: Scenario) -> list[Assumption]:
    """Every source of the scenario that says "assumption", with where it stands."""
    return [
        Assumption(where, text)
        for where, text in _sources(scenario.model_dump(mode="python"), "")
        if text.startswith(ASSUMPTION)
    ]


def cited_in(scenario: Scenario, citations: Citations) -> list[tuple[Cited, list[str]]]:
    """Every statement the scenario rests on, with where it is used; in order of its id."""
    used: dict[str, list[str]] = {}
    for where, text in _sources(scenario.model_dump(mode="python"), ""):
        for name in citations.statements([text]):
            if where not in used.setdefault(name, []):
                used[name].append(where)
    found = [(citations.get(name), where) for name, where in sorted(used.items())]
    return [(cited, where) for cited, where in found if cited is not None]


def _sources(part: Any, where: str) -> Iterator[tuple[str, str]]:
    """(where, source) of every ``source`` and ``facts`` list below ``part``."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("source", "facts") and isinstance(value, list):
                yield from ((where or key, str(text)) for text in value)
            elif isinstance(value, dict | list):
                yield from _sources(value, f"{where}.{key}" if where else str(key))
    elif isinstance(part, list):
        for number, item in enumerate(part):
            name = item.get("id") if isinstance(item, dict) else None
            if isinstance(item, dict) and name is None and "between" in item:
                name = "-".join(item["between"])
            if isinstance(item, dict) and name is None:
                name = item.get("place")
            yield from _sources(item, f"{where}.{name if name is not None else number}")
