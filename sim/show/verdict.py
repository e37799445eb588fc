"""The answer in words: what agrees, what does not, what cannot be told, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.ensemble import Ensemble
from sim.show.rows import FAINT, Row


@dataclass(frozen=True)
class Verdict:
    """What the first screen says. Each sentence claims no more than the table holds."""

    lead: str
    agree: list[Row]
    disagree: list[Row]
    untold: list[Row]
    sure: list[str]
    against: list[str]


def verdict_of(rows: Sequence[Row], ensemble: Ensemble) -> Verdict:
    """The verdict on a table of observables."""
    agree = [row for row in rows if row.agrees is True]
    disagree = [row for row in rows if row.agrees is False]
    untold = [row for row in rows if row.agrees is None]
    tested = len(agree) + len(disagree)
    if tested == 0:
        lead = "Nothing that was reported could be tested against this simulation."
    else:
        half = sum(row.verdict == "inside 50 %" for row in agree)
        lead = (
            f"Of {tested} reported value{'s' * (tested != 1)} that could be tested, {len(agree)} "
            f"lie{'s' * (len(agree) == 1)} in the simulated 90 % interval ({half} of them in the "
            f"50 % interval) and {len(disagree)} do{'es' * (len(disagree) == 1)} not."
        )
        faint = sum(row.faint for row in agree)
        if faint:
            lead += (
                f" {faint} of those inside {'are' if faint > 1 else 'is'} improbable all the same "
                f"(probability below {FAINT:g}): a wide interval holds much."
            )
    return Verdict(lead, agree, disagree, untold, _sure(rows, ensemble), _against(rows))


def _sure(rows: Sequence[Row], ensemble: Ensemble) -> list[str]:
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
    weak = [row.title for row in rows if row.weak and row.agrees is not None]
    if weak:
        said.append(
            f"{len(weak)} of the tested values rest{'s' * (len(weak) == 1)} on silence only "
            "(nothing was reported), which is weaker than a denial."
        )
    return said


def _against(rows: Sequence[Row]) -> list[str]:
    """Per baseline: on how many tested observables the model does better."""
    names = list(rows[0].baseline_chances) if rows else []
    said = []
    for name in names:
        pairs = [
            (row.chance, row.baseline_chances[name])
            for row in rows
            if row.agrees is not None and math.isfinite(row.baseline_chances[name])
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
