"""The package belongs to no country, and scenarios of every size run."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.ensemble import simulate

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from scale import SIZES, scenario  # noqa: E402

NAMES = re.compile(
    r"\b(iraq(?!i events)\w*|baghdad|basra|najaf|karbala|sadr\w*|khazali|mahdi|asaib|saraya)\b",
    re.IGNORECASE,
)
"""Names of places and parties of the shipped case, apart from a citation of a study."""

DATA = (
    ROOT / "sim" / "episodes" / "learned.json",
    ROOT / "sim" / "show" / "maps" / "countries.json",
)
"""What was measured elsewhere says where, and a map of the world has all countries; no rule reads
the names."""


def test_nothing_in_the_package_mentions_the_country_of_the_shipped_case() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "sim").rglob("*"))
        if path.suffix in (".py", ".csv", ".j2", ".js", ".css", ".yaml", ".json")
        and path not in DATA
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if NAMES.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("size", list(SIZES))
def test_a_scenario_of_any_size_runs_and_is_the_same_twice(size: str) -> None:
    built = scenario(**SIZES[size])
    first = simulate(built, replicates=3, seed=5, threads=1, logs=0)
    second = simulate(built, replicates=3, seed=5, threads=2, logs=0)
    assert np.array_equal(first.observables, second.observables, equal_nan=True)
    assert first.hourly["dead"].shape == (3, built.clock.steps, len(built.places))
    if size == "one faction":
        assert (first.observables["dead"] == 0).all()
