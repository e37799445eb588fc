"""The evidence that a scenario file names: a folder of coded statements beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.evidence import Evidence
    from sim.scenario.schema import Scenario


def evidence_of(scenario: Scenario, path: str) -> Evidence | None:
    """The evidence of the scenario read from `path`, or None if it names none.

    Raises:
        InputError: the folder or a file in it cannot be used.
    """
    from sim.evidence import load_evidence

    if scenario.evidence is None:
        return None
    folder = Path(path).parent / scenario.evidence
    # 'scenarios/../seeds' is harder to read in a message than 'seeds'
    tidy = Path(*_without_detours(folder.parts))
    same = tidy.exists() and folder.exists() and tidy.samefile(folder)
    return load_evidence(tidy if same else folder)


def _without_detours(parts: tuple[str, ...]) -> list[str]:
    kept: list[str] = []
    for part in parts:
        if part == ".." and kept and kept[-1] not in ("..", "/"):
            kept.pop()
        else:
            kept.append(part)
    return kept
