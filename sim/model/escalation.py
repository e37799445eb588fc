"""The Mesa model: one run to read, to watch and to change. Its step walks `sim.model.hour.HOUR`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mesa
import networkx as nx
import numpy as np
from mesa.discrete_space import Network
from numpy.typing import NDArray

from sim.model.agents import (
    AGENTS,
    CrowdAgent,
    FactionAgent,
    Front,
    GroupAgent,
    LeaderAgent,
    Order,
    UnitCell,
)
from sim.model.hour import Entry
from sim.model.layout import SERIES, State, World, allocate
from sim.model.member import Member, ModelOfMembers
from sim.model.own_agents import checked
from sim.model.rulebook import rulebook_of
from sim.scenario.schema import Scenario


class EscalationModel(ModelOfMembers):
    """One replicate of a scenario as Mesa agents on a network of places.

    Every draw is a function of (seed, replicate, mechanism, entity, index); Mesa's own generator
    is never used, so the order in which agents act within an entry of the hour changes nothing.
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
        if agents and scenario.rules is not None:
            raise ValueError(
                "agents of your own do not follow rules of your own: give one of the two"
            )
        self.classes: dict[str, Any] = {**AGENTS, **checked(agents or {})}
        self.scenario = scenario
        self.world = world
        self.state: State = allocate(world, log_rows)
        self.state.parameters[:] = theta
        self.p: Any = self.state.p.view(np.recarray)[0]
        self.rulebook = rulebook_of(scenario.rules)
        self.rulebook.begin(world, self.state, seed, replicate)
        self.step_number = 0
        self.step_h = float(world.run[0]["step_h"])
        self.space = self._network()
        self._people()
        self.hour: Sequence[Entry] = self.rulebook.hour

    def _people(self) -> None:
        """Make the agents, each kind in the order of its records."""
        w = self.world
        self.script = self._each("script", range(1))
        self.triggers = self._each("trigger", range(len(w.triggers)))
        self.deployments = self._each("deployment", range(len(w.deployments)))
        self.places = self._each("place", range(len(w.places)), range(len(w.places)))
        self.factions: list[FactionAgent] = self._each("faction", range(len(w.factions)))
        led = {int(row["leader"]): i for i, row in enumerate(w.factions) if row["leader"] >= 0}
        self.leaders: list[LeaderAgent] = self._each(
            "leader", sorted(led), [self.factions[led[number]] for number in sorted(led)]
        )
        self.orders: list[Order] = self._each(
            "order", range(len(w.decisions)), [self.leaders[i] for i in w.decisions["leader"]]
        )
        self.groups: list[GroupAgent] = self._each("group", range(len(w.groups)), w.groups["place"])
        self.cells: list[UnitCell] = self._each(
            "cell", range(len(w.cells)), w.groups["place"][w.cells["group"]]
        )
        self.crowds: list[CrowdAgent] = self._each("crowd", range(len(w.crowds)), w.crowds["place"])
        self.fronts: list[Front] = self._each("front", range(len(w.fronts)), w.fronts["place"])
        self.launchers = self._each("launcher", range(len(w.places)), range(len(w.places)))
        self.outlets = self._each("outlet", range(len(w.outlets)))

    def _each(self, kind: str, numbers: Any, given: Any = None) -> list[Any]:
        """Agents of one kind by their numbers, each with its place or whom it belongs to."""
        make = self.classes[kind]
        if given is None:
            return [make(self, number) for number in numbers]
        return [make(self, number, one) for number, one in zip(numbers, given, strict=True)]

    def _network(self) -> Network:
        graph = nx.Graph()
        graph.add_nodes_from(range(len(self.scenario.places)))
        index = {place.id: i for i, place in enumerate(self.scenario.places)}
        for i, place in enumerate(self.scenario.places):
            linked = index if place.links is None else place.links
            graph.add_edges_from((i, index[other]) for other in linked if index[other] != i)
        return Network(graph, capacity=None, random=self.random)

    @property
    def steps_of_clock(self) -> int:
        """Steps from the clock's start to its end."""
        return int(self.world.run[0]["steps"])

    def series(self, name: str) -> NDArray[np.float64]:
        """One of the hourly series so far, [steps, places]: dead, wounded, clashes, ladder, ...

        Raises:
            ValueError: no series has this name.
        """
        if name not in SERIES:
            raise ValueError(f"no series is called '{name}'; there are {', '.join(SERIES)}")
        done: NDArray[np.float64] = self.state.series[: self.step_number, :, SERIES.index(name)]
        return done

    @property
    def dead(self) -> int:
        """Dead so far, everywhere."""
        return int(self.series("dead").sum())

    @property
    def wounded(self) -> int:
        """Wounded so far, everywhere."""
        return int(self.series("wounded").sum())

    @property
    def clashes(self) -> int:
        """Clashes so far, everywhere."""
        return int(self.series("clashes").sum())

    @property
    def ladder(self) -> float:
        """Where the last step stands on the escalation ladder: the highest place, 0 to 10."""
        last = self.series("ladder")[-1:]
        return float(last.max()) if last.size else 0.0

    @property
    def deployed(self) -> int:
        """Armed cells that are out, or at their post, now."""
        return sum(cell.deployed for cell in self.cells)

    def step(self) -> None:
        """One hour, or whatever the clock's step is: every entry of the list, over all its kind.

        Raises RuntimeError once the clock has ended; ``running`` is False from then on.

        An agent does what its method of the entry's name says; if it has none, what the rule says.
        Under rules of the user's own, which the methods do not know, it does what the rules say.
        """
        if self.step_number >= self.steps_of_clock:
            raise RuntimeError(f"the scenario's clock ended after {self.steps_of_clock} steps")
        has_own_rules = self.rulebook.rules is not None
        for entry in self.hour:
            agents: list[Member] = getattr(self, entry.who)
            for agent in agents:
                method = None if has_own_rules else getattr(agent, entry.name, None)
                if method is None:
                    agent.follow(entry.does)
                else:
                    method()
        self.step_number += 1
        self.running = self.step_number < self.steps_of_clock

    def enter(self, world: World, theta: Any) -> None:
        """Go on in another world of the same shape, from this step on."""
        self.world = world
        self.state.parameters[:] = theta
        for agent in self.agents:
            if isinstance(agent, Member) and agent.table:
                agent.fixed = getattr(world, agent.table)[agent.number]
        self.rulebook.take_over(world, self.state, self.step_number)

    def dispose(self) -> None:
        """Let go of all agents; Mesa before 3.4 keeps every model alive through a class table."""
        self.remove_all_agents()
        table = getattr(mesa.Agent, "_ids", None)
        if table is not None:
            table.pop(self, None)
