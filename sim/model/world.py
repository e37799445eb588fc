"""The world of a scenario: its parts as flat arrays, the same for every replicate."""

from __future__ import annotations

import math
from datetime import datetime
from itertools import pairwise

import numpy as np

from sim.evidence.ladder import severity
from sim.model import layout
from sim.model.layout import EVENT_KINDS, SERIES, World
from sim.scenario.mechanisms import DAY, ORDER_SHIFTS
from sim.scenario.parameters import STRUCTURAL, vector_names
from sim.scenario.schema import (
    Decision,
    Dyad,
    PloverEvent,
    Scenario,
    Trigger,
    Window,
    effective_priors,
)
from sim.scenario.vocabulary import (
    EVENT_PLOVER,
    Activity,
    AddressedTo,
    DecisionMode,
    DeclaredBy,
    Extent,
    FactionKind,
    Measure,
    OrderKind,
    ReportRule,
)

KINDS = list(FactionKind)
ORDERS = list(OrderKind)
MODES = list(DecisionMode)
RULES = list(ReportRule)
COUNTED = [Measure.DEAD, Measure.WOUNDED, Measure.CROWD]


def hours(scenario: Scenario, time: datetime) -> float:
    """Hours from the clock's start."""
    return (time - scenario.clock.start).total_seconds() / 3600


def ladder_value(event: PloverEvent | None) -> float:
    """Severity of a PLOVER event on the escalation ladder, 0 to 10; 0 for cooperation."""
    return 0.0 if event is None else max(0.0, -severity(event.type, event.mode))


def build_world(scenario: Scenario, cells_per_group: int | None = None) -> World:
    """Flat arrays of a checked scenario.

    ``cells_per_group`` defaults to the scenario's setting or the registry's assumption.
    """

    if cells_per_group is None:
        cells_per_group = round(effective_priors(scenario)[STRUCTURAL].mean())
    return _Builder(scenario, cells_per_group).world()


