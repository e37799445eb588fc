"""The Mesa model as a modeller uses it: to change a behaviour, to watch, to run many times."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from sim.model import build_world, simulate_block
from sim.model.agents import CrowdAgent, LeaderAgent, Order
from sim.model.escalation import EscalationModel
from sim.model.hour import HOUR
from sim.scenario import Scenario
from tests.random_scenarios import random_scenario, random_theta
from tests.test_model_claims import feud_data, fixed_theta


class Compassionate(LeaderAgent):
    """Counts the other side's dead as well as the own."""

    def hazard(self, order: Order) -> float:
        dead = sum(faction.own_dead for faction in self.model.factions)
        return dead / (dead + 10.0) / float(self.p.decision_time)


def endogenous_feud() -> Scenario:
    data = feud_data(**{"restraint_threshold.north": 1000.0})
    data["decisions"][0]["mode"] = "endogenous"
    data["clock"]["end"] = "2031-05-03T00:00:00+02:00"
    return Scenario.model_validate(data)


def test_a_leader_of_ones_own_runs_on_mesa_without_touching_the_kernel() -> None:
    scenario = endogenous_feud()
    theta = fixed_theta(scenario, 6)
    plain = simulate_block(scenario, theta, 1, range(6), engine="mesa")
    kind = simulate_block(
        scenario, theta, 1, range(6), engine="mesa", agents={"leader": Compassionate}
    )
    earlier = np.nan_to_num(kind.orders, nan=99.0) <= np.nan_to_num(plain.orders, nan=99.0)
    assert earlier.all()
    assert np.isfinite(kind.orders).sum() > np.isfinite(plain.orders).sum()
    with pytest.raises(ValueError, match="engine='mesa'"):
        simulate_block(scenario, theta, 1, range(6), agents={"leader": Compassionate})
    with pytest.raises(ValueError, match="no agent is called"):
        simulate_block(scenario, theta, 1, range(6), engine="mesa", agents={"leeder": LeaderAgent})


def one_model(scenario: Scenario, **agents: type) -> EscalationModel:
    world = build_world(scenario)
    return EscalationModel(scenario, world, random_theta(scenario, 1, 1)[0], 3, 0, agents)


def test_cells_stand_at_their_place_on_the_network_and_their_state_can_be_watched() -> None:
    model = one_model(endogenous_feud())
    deployed = []
    for _ in range(12):
        model.step()
        deployed.append(sum(cell.deployed for cell in model.cells))
    assert deployed[-1] > deployed[0]  # the idle ones of the hill have come
    at_port = [c for c in model.cells if c.cell is model.space[1]]
    assert 0 < len(at_port) < len(model.cells)


def test_a_finished_model_is_not_kept_alive() -> None:
    scenario = endogenous_feud()
    alive: list[weakref.ref[Any]] = []
    for _ in range(3):
        model = one_model(scenario)
        model.step()
        model.dispose()
        alive.append(weakref.ref(model))
        del model
    gc.collect()
    assert [ref() for ref in alive] == [None, None, None]


def test_a_crowd_that_never_pushes_leaves_the_site_alone() -> None:
    class Peaceful(CrowdAgent):
        def push_rate(self) -> float:
            return 0.0

    pushes = []
    for agents in ({}, {"crowd": Peaceful}):
        total = 0.0
        for seed in range(400, 412):
            scenario = random_scenario(seed)
            theta = random_theta(scenario, seed, 1)
            output = simulate_block(
                scenario, theta, 1, [1], keep="hourly", engine="mesa", agents=agents
            )
            total += float(output.hourly["pushes"].sum())
        pushes.append(total)
    assert pushes[0] > 0
    assert pushes[1] == 0


def test_what_stands_in_a_record_is_an_attribute_of_its_agent() -> None:
    model = one_model(endogenous_feud())
    model.step()
    model.step()
    model.step()
    cell, hill = model.cells[0], model.places[0]
    assert hill.salience == model.state.places[0]["salience"] > 0
    assert cell.group.faction is model.factions[0] and cell.people == 100
    cell.restrained = 1
    assert model.state.cells[0]["restrained"] == 1
    assert cell.p.decision_time == model.state.p[0]["decision_time"] > 0
    assert model.leaders[0].threshold == 1000.0
    with pytest.raises(AttributeError):
        cell.people = 3  # fixed in a run


def test_the_hour_is_walked_in_the_order_of_its_list_and_stops_with_the_clock() -> None:
    model = one_model(endogenous_feud())
    called: list[str] = []
    for entry in HOUR:
        for agent in getattr(model, entry.who)[:1]:

            def do(name: str = f"{entry.who}.{entry.name}") -> None:
                called.append(name)

            setattr(agent, entry.name, do)
    model.step()
    assert called == [f"{e.who}.{e.name}" for e in HOUR if getattr(model, e.who)]
    while model.running:
        model.step()
    assert model.step_number == int(model.world.run[0]["steps"])
