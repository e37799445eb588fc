"""Futures on a shelf: the scenarios by name, what a request says, and what was run for it."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.calibrate.posterior_file import PRIOR, posterior_for
from sim.ensemble import Ensemble, Posterior, simulate
from sim.inputs import InputError, Problem
from sim.scenario import (
    LoadedScenario,
    RuleFile,
    Scenario,
    load_checked,
    with_settings,
    with_variant,
)
from sim.show.citations import Citations
from sim.show.explorer.controls import Control, controls_of
from sim.show.explorer.memory import trim

MOST_REPLICATES = 5000
MOST_BYTES = 130_000_000
BYTES_PER_STEP = 4 * 12  # one float32 for each of the kernel's series


class Query(BaseModel):
    """Which scenario, what is set over it, and how it is run.

    ``settings`` maps dotted paths to values, as ``--set`` does; ``view`` is a place's id, or ''
    for all places together; with ``prior`` parameters are drawn from the priors, whatever fits.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: Annotated[str, Field(max_length=60)]
    settings: Annotated[dict[str, Any], Field(max_length=200)] = {}
    replicates: Annotated[int, Field(ge=10, le=MOST_REPLICATES)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1
    view: Annotated[str, Field(max_length=60)] = ""
    prior: bool = False

    @field_validator("settings")
    @classmethod
    def _no_clock(cls, settings: dict[str, Any]) -> dict[str, Any]:
        for path in settings:
            if path.partition(".")[0] == "clock":
                raise ValueError("the clock stays as the scenario has it")
        return settings

    @property
    def baseline(self) -> Query:
        """The same without any setting."""
        return self.model_copy(update={"settings": {}})

    def key(self) -> str:
        """What decides the numbers, as one text."""
        parts = [self.scenario, self.settings, self.replicates, self.seed, self.prior]
        return json.dumps(parts, sort_keys=True)


def check_size(scenario: Scenario, state: Query) -> None:
    """Raises InputError where the hourly series of so many replicates would not fit."""
    each = scenario.clock.steps * len(scenario.places) * BYTES_PER_STEP
    if each * state.replicates > MOST_BYTES:
        most = max(10, MOST_BYTES // each)
        message = f"{state.replicates} replicates of this scenario are too many to keep by the hour"
        raise InputError([Problem("replicates", None, None, message, f"at most {most}")])


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

    def __init__(self, paths: Sequence[str | Path], rules: RuleFile | None = None) -> None:
        """``rules``: of the user's own, for every scenario.

        Raises InputError: a file that cannot be used, or two of the same name.
        """
        self._by_name: dict[str, Shelved] = {}
        for path in paths:
            loaded = load_checked(path, rules=rules)
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


KEPT_BYTES = 100_000_000
"""Of the ensembles kept: the baseline and some twenty futures of a week in one place."""

AT_ONCE = 1
"""Simulations at a time: each takes all threads, and two would need twice the memory."""


class Futures:
    """Ensembles by state, shared by all pages. An ensemble is a pure function of its state and is
    never changed, so one page cannot disturb another through it."""

    def __init__(self, posterior: str | None = None, threads: int | None = None) -> None:
        """``posterior``: a file of draws, 'prior', or None for what fits each scenario."""
        self._given = posterior
        self._drawn: dict[str, tuple[Posterior | None, str]] = {}
        self._threads = threads
        self._kept: OrderedDict[str, Future[Ensemble]] = OrderedDict()
        self._lock = threading.Lock()
        self._working = threading.Semaphore(AT_ONCE)

    def parameters(self, shelved: Shelved, prior: bool = False) -> tuple[Posterior | None, str]:
        """What a scenario's parameters are drawn from, as `run` has it, and the line that says so.

        ``prior``: the priors are asked for. Raises InputError for a file that is no posterior.
        """
        if prior:
            return posterior_for(PRIOR, shelved.loaded.scenario)
        name = shelved.loaded.scenario.name
        if name not in self._drawn:
            self._drawn[name] = posterior_for(self._given, shelved.loaded.scenario)
        return self._drawn[name]

    def of(self, shelved: Shelved, state: Query) -> Ensemble:
        """The ensemble of a state. Raises InputError for settings that cannot be."""
        key = state.key()
        with self._lock:
            future = self._kept.get(key)
            mine = future is None
            if future is None:
                future = self._kept[key] = Future()
            self._kept.move_to_end(key)
        if mine:
            try:
                with self._working:
                    future.set_result(self._simulated(shelved, state))
            except BaseException as error:
                with self._lock:
                    self._kept.pop(key, None)
                future.set_exception(error)
            self._forget()
        return future.result()

    def _simulated(self, shelved: Shelved, state: Query) -> Ensemble:
        scenario = scenario_of(shelved, state)
        check_size(scenario, state)
        return simulate(
            scenario, state.replicates, state.seed, threads=self._threads,
            posterior=self.parameters(shelved, state.prior)[0], logs=0,
        )  # fmt: skip

    def _forget(self) -> None:
        """Drop what was asked for longest ago; the latest stays whatever its size."""
        with self._lock:
            done = [key for key, future in self._kept.items() if future.done()]
            sizes = {key: _bytes(self._kept[key].result()) for key in done}
            total = sum(sizes.values())
            for key in done[:-1]:
                if total <= KEPT_BYTES:
                    break
                total -= sizes[key]
                del self._kept[key]
        trim()


def scenario_of(shelved: Shelved, state: Query) -> Scenario:
    """The scenario with the state's settings. Raises InputError with everything that is wrong."""
    if not state.settings:
        return shelved.loaded.scenario
    variant = variant_of(shelved, state)
    if variant is not None:  # the scenario that `run --variant` has, its sources included
        return with_variant(shelved.loaded, variant)
    return with_settings(shelved.loaded, state.settings)


def variant_of(shelved: Shelved, state: Query) -> str | None:
    """The variant of the scenario that sets just what the state sets, None where none does."""
    wanted = json.dumps(state.settings, sort_keys=True)
    for name, variant in shelved.loaded.scenario.variants.items():
        if state.settings and json.dumps(variant.set, sort_keys=True, default=str) == wanted:
            return name
    return None


def _bytes(ensemble: Ensemble) -> int:
    # the series are views of one array: the first one's base holds them all
    series = next(iter(ensemble.hourly.values()))
    return int(series.nbytes * len(ensemble.hourly))
