"""A what-if in words: a sentence per difference, the terminal's table, and the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.compare.verdict import Judgement
from sim.compare.words import MISSING, chance_text, number, percent
from sim.ensemble import Manifest, manifest_of, write_part
from sim.ensemble.folder import new_folder
from sim.ensemble.result import BASELINE, MANIFEST
from sim.episodes.tested_orders import recorded_sentences
from sim.inputs.spreadsheet import spreadsheet_safe
from sim.scenario.vocabulary import TIME_STATISTICS, Role, Statistic
from sim.show.figures.drawing import FigureRecord
from sim.show.figures.whatif_figure import whatif_figures
from sim.show.observables import reported_words
from sim.show.reports.page import manifest_facts, render
from sim.show.terminal import table, wrapped

if TYPE_CHECKING:
    from sim.explore import WhatIf


def write_whatif(result: WhatIf, manifest: Manifest, out: Path, *, figures: bool = True) -> Path:
    """Write baseline, futures, pairs, figures and report; the folder appears whole or not.

    ``manifest`` is that of the baseline. Returns the folder.
    """
    wished = out / manifest.scenario / f"{manifest.folder_name}-whatif"
    with new_folder(wished) as new:
        folder = new.hidden
        write_part(folder / BASELINE, result.baseline, manifest)
        for name, future in result.futures.items():
            part = manifest_of(future, manifest.command, manifest.scenario_path, manifest.settings)
            write_part(folder / name, future, part)
        pairs = spreadsheet_safe(result.table)
        pairs.to_csv(folder / "pairs.csv", index=False, lineterminator="\n")
        (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        if figures:
            drawn = whatif_figures(result, folder, manifest.id)
            write_whatif_report(folder / "report.html", result, drawn, manifest)
    return new.final


def write_whatif_report(
    path: Path, result: WhatIf, figures: Sequence[FigureRecord], manifest: Any
) -> None:
    """Write the report of a what-if to ``path``."""
    scenario = result.baseline.scenario
    facts = manifest_facts(manifest)
    answers = [
        {
            "variant": row["variant"],
            "what": scenario.variants[row["variant"]].title,
            "title": row["title"],
            "words": answer(row),
            "extrapolation": row["extrapolation"],
        }
        for row in headline(result).to_dict("records")
    ]
    html = render(
        "whatif.html.j2",
        scenario=scenario,
        subtitle=f"{result.baseline.replicates:,} pairs of runs on common random numbers, "
        f"seed {result.baseline.seed}",
        drawn_from=result.drawn_from,
        answers=answers,
        caveat=caveat(result),
        tested=recorded_sentences(scenario, list(result.futures)),
        rows=whatif_rows(result),
        variants=[
            {"name": name, "title": scenario.variants[name].title,
             "set": scenario.variants[name].set, "grey": name in result.extrapolated}
            for name in result.futures
        ],
        fork_at=None if result.fork_at is None else result.fork_at.isoformat(),
        figures=figures,
        manifest=facts,
        command=facts.get("command", ""),
        manifest_id=facts.get("id", ""),
        posterior=result.baseline.posterior,
    )  # fmt: skip
    path.write_text(html, encoding="utf-8", newline="\n")


SURE = 0.05


def sentence(row: Any, is_time: bool) -> str:
    """A paired difference in words, with its 90 % interval and the share left unchanged."""
    unchanged = f"unchanged in {percent(row['unchanged'])} of replicates"
    if row["unchanged"] >= 1.0:
        return "the same in every replicate"
    if is_time:
        if math.isnan(row["difference"]):
            return "never in both futures of a pair"
        way = "later" if row["difference"] >= 0 else "earlier"
        return (
            f"{abs(row['difference']):.1f} h {way} on average, 90 % of pairs "
            f"{row['difference_q05']:+.1f} to {row['difference_q95']:+.1f} h, {unchanged}"
        )
    if not math.isnan(row["ratio"]):
        spread = ""
        if not math.isnan(row["pair_ratio_q05"]):
            spread = f"; in single pairs {row['pair_ratio_q05']:.2f} to {row['pair_ratio_q95']:.2f}"
        return (
            f"{row['ratio']:.2f} times the baseline's mean, 90 % {row['ratio_q05']:.2f} to "
            f"{row['ratio_q95']:.2f}{spread}, {unchanged}"
        )
    return f"{row['difference']:+.2f} on average, {unchanged}"


def answer(row: Any) -> str:
    """A difference in a total as a headline: absolute numbers, then the ratio, then its ground.

    No ratio where the baseline disagrees with the reports: it would be one of two fictions.
    """
    if row["unchanged"] >= 1.0:
        said = f"{number(row['baseline'])} on average, the same in every replicate"
    else:
        said = f"{number(row['future'])} instead of {number(row['baseline'])} on average"
        if row["grounded"] and not math.isnan(row["ratio"]):
            said += (
                f", {row['ratio']:.2f} times (90 % {row['ratio_q05']:.2f} to "
                f"{row['ratio_q95']:.2f})"
            )
        said += f", unchanged in {percent(row['unchanged'])} of pairs"
    return f"{said}. {ground(row)}"


def ground(row: Any) -> str:
    """How the baseline itself agrees with what was reported of an observable."""
    if row["reported_text"] == MISSING:
        return "Nothing was reported of it"
    how = {
        Judgement.AGREES: "agrees with it",
        Judgement.FITTED: "was fitted to it",
        Judgement.UNTESTED: "is not tested on it",
        Judgement.DISAGREES: "does not give it, so no ratio is quoted",
    }.get(Judgement(row["baseline_verdict"]), "has it inside its interval, which is no support")
    chance = chance_text(row["baseline_probability"])
    return f"Reported {row['reported_text']}: the baseline {how} (probability {chance})"


def whatif_rows(result: WhatIf) -> list[dict[str, Any]]:
    """The table's rows as text, in the order variant, observable."""
    statistics = {o.id: o.statistic for o in result.baseline.scenario.observables}
    rows = []
    for row in result.table.to_dict("records"):
        is_time = statistics[row["observable"]] in TIME_STATISTICS
        unit = " h" if is_time else ""
        rows.append(
            {
                "variant": row["variant"],
                "extrapolation": row["extrapolation"],
                "title": row["title"],
                "observable": row["observable"],
                "reported": reported_words(row | {"statistic": statistics[row["observable"]]}),
                "ground": ""
                if row["reported_text"] == MISSING
                else f"baseline {row['baseline_verdict']}, probability "
                f"{chance_text(row['baseline_probability'])}",
                "baseline": number(row["baseline"]) + unit,
                "future": number(row["future"]) + unit,
                "difference": _spread(row, "difference", unit),
                "half": _half(row, "difference", unit),
                "ratio": "" if is_time or math.isnan(row["ratio"]) else _spread(row, "ratio", ""),
                "ratio_half": "" if is_time else _half(row, "ratio", ""),
                "unchanged": percent(row["unchanged"]),
                "removed": percent(row["variance_removed"]),
                "words": sentence(row, is_time),
            }
        )
    return rows


