"""The shelf: the scenarios that one explorer shows, loaded once, looked up by name only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.inputs import InputError, Problem
from sim.scenario import LoadedScenario, load_checked
from sim.show.citations import Citations
from sim.show.explorer.controls import Control, controls_of


@dataclass(frozen=True)
class Shelved:
    """A scenario with the text of its file, its sources to be cited, and its controls."""

    loaded: LoadedScenario
    text: str
    citations: Citations
    controls: list[Control]


class Shelf:
    """Scenarios by name. Files are read when the shelf is filled and never again, so that no
    request can name a path."""

    def __init__(self, paths: Sequence[str | Path]) -> None:
        """Raises InputError: a file that cannot be used, or two of the same name."""
        self._by_name: dict[str, Shelved] = {}
        for path in paths:
            loaded = load_checked(path)
            name = loaded.scenario.name
            if name in self._by_name:
                message = f"a second scenario is named '{name}'"
                raise InputError([Problem(str(path), None, None, message, "one file per name")])
            text = Path(path).read_text(encoding="utf-8")
            controls = controls_of(loaded.scenario)
            citations = Citations.of(loaded.evidence)
            self._by_name[name] = Shelved(loaded, text, citations, controls)

    @property
    def names(self) -> list[str]:
        return list(self._by_name)

    def __getitem__(self, name: str) -> Shelved:
        """Raises KeyError for a name that was not put there."""
        return self._by_name[name]
