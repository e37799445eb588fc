"""A small scenario in a file, and sweeps of it that take a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.explore.request import Request

WHY = "assumption: made up for a test"
START = "2031-05-01T00:00+00:00"


def data() -> dict[str, Any]:
    """Two sides in two towns, one order, one day."""
    forces = [{"place": p, "fighters": 60, "resident": True, "source": WHY} for p in ("up", "down")]
    return {
        "name": "twins", "title": "Two towns", "summary": "Made up.",
        "clock": {"start": START, "end": "2031-05-02T00:00+00:00"},
        "places": [
            {"id": "up", "name": "Up", "authority": 0.5, "source": WHY},
            {"id": "down", "name": "Down", "authority": 0.2, "source": WHY},
        ],
        "factions": [
            {"id": side, "name": side, "kind": "armed", "leader": {"id": f"l_{side}", "name": side},
             "forces": forces}
            for side in ("reds", "blues")
        ],
        "dyads": [{"between": ["reds", "blues"], "hostility": 0.8, "source": WHY}],
        "triggers": [
            {"id": "speech", "title": "Speech", "at": {"earliest": START, "latest": START},
             "places": ["up", "down"], "salience": 1.0, "source": WHY},
        ],
        "decisions": [
            {"id": "stop", "leader": "l_reds", "order": "withdraw", "mode": "scripted",
             "window": {"earliest": "2031-05-01T08:00+00:00", "latest": "2031-05-01T10:00+00:00"},
             "scope": {"places": ["up"]}, "source": WHY},
        ],
        "observables": [
            {"id": "dead", "title": "Dead", "measure": "dead", "statistic": "total",
             "reported": {"low": 5, "high": 20}, "role": "calibrate"},
            {"id": "first", "title": "First clash below", "measure": "clashes",
             "statistic": "first", "places": ["down"], "reported": {"missing": True},
             "role": "calibrate"},
            {"id": "late", "title": "Any clash in the evening", "measure": "clashes",
             "statistic": "any", "reported": {"missing": True}, "role": "calibrate",
             "span": {"start": "2031-05-01T18:00+00:00", "end": "2031-05-02T00:00+00:00"}},
        ],
        "variants": {
            "later": {"title": "Order later", "set": {"decisions.stop.shift_h": 6}},
            "silent": {"title": "No order", "set": {"decisions.stop.mode": "off"}},
        },
    }  # fmt: skip


def write(folder: Path, file: str = "twins.yaml", **changes: Any) -> Path:
    path = folder / file
    path.write_text(json.dumps(data() | changes))
    return path


def request(path: Path, **changes: Any) -> Request:
    """3 x 4 points of 600 replicates: 7,200 runs in four parts."""
    settings: dict[str, Any] = {
        "scenarios": [path],
        "vary": ["compliance=0.3,0.6,1", "decisions.stop.shift_h=-4:8:4"],
        "replicates": 600,
    }
    return Request(**(settings | changes))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest (it holds the hour) and the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("manifest.json", ".lock")
    }