def _spread(row: Any, name: str, unit: str) -> str:
    if math.isnan(row[f"{name}_q05"]):
        return number(row[name]) + unit
    low, high = number(row[f"{name}_q05"]), number(row[f"{name}_q95"])
    return f"{number(row[name])}{unit} ({low} to {high})"


def _half(row: Any, name: str, unit: str) -> str:
    if math.isnan(row[f"{name}_q25"]):
        return ""
    return f"{number(row[f'{name}_q25'])} to {number(row[f'{name}_q75'])}{unit}"


def whatif_table(result: WhatIf, columns: int | None = None) -> str:
    """The table on the terminal: per variant the observables that some pair changes."""
    heads = ("observable", "baseline", "future", "difference (90 % of pairs)", "ratio of means",
             "same", "-var")  # fmt: skip
    lines = [
        line
        for row in headline(result).to_dict("records")
        for line in wrapped(
            f"{row['variant']}: {row['title']}: {answer(row)}."
            + " Extrapolation." * bool(row["extrapolation"]),
            columns,
        )
    ]
    lines += wrapped(f"caveat: {caveat(result)}", columns)
    for said in recorded_sentences(result.baseline.scenario, list(result.futures)):
        lines += wrapped(said, columns)
    lines.append("")
    changed = [row for row in whatif_rows(result) if not row["words"].startswith("the same")]
    for variant in dict.fromkeys(row["variant"] for row in changed):
        mine = [row for row in changed if row["variant"] == variant]
        title = result.baseline.scenario.variants[variant].title
        grey = "  [extrapolation: no report can speak for it]" if mine[0]["extrapolation"] else ""
        cells = [
            (row["title"], row["baseline"], row["future"], row["difference"], row["ratio"],
             row["unchanged"], row["removed"])
            for row in mine
        ]  # fmt: skip
        lines += [
            *wrapped(f"{variant}: {title}{grey}", columns),
            *(
                line
                for why in result.reasons.get(variant, [])
                for line in wrapped(f"  {why}", columns)
            ),
            *table(heads, cells, columns, right=(1, 2, 5, 6)),
            "",
        ]
    lines += wrapped(
        "baseline, future: means; same: pairs equal to the bit; -var: variance of the difference "
        "that pairing removed; ratio: its interval is how well the mean ratio is known. "
        "Observables that no pair changes are left out.",
        columns,
    )
    return "\n".join(lines)


def caveat(result: WhatIf) -> str:
    """The one thing to know before quoting any of it."""
    adrift = headline(result)
    adrift = adrift[~adrift["grounded"]]
    if len(adrift):
        titles = ", ".join(dict.fromkeys(f"“{title}”" for title in adrift["title"]))
        return f"the baseline does not give what was reported of {titles}"
    if result.extrapolated:
        return f"no report can speak for {', '.join(result.extrapolated)}"
    return "the reports speak of what happened, not of these futures"


def headline(result: WhatIf) -> pd.DataFrame:
    """Per variant the two totals worth a sentence: dead before clashes, no inputs."""
    order = {"dead": 0, "clashes": 1}
    rank = {
        o.id: order.get(o.measure.value, 9)
        for o in result.baseline.scenario.observables
        if o.statistic is Statistic.TOTAL and o.role is not Role.INPUT_CHECK
    }
    chosen = result.table[result.table["observable"].isin(list(rank))]
    chosen = chosen.assign(rank=chosen["observable"].map(rank))
    # a stable sort, so that variants keep their order within
    chosen = chosen.sort_values("rank", kind="stable")
    first = {name: i for i, name in enumerate(result.futures)}
    chosen = chosen.groupby("variant", sort=False).head(2)
    return chosen.sort_values("variant", key=lambda v: v.map(first), kind="stable")
