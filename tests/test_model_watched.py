"""A run that Mesa's own tools build, run and collect from, and overrides that are checked."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pytest
from made_up import TWO_FACTIONS

from sim.ensemble import simulate
from sim.ensemble.watched import WatchedRun
from sim.model.agents import LeaderAgent, Order
from sim.model.cells import act as not_an_agent
from sim.scenario import load_scenario


def test_a_watched_run_is_the_replicate_of_that_number() -> None:
    ensemble = simulate(load_scenario(TWO_FACTIONS), 3, 5)
    run = WatchedRun(TWO_FACTIONS, seed=5, replicate=2)
    while run.running:
        run.step()
    assert run.dead == int(ensemble.hourly["dead"][2].sum()) > 0
    assert run.clashes == int(ensemble.hourly["clashes"][2].sum())
    table = run.datacollector.get_model_vars_dataframe()
    assert len(table) == run.steps_of_clock == run.step_number
    assert table["dead"].is_monotonic_increasing
    ladder = ensemble.hourly["ladder"][2].max(axis=1)  # kept as f4
    np.testing.assert_array_equal(table["ladder"].astype("f4"), ladder)
    assert table["deployed"].max() > 0


def test_a_run_ends_with_its_clock_and_says_so_to_who_goes_on() -> None:
    run = WatchedRun(TWO_FACTIONS)
    assert run.ladder == 0.0
    run.run_model()
    assert not run.running
    with pytest.raises(RuntimeError, match="clock ended after"):
        run.step()
    with pytest.raises(ValueError, match="no series is called 'deaths'"):
        run.series("deaths")


def test_mesas_batch_run_varies_replicates_and_settings() -> None:
    asked: dict[str, Any] = {
        "scenario": TWO_FACTIONS, "replicate": [0, 1], "compliance": [0.1, 0.9]
    }  # fmt: skip
    rows = mesa.batch_run(WatchedRun, asked, display_progress=False)
    assert [(row["replicate"], row["compliance"]) for row in rows] == [
        (0, 0.1), (0, 0.9), (1, 0.1), (1, 0.9)
    ]  # fmt: skip
    for row in rows:
        settings = {"compliance": row["compliance"]}
        scenario = load_scenario(TWO_FACTIONS, settings=settings)
        last = simulate(scenario, 2, 1).hourly["dead"][row["replicate"]].sum()
        assert row["dead"] == int(last)


class Misspelt(LeaderAgent):
    def hazzard(self, order: Order) -> float:
        return 1.0


class Negative(LeaderAgent):
    def hazard(self, order: Order) -> float:
        return -1.0


@pytest.mark.parametrize(
    ("agents", "said"),
    [
        ({"leader": Misspelt}, "Misspelt.hazzard: nothing calls it; did you mean 'hazard'?"),
        ({"leeder": LeaderAgent}, "no agent is called 'leeder'; did you mean 'leader'?"),
        ({"crowd": LeaderAgent}, "'LeaderAgent' is no subclass of CrowdAgent, as a crowd must be"),
        ({"cell": not_an_agent}, "is no subclass of UnitCell"),
    ],
)
def test_an_override_that_nothing_would_call_is_refused(agents: dict[str, type], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        WatchedRun(TWO_FACTIONS, agents=agents)


def test_a_negative_hazard_is_refused_where_it_is_given() -> None:
    path = {"decisions.red_withdrawal.mode": "endogenous"}
    run = WatchedRun(TWO_FACTIONS, agents={"leader": Negative}, **path)
    with pytest.raises(ValueError, match=r"Negative.hazard gives -1.0; a rate is a number"):
        run.run_model()
