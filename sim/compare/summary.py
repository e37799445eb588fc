"""The verdict in sentences: what agrees with the reports, what does not, what was not tested."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Summary:
    """One sentence per observable, in three lists.

    ``agree``: what was reported lies in the central 90 % interval; ``disagree``: it does not;
    ``not_tested``: nothing was reported, or the scenario gave the outcome.
    """

    agree: list[str]
    disagree: list[str]
    not_tested: list[str]

    def __str__(self) -> str:
        tested = len(self.agree) + len(self.disagree)
        text = f"{len(self.agree)} of {tested} reported values lie in the simulated 90 % interval"
        return f"{text}; {len(self.not_tested)} not tested" if self.not_tested else text


def summary_of(table: pd.DataFrame) -> Summary:
    """The verdict on a comparison's table."""
    summary = Summary([], [], [])
    for row in table.to_dict("records"):
        title = f"{row['title']}: reported {row['reported_text']}"
        if not row["tested"]:
            summary.not_tested.append(f"{row['title']}: {row['why_not']}")
            continue
        chance = f"probability of the reported range {row['probability']:.2f}"
        never = f"; it did not happen in {row['share_missing']:.0%} of replicates"
        note = never if row["share_missing"] > 0 else ""
        weak = "; weak, it rests on silence" if row["weak"] else ""
        where = "inside" if row["inside90"] else "outside"
        sentence = f"{title}, {where} the 90 % interval ({chance}{note}{weak})"
        (summary.agree if row["inside90"] else summary.disagree).append(sentence)
    return summary
