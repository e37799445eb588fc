"""Simulation-based calibration on the shipped scenarios: 400 synthetic data sets each."""

from __future__ import annotations

import pytest
from shipped import path_of

from sim.calibrate import build_bank, calibrate, coverage_of
from sim.calibrate.facts import MODES, in_mode
from sim.scenario import load_checked

NAMES = ("august_september_2022", "baghdad_2022_08", "basra_2022_09", "green_zone_2022_09")


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
def test_ranks_are_uniform_and_intervals_cover(name, mode):
    bank = build_bank([in_mode(load_checked(path_of(name)), mode)], 100_000, 1)
    cover = coverage_of(calibrate(bank), 400)
    assert 0.87 <= cover.overall(0.9) <= 0.93
    assert cover.p_values().min() > 0.01
