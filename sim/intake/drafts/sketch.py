"""A sketch: the places, parties and quarrels of a timeline, before any guess about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pandas as pd

from sim.evidence import Evidence
from sim.intake.daily import Happening, daily, happenings

LONGEST_DAYS, BUSIEST_DAYS = 60, 28
MOST_PLACES, MOST_PARTIES = 12, 12

KINDS = {
    **dict.fromkeys(("GOV", "MIL", "COP"), "security"),
    **dict.fromkeys(("REB", "PRM", "UAF", "CRM"), "armed"),
    **dict.fromkeys(("CVL", "PTY", "LEG", "JUD", "NGO", "JRN"), "movement"),
    "IGO": "external",
}
"""Sector of a party to the kind of faction it is taken for."""


@dataclass
class Sketch:
    """What a timeline holds, cut to a size that can be simulated and compared.

    Attributes:
        evidence: where it comes from.
        start, end: the days drawn, [start, end), midnights.
        events: happenings within, in the places and of the parties kept.
        places: ids, those with most dead first.
        parties: ids to kind of faction.
        stands: party to the places where it was met.
        pairs: two parties to the number of events between them.
        left_out: what was cut, in words.
    """

    evidence: Evidence
    start: datetime
    end: datetime
    events: list[Happening]
    places: list[str]
    parties: dict[str, str]
    stands: dict[str, list[str]] = field(default_factory=dict)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def cut(self) -> datetime:
        """Where the days to calibrate on end and the held-out ones begin: after two thirds."""
        return self.start + timedelta(days=max(1, round(self.days * 2 / 3)))

    def is_held_out(self, one: Happening) -> bool:
        """Whether something began on a held-out day, which the model must not be told of."""
        return one.first >= self.cut

    @property
    def has_tolls(self) -> bool:
        """Whether any event says how many died."""
        return any(one.best is not None for one in self.events)

    @property
    def is_complete(self) -> bool:
        """Whether a day without an event is a day on which nothing happened: so with tables only.

        An article that does not speak of a day says nothing about it.
        """
        return all(article.kind == "table" for article in self.evidence.articles.values())

    def fights(self) -> list[Happening]:
        """Events in which force was used, as far as the table tells."""
        return [one for one in self.events if is_fight(one)]

    def beginning(self, place: str) -> Happening | None:
        """The first event at a place in which somebody died, or force was used if none has a toll.

        None where nothing of the sort happened.
        """
        here = [one for one in self.fights() if one.statement.place == place]
        deadly = [one for one in here if one.best or not self.has_tolls]
        return min(deadly or here, key=lambda one: one.first, default=None)


def is_fight(one: Happening) -> bool:
    """Deaths, or a rung of assault; a table's row without rung and toll is given the doubt."""
    if one.statement.kind not in ("act", "toll"):
        return False
    rung = one.statement.plover
    if rung is not None:
        return bool(one.best) or rung.type == "ASSAULT"
    return bool(one.best) or (one.best is None and one.statement.row is not None)


def sketch(evidence: Evidence, start: date | None = None, end: date | None = None) -> Sketch:
    """Cut a timeline to the days, places and parties that a first scenario can hold.

    Args:
        start, end: first and last day; left out: all, or the busiest `BUSIEST_DAYS` days where
            there are more than `LONGEST_DAYS`.

    Raises:
        ValueError: no event of the timeline lies on a day within.
    """
    found = [one for one in happenings(evidence) if not one.is_double]
    if not found:
        raise ValueError("no event of the timeline lies on a day")
    left_out: list[str] = []
    zone = found[0].first.tzinfo
    begin, finish = _span(found, start, end, left_out)
    first = datetime(begin.year, begin.month, begin.day, tzinfo=zone)
    last = datetime(finish.year, finish.month, finish.day, tzinfo=zone)
    inside = [
        one
        for one in found
        if one.first >= first and one.first + timedelta(days=one.days) <= last + timedelta(days=1)
    ]
    if not inside:
        raise ValueError(f"no event lies within {begin} to {finish}")
    _say_cut(left_out, len(found) - len(inside), "events of other days")
    met = {one.statement.place for one in inside}
    coarse = {larger for place in met for larger in evidence.above(place)[1:]} & met
    fine = [one for one in inside if one.statement.place not in coarse]
    _say_cut(left_out, len(inside) - len(fine), "events known only to a place that holds others")
    inside = fine
    places = _most([(o.statement.place, 1 + (o.best or 0)) for o in inside], MOST_PLACES)
    kept = [one for one in inside if one.statement.place in places]
    _say_cut(left_out, len(inside) - len(kept), f"events outside the {len(places)} places")
    parties = _most(
        [(name, 1 + (one.best or 0)) for one in kept for name in _named(one)], MOST_PARTIES
    )
    drawn = Sketch(
        evidence, first, last + timedelta(days=1), kept, places,
        {name: KINDS[evidence.actors[name].sector] for name in parties}, left_out=left_out,
    )  # fmt: skip
    _who_met(drawn)
    return drawn


def _span(
    found: list[Happening], start: date | None, end: date | None, left_out: list[str]
) -> tuple[date, date]:
    first = min(one.first for one in found).date()
    last = max(one.first + timedelta(days=one.days - 1) for one in found).date()
    if start is not None or end is not None or (last - first).days < LONGEST_DAYS:
        return start or first, end or last
    table = daily(found)
    weight = (table["events"] + table["dead_best"]).rolling(BUSIEST_DAYS, min_periods=1).sum()
    finish = pd.Timestamp(str(weight.idxmax())).date()
    begin = finish - timedelta(days=BUSIEST_DAYS - 1)
    left_out.append(
        f"{(last - first).days + 1} days are too many for a first look: the {BUSIEST_DAYS} with "
        "most events and dead are taken; --start and --end take others"
    )
    return max(begin, first), finish


def _say_cut(left_out: list[str], count: int, what: str) -> None:
    if count:
        left_out.append(f"{count} {what}")


def _named(one: Happening) -> list[str]:
    return [name for name in (one.statement.actor, one.statement.target) if name is not None]


def _most(weighted: list[tuple[str, float]], most: int) -> list[str]:
    total: Counter[str] = Counter()
    for name, weight in weighted:
        total[name] += weight  # type: ignore[assignment]
    return [name for name, _ in total.most_common(most)]


def _who_met(drawn: Sketch) -> None:
    """Where each party was met, and who met whom; only events of force make a quarrel."""
    for one in drawn.fights() or drawn.events:
        names = [name for name in dict.fromkeys(_named(one)) if name in drawn.parties]
        for name in names:
            places = drawn.stands.setdefault(name, [])
            if one.statement.place not in places:
                places.append(one.statement.place)
        if len(names) == 2 and not any(drawn.parties[n] == "external" for n in names):
            first, second = sorted(names)
            drawn.pairs[(first, second)] += 1
