"""The Mesa model: one run to read, to watch and to change.

``step`` is the hour; the docstring of ``sim.model.kernel`` numbers its parts.
"""

from __future__ import annotations

from typing import Any

import mesa
import networkx as nx
from mesa.agent import AgentSet
from mesa.discrete_space import Network

from sim.model import begin as beginning
from sim.model import cells, fronts, outlets, places
from sim.model.agents import AGENTS, Crowd, Faction, Launcher, Leader, UnitCell
from sim.model.layout import CROWD_EVENT, MOBILISATION_EVENT, State, World, allocate
from sim.scenario.schema import Scenario


class EscalationModel(mesa.Model):
    """One replicate of a scenario as Mesa agents on a network of places.

    Every draw is a function of (seed, replicate, mechanism, entity, index); Mesa's own generator
    is never used, so the order in which agents act within a part of the hour changes nothing.
    """

    def __init__(
        self,
        scenario: Scenario,
        world: World,
        theta: Any,
        seed: int,
        replicate: int,
        agents: dict[str, type] | None = None,
        log_rows: int = 0,
    ) -> None:
        super().__init__(rng=0)
        classes: dict[str, Any] = {**AGENTS, **(agents or {})}
        unknown = set(classes) - set(AGENTS)
        if unknown:
            raise ValueError(f"no agent is called {sorted(unknown)}; there are {sorted(AGENTS)}")
        self.scenario = scenario
        self.world = world
        self.state: State = allocate(world, log_rows)
        self.state.parameters[:] = theta
        beginning.begin(world, self.state, seed, replicate)
        self.step_number = 0
        self.step_h = float(world.run[0]["step_h"])
        self.step_end = self.step_h  # hours from the clock's start to the running step's end
        self.space = self._network()
        self.factions: list[Faction] = [
            classes["faction"](self, i) for i in range(len(world.factions))
        ]
        self.leader_list: list[Leader] = [
            classes["leader"](self, int(row["leader"]), self.factions[i])
            for i, row in enumerate(world.factions)
            if row["leader"] >= 0
        ]
        self.cell_list: list[UnitCell] = [
            classes["cell"](self, i, int(world.groups[row["group"]]["place"]))
            for i, row in enumerate(world.cells)
        ]
        self.crowd_list: list[Crowd] = [
            classes["crowd"](self, i, int(row["place"])) for i, row in enumerate(world.crowds)
        ]
        self.launcher: Launcher = classes["launcher"](self, 0)
        self._group_agents()

    def _network(self) -> Network:
        graph = nx.Graph()
        graph.add_nodes_from(range(len(self.scenario.places)))
        index = {place.id: i for i, place in enumerate(self.scenario.places)}
        for i, place in enumerate(self.scenario.places):
            linked = index if place.links is None else place.links
            graph.add_edges_from((i, index[other]) for other in linked if index[other] != i)
        return Network(graph, capacity=None, random=self.random)

    def _group_agents(self) -> None:
        count = len(self.factions)
        self.cells_of: list[list[UnitCell]] = [[] for _ in range(count)]
        self.crowds_of: list[list[Crowd]] = [[] for _ in range(count)]
        for cell in self.cell_list:
            group = self.world.groups[self.world.cells[cell.number]["group"]]
            self.cells_of[int(group["faction"])].append(cell)
        for crowd in self.crowd_list:
            self.crowds_of[int(self.world.crowds[crowd.number]["faction"])].append(crowd)
        self.decider = {d: leader for leader in self.leader_list for d in leader.decisions}
        acting = [cell for cell in self.cell_list if cell.acts]
        self.cells_set = AgentSet(acting, random=self.random)
        self.crowds_set = AgentSet(self.crowd_list, random=self.random)
        self.factions_set = AgentSet(self.factions, random=self.random)

    def step(self) -> None:
        """One hour, or whatever the clock's step is."""
        self.step_end = self.step_number * self.step_h + self.step_h
        self.script()
        self.settle_salience()
        for decision in range(len(self.world.decisions)):
            self.decider[decision].decide(decision)
        for decision in range(len(self.world.decisions)):
            self.decider[decision].deliver(decision)
        self.factions_set.do("run_clocks")
        self.cells_set.do("act")
        self.factions_set.do("note_movement")
        self.crowds_set.do("move")
        self.crowds_set.do("push")
        for place in range(len(self.world.places)):
            places.move_security(self.world, self.state, place, self.step_number * self.step_h)
        self.factions_set.do("expect")
        self.factions_set.do("fight")
        self.factions_set.do("remember")
        self.launcher.fire()
        self.close()
        self.step_number += 1

    def script(self) -> None:
        """Scripted interventions: triggers with their attacks, deployments of security forces."""
        for i in range(len(self.world.triggers)):
            if places.pull(self.world, self.state, i, self.step_number):
                fronts.script_attack(self.world, self.state, i)
        for i in range(len(self.world.deployments)):
            places.deploy_security(self.world, self.state, i, self.step_number)

    def settle_salience(self) -> None:
        """Let salience decay and add the step's pulses; a pulse rouses the tired."""
        for place in range(len(self.world.places)):
            if not places.settle_salience(self.state, place):
                continue
            for g in range(len(self.world.groups)):
                if self.world.groups[g]["place"] == place:
                    cells.rouse_group(self.world, self.state, g)
            for cell in self.cell_list:
                if self.world.groups[self.world.cells[cell.number]["group"]]["place"] == place:
                    cell.rouse()

    def close(self) -> None:
        """Reports, and the closing line of the series."""
        w, s = self.world, self.state
        for outlet in range(len(w.outlets)):
            outlets.publish(w, s, outlet, self.step_number)
        for place in range(len(w.places)):
            places.close_hour(
                w, s, place, self.step_number, w.severity[MOBILISATION_EVENT],
                w.severity[CROWD_EVENT],
            )  # fmt: skip

    def enter(self, world: World, theta: Any) -> None:
        """Go on in another world of the same shape, from this step on."""
        self.world = world
        self.state.parameters[:] = theta
        beginning.take_over(world, self.state)

    def dispose(self) -> None:
        """Let go of all agents; Mesa before 3.4 keeps every model alive through a class table."""
        self.remove_all_agents()
        table = getattr(mesa.Agent, "_ids", None)
        if table is not None:
            table.pop(self, None)
