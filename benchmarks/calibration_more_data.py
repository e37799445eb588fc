"""What more data would teach: contraction against the number of reprisal episodes like Basra's.

Run ``python benchmarks/calibration_more_data.py [ROWS]`` (default 4e4) from the project's top
folder. Each further episode is the Basra scenario with its local trigger, other luck and the same
parameters, reported as Basra was (and, in the second table, with every count and time exact). The
mean contraction over 100 synthetic worlds says what such reports could teach, whatever they say.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, os.getcwd())

from sim.calibrate import build_bank, facts_of
from sim.calibrate.bank import Bank
from sim.calibrate.calibration import condition
from sim.calibrate.contraction import contraction
from sim.calibrate.facts import ReportedFact
from sim.calibrate.reporting import Told, tell
from sim.calibrate.summaries import learn
from sim.scenario import load_checked
from sim.scenario.loading import with_variant
from sim.scenario.vocabulary import Role

SCENARIO, TRIGGER = "scenarios/basra_2022_09.yaml", "local_trigger"
NUMBERS = (1, 2, 4, 8, 16)
WORLDS = 100
SHOWN = ("clash_rate", "deaths_per_clash", "reprisal_ratio", "reprisal_delay", "compliance",
         "order_reach", "stand_down_time", "deterrence")  # fmt: skip


def episodes(rows: int) -> Bank:
    base = with_variant(load_checked(SCENARIO), TRIGGER)
    scenarios = [base.model_copy(update={"name": f"episode_{n}"}) for n in range(max(NUMBERS))]
    return build_bank(scenarios, rows, 1)


def told_by(bank: Bank, scenario: str, exact: bool) -> Told:
    facts = facts_of(bank.scenarios[scenario], (Role.CALIBRATE, Role.HOLD_OUT))
    readings = [_exact(fact) if exact else fact.readings[0] for fact in facts]
    return tell(bank, facts, readings)


def _exact(fact: ReportedFact) -> object:
    reading = fact.readings[0]
    if fact.is_any or not np.isfinite(reading.high):
        return reading
    middle = (reading.low + reading.high) / 2
    return replace(reading, low=middle, high=middle, early=0.5, late=0.5)


def pooled(parts: list[Told]) -> Told:
    """Episodes cannot be told apart, so means and mean squares over them lose little."""
    stack: NDArray[np.float32] = np.stack([part.simulated for part in parts])
    mean = stack.mean(axis=0)
    columns = mean if len(parts) == 1 else np.hstack([mean, stack.var(axis=0)])
    flags = parts[0].flag if len(parts) == 1 else np.zeros(columns.shape[1], np.bool_)
    return Told(columns, columns[0], flags, ("",) * columns.shape[1])


def main() -> None:
    bank = episodes(int(float(sys.argv[1])) if len(sys.argv) > 1 else 40_000)
    shown = [bank.names.index(name) for name in SHOWN]
    for exact, title in ((False, "reported as coarsely as Basra"), (True, "reported exactly")):
        print(f"\nmean contraction over {WORLDS} synthetic worlds, episodes {title}")
        print(f"{'episodes':>8}  " + "".join(f"{name:>17}" for name in SHOWN))
        parts = [told_by(bank, name, exact) for name in bank.scenarios]
        width = min(part.simulated.shape[1] for part in parts)
        assert all(part.simulated.shape[1] == width for part in parts)
        for number in NUMBERS:
            told = pooled(parts[:number])
            summaries = learn(told, bank.unit).of(told.simulated)
            chosen = np.random.default_rng(1).integers(0, len(bank), WORLDS)
            found = []
            for row in chosen:
                given = condition(summaries, summaries[row], bank.unit, without=int(row))
                found.append(contraction(given.unit, given.weights))
            means = np.mean(found, axis=0)[shown]
            print(f"{number:>8}  " + "".join(f"{value:>17.2f}" for value in means), flush=True)


if __name__ == "__main__":
    main()
