"""The Mesa agents: what stands in an agent's record is an attribute of it.

``cell.status``, ``faction.own_dead`` and ``place.salience`` read and write the run's own records,
and ``agent.p.decision_time`` is a parameter of the run. The fields of each kind stand in
`sim.model.layout`: what is fixed in a run, what changes in it. The methods are the hour's entries.

To change a behaviour, subclass an agent, override one method, and hand the class to
``simulate(..., engine="mesa", agents={"leader": MyLeader})``. The kernel stays as it is.
"""

from __future__ import annotations

import math

from sim.model import (
    cells,
    crowds,
    fronts,
    groups,
    incidents,
    launcher,
    leaders,
    outlets,
    places,
    rules,
    script,
)
from sim.model.layout import DEPLOYED, IDLE
from sim.model.member import Member, ModelOfMembers


class Script(Member, table="run"):
    """What the run has noted of the script and of orders; only the kernel needs it."""

    def strike(self) -> None:
        """Note how busy this hour of the day is."""
        self.follow(script.strike)

    def look_ahead(self) -> None:
        """Note when the script next has something to do."""
        self.follow(script.look_ahead)

    def look_ahead_to_incidents(self) -> None:
        """Note when the clock of any front next gets to a mark."""
        self.follow(incidents.look_ahead_to_incidents)

    def look_ahead_to_orders(self) -> None:
        """Note when an order may next be given, or lapse."""
        self.follow(leaders.look_ahead_to_orders)


class TriggerAgent(Member, table="triggers"):
    """An announcement, a session, a killing: something that happens by script."""

    def pull(self) -> None:
        """Act once its time has come: a pulse of salience, and perhaps an attack."""
        self.follow(script.pull)


class DeploymentAgent(Member, table="deployments"):
    """Security forces that the script sends to a place."""

    def send(self) -> None:
        """Send them, and recall them, at their time."""
        self.follow(script.send)


class PlaceAgent(Member, table="places"):
    """A place: its political salience, and the security forces present there."""

    def settle_salience(self) -> None:
        """Let salience decay, and add this step's pulses."""
        self.follow(places.settle_salience)

    def move_security(self) -> None:
        """Security forces arrive while clashes last, and fade once it is calm."""
        self.follow(places.move_security)

    def close_hour(self) -> None:
        """Write the place's line of the hourly series."""
        self.follow(places.close_hour)


class FactionAgent(Member, table="factions"):
    """A faction: it remembers its own dead."""

    def run_fray_clock(self) -> None:
        """Let the clock run on which the faction's orders fray."""
        self.follow(leaders.run_fray_clock)

    def remember(self) -> None:
        """Let the memory age, and add this step's dead."""
        self.follow(leaders.remember)


class LeaderAgent(Member):
    """A leader: weighs orders by what the faction has lost."""

    def __init__(self, model: ModelOfMembers, number: int, faction: FactionAgent) -> None:
        super().__init__(model, number)
        self.faction = faction

    @property
    def threshold(self) -> float:
        """Own dead at which the hazard of an order reaches half of its ceiling."""
        return float(self.model.state.thresholds[self.number])

    def hazard(self, order: Order) -> float:
        """Hazard per hour of giving an order now; override it for another kind of leader."""
        return float(
            rules.restraint_hazard(self.faction.own_dead, self.threshold, self.p.decision_time)
        )


class Order(Member, table="decisions"):
    """An order that a leader may give, scripted or when its hazard fires."""

    leader: LeaderAgent
    faction: FactionAgent

    def __init__(self, model: ModelOfMembers, number: int, leader: LeaderAgent) -> None:
        super().__init__(model, number)
        self.leader = leader
        self.faction = leader.faction

    @property
    def is_open(self) -> bool:
        """Whether the leader may give it now of the leader's own accord."""
        return bool(self.follow(leaders.is_open))

    def weigh(self) -> None:
        """The leader weighs the order on the state as the step begins."""
        self.hazard = 0.0
        if self.is_open:
            self.hazard = _rate(self.leader.hazard(self), self.leader, "hazard")

    def decide(self) -> None:
        """Be given, if the script says so or the hazard fires."""
        self.follow(leaders.decide)

    def relieve(self) -> None:
        """Take its share of the salience with it, when it is given."""
        self.follow(leaders.relieve)

    def expire(self) -> None:
        """Be out of force for good when its time is over."""
        self.follow(leaders.expire)


