"""What the reports taught: the shipped posteriors, made anew, with all that is said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docs.remaking.measured import Measured

ROOT = Path(__file__).parents[2]
SIMULATIONS = 1_000_000
SHOWN_LOSS = 0.05


def reference(path: str) -> Measured:
    """Calibrate one scenario as `calibrate SCENARIO --reference` does, ship it, and tell it."""
    from sim.calibrate import build_bank
    from sim.calibrate.calibration_study import study
    from sim.calibrate.facts import CONDITIONAL, in_mode
    from sim.calibrate.posterior_file import manifest_for, write_posterior
    from sim.inputs.shipped import REFERENCE
    from sim.scenario import load_checked

    loaded = load_checked(ROOT / path)
    name = loaded.scenario.name
    bank = build_bank([in_mode(loaded, CONDITIONAL)], SIMULATIONS, 1)
    result = study(bank, {name: loaded.evidence}, CONDITIONAL)
    command = f"run.py calibrate {path} --reference"
    manifest = manifest_for(result.calibration, command, CONDITIONAL, {name: path})
    REFERENCE.mkdir(parents=True, exist_ok=True)
    write_posterior(result.calibration, REFERENCE / f"{name}.parquet")
    (REFERENCE / f"{name}.json").write_text(manifest.to_json(), encoding="utf-8")
    return {"command": command, "simulations": SIMULATIONS, "id": manifest.id} | told(result)


def together(paths: tuple[str, ...], simulations: int) -> Measured:
    """Several scenarios fitted at once, the orders' hours as outcomes."""
    from sim.calibrate import build_bank
    from sim.calibrate.calibration_study import study
    from sim.calibrate.facts import GENERATIVE, in_mode
    from sim.scenario import load_checked

    loaded = {(one := load_checked(ROOT / path)).scenario.name: one for path in paths}
    bank = build_bank([in_mode(one, GENERATIVE) for one in loaded.values()], simulations, 1)
    result = study(bank, {name: one.evidence for name, one in loaded.items()}, GENERATIVE)
    command = f"run.py calibrate {' '.join(paths)} --mode generative --simulations {simulations}"
    return {"command": command, "simulations": simulations} | told(result)


def told(result: Any) -> Measured:
    """The numbers of a study that the pages print."""
    calibration, table = result.calibration, result.learned
    names = calibration.bank.names
    full = calibration.weights @ calibration.unit
    moves = [
        abs(float(row[f"mean {name}"]) - full[k])
        for row in result.swapped.to_dict("records")
        for k, name in enumerate(names)
    ]
    rows = {
        str(row["name"]): {
            "contraction": float(row["contraction"]), "unit": str(row["unit"]),
            "learned": bool(row["learned"]), "reached": bool(row["reached"]),
            "q05": float(row["q05"]), "q50": float(row["q50"]), "q95": float(row["q95"]),
        }
        for row in table.to_dict("records")
    }  # fmt: skip
    lost = {
        str(article): {str(n): float(v) for n, v in losses.items() if abs(v) >= SHOWN_LOSS}
        for article, losses in result.lost.iterrows()
    }
    return {
        "facts": [fact.title for fact in calibration.facts],
        "parameters": rows,
        "free": len(names),
        "correlations": {f"{c.first}, {c.second}": c.value for c in result.correlations},
        "lost": lost,
        "largest move by account": max(moves, default=0.0),
        "coverage": result.coverage.overall(0.9),
        "coverage near": result.near.overall(0.9),
        "sets": len(result.coverage.positions),
        "effective": float(calibration.effective),
        "satisfied": float(result.satisfied),
        "cannot give": calibration.cannot_give,
        "warnings": list(result.warnings),
    }
