"""Futures: ensembles for states of the controls, the last few kept, each worked out once."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from concurrent.futures import Future

from sim.ensemble import Ensemble, Posterior, simulate
from sim.scenario import Scenario, with_settings, with_variant
from sim.show.explorer.memory import trim
from sim.show.explorer.shelf import Shelved
from sim.show.explorer.state import State, check_size

KEPT_BYTES = 100_000_000
"""Of the ensembles kept: the baseline and some twenty futures of a week in one place."""

AT_ONCE = 1
"""Simulations at a time: each takes all threads, and two would need twice the memory."""


class Futures:
    """Ensembles by state, shared by all pages. An ensemble is a pure function of its state and is
    never changed, so one page cannot disturb another through it."""

    def __init__(self, posterior: Posterior | None = None, threads: int | None = None) -> None:
        self.posterior = posterior
        self._threads = threads
        self._kept: OrderedDict[str, Future[Ensemble]] = OrderedDict()
        self._lock = threading.Lock()
        self._working = threading.Semaphore(AT_ONCE)

    def of(self, shelved: Shelved, state: State) -> Ensemble:
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

    def _simulated(self, shelved: Shelved, state: State) -> Ensemble:
        scenario = scenario_of(shelved, state)
        check_size(scenario, state)
        return simulate(
            scenario, state.replicates, state.seed, threads=self._threads,
            posterior=self.posterior, logs=0,
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


def scenario_of(shelved: Shelved, state: State) -> Scenario:
    """The scenario with the state's settings. Raises InputError with everything that is wrong."""
    if not state.settings:
        return shelved.loaded.scenario
    variant = variant_of(shelved, state)
    if variant is not None:  # the scenario that `run --variant` has, its sources included
        return with_variant(shelved.loaded, variant)
    return with_settings(shelved.loaded, state.settings)


def variant_of(shelved: Shelved, state: State) -> str | None:
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
