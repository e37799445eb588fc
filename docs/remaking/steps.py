"""The steps of a remake: each runs commands of the project and returns the numbers they gave."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from docs.remaking import learning, predicting
from docs.remaking.measured import Measured
from docs.remaking.mechanisms import mechanisms as table_of_mechanisms
from docs.remaking.table_episode import najaf

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
BAGHDAD, JOINT = "scenarios/baghdad_2022_08.yaml", "scenarios/august_september_2022.yaml"
SINGLE = (
    BAGHDAD, "scenarios/basra_2022_09.yaml", "scenarios/green_zone_2022_09.yaml",
    "scenarios/march_2020_01.yaml",
)  # fmt: skip

ACCOUNTS_OF_BASRA = (
    "one_compliance", "compliance_07", "no_reprisals", "no_spillover", "aah_not_in_baghdad",
    "tension_in_basra", "felt_in_basra", "local_trigger", "offices_attacked", "no_incidents",
)  # fmt: skip


def command(*words: str) -> str:
    """Run a command of the project in this process; what it printed. Raises where it fails."""
    from sim.cli import main

    printed = StringIO()
    with redirect_stdout(printed):
        code = main(list(words))
    if code != 0:
        raise SystemExit(f"run.py {' '.join(words)} ended with {code}\n{printed.getvalue()}")
    return printed.getvalue()


def evidence() -> Measured:
    """How much is coded."""
    from sim.evidence import load_evidence

    found = load_evidence(ROOT / "seeds")
    quantities = [q for s in found.statements.values() for q in s.quantities]
    return {
        "articles": len(found.articles), "statements": len(found.statements),
        "events": len(found.events), "conflicts": len(found.conflicts),
        "quantities": len(quantities), "known": sum(not q.unknown for q in quantities),
    }  # fmt: skip


def baghdad() -> Measured:
    return learning.reference(BAGHDAD)


def joint() -> Measured:
    return learning.reference(JOINT)


def together() -> Measured:
    return learning.together((BAGHDAD, "scenarios/basra_2022_09.yaml"), 20_000)


def single() -> Measured:
    return predicting.validation(SINGLE, 30_000)


def both() -> Measured:
    return predicting.validation((JOINT,), 50_000)


def models() -> Measured:
    return predicting.models(JOINT, 100_000, ACCOUNTS_OF_BASRA)


def mechanisms() -> Measured:
    return table_of_mechanisms(JOINT, 100_000, 30_000)


def more_data() -> Measured:
    """Contraction by the number of episodes, as the benchmark prints it."""
    words = ["benchmarks/calibration_more_data.py", "2e4"]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: Measured = {"command": " ".join(words)}
    names: list[str] = []
    for line in done.stdout.splitlines():
        cells = line.split()
        if "episodes" in line and "worlds" in line:
            kind = "exact" if "exactly" in line else "coarse"
        elif cells[:1] == ["episodes"]:
            names = cells[1:]
        elif cells and re.fullmatch(r"\d+", cells[0]):
            values = dict(zip(names, map(float, cells[1:]), strict=True))
            found.setdefault(kind, {})[cells[0]] = values
    return found


def pairing() -> Measured:
    """What a late order does, pair by pair, with the prior and, where one is shipped, with that."""
    from sim.calibrate.posterior_file import reference_for
    from sim.ensemble import read_posterior
    from sim.explore import what_if
    from sim.scenario import load_checked

    loaded = load_checked(ROOT / JOINT)
    path = reference_for(loaded.scenario).path
    shipped = read_posterior(path) if path is not None else None
    found: Measured = {"command": f"run.py whatif {JOINT} --variant late_24h --posterior prior"}
    cases: list[tuple[str, str, int, Any]] = [("late_24h", "prior", 2000, None)]
    cases += [("late_6h", "explorer", 1000, shipped)]  # as the page has them
    if shipped is not None:
        cases += [("late_24h", "shipped", 2000, shipped)]
    for variant, name, replicates, posterior in cases:
        drawn = posterior or "prior"
        result = what_if(loaded, [variant], replicates, posterior=drawn, keep="totals")
        row = result.table.set_index("observable").loc["dead_baghdad"]
        keys = ("ratio", "ratio_q05", "ratio_q95", "unchanged", "variance_removed")
        found[name] = {key: float(row[key]) for key in keys} | {"pairs": replicates}
    return found


def figure() -> Measured:
    """The README's figure, from the command above it."""
    with tempfile.TemporaryDirectory() as out:
        printed = command("run", BAGHDAD, "--out", out)
        folder = next((Path(out) / "baghdad_2022_08").iterdir())
        drawn = next(folder.rglob("tolls.png"))
        shutil.copyfile(drawn, DOCS / "figures" / "baghdad_2022_08.png")
    drawn_from = next((s for s in printed.splitlines() if s.startswith("parameters: ")), "")
    return {"command": f"run.py run {BAGHDAD}", "drawn from": drawn_from}


STEPS: dict[str, Callable[[], Measured]] = {
    "evidence": evidence, "baghdad": baghdad, "joint": joint, "figure": figure,
    "pairing": pairing, "together": together, "single": single, "both": both, "models": models,
    "mechanisms": mechanisms, "more_data": more_data, "najaf": najaf,
}  # fmt: skip
"""In the order in which they need each other: the shipped posteriors come first."""
