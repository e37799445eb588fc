"""The hour: who does what, in this order. Here it stands once.

The Mesa model walks the list over its agents; the compiled kernel is composed from it. So an entry
that is added, moved or taken out changes both. The list that `docs/model.md` shows is made from it.

Each entry names who acts and by which rule each of them does: a function of the world, the state,
the number of the one that acts and the step. Entries run one after the other, each over all of its
kind.

An entry may say ``when``: whether anything in this step calls for it at all; and one over cells may
say ``where``, in which groups, and ``whom``, the next cell of such a group. Anywhere else its rule
does nothing, and the kernel passes over it, while Mesa asks everybody every hour. So a condition
spares work and nothing else, and comparing the two shows one that is wrong. Conditions read the
state as it is in this step: nothing is decided ahead of time, so a rule that makes a clock run
faster has nobody to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

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
    script,
)

Rule = Callable[..., Any]


TABLES = {"script": "run", "orders": "decisions", "launchers": "places"}
"""Where the records of a kind stand in World and State, if not under its own name."""


class Entry(NamedTuple):
    """One line of the hour: ``who`` is a kind of agent, ``does`` what each of them does."""

    who: str
    does: Rule
    when: Rule | None = None
    where: Rule | None = None
    whom: Rule | None = None

    @property
    def name(self) -> str:
        """The rule's name, which an agent's method has too."""
        return self.does.__name__

    @property
    def table(self) -> str:
        """The records over which the kernel goes."""
        return TABLES.get(self.who, self.who)


HOUR: tuple[Entry, ...] = (
    Entry("script", script.strike, script.keeps_hours),
    Entry("triggers", script.pull, script.is_due),
    Entry("deployments", script.send, script.is_due),
    Entry("places", places.settle_salience),
    Entry("groups", groups.rouse, places.any_pulse),
    Entry("cells", cells.rouse, places.any_pulse, groups.was_roused),
    Entry("orders", leaders.weigh, leaders.any_due),
    Entry("orders", leaders.decide, leaders.any_due),
    Entry("orders", leaders.relieve, leaders.any_order),
    Entry("cells", cells.hear, leaders.any_order, groups.was_ordered),
    Entry("crowds", crowds.hear, leaders.any_order),
    Entry("orders", leaders.expire, leaders.any_order),
    Entry("script", leaders.look_ahead_to_orders, leaders.any_due),
    Entry("factions", leaders.run_fray_clock, groups.any_fraying),
    Entry("cells", cells.fray, groups.any_fraying, groups.may_fray, groups.next_to_fray),
    Entry("groups", groups.look_ahead_to_fraying, groups.any_fraying),
    Entry("groups", groups.show_restraint, groups.any_holding),
    Entry("groups", groups.run_clock, places.any_salience),
    Entry("cells", cells.act, None, groups.may_move, groups.next_mover),
    Entry("groups", groups.run_home_clock, groups.any_out),
    Entry("cells", cells.go_home, groups.any_out, groups.lets_go, groups.next_goer),
    Entry("groups", groups.look_ahead, groups.any_act),
    Entry("groups", groups.note_movement, groups.any_move),
    Entry("crowds", crowds.move),
    Entry("crowds", crowds.press),
    Entry("crowds", crowds.push),
    Entry("places", places.move_security),
    Entry("fronts", fronts.expect, fronts.any_cause),
    Entry("fronts", fronts.fight, fronts.any_cause),
    Entry("fronts", incidents.hurry, incidents.any_hurry),
    Entry("fronts", incidents.break_out, incidents.any_due),
    Entry("script", incidents.look_ahead_to_incidents, incidents.any_due),
    Entry("factions", leaders.remember),
    Entry("launchers", launcher.aim),
    Entry("launchers", launcher.fire),
    Entry("outlets", outlets.publish, script.is_due),
    Entry("script", script.look_ahead, script.is_due),
    Entry("places", places.close_hour),
)