class _Builder:
    """Keeps the indices by id while the arrays are filled."""

    def __init__(self, scenario: Scenario, cells_per_group: int) -> None:
        self.scenario = scenario
        self.cells_per_group = cells_per_group
        self.place = {place.id: i for i, place in enumerate(scenario.places)}
        self.faction = {faction.id: i for i, faction in enumerate(scenario.factions)}
        self.leader = {leader: i for i, leader in enumerate(scenario.leaders)}
        self.events: list[Trigger] = [*scenario.triggers, *scenario.schedules]

    def world(self) -> World:
        factions, groups, cells = self._forces()
        fronts, sides = self._fronts(groups)
        return World(
            run=self._run(len(fronts)),
            places=self._places(groups),
            factions=factions,
            groups=groups,
            cells=cells,
            crowds=self._crowds(),
            fronts=fronts,
            sides=sides,
            decisions=self._decisions(),
            triggers=self._triggers(fronts, sides),
            deployments=self._deployments(),
            outlets=self._outlets(),
            links=self._links(),
            scope=np.array(
                [
                    [d.scope.places is None or p in d.scope.places for p in self.place]
                    for d in self.scenario.decisions
                ],
                np.int64,
            ).reshape(len(self.scenario.decisions), len(self.place)),
            trigger_places=np.array(
                [[p in t.places for p in self.place] for t in self.events], np.int64
            ).reshape(len(self.events), len(self.place)),
            outlet_places=np.array(
                [
                    [o.places is None or p in o.places for p in self.place]
                    for o in self.scenario.outlets
                ],
                np.int64,
            ).reshape(len(self.scenario.outlets), len(self.place)),
            day=np.array(DAY),
            severity=np.array(
                [
                    ladder_value(_plover(kind)) if kind in EVENT_PLOVER else 0.0
                    for kind in EVENT_KINDS
                ]
            ),
        )

    def _run(self, fronts: int) -> layout.Records:
        clock, places = self.scenario.clock, len(self.place)
        sides = len(self.faction) + 1  # and bystanders
        dead = places * len(SERIES)
        wounded = dead + places * sides
        clashes = wounded + places * sides
        parameters = len(vector_names(self.scenario.leaders))
        return np.array(
            [(clock.steps, clock.step_h, parameters, sides, dead, wounded, clashes,
              clashes + fronts, hours_of_day(clock.start))],
            layout.RUN,
        )  # fmt: skip

    def _forces(self) -> tuple[layout.Records, layout.Records, layout.Records]:
        faction_rows: list[tuple[int, ...]] = []
        group_rows: list[tuple[float, ...]] = []
        first_cell = 0
        people: list[np.ndarray] = []
        for i, faction in enumerate(self.scenario.factions):
            leader = -1 if faction.leader is None else self.leader[faction.leader.id]
            first_group = len(group_rows)
            for force in faction.forces:
                fighters = max(1, round(force.fighters))
                cells = min(self.cells_per_group, fighters)
                security = faction.kind is FactionKind.SECURITY
                group_rows.append(
                    (i, self.place[force.place], first_cell, cells, float(fighters),
                     int(force.resident and not security), int(security),
                     int(not force.resident and not security), 1.0 / cells)
                )  # fmt: skip
                first_cell += cells
                people.append(fighters // cells + (np.arange(cells) < fighters % cells))
            faction_rows.append(
                (KINDS.index(faction.kind), leader, first_group, len(group_rows) - first_group)
            )
        groups = np.array(group_rows, layout.GROUP)
        cells_of = np.zeros(first_cell, layout.CELL)
        if people:
            cells_of["group"] = np.repeat(np.arange(len(groups)), groups["cells"])
            cells_of["people"] = np.concatenate(people)
        return np.array(faction_rows, layout.FACTION), groups, cells_of

    def _places(self, groups: layout.Records) -> layout.Records:
        held = {int(g["place"]) for g in groups if g["security"] == 1}
        coming = groups["cells"] * groups["mobile"]
        mobile = np.bincount(groups["place"], coming, len(self.place)).astype(np.int64)
        return np.array(
            [
                (p.authority, p.security_presence, p.security_garrison, int(p.guarded_site),
                 int(p.rocket_target), int(i in held),
                 mobile[i])
                for i, p in enumerate(self.scenario.places)
            ],
            layout.PLACE,
        )  # fmt: skip

    def _crowds(self) -> layout.Records:
        rows = []
        for crowd in self.scenario.crowds:
            earliest, latest = self._span(crowd.gathers, 0.0, crowd.enabled)
            stays = math.inf if crowd.stays_h is None else crowd.stays_h
            rows.append(
                (self.faction[crowd.faction], self.place[crowd.place], *crowd.turnout, earliest,
                 latest, stays, int(crowd.pushes))
            )  # fmt: skip
        return np.array(rows, layout.CROWD)

    def _span(self, window: Window | None, shift: float, enabled: bool) -> tuple[float, float]:
        if window is None or not enabled:
            return math.inf, math.inf
        return (
            hours(self.scenario, window.earliest) + shift,
            hours(self.scenario, window.latest) + shift,
        )

    def _fronts(self, groups: layout.Records) -> tuple[layout.Records, layout.Records]:
        """Fronts, and their sides [front, side]."""
        by_place = {(int(g["faction"]), int(g["place"])): i for i, g in enumerate(groups)}
        crowd_at: dict[tuple[int, int], int] = {}
        for i, crowd in enumerate(self.scenario.crowds):
            crowd_at.setdefault((self.faction[crowd.faction], self.place[crowd.place]), i)
        rows = []
        for d, dyad in enumerate(self.scenario.dyads):
            first, second = (self.faction[side] for side in dyad.between)
            for place in self._dyad_places(dyad):
                sides = [
                    (by_place.get((side, place), -1), crowd_at.get((side, place), -1))
                    for side in (first, second)
                ]
                if any(group < 0 and crowd < 0 for group, crowd in sides):
                    continue
                state = any(
                    self.scenario.factions[side].kind is FactionKind.SECURITY
                    for side in (first, second)
                )
                share = _casualty_share(dyad, self.scenario.places[place].id)
                front = (place, dyad.hostility, share, int(dyad.live_fire), int(state), d,
                         _incidents(dyad), 0, 0, 0)  # fmt: skip
                rows.append((front, ((first, *sides[0]), (second, *sides[1]))))
        rows.sort(key=lambda row: (row[1][0][0], row[0][5], row[0][0]))
        fronts = np.array([front for front, _ in rows], layout.FRONT)
        self._join_dyads(fronts)
        return fronts, np.array([s for _, both in rows for s in both], layout.SIDE).reshape(-1, 2)

    def _join_dyads(self, fronts: layout.Records) -> None:
        """Note with each front where its dyad's fronts stand, and how many it is linked to."""
        links = self._links()
        bounds = np.flatnonzero(np.diff(fronts["dyad"], prepend=-1, append=-1))
        for begin, end in pairwise(bounds):
            at = fronts["place"][begin:end]
            linked = links[np.ix_(at, at)].sum(axis=1) - links[at, at]
            fronts["neighbours"][begin:end] = linked
            fronts["dyad_begin"][begin:end], fronts["dyad_end"][begin:end] = begin, end

    def _dyad_places(self, dyad: Dyad) -> list[int]:
        ids = self.place if dyad.places is None else dyad.places
        return sorted(self.place[place] for place in ids)

    def _links(self) -> np.ndarray:
        """Whether reprisals spill from one place to another, i1[from, to]."""
        links = np.zeros((len(self.place), len(self.place)), np.int8)
        for i, place in enumerate(self.scenario.places):
            links[
                i, [self.place[p] for p in (self.place if place.links is None else place.links)]
            ] = 1
        return links

    def _decisions(self) -> layout.Records:
        owner = {f.leader.id: f.id for f in self.scenario.factions if f.leader is not None}
        rows = []
        for d in self.scenario.decisions:
            earliest, latest = self._span(d.window, d.shift_h, True)
            if d.mode is DecisionMode.ENDOGENOUS_NOT_BEFORE:
                latest = earliest  # the hazard opens at the earliest time, not at a drawn one
            rows.append(
                (self.leader[d.leader], self.faction[owner[d.leader]], ORDERS.index(d.order),
                 MODES.index(d.mode), earliest, latest,
                 int(Activity.FIGHTING in d.scope.activities),
                 int(Activity.PROTEST in d.scope.activities),
                 math.inf if d.lasts_h is None else d.lasts_h,
                 math.inf if d.ultimatum_h is None else d.ultimatum_h,
                 *(float(kind in _kinds(d)) for kind in ORDER_SHIFTS))
            )  # fmt: skip
        return np.array(rows, layout.DECISION)

    def _triggers(self, fronts: layout.Records, sides: layout.Records) -> layout.Records:
        keys = zip(fronts["place"].tolist(), *sides["faction"].T.tolist(), strict=True)
        at = {key: f for f, key in enumerate(keys)}
        rows = []
        for trigger in self.events:
            earliest, latest = self._span(trigger.at, trigger.shift_h, trigger.enabled)
            front, attacked_first, dead = -1, 0, 0
            if trigger.attack is not None:
                attacker, attacked = (self.faction[side] for side in trigger.attack.between)
                dead = trigger.attack.dead
                place = self.place[trigger.places[0]]
                front = at.get((place, attacker, attacked), -1)
                if front < 0:
                    front = at.get((place, attacked, attacker), -1)
                    attacked_first = int(front >= 0)
            actor = -1 if trigger.actor is None else self.faction[trigger.actor]
            rows.append(
                (earliest, latest, trigger.salience, ladder_value(trigger.event), actor, front,
                 attacked_first, dead)
            )  # fmt: skip
        return np.array(rows, layout.TRIGGER)

    def _deployments(self) -> layout.Records:
        rows = []
        for d in self.scenario.deployments:
            earliest, latest = self._span(d.at, d.shift_h, d.enabled)
            until = math.inf if d.until is None else hours(self.scenario, d.until)
            rows.append((self.place[d.place], earliest, latest, until, d.presence))
        return np.array(rows, layout.DEPLOYMENT)

    def _outlets(self) -> layout.Records:
        return np.array(
            [
                (hours(self.scenario, o.publishes), *o.lag_h, COUNTED.index(o.counts),
                 RULES.index(o.rule))
                for o in self.scenario.outlets
            ],
            layout.OUTLET,
        )  # fmt: skip


def _casualty_share(dyad: Dyad, place: str) -> float:
    """Share of the dead on the first side at a place; -1: from deployed strength."""
    share = dyad.casualty_share
    if isinstance(share, dict):
        share = share.get(place)
    return -1.0 if share is None else share


def hours_of_day(time: datetime) -> float:
    """Hours since midnight by the local clock."""
    return time.hour + time.minute / 60 + time.second / 3600


def _kinds(decision: Decision) -> set[str]:
    """Of which kinds an order is, by the numbers that shift how many obey it."""
    said = {
        "order_by_government": decision.declared_by is DeclaredBy.GOVERNMENT,
        "order_by_both": decision.declared_by is DeclaredBy.BOTH,
        "order_to_both_sides": decision.addressed_to is AddressedTo.BOTH_SIDES,
        "order_to_public": decision.addressed_to is AddressedTo.PUBLIC,
        "order_written": decision.written,
        "order_monitored": decision.monitored,
        "order_in_part": decision.part is Extent.PART,
        "order_humanitarian": decision.humanitarian,
    }
    return {name for name, true in said.items() if true}


def _incidents(dyad: Dyad) -> float:
    """Local incidents a week that a scenario sets for a dyad; -1: the parameter."""
    if dyad.incidents is None:
        return -1.0
    return 0.0 if dyad.incidents == "off" else dyad.incidents.rate


def _plover(kind: str) -> PloverEvent:
    type_, mode = EVENT_PLOVER[kind]
    return PloverEvent(type=type_, mode=mode)
