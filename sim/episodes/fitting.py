"""Fitting: a population from a library and a bank, kept step by step, with its uncertainty."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.episodes.differences import learn_compliance, twin_differences
from sim.episodes.episode_library import Library, read_events_folder
from sim.episodes.matching import Matches, match
from sim.episodes.model_forecast import ModelForecaster
from sim.episodes.order_free import OrderFree, order_free_windows
from sim.episodes.population import Population, counted
from sim.episodes.population_fit import learn, uncertain
from sim.episodes.task import TASKS
from sim.episodes.world_bank import WorldBank
from sim.inputs import InputError

TIMES = 30
"""Draws of the population."""


def order_free_of(library: Library) -> OrderFree | None:
    """The library's order-free windows, where it has the tables that show them."""
    if library.orders is None:
        return None
    try:
        events, dyads = read_events_folder(library.folder)
    except InputError:
        return None
    found = order_free_windows(library.episodes, events, dyads, library.orders)
    return found if len(found.conflicts) else None


def matches_of(library: Library) -> Matches | None:
    """The library's orders beside their matched days; None where its tables do not show them."""
    if library.orders is None:
        return None
    try:
        events, dyads = read_events_folder(library.folder)
    except InputError:
        return None
    found = match(library.episodes, events, dyads, library.orders)
    return found if len(found.table) else None


def fit(
    model: ModelForecaster,
    library: Library,
    kind: str,
    folder: Path | None,
    seed: int = 1,
    times: int = TIMES,
    matches: Matches | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> tuple[Population, list[Population], int]:
    """The population of one kind of episodes, draws of it, and how many episodes there were.

    Draws are by the curvature of the population's probability; of what orders do by drawing
    conflicts again.

    Args:
        folder: where each finished step is kept, to go on from; None: nowhere. It has to belong to
            this library, bank and code alone.
        times: how many draws.
        matches: of orders: what these do is learned from their differences from matched days.
    """
    task, panel = TASKS[kind], library.panel(kind)
    panel = panel.chosen(task.scored(panel))
    found, kinds = model.resemblance(panel, task)

    def kept(name: str, make: Callable[[], list[Population]]) -> list[Population]:
        return _kept(folder, f"{kind}-{name}", make, model.bank, kinds)

    whole = kept("whole", lambda: [learn(found, model.bank.names, kinds)])[0]
    told(f"{kind}: {len(panel)} episodes")
    again = kept("draws", lambda: uncertain(found, whole, times, seed)) if times else []
    if matches is None:
        return whole, again, len(panel)
    twins = twin_differences(model, panel, matches, whole)
    conflicts = twins.table["conflict"].to_numpy(object)
    names, at = np.unique(conflicts.astype(str), return_inverse=True)
    best = kept("effect", lambda: [learn_compliance(twins, whole)])[0]
    rng = np.random.default_rng(seed)
    drawn = []
    for number, one in enumerate(again):
        often = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        counts = counted(conflicts) * often[at]
        drawn += kept(f"effect-{number:03d}", lambda: [learn_compliance(twins, one, counts)])  # noqa: B023
        told(f"{kind}: what orders do, conflicts drawn again, {number + 1} of {times}")
    return best, drawn, len(panel)


def _kept(
    folder: Path | None,
    name: str,
    make: Callable[[], list[Population]],
    bank: WorldBank,
    kinds: tuple[str, ...],
) -> list[Population]:
    """Populations as kept, or made and kept."""
    path = None if folder is None else folder / f"{name}.json"
    if path is not None and path.exists():
        try:
            return [
                Population(
                    bank.names,
                    np.array(told["mu"]),
                    np.array(told["sigma"]),
                    kinds,
                    np.array(told["shifts"]).reshape(len(kinds), len(bank.names)),
                )
                for told in json.loads(path.read_text(encoding="utf-8"))
            ]
        except (ValueError, KeyError, TypeError, OSError):
            path.unlink(missing_ok=True)
    made = make()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        hidden = path.with_suffix(".partial")
        keys = ("mu", "sigma", "shifts")
        numbers = [{key: getattr(one, key).tolist() for key in keys} for one in made]
        hidden.write_text(json.dumps(numbers), encoding="utf-8")
        hidden.replace(path)
    return made
