"""The reporting error: simulated values told as coarsely as the facts were told.

How a range becomes a data point (docs/calibration.md, "How a report becomes data"): a count is
taken as log(1 + x), a time in hours. A report [low, high] is its middle, and a simulated value is
reported as itself plus an error uniform over the report's width. Then the chance of hearing
exactly what was heard is constant for values inside [low, high] and zero outside: the interval's
likelihood, without any tolerance of our own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.bank import Bank
from sim.calibrate.facts import ReportedFact
from sim.compare import Reading

HALF = 0.5
"""A count of n stands for the span from n - 1/2 to n + 1/2."""


@dataclass(frozen=True)
class Told:
    """Reports in numbers: those of the bank's rows [N, C] f4 and the one that was made [C].

    ``flag`` [C] marks the columns without an error, ``labels`` [C] names them. ``constant`` holds
    the keys of facts without a column, as the model gives one value whatever its parameters.
    """

    simulated: NDArray[np.float32]
    reported: NDArray[np.float32]
    flag: NDArray[np.bool_]
    labels: tuple[str, ...]
    constant: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scaled:
    """Simulated values on the scale on which one fact is compared, and where its report lies.

    ``value`` [N]: log(1 + count), hours, or 0 and 1 of a flag. ``none`` [N]: nothing happened and
    there is no value. ``first`` to ``last``: the report; equal for a flag.
    """

    value: NDArray[np.float64]
    none: NDArray[np.bool_]
    first: float
    last: float
    is_flag: bool

    @property
    def middle(self) -> float:
        return (self.first + self.last) / 2

    @property
    def varies(self) -> bool:
        """Whether two simulations differ, so that the fact can tell one from the other."""
        some = self.value[~self.none]
        if not len(some):
            return False
        return bool(self.none.any() or some.min() < some.max())


def tell(bank: Bank, facts: Sequence[ReportedFact], readings: Sequence[Reading]) -> Told:
    """Report every row of the bank as the facts were reported, one reading of each.

    The error of a row is a function of (seed, the fact, the row) only, so leaving out one fact
    moves no other. A fact that no two rows tell differently has no column and is named instead.
    """
    columns: list[tuple[str, NDArray[np.float32], float, bool]] = []
    constant = []
    for fact, reading in zip(facts, readings, strict=True):
        scaled = scaled_as(fact, reading, bank.observable(fact.scenario, fact.observable))
        if scaled is None:
            continue
        if not scaled.varies:
            constant.append(fact.key)
            continue
        error = None if scaled.is_flag else report_errors(bank.seed, fact.key, len(bank))
        for label, told, reported, flag in told_as(scaled, error):
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
        tuple(constant),
    )


Column = tuple[str, NDArray[np.float32], float, bool]


def scaled_as(fact: ReportedFact, reading: Reading, values: NDArray[np.float64]) -> Scaled | None:
    """Simulated values [N] as one fact tells them; None where its report says nothing.

    "At least" and "at most" are flags, as they tell only on which side of the bound a value was;
    any / none likewise. A range that holds zero is no news of whether anything happened.
    """
    never = np.zeros(len(values), np.bool_)
    if fact.is_any:
        inside = reading.holds(np.array([0.0, 1.0]))
        if inside.all():
            return None
        return Scaled(values, never, float(inside[1]), float(inside[1]), True)
    low, high = reading.low - reading.early, reading.high + reading.late
    if not (np.isfinite(low) and np.isfinite(high)):
        met = (values >= low) & (values <= high)
        return Scaled(met.astype(np.float64), never, 1.0, 1.0, True)
    if fact.is_time:
        none = ~np.isfinite(values)
        return Scaled(np.where(none, 0.0, values), none, low, high, False)
    none = (values == 0) if low > 0 else never
    first, last = float(np.log1p(max(low, 0.0) - HALF)), float(np.log1p(high + HALF))
    return Scaled(np.log1p(values), none, first, last, False)


def told_as(scaled: Scaled, error: NDArray[np.float64] | None) -> list[Column]:
    """The columns of one fact: (label, simulated [N], reported, whether it is a flag).

    A range gives its value with an error (uniform [N] in [0, 1)) and, where it can be missing, a
    flag "none happened".
    """
    if error is None:
        return [("", scaled.value.astype(np.float32), scaled.first, True)]
    told = scaled.value + (scaled.last - scaled.first) * (error - 0.5)
    # where nothing happened there is no value to tell; the reported one keeps the column in place
    told[scaled.none] = scaled.middle
    columns = [("", told.astype(np.float32), scaled.middle, False)]
    if scaled.none.any():
        columns.append((" none", scaled.none.astype(np.float32), 0.0, True))
    return columns


def report_errors(seed: int, key: str, count: int) -> NDArray[np.float64]:
    """Uniform numbers [count] in [0, 1), the same for the same seed and fact."""
    digest = hashlib.sha256(f"{seed}/report/{key}".encode()).digest()
    generator = np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")))
    return generator.random(count)
