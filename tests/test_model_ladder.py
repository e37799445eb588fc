"""The ladder: events by their severity, presence by its share, and down again when all is quiet."""

from __future__ import annotations

import numpy as np
import pytest
from shipped import drawn, run, shipped

from sim.model import rules
from sim.model.layout import SERIES

LADDER, STANDING, CELLS, CROWD = (
    SERIES.index(name) for name in ("ladder", "standing", "cells", "crowd")
)


def test_half_of_a_militia_weighs_half_and_nobody_weighs_nothing() -> None:
    assert rules.standing_severity(6.0, 60, 120) == 3.0
    assert rules.standing_severity(6.0, 0, 120) == 0.0
    assert rules.standing_severity(6.0, 0, 0) == 0.0
    assert rules.standing_severity(6.0, 130, 120) == 6.0


@pytest.mark.parametrize("name", ["baghdad_2022_08", "august_september_2022"])
def test_the_ladder_follows_people_home(name: str) -> None:
    scenario = shipped(name)
    series = run(scenario, drawn(scenario, 60)).series
    busiest = series[:, :, 0, CELLS].max(axis=1)
    last = series[:, -1, 0, :]
    assert np.median(busiest) > 50
    share = last[:, CELLS] / busiest
    assert np.median(last[:, LADDER]) <= 6 * np.median(share) + 0.5
    assert np.median(last[:, LADDER]) < 1


def test_where_the_ladder_lies_above_standing_something_happened_in_the_hour() -> None:
    scenario = shipped("baghdad_2022_08")
    series = run(scenario, drawn(scenario, 20)).series[:, :, 0, :]
    assert (series[..., LADDER] >= series[..., STANDING]).all()
    clash = series[..., SERIES.index("clashes")] > 0
    assert (series[clash][:, LADDER] >= 9.0).all()
    empty = (series[..., CELLS] == 0) & (series[..., CROWD] == 0)
    assert (series[empty][:, STANDING] == 0).all()
