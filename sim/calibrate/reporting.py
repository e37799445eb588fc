"""The reporting error: simulated values told as coarsely as the facts were told.

How a range becomes a data point (docs/calibration.md, "How a report becomes data"): a count is
taken as log(1 + x), a time in hours. A report [low, high] is its middle, and a simulated value is
reported as itself plus an error uniform over the report's width. Then the chance of hearing
exactly what was heard is constant for values inside [low, high] and zero outside: the interval's
likelihood, without any tolerance of our own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.bank import Bank
from sim.calibrate.facts import Fact
from sim.compare import Reading

HALF = 0.5
"""A count of n stands for the span from n - 1/2 to n + 1/2."""


@dataclass(frozen=True)
class Told:
    """Reports in numbers: those of the bank's rows [N, C] f4 and the one that was made [C].

    ``exact`` [C] marks the flags among the columns, which carry no error; ``shown`` [N] counts the
    facts whose reported range holds the row's true value.
    """

    simulated: NDArray[np.float32]
    reported: NDArray[np.float32]
    flag: NDArray[np.bool_]
    labels: tuple[str, ...]


def tell(bank: Bank, facts: Sequence[Fact], readings: Sequence[Reading]) -> Told:
    """Report every row of the bank as the facts were reported, one reading of each.

    The error of a row is a function of (seed, the fact, the row) only, so leaving out one fact
    moves no other.
    """
    columns: list[tuple[str, NDArray[np.float32], float, bool]] = []
    for fact, reading in zip(facts, readings, strict=True):
        values = bank.observable(fact.scenario, fact.observable)

        def error(fact: Fact = fact) -> NDArray[np.float64]:
            return report_errors(bank.seed, fact.key, len(bank))

        for label, told, reported, flag in told_as(fact, reading, values, error):
            columns.append((f"{fact.key}{label}", told, reported, flag))
    count = len(columns)
    simulated = np.empty((len(bank), count), np.float32)
    for k, (_, told, _, _) in enumerate(columns):
        simulated[:, k] = told
    return Told(
        simulated,
        np.array([reported for _, _, reported, _ in columns], np.float32),
        np.array([flag for _, _, _, flag in columns], np.bool_),
        tuple(label for label, _, _, _ in columns),
    )


Column = tuple[str, NDArray[np.float32], float, bool]


def told_as(
    fact: Fact,
    reading: Reading,
    values: NDArray[np.float64],
    error: Callable[[], NDArray[np.float64]],
) -> list[Column]:
    """The columns of one fact: (label, simulated [N], reported, whether it is a flag).

    A time or a count told as a closed range gives its value with an error and a flag "none
    happened"; "at least" and "at most" give a flag only, as they tell only on which side of the
    bound it was; any / none likewise.
    """
    if fact.is_any:
        inside = reading.holds(np.array([0.0, 1.0]))
        if inside.all():
            return []  # said of both: says nothing
        return [("", values.astype(np.float32), float(inside[1]), True)]
    low, high = reading.low - reading.early, reading.high + reading.late
    if not (np.isfinite(low) and np.isfinite(high)):
        inside = (values >= low) & (values <= high)
        return [("", inside.astype(np.float32), 1.0, True)]
    if fact.is_time:
        none = ~np.isfinite(values)
        heard = np.where(none, 0.0, values)
        first, last = low, high
    else:
        # a range that holds zero is no news of whether anything happened
        none = (values == 0) if low > 0 else np.zeros(len(values), np.bool_)
        heard = np.log1p(values)
        first, last = np.log1p(max(low, 0.0) - HALF), np.log1p(high + HALF)
    told = heard + (last - first) * (error() - 0.5)
    middle = (first + last) / 2
    # where nothing happened there is no value to tell; the reported one keeps the column in place
    told[none] = middle
    columns = [("", told.astype(np.float32), float(middle), False)]
    if none.any():
        columns.append((" none", none.astype(np.float32), 0.0, True))
    return columns


def report_errors(seed: int, key: str, count: int) -> NDArray[np.float64]:
    """Uniform numbers [count] in [0, 1), the same for the same seed and fact."""
    digest = hashlib.sha256(f"{seed}/report/{key}".encode()).digest()
    generator = np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")))
    return generator.random(count)
