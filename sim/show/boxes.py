"""Reported facts as boxes: a window of time by a range of values, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.compare.words import plain
from sim.scenario.schema import Alternative, Observable, Reported, Scenario
from sim.scenario.vocabulary import TIME_STATISTICS, Measure, Role, Statistic
from sim.show.citations import Citations

if TYPE_CHECKING:
    from collections.abc import Hashable

    from sim.evidence import Evidence


PANELS = ("dead", "clashes", "crowd", "cells", "ladder")

# Which observables stand on the scale of which panel.
_ON_PANEL = {
    (Measure.DEAD, Statistic.TOTAL): "dead",
    (Measure.CLASHES, Statistic.PEAK): "clashes",
    (Measure.CROWD, Statistic.PEAK): "crowd",
    (Measure.CELLS, Statistic.PEAK): "cells",
    (Measure.LADDER, Statistic.PEAK): "ladder",
}
_TIME_PANEL = {
    Measure.DEAD: "dead",
    Measure.CLASHES: "clashes",
    Measure.CROWD: "crowd",
    Measure.CELLS: "cells",
    Measure.LADDER: "ladder",
}


@dataclass(frozen=True)
class ReportedBox:
    """One reported fact.

    ``low`` and ``high`` in the panel's unit: ``high`` None means "at least", both None a time of
    which only the window was reported.
    """

    panel: str
    start: pd.Timestamp
    end: pd.Timestamp
    low: float | None
    high: float | None
    title: str
    tag: str
    background: bool = False
    cumulative_from: pd.Timestamp | None = None
    statements: tuple[str, ...] = ()

    @property
    def is_time(self) -> bool:
        return self.low is None


def reported_range(reported: Reported | Alternative) -> tuple[float | None, float | None]:
    """(low, high) of a reported number; high None where it is open, low None where there is none.

    The same reading as in a comparison: a best value alone is a point, a low value alone a floor.
    """
    floors = [x for x in (reported.low, reported.at_least) if x is not None]
    if not floors and reported.high is None:
        return reported.best, reported.best
    return max(floors, default=0.0), reported.high


def facts_of(
    scenario: Scenario, citations: Citations, places: Sequence[str] | None = None
) -> list[ReportedBox]:
    """Facts of the scenario's observables that fit a panel of these places (None: all of them).

    An observable of other places, or of one side's dead only, is on another scale and left out.
    """
    everywhere = {place.id for place in scenario.places}
    wanted = set(places) if places is not None else everywhere
    facts: list[ReportedBox] = []
    for observable in scenario.observables:
        its = set(observable.places) if observable.places is not None else everywhere
        if its == wanted and not observable.factions:
            facts.extend(_facts(observable, scenario, citations))
    return facts


def _facts(
    observable: Observable, scenario: Scenario, citations: Citations
) -> Iterable[ReportedBox]:
    reported = observable.reported
    start = pd.Timestamp(observable.span.start if observable.span else scenario.clock.start)
    end = pd.Timestamp(observable.span.end if observable.span else scenario.clock.end)
    common: dict[str, Any] = {
        "title": plain(observable.title),
        "tag": citations.tag(observable.facts, most=1),
        "background": observable.role is Role.BASE_RATE or _all_background(observable, citations),
        "statements": tuple(observable.facts),
    }
    if observable.statistic in TIME_STATISTICS:
        panel = _TIME_PANEL.get(observable.measure)
        if panel and reported.earliest is not None and reported.latest is not None:
            yield ReportedBox(
                panel, pd.Timestamp(reported.earliest), pd.Timestamp(reported.latest),
                None, None, **common,
            )  # fmt: skip
        return
    panel = _ON_PANEL.get((observable.measure, observable.statistic))
    if panel is None:
        return
    begin = start
    if observable.statistic is Statistic.TOTAL:
        begin = _begin_of_count(start, end, citations.known_from(observable.facts))
        common["cumulative_from"] = start
    readings: Sequence[Reported | Alternative] = reported.alternatives or [reported]
    for reading in readings:
        low, high = reported_range(reading)
        if low is None:
            continue
        if reported.alternatives:
            said = citations.who_says(observable.facts, low, high)
            common |= {"statements": said, "tag": citations.tag(said, most=1)}
        yield ReportedBox(panel, begin, end, low, high, **common)


def _begin_of_count(
    start: pd.Timestamp, end: pd.Timestamp, known: pd.Timestamp | None
) -> pd.Timestamp:
    """A total is drawn where it was counted: from the count, or the last part of the span."""
    default = end - min((end - start) / 8, pd.Timedelta(hours=6))
    return known if known is not None and start < known < default else default


def _all_background(observable: Observable, citations: Citations) -> bool:
    cited = [citations.get(name) for name in citations.statements(observable.facts)]
    return bool(cited) and all(c is not None and c.background for c in cited)


def rung(score: float) -> float:
    """Severity from 0 to 10 of a ladder score: conflict counts, cooperation is at the foot."""
    return max(0.0, -float(score))


def ladder_facts(
    timeline: pd.DataFrame | None, scenario: Scenario, citations: Citations
) -> list[ReportedBox]:
    """Reported acts of conflict as boxes of no height on the ladder panel.

    Left out: events outside the clock, those without a rung or on the side of cooperation, and
    those of which no report says when they began or ended. Windows are cut at the clock.
    """
    if timeline is None or timeline.empty:
        return []
    begin, close = pd.Timestamp(scenario.clock.start), pd.Timestamp(scenario.clock.end)
    facts = []
    for row in timeline.to_dict("records"):
        score, start, end = row.get("score"), stamp(row["earliest"]), stamp(row["latest"])
        if score is None or pd.isna(score) or score >= 0 or start is None or end is None:
            continue
        if start >= close or end <= begin:
            continue
        facts.append(
            ReportedBox(
                "ladder", max(start, begin), min(end, close), rung(score), rung(score),
                plain(row["title"]), citations.tag(statement_ids(row), most=1),
                bool(row.get("background", False)), statements=tuple(statement_ids(row)),
            )
        )  # fmt: skip
    # the earliest ends up on top of those that share a rung
    return sorted(facts, key=lambda f: f.start, reverse=True)


def statement_ids(row: dict[Hashable, Any]) -> list[str]:
    """The statement ids of a timeline row, whether kept as a list or as one text."""
    value = row.get("statements")
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in value.replace(",", " ").replace(";", " ").split() if part]
    return [str(part) for part in value]


def stamp(value: Any) -> pd.Timestamp | None:
    """A timestamp, or None for anything missing."""
    return None if value is None or pd.isna(value) else pd.Timestamp(value)


def scenario_timeline(
    scenario: Scenario, evidence: Evidence | None, places: list[str] | None = None
) -> pd.DataFrame | None:
    """Reported events of which some time lies within the scenario's clock, or None.

    Events of which only the end is reported are context older than the episode and left out.
    """
    if evidence is None or not evidence.events:
        return None
    from sim.evidence import timeline

    known = [p for p in places or [] if p in evidence.places]
    table = timeline(
        evidence, start=scenario.clock.start, end=scenario.clock.end, places=known or None
    )
    begin = pd.Timestamp(scenario.clock.start)
    inside = table["earliest"].notna() & (table["latest"].isna() | (table["latest"] > begin))
    return table[inside].reset_index(drop=True)
