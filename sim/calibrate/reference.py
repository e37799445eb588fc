"""The reference: a shipped posterior, used only where it was made from what is run now."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sim
from sim.calibrate.bank import build_bank
from sim.scenario import Scenario, scenario_hash

FOLDER = Path(sim.__file__).parents[1] / "results" / "reference"
PROBE = 256
PROBE_SEED = 20_220_829
SHIPPED = "the reference posterior"


@dataclass(frozen=True)
class Reference:
    """The shipped posterior of a scenario, or why there is none.

    ``path`` is None where it does not fit; ``why`` says in either case what decided.
    """

    path: Path | None
    why: str


def fingerprint(scenario: Scenario) -> str:
    """A hash of what the model makes of a scenario on 256 prior draws, 16 hex digits.

    Unlike a hash of the sources it stays when code is moved and changes when a number does. Values
    are rounded to six digits, so that another machine's arithmetic gives the same.
    """
    bank = build_bank([scenario], PROBE, PROBE_SEED, probes=0)
    values = bank.values[scenario.name]
    text = ",".join(f"{value:.6g}" for value in np.ravel(values))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def reference_for(scenario: Scenario, folder: Path = FOLDER) -> Reference:
    """The shipped posterior of a scenario as its file stands (before any variant or setting)."""
    path = folder / f"{scenario.name}.parquet"
    record = folder / f"{scenario.name}.json"
    if not (path.is_file() and record.is_file()):
        return Reference(None, "no reference posterior is shipped")
    try:
        manifest = json.loads(record.read_text(encoding="utf-8"))
        made_from = manifest["scenarios"][scenario.name]["hash"]
        digest = manifest["posterior_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return Reference(None, f"{record.name} cannot be read")
    if made_from != scenario_hash(scenario):
        return Reference(None, f"{SHIPPED} was made from another state of this scenario")
    if digest != hashlib.sha256(path.read_bytes()).hexdigest():
        return Reference(None, f"{SHIPPED}'s file is not the one its manifest describes")
    if manifest.get("fingerprint") != fingerprint(scenario):
        return Reference(None, f"{SHIPPED} was made by a model that gives other numbers")
    return Reference(path, "shipped for this scenario")
