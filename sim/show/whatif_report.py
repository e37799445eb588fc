"""The HTML report of a what-if, of the same family as a run's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.show.figures import FigureRecord
from sim.show.report import manifest_facts, render
from sim.show.whatif_words import headline, sentence, whatif_rows

if TYPE_CHECKING:
    from sim.explore import WhatIf


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
            "words": sentence(row, False),
            "extrapolation": row["extrapolation"],
        }
        for row in headline(result).to_dict("records")
    ]
    html = render(
        "whatif.html.j2",
        scenario=scenario,
        subtitle=f"{result.baseline.replicates:,} pairs of runs on common random numbers, "
        f"seed {result.baseline.seed}",
        answers=answers,
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
