"""A member: what every Mesa agent of the model is, with its record's fields as its attributes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import mesa
from mesa.discrete_space import CellAgent, Network

from sim.model import layout


class ModelOfMembers(mesa.Model):
    """What agents know of the model that they belong to.

    Attributes:
        world, state: the records of the run; ``p`` its parameters by name.
        step_number: the step that is being done, from 0.
        space: the network of places.
        factions, groups: agents that others belong to, by number.
    """

    world: layout.World
    state: layout.State
    p: Any
    step_number: int
    space: Network
    factions: list[Any]
    groups: list[Any]


def _field(table: str, name: str) -> property:
    """A field of an agent's record as its attribute."""

    def read(agent: Member) -> Any:
        return getattr(agent, table)[name]

    def write(agent: Member, value: Any) -> None:
        getattr(agent, table)[name] = value

    return property(read, write if table == "record" else None)


class Member(CellAgent):
    """Base: an agent knows its number among its kind, and stands at a place, if at any."""

    model: ModelOfMembers
    record: Any
    fixed: Any

    def __init_subclass__(cls, table: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if not table:
            return
        cls.table = table
        for source, kind in (("record", layout.CHANGING[table]), ("fixed", layout.FIXED[table])):
            for name in kind.names or ():
                if name not in inspect.get_annotations(cls) and not hasattr(cls, name):
                    setattr(cls, name, _field(source, name))

    table = ""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, model: ModelOfMembers, number: int, place: int | None = None) -> None:
        super().__init__(model)
        self.number = number
        if self.table:
            self.record = getattr(model.state, self.table)[number]  # live views, not copies
            self.fixed = getattr(model.world, self.table)[number]
        if place is not None:
            self.cell = model.space[place]

    @property
    def p(self) -> Any:
        """The run's parameters by name."""
        return self.model.p

    def follow(self, rule: Any) -> Any:
        """Do as a rule of the model says, for this agent in this step."""
        return rule(self.model.world, self.model.state, self.number, self.model.step_number)