class GroupAgent(Member, table="groups"):
    """A faction's cells at one place: their clock, and how many come and go."""

    faction: FactionAgent

    def __init__(self, model: ModelOfMembers, number: int, place: int) -> None:
        super().__init__(model, number, place)
        self.faction = model.factions[int(self.fixed["faction"])]

    def rouse(self) -> None:
        """After a new pulse of salience, thresholds drawn from now on count from here."""
        self.follow(groups.rouse)

    def show_restraint(self) -> None:
        """Let the other side see how many of the cells hold back."""
        self.follow(groups.show_restraint)

    def look_ahead_to_fraying(self) -> None:
        """Note for which cell the order frays next; only the kernel reads it."""
        self.follow(groups.look_ahead_to_fraying)

    def run_clock(self) -> None:
        """Let the clock run on while salience lasts."""
        self.follow(groups.run_clock)

    def run_home_clock(self) -> None:
        """Let the clock of those who may go home run on while nothing keeps them."""
        self.follow(groups.run_home_clock)

    def look_ahead(self) -> None:
        """Note when the next cell may join or leave; only the kernel reads it."""
        self.follow(groups.look_ahead)

    def note_movement(self) -> None:
        """Log how many cells deployed and left."""
        self.follow(groups.note_movement)


class UnitCell(Member, table="cells"):
    """An armed cell: a few fighters of one faction at one place."""

    group: GroupAgent

    def __init__(self, model: ModelOfMembers, number: int, place: int | None = None) -> None:
        super().__init__(model, number, place)
        self.group = model.groups[int(self.fixed["group"])]

    @property
    def deployed(self) -> bool:
        """Whether it is out, or at its post."""
        return bool(self.status == DEPLOYED)

    def rouse(self) -> None:
        """Be ready again, if tired, when a new pulse of salience comes."""
        self.follow(cells.rouse)

    def hear(self) -> None:
        """Hear the orders given in this step and those that lapse, and obey or not."""
        self.follow(cells.hear)

    def act(self) -> None:
        """Stay or leave if deployed, come or wait if idle."""
        status = self.status
        if status == DEPLOYED:
            self.stand_down()
        elif status == IDLE:
            self.mobilise()

    def fray(self) -> None:
        """Be free again once its order has frayed."""
        self.follow(cells.fray)

    def go_home(self) -> None:
        """Go home, ready to come again, if nothing keeps it and its time has come."""
        self.follow(cells.go_home)

    def stand_down(self) -> None:
        """Leave if the lag of an obeyed order is over, or if tired."""
        self.follow(cells.stand_down)

    def mobilise(self) -> None:
        """Deploy if free to and its time has come."""
        self.follow(cells.mobilise)


class CrowdAgent(Member, table="crowds"):
    """People on the street."""

    def hear(self) -> None:
        """Hear the orders given in this step; part of the crowd goes home."""
        self.follow(crowds.hear)

    def move(self) -> None:
        """Gather, stay or leave."""
        self.follow(crowds.move)

    def push_rate(self) -> float:
        """Pushes per hour on the guarded site; override it for another kind of crowd."""
        return float(crowds.push_rate(self.model.world, self.model.state, self.number))

    def press(self) -> None:
        """Make up its mind how hard to press the site."""
        self.rate = _rate(self.push_rate(), self, "push_rate")

    def push(self) -> None:
        """Push the site, perhaps; the security forces hold it or not."""
        self.follow(crowds.push)


class Front(Member, table="fronts"):
    """Two factions at one place: what each has to avenge, and their clashes."""

    def expect(self) -> None:
        """Work out the clashes to expect, before any happens; then ``self.expected`` holds them."""
        self.follow(fronts.expect)

    def fight(self) -> None:
        """Let the step's clashes happen."""
        self.follow(fronts.fight)

    def hurry(self) -> None:
        """Push on the clock of local incidents, where salience does."""
        self.follow(incidents.hurry)

    def break_out(self) -> None:
        """Let local incidents happen that come in this step."""
        self.follow(incidents.break_out)


class Launcher(Member, table="places"):
    """Whoever fires rockets at a place; nobody claims them."""

    def rate(self) -> float:
        """Barrages per hour; override it for another kind of launcher."""
        return float(launcher.rate(self.model.world, self.model.state, self.number))

    def aim(self) -> None:
        """Look how much the place draws fire."""
        self.barrages = _rate(self.rate(), self, "rate")

    def fire(self) -> None:
        """Draw the step's barrages, their rockets and whom they kill."""
        self.follow(launcher.fire)


class OutletAgent(Member, table="outlets"):
    """An outlet that prints what it knows at its hour."""

    def publish(self) -> None:
        """Print the toll known by then, by its own rule."""
        self.follow(outlets.publish)


AGENTS: dict[str, type[Member]] = {
    "script": Script,
    "trigger": TriggerAgent,
    "deployment": DeploymentAgent,
    "place": PlaceAgent,
    "faction": FactionAgent,
    "leader": LeaderAgent,
    "order": Order,
    "group": GroupAgent,
    "cell": UnitCell,
    "crowd": CrowdAgent,
    "front": Front,
    "launcher": Launcher,
    "outlet": OutletAgent,
}


def _rate(value: float, agent: Member, method: str) -> float:
    """A rate that an agent of the user's own may have given, if it is one."""
    if not 0.0 <= value < math.inf:
        where = f"{type(agent).__name__}.{method}"
        raise ValueError(f"{where} gives {value!r}; a rate is a number of at least 0")
    return value
