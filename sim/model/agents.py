"""The Mesa agents: each is a view of one record of the state and acts by the rule book.

To change a behaviour, subclass an agent, override one method, and hand the class to
``simulate(..., engine="mesa", agents={"leader": MyLeader})``. The kernel stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa.discrete_space import CellAgent

from sim.model import cells, crowds, fronts, launcher, leaders, orders
from sim.model.layout import DEPLOYED, IDLE

if TYPE_CHECKING:
    from sim.model.escalation import EscalationModel


class Member(CellAgent):
    """Base: an agent that knows its number among its kind and stands at a place, if at any."""

    model: EscalationModel

    def __init__(self, model: EscalationModel, number: int, place: int | None = None) -> None:
        super().__init__(model)
        self.number = number
        if place is not None:
            self.cell = model.space[place]


class Faction(Member):
    """A faction: its fronts with their reprisal stocks, its groups of cells, its own dead."""

    def __init__(self, model: EscalationModel, number: int) -> None:
        super().__init__(model, number)
        fixed = model.world.factions[number]
        self.kind = int(fixed["kind"])
        first = int(fixed["first_group"])
        self.groups = range(first, first + int(fixed["groups"]))
        self.fronts = [f for f, row in enumerate(model.world.fronts) if int(row["first"]) == number]

    @property
    def own_dead_remembered(self) -> float:
        return float(self.model.state.factions[self.number]["cost"])

    def run_clocks(self) -> None:
        """Advance the mobilisation clocks of the faction's groups."""
        for g in self.groups:
            cells.run_clock(self.model.world, self.model.state, g)

    def note_movement(self) -> None:
        """Log how many cells of each group deployed and left."""
        for g in self.groups:
            cells.note_movement(self.model.world, self.model.state, g, self.model.step_number)

    def expect(self) -> None:
        """Work out the clashes to expect on the fronts where this faction is the first side."""
        for f in self.fronts:
            self.expected_clashes(f)

    def expected_clashes(self, front: int) -> float:
        """Expected clashes of a front in this step; kept in its record until the clashes."""
        return float(fronts.expect(self.model.world, self.model.state, front))

    def fight(self) -> None:
        """Let the step's clashes happen."""
        w, s = self.model.world, self.model.state
        for f in self.fronts:
            fronts.fight(w, s, f, s.fronts[f]["expected"], self.model.step_number)

    def remember(self) -> None:
        """Age the memory of own dead and add the step's dead."""
        leaders.remember(self.model.state, self.number)


class Leader(Member):
    """A leader: decides on orders, and has them brought to the faction's cells and crowds."""

    def __init__(self, model: EscalationModel, number: int, faction: Faction) -> None:
        super().__init__(model, number)
        self.faction = faction
        self.decisions = [
            d for d, row in enumerate(model.world.decisions) if int(row["leader"]) == number
        ]

    def hazard(self, decision: int) -> float:
        """Hazard per hour of giving an order now; override it for another kind of leader."""
        return float(leaders.hazard(self.model.world, self.model.state, decision))

    def decide(self, decision: int) -> None:
        """Give an order if the script says so or the hazard fires."""
        w, s = self.model.world, self.model.state
        time = leaders.decide(w, s, decision, self.hazard(decision), self.model.step_number)
        if time >= 0.0:
            leaders.issue(w, s, decision, time, self.model.step_number)

    def deliver(self, decision: int) -> None:
        """Bring an order given in this step to everybody; lift one whose time is over."""
        w, s = self.model.world, self.model.state
        if orders.is_due(w, s, decision, self.model.step_number):
            for cell in self.model.cells_of[self.faction.number]:
                cell.receive(decision)
            for crowd in self.model.crowds_of[self.faction.number]:
                crowd.receive(decision)
        if leaders.lapses(w, s, decision, self.model.step_end):
            orders.lift(w, s, decision, self.model.step_end)


class UnitCell(Member):
    """An armed cell: a few fighters of one faction at one place."""

    def __init__(self, model: EscalationModel, number: int, place: int | None = None) -> None:
        super().__init__(model, number, place)
        self.record: Any = model.state.cells[number]  # a live view, not a copy
        self.group = int(model.world.cells[number]["group"])
        group = model.world.groups[self.group]
        led = model.world.factions[group["faction"]]["leader"] >= 0
        # the presence of security forces is a share of them; one by one they move on orders only
        self.acts = bool(group["security"] == 0 or led)

    @property
    def deployed(self) -> bool:
        return bool(self.record["status"] == DEPLOYED)

    def receive(self, decision: int) -> None:
        """Hear an order and obey it or not."""
        w, s = self.model.world, self.model.state
        cells.ask(w, s, self.group)
        bar = leaders.bar_for_cells(w, s, decision, self.group)
        orders.reach_cell(w, s, self.number, decision, bar)

    def rouse(self) -> None:
        """A new pulse of salience at the cell's place."""
        cells.rouse(self.model.world, self.model.state, self.number)

    def act(self) -> None:
        """Stay or leave if deployed, come or wait if idle."""
        status = self.record["status"]
        if status == DEPLOYED:
            self.stand_down()
        elif status == IDLE:
            self.mobilise()

    def stand_down(self) -> None:
        """Leave if the lag of an obeyed order is over, or if tired."""
        cells.stand_down(self.model.world, self.model.state, self.number, self.model.step_end)

    def mobilise(self) -> None:
        """Deploy if free to and its time has come."""
        cells.mobilise(self.model.world, self.model.state, self.number, self.model.step_end)


class Crowd(Member):
    """People on the street."""

    def receive(self, decision: int) -> None:
        """Hear an order; part of the crowd goes home."""
        orders.reach_crowd(self.model.world, self.model.state, self.number, decision)

    def move(self) -> None:
        """Gather, stay or leave."""
        crowds.move(self.model.world, self.model.state, self.number, self.model.step_number)

    def push_rate(self) -> float:
        """Pushes per hour on the guarded site."""
        return float(crowds.push_rate(self.model.world, self.model.state, self.number))

    def push(self) -> None:
        """Push the site, perhaps."""
        w, s = self.model.world, self.model.state
        crowds.push(w, s, self.number, self.push_rate(), self.model.step_number)


class Launcher(Member):
    """Whoever fires rockets; nobody claims them."""

    def rate(self, place: int) -> float:
        """Barrages per hour on a place."""
        return float(launcher.rate(self.model.world, self.model.state, place))

    def fire(self) -> None:
        """Draw the step's barrages on every target."""
        w, s = self.model.world, self.model.state
        for place in range(len(w.places)):
            launcher.fire(w, s, place, self.rate(place), self.model.step_number)


AGENTS: dict[str, type[Member]] = {
    "faction": Faction,
    "leader": Leader,
    "cell": UnitCell,
    "crowd": Crowd,
    "launcher": Launcher,
}
