"""What a scenario costs by its size: ``python benchmarks/scale.py``; prints one line per size."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sim.ensemble import simulate
from sim.scenario import Scenario

START = datetime(2030, 5, 1, tzinfo=UTC)
SOURCE = "assumption: benchmark"
SIZES: dict[str, dict[str, Any]] = {
    "one faction": {"factions": 1},
    "two factions, one place, 7 days": {},
    "twelve factions": {"factions": 12},
    "thirty places": {"places": 30},
    "90 days at 1 h": {"days": 90},
    "15-minute step": {"step_h": 0.25},
}


def scenario(factions: int = 2, places: int = 1, days: int = 7, step_h: float = 1.0) -> Scenario:
    """An invented scenario of a size: every faction at every place, all at odds with all."""
    names = [f"f{n}" for n in range(factions)]
    towns = [f"p{n}" for n in range(places)]
    window = {"earliest": START.isoformat(), "latest": (START + timedelta(hours=6)).isoformat()}
    return Scenario.model_validate({
        "name": "scale", "title": "Scale", "summary": "A benchmark.",
        "clock": {"start": START.isoformat(), "end": (START + timedelta(days=days)).isoformat(),
                  "step_h": step_h},
        "places": [{"id": p, "name": p, "authority": 0.5, "source": SOURCE} for p in towns],
        "factions": [
            {"id": f, "name": f, "kind": "armed", "leader": {"id": f"{f}_leader", "name": f},
             "forces": [{"place": p, "fighters": 400, "source": SOURCE} for p in towns]}
            for f in names
        ],
        "dyads": [
            {"between": [a, b], "hostility": 0.6, "source": SOURCE}
            for i, a in enumerate(names) for b in names[:i]
        ],
        "triggers": [{"id": "start", "title": "Start", "at": window, "places": towns,
                      "salience": 1, "source": SOURCE}],
        "decisions": [{"id": f"{f}_restraint", "leader": f"{f}_leader", "order": "restrain",
                       "mode": "endogenous", "source": SOURCE} for f in names],
        "observables": [{"id": "dead", "title": "Dead", "measure": "dead", "statistic": "total",
                         "reported": {"missing": True}, "role": "negative"}],
    })  # fmt: skip


def measure(name: str, replicates: int = 100) -> tuple[float, float]:
    """Milliseconds per replicate on one core, hourly series kept, and mean dead per run."""
    built = scenario(**SIZES[name])
    simulate(built, replicates=2, threads=1, logs=0)  # compile and warm up
    begin = time.perf_counter()
    ensemble = simulate(built, replicates=replicates, threads=1, logs=0)
    spent = time.perf_counter() - begin
    return 1000 * spent / replicates, float(ensemble.observables["dead"].mean())


if __name__ == "__main__":
    for size in SIZES:
        cost, dead = measure(size)
        print(f"{size:<34} {cost:8.2f} ms per replicate   {dead:8.1f} dead per run")
