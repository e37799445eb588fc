"""The diary: who is noted comes up, in time, once, and in order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.model import build_world, diary
from sim.model.layout import State, allocate
from tests.random_scenarios import random_scenario


def a_state() -> State:
    world = build_world(random_scenario(4), 80)
    assert len(world.cells) > 2 * diary.BITS  # a page has more than two words
    return allocate(world)


def take_page(s: State, step: int) -> list[int]:
    found = []
    with np.errstate(over="ignore"):  # the product that tells a bit's place wraps, as it should
        for word in range(s.diary.shape[1]):
            while s.diary[step, word] != 0:
                found.append(int(diary.take_first(s, step, word)))
    return found


def test_every_cell_that_is_noted_comes_up_once_and_in_order() -> None:
    s = a_state()
    noted = [0, 1, 31, 32, 63, 64, 65, 127, 128, len(s.cells) - 1]
    for cell in [*reversed(noted), 64, 0]:
        diary.note(s, cell, 3)
    assert take_page(s, 3) == noted
    assert take_page(s, 3) == []
    every = list(range(len(s.cells)))
    for cell in every:
        diary.note(s, cell, 5)
    assert take_page(s, 5) == every


def test_nobody_is_noted_on_a_page_that_has_been_opened_or_beyond_the_clock() -> None:
    s = a_state()
    s.run[0]["page"] = 4
    diary.note(s, 7, 2)
    assert take_page(s, 2) == [] and take_page(s, 4) == [7]
    diary.note(s, 7, s.diary.shape[0])
    assert not s.diary.any()


@pytest.mark.long
def test_no_index_ever_leaves_its_array(tmp_path: Path) -> None:
    program = (
        "from sim.model import simulate_block\n"
        "from tests.random_scenarios import random_scenario, random_theta\n"
        "for seed in range(300):\n"
        "    scenario = random_scenario(seed)\n"
        "    theta = random_theta(scenario, seed, 4)\n"
        "    simulate_block(scenario, theta, seed, range(4), keep='log')\n"
    )
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
