"""The hour: what the kernel passes over would have done nothing."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import build_world, kernel
from sim.model.begin import begin
from sim.model.hour import HOUR, Entry
from sim.model.layout import DEPLOYED, IDLE, State, World, allocate
from tests.random_scenarios import random_scenario, random_theta


def begun(seed: int) -> tuple[World, State]:
    scenario = random_scenario(seed)
    world = build_world(scenario)
    state = allocate(world)
    state.parameters[:] = random_theta(scenario, seed, 1)[0]
    begin(world, state, seed, 0)
    return world, state


def passed_over(entry: Entry, w: World, s: State, step: int) -> list[int]:
    """Numbers that the kernel leaves out of an entry in this step."""
    everybody = range(len(getattr(w, entry.table)))
    if entry.when is not None and not entry.when(w, s, step):
        return list(everybody)
    if entry.where is None:
        return []
    here = [bool(entry.where(w, s, g, step)) for g in range(len(w.groups))]
    out = [cell for cell in everybody if not here[w.cells[cell]["group"]]]
    if entry.whom is not None:
        for g in np.flatnonzero(here):
            own = range(int(w.groups[g]["first"]), int(w.groups[g]["first"] + w.groups[g]["cells"]))
            out += [c for c in own if entry.whom(w, s, g, c, step) != c]
    return out


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_whoever_the_kernel_passes_over_would_have_changed_nothing_that_counts(seed: int) -> None:
    w, s = begun(seed)
    spared = 0
    for step in range(int(w.run[0]["steps"])):
        for entry in HOUR:
            out = set(passed_over(entry, w, s, step))
            for number in range(len(getattr(w, entry.table))):
                if number not in out:
                    entry.does(w, s, number, step)
                    continue
                before = what_counts(s)
                entry.does(w, s, number, step)
                assert what_counts(s) == before, (entry.name, number, step)
                spared += 1
    assert spared > 100


def what_counts(s: State) -> list[bytes]:
    """The state without what only says where to look: notes, and numbers drawn ahead in a row."""
    parts = {name: part.copy() for name, part in s._asdict().items()}
    for name in ("script", "orders", "incident", "acted", "stocked"):
        parts["run"][name] = 0
    parts["fronts"]["expected"] = 0.0
    parts["decisions"]["hazard"] = 0.0
    return [part.tobytes() for part in parts.values()]


def test_a_groups_next_numbers_are_never_later_than_its_cells_own() -> None:
    for seed in range(12):
        w, s = begun(seed)
        for step in range(int(w.run[0]["steps"])):
            kernel_hour(w, s, step)
            for g, group in enumerate(w.groups):
                own = s.cells[group["first"] : group["first"] + group["cells"]]
                leaving = own[own["status"] == DEPLOYED]
                idle = own[(own["status"] == IDLE) & (own["restrained"] == 0)]
                first = np.minimum(leaving["due"], leaving["tired_at"]).min(initial=np.inf)
                assert s.groups[g]["next_leave"] <= first
                assert s.groups[g]["next_join"] <= idle["threshold"].min(initial=np.inf)


def kernel_hour(w: World, s: State, step: int) -> None:
    """The hour as the kernel goes through it, uncompiled."""
    for entry in HOUR:
        out = set(passed_over(entry, w, s, step))
        for number in range(len(getattr(w, entry.table))):
            if number not in out:
                entry.does(w, s, number, step)


def test_the_kernels_source_has_one_loop_for_each_entry_of_the_list_in_its_order() -> None:
    source = kernel.hour_source(HOUR)
    places = [source.index(f"does_{number}(") for number in range(len(HOUR))]
    assert places == sorted(places)
    assert source.count("does_") == len(HOUR)
