"""The kernel never reads or writes outside of its arrays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


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
