"""The cross-checks of a scenario: every name must be known, every time inside the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sim.evidence import Evidence, severity
from sim.inputs import Document, Problem, nearest
from sim.scenario.parameters import row_of, vector_names
from sim.scenario.schema import (
    ASSUMPTION,
    Decision,
    Observable,
    PloverEvent,
    Scenario,
    Trigger,
    Window,
)
from sim.scenario.shifts import TIMED, least_shift_h, too_early
from sim.scenario.vocabulary import FactionKind, Measure, Statistic

Location = tuple[str | int, ...]


class CrossCheck:
    """Collects every problem of a scenario whose form is right."""

    def __init__(self, scenario: Scenario, document: Document, evidence: Evidence | None) -> None:
        self.scenario = scenario
        self.document = document
        self.evidence = evidence
        self.problems: list[Problem] = []
        self.places = [place.id for place in scenario.places]
        self.factions = [faction.id for faction in scenario.factions]

    def run(self) -> list[Problem]:
        """All problems, none twice."""
        self._unique()
        self._forces()
        self._crowds_and_dyads()
        self._events()
        self._decisions()
        self._parameters()
        for i, observable in enumerate(self.scenario.observables):
            self._observable(("observables", i), observable)
        for i, outlet in enumerate(self.scenario.outlets):
            self._known(("outlets", i, "places"), outlet.places, self.places, "place")
            self._inside(("outlets", i, "publishes"), outlet.publishes, may_end=False)
        self._sources()
        return self.problems

    def _say(
        self, loc: Location, message: str, expected: str | None = None, close: str | None = None
    ) -> None:
        self.problems.append(self.document.problem(loc, message, expected, close))

    def _known(
        self, loc: Location, names: str | Iterable[str] | None, known: Sequence[str], what: str
    ) -> None:
        if names is None:
            return
        for name in [names] if isinstance(names, str) else names:
            if name not in known:
                expected = f"one of {', '.join(known)}" if known else f"a {what} of the scenario"
                self._say(loc, f"unknown {what} '{name}'", expected, nearest(name, known))

    def _inside(self, loc: Location, time: datetime, may_end: bool = True) -> None:
        clock = self.scenario.clock
        too_late = time > clock.end or (time == clock.end and not may_end)
        if time < clock.start or too_late:
            before = "to" if may_end else "to before"
            self._say(
                loc,
                f"{time.isoformat()} is outside the clock",
                f"a time from {clock.start.isoformat()} {before} {clock.end.isoformat()}",
            )

    def _window(self, loc: Location, window: Window) -> None:
        self._inside((*loc, "earliest"), window.earliest, may_end=False)
        self._inside((*loc, "latest"), window.latest)

    def _shift(self, loc: Location, what: str, window: Window | None, shift_h: float) -> None:
        clock = self.scenario.clock
        if window is not None and too_early(clock, window, shift_h):
            self._say(
                (*loc, "shift_h"),
                f"a shift of {shift_h:g} h puts the {what} before the clock, which begins "
                f"{clock.start.isoformat()}",
                f"{least_shift_h(clock, window):g} h or later",
            )

    def _unique(self) -> None:
        for name in (
            "places", "factions", "crowds", "triggers", "schedules", "deployments", "decisions",
            "outlets", "observables", "dyads",
        ):  # fmt: skip
            seen: set[str] = set()
            for i, part in enumerate(getattr(self.scenario, name)):
                if part.id in seen:
                    self._say((name, i), f"'{part.id}' stands twice in {name}", "a name of its own")
                seen.add(part.id)
        both = {t.id for t in self.scenario.triggers} & {s.id for s in self.scenario.schedules}
        for name in sorted(both):
            self._say(("schedules",), f"'{name}' is a trigger already", "a name of its own")
        for i, dyad in enumerate(self.scenario.dyads):
            turned = "-".join(reversed(dyad.between))
            if any(other.id == turned for other in self.scenario.dyads[:i]):
                self._say(("dyads", i), f"'{dyad.id}' stands twice in dyads, once turned round")
        leaders = self.scenario.leaders
        for name in sorted({x for x in leaders if leaders.count(x) > 1}):
            self._say(("factions",), f"the leader '{name}' leads two factions", "one faction each")

    def _forces(self) -> None:
        for i, place in enumerate(self.scenario.places):
            self._known(("places", i, "links"), place.links, self.places, "place")
        for i, faction in enumerate(self.scenario.factions):
            armed = faction.kind in (FactionKind.ARMED, FactionKind.SECURITY)
            if faction.forces and not armed:
                self._say(
                    ("factions", i, "forces"),
                    f"a {faction.kind} faction has no armed cells",
                    "kind armed or security, or crowds instead of forces",
                )
            seen: set[str] = set()
            for j, force in enumerate(faction.forces):
                loc = ("factions", i, "forces", j, "place")
                self._known(loc, force.place, self.places, "place")
                if force.place in seen:
                    self._say(loc, f"'{force.place}' stands twice in the forces of '{faction.id}'")
                seen.add(force.place)

    def _crowds_and_dyads(self) -> None:
        guarded = {place.id for place in self.scenario.places if place.guarded_site}
        for i, crowd in enumerate(self.scenario.crowds):
            self._known(("crowds", i, "faction"), crowd.faction, self.factions, "faction")
            self._known(("crowds", i, "place"), crowd.place, self.places, "place")
            self._window(("crowds", i, "gathers"), crowd.gathers)
            if crowd.pushes and crowd.place in self.places and crowd.place not in guarded:
                self._say(
                    ("crowds", i, "pushes"),
                    f"'pushes' does nothing: '{crowd.place}' has no guarded site",
                    "guarded_site: true at the place",
                )
        for i, dyad in enumerate(self.scenario.dyads):
            before = len(self.problems)
            self._known(("dyads", i, "between"), dyad.between, self.factions, "faction")
            self._known(("dyads", i, "places"), dyad.places, self.places, "place")
            if isinstance(dyad.casualty_share, dict):
                loc = ("dyads", i, "casualty_share")
                self._known(loc, dyad.casualty_share, self.places, "place")
            if dyad.between[0] == dyad.between[1]:
                self._say(("dyads", i, "between"), "a faction cannot be at odds with itself")
            elif len(self.problems) == before and not self._meet(dyad.between, dyad.places):
                self._say(
                    ("dyads", i),
                    f"'{dyad.id}' does nothing: the two have no forces or crowds at one place",
                )

    def _stands(self, faction: str) -> set[str]:
        forces = next(f.forces for f in self.scenario.factions if f.id == faction)
        crowds = {c.place for c in self.scenario.crowds if c.faction == faction}
        return {force.place for force in forces} | crowds

    def _meet(self, between: tuple[str, str], places: list[str] | None) -> bool:
        common = self._stands(between[0]) & self._stands(between[1])
        return bool(common if places is None else common & set(places))

    def _events(self) -> None:
        named: list[tuple[str, list[Trigger]]] = [
            ("triggers", self.scenario.triggers),
            ("schedules", self.scenario.schedules),
        ]
        for name, triggers in named:
            for i, trigger in enumerate(triggers):
                loc = (name, i)
                self._known((*loc, "places"), trigger.places, self.places, "place")
                self._known((*loc, "actor"), trigger.actor, self.factions, "faction")
                self._window((*loc, "at"), trigger.at)
                if trigger.enabled:
                    self._shift(loc, f"trigger '{trigger.id}'", trigger.at, trigger.shift_h)
                self._plover((*loc, "event"), trigger.event)
                if name == "triggers" and trigger.salience == 0 and trigger.attack is None:
                    self._say(
                        loc,
                        f"the trigger '{trigger.id}' does nothing: no salience and no attack",
                        "salience above 0, an attack, or an entry under schedules",
                    )
                self._attack((*loc, "attack"), trigger)
        for i, deployment in enumerate(self.scenario.deployments):
            self._known(("deployments", i, "place"), deployment.place, self.places, "place")
            self._window(("deployments", i, "at"), deployment.at)
            if deployment.enabled:
                what = f"deployment '{deployment.id}'"
                self._shift(("deployments", i), what, deployment.at, deployment.shift_h)
            if deployment.until is not None:
                self._inside(("deployments", i, "until"), deployment.until)

    def _attack(self, loc: Location, trigger: Trigger) -> None:
        if trigger.attack is None:
            return
        pair = trigger.attack.between
        self._known((*loc, "between"), pair, self.factions, "faction")
        dyads = [dyad for dyad in self.scenario.dyads if set(dyad.between) == set(pair)]
        place = trigger.places[0]
        met = any(
            (dyad.places is None or place in dyad.places) and self._meet(pair, [place])
            for dyad in dyads
            if set(pair) <= set(self.factions)
        )
        if set(pair) <= set(self.factions) and not met:
            self._say(
                loc,
                f"the attack does nothing: '{pair[0]}' and '{pair[1]}' have no dyad at '{place}'",
                "a dyad of the two, and both present at the trigger's first place",
            )

    def _plover(self, loc: Location, event: PloverEvent | None) -> None:
        if event is None:
            return
        try:
            severity(event.type, event.mode)
        except KeyError as error:
            self._say(loc, str(error.args[0]), "a type and mode of the PLOVER table")

    def _decisions(self) -> None:
        for i, decision in enumerate(self.scenario.decisions):
            loc = ("decisions", i)
            self._known((*loc, "leader"), decision.leader, self.scenario.leaders, "leader")
            self._known((*loc, "scope", "places"), decision.scope.places, self.places, "place")
            if decision.window is not None:
                self._window((*loc, "window"), decision.window)
                if decision.mode in TIMED:
                    self._shift(loc, f"order '{decision.id}'", decision.window, decision.shift_h)
            self._reach(loc, decision)

    def _reach(self, loc: Location, decision: Decision) -> None:
        for faction in self.scenario.factions:
            led = faction.leader is not None and faction.leader.id == decision.leader
            if led and faction.id in self.factions and not self._stands(faction.id):
                self._say(
                    loc,
                    f"the order '{decision.id}' does nothing: '{faction.id}' has no cells or crowd",
                )

    def _parameters(self) -> None:
        names = vector_names(self.scenario.leaders)
        for name, setting in self.scenario.parameters.items():
            loc = ("parameters", name)
            if name not in names:
                self._say(
                    loc, f"unknown parameter '{name}'", "a name of the registry",
                    nearest(name, names),
                )  # fmt: skip
                continue
            row = row_of(name)
            low, high = setting.prior.bounds()
            if low < row.low or (high > row.high and high < float("inf")):
                given = f"is {low:g}" if low == high else f"reaches from {low:g} to {high:g}"
                self._say(
                    loc, f"'{name}' {given} {row.unit}",
                    f"a value from {row.low:g} to {row.high:g}",
                )  # fmt: skip

    def _observable(self, loc: Location, observable: Observable) -> None:
        self._known((*loc, "places"), observable.places, self.places, "place")
        self._known((*loc, "factions"), observable.factions, self.factions, "faction")
        if observable.span is not None:
            self._inside((*loc, "span", "start"), observable.span.start)
            self._inside((*loc, "span", "end"), observable.span.end)
        statistic, measure = observable.statistic, observable.measure
        if measure is Measure.ORDER:
            decisions = [decision.id for decision in self.scenario.decisions]
            self._named(loc, "decision", observable.decision, decisions)
            allowed: tuple[Statistic, ...] = (Statistic.TIME, Statistic.ANY)
        elif measure is Measure.REPORT:
            outlets = [outlet.id for outlet in self.scenario.outlets]
            self._named(loc, "outlet", observable.outlet, outlets)
            allowed = (Statistic.VALUE,)
        else:
            allowed = tuple(s for s in Statistic if s not in (Statistic.TIME, Statistic.VALUE))
        if statistic not in allowed:
            self._say(
                (*loc, "statistic"), f"'{statistic}' says nothing about '{measure}'",
                "one of " + ", ".join(allowed),
            )  # fmt: skip
        counted = (Measure.DEAD, Measure.WOUNDED, Measure.CLASHES)
        if observable.factions is not None and measure not in counted:
            self._say((*loc, "factions"), f"'factions' does nothing for '{measure}'")
        if observable.facts:
            self._cited((*loc, "facts"), observable.facts)

    def _named(self, loc: Location, key: str, name: str | None, known: list[str]) -> None:
        if name is None:
            self._say(loc, f"the measure needs '{key}'", f"one of {', '.join(known)}")
        else:
            self._known((*loc, key), name, known, key)

    def _sources(self) -> None:
        scenario = self.scenario
        for name in (
            "places", "crowds", "dyads", "triggers", "schedules", "deployments", "decisions",
            "outlets",
        ):  # fmt: skip
            for i, part in enumerate(getattr(scenario, name)):
                self._cited((name, i, "source"), part.source)
        for i, faction in enumerate(scenario.factions):
            for j, force in enumerate(faction.forces):
                self._cited(("factions", i, "forces", j, "source"), force.source)
        for name, setting in scenario.parameters.items():
            self._cited(("parameters", name, "source"), setting.source)

    def _cited(self, loc: Location, sources: list[str]) -> None:
        for source in sources:
            if source.startswith(ASSUMPTION):
                continue
            if self.evidence is None:
                self._say(
                    loc, f"'{source}' cannot be looked up: the scenario names no evidence folder",
                    "evidence: FOLDER, or a source that begins with 'assumption'",
                )  # fmt: skip
                return
            known = (*self.evidence.statements, *self.evidence.conflicts, *self.evidence.events)
            if source not in known:
                self._say(
                    loc, f"unknown statement '{source}'",
                    "a statement, conflict or event of the evidence, or 'assumption: why'",
                    nearest(source, known),
                )  # fmt: skip
