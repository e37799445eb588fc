"""Adequacy: can the model give the reported facts at all? Asked before anything is fitted to them.

A prior predictive check (Box 1980, doi:10.2307/2982063). What was reported is compared with
simulated reports by how close the model comes to it: the distance to its nearest simulations,
against the same distance of reports that the model did make. Two distances are taken, and one fact
that lies beyond all simulations is enough by itself:

- the number of facts that a simulation misses (robust: one absurd number counts once);
- the Euclidean distance of the learned summaries, along which the posterior would be adjusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.bank import Bank
from sim.calibrate.facts import ReportedFact
from sim.calibrate.reporting import Scaled, report_errors, scaled_as
from sim.compare import Reading

ROWS = 20_000
"""Rows that reports are held against; more come no closer by more than chance."""
PROBES = 400
"""Simulated reports whose own distance is taken."""
NEAREST = 1_000
"""One row in so many must come close: the distance is that to the row of this rank."""
LIMIT = 0.99


@dataclass(frozen=True)
class Adequacy:
    """How what was reported lies to what the model gives.

    Attributes:
        missed, missed_limit: facts missed by the closest simulations; the 99th percentile of the
            same of simulated reports.
        distance, distance_limit: likewise of the learned summaries, in units of a logit.
        beyond: facts whose report lies on one side of all simulations.
        strained: facts that most of the closest simulations miss.
    """

    missed: int
    missed_limit: float
    distance: float
    distance_limit: float
    beyond: tuple[ReportedFact, ...]
    strained: tuple[ReportedFact, ...]

    @property
    def fails(self) -> bool:
        """Whether the model cannot give these data."""
        further = self.missed > self.missed_limit or self.distance > self.distance_limit
        return further or bool(self.beyond)


def adequacy_of(
    bank: Bank,
    facts: Sequence[ReportedFact],
    readings: Sequence[Reading],
    summaries: NDArray[np.float32],
    target: NDArray[np.float32],
) -> Adequacy:
    """Check one reading of all facts against a bank; ``summaries`` [N, Q] of its rows, and of it.

    Simulated reports are those of the bank's last rows, held against its first; a row is never
    held against itself.
    """
    told: list[tuple[ReportedFact, Scaled]] = []
    for fact, reading in zip(facts, readings, strict=True):
        scaled = scaled_as(fact, reading, bank.observable(fact.scenario, fact.observable))
        if scaled is not None:
            told.append((fact, scaled))
    beyond = tuple(
        fact
        for fact, reading in zip(facts, readings, strict=True)
        if _lies_beyond(reading, bank.observable(fact.scenario, fact.observable))
    )
    rows = min(ROWS, len(bank))
    rank = max(1, rows // NEAREST) - 1
    probes = np.arange(max(0, len(bank) - PROBES), len(bank))
    misses = np.zeros(rows, np.int16)
    own = np.zeros((len(probes), rows), np.int16)
    for fact, scaled in told:
        misses += ~_met(scaled, rows, scaled.middle, False)
        error = report_errors(bank.seed, fact.key, len(bank))[probes] - 0.5
        for p, (row, e) in enumerate(zip(probes, error, strict=True)):
            at = scaled.value[row] + (0.0 if scaled.is_flag else (scaled.last - scaled.first) * e)
            own[p] += ~_met(scaled, rows, at, bool(scaled.none[row]))
    apart = _distances(summaries[:rows], target[None, :])
    between = _distances(summaries[:rows], summaries[probes])
    inside = probes < rows
    own[inside, probes[inside]] = len(told) + 1
    between[inside, probes[inside]] = np.inf
    closest = np.argsort(misses, kind="stable")[: rank + 1]
    strained = tuple(
        fact
        for fact, scaled in told
        if np.mean(_met(scaled, rows, scaled.middle, False)[closest]) < 0.5 and fact not in beyond
    )
    return Adequacy(
        int(np.partition(misses, rank)[rank]),
        float(np.quantile(np.partition(own, rank, axis=1)[:, rank], LIMIT)),
        float(np.partition(apart, rank, axis=1)[0, rank]),
        float(np.quantile(np.partition(between, rank, axis=1)[:, rank], LIMIT)),
        beyond,
        strained,
    )


def _met(scaled: Scaled, rows: int, at: float, none: bool) -> NDArray[np.bool_]:
    """Whether the first rows [rows] could have been told as a report at ``at`` or as none."""
    value, nothing = scaled.value[:rows], scaled.none[:rows]
    if none:
        return nothing
    half = 1e-9 + (scaled.last - scaled.first) / 2
    return (np.abs(value - at) <= half) & ~nothing


def _distances(rows: NDArray[np.float32], targets: NDArray[np.float32]) -> NDArray[np.float64]:
    """Euclidean distances [T, N]."""
    a, b = targets.astype(np.float64), rows.astype(np.float64)
    squared = (a**2).sum(axis=1)[:, None] - 2.0 * a @ b.T + (b**2).sum(axis=1)
    return np.sqrt(np.maximum(squared, 0.0))


def _lies_beyond(reading: Reading, values: NDArray[np.float64]) -> bool:
    """Whether all simulated values lie on one side of a report; a time that never came is late."""
    held = np.where(np.isnan(values), np.inf, values)
    low, high = reading.low - reading.early, reading.high + reading.late
    return bool(np.all(held < low) or np.all(held > high))


def cannot_give(shares: Sequence[float], found: Sequence[Adequacy]) -> str | None:
    """The sentence that comes first where the model cannot give the data; None where it can.

    ``shares``: the weight of each way of reading the disputed facts, ``found`` its adequacy.
    """
    failed = [(share, one) for share, one in zip(shares, found, strict=True) if one.fails]
    if not failed:
        return None
    share = sum(s for s, _ in failed)
    beyond = list(dict.fromkeys(f.title for _, one in failed for f in one.beyond))
    strained = list(dict.fromkeys(f.title for _, one in failed for f in one.strained))
    said = "The model cannot give these data"
    if share < 0.999:
        said += f" under {share:.0%} of the weight of the disputed readings"
    if beyond:
        said += f"; beyond all of its simulations: {_named(beyond)}"
    if strained:
        said += f"; missed by most of its closest simulations: {_named(strained)}"
    if not (beyond or strained):
        said += ": each fact alone happens, all together lie further than 99 % of what it gives"
    return f"{said}. Nothing was adjusted to them, and the answer is left wide."


def _named(titles: list[str], most: int = 5) -> str:
    more = f" and {len(titles) - most} more" if len(titles) > most else ""
    return ", ".join(titles[:most]) + more
