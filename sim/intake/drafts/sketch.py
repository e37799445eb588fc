"""A sketch: the places, parties and quarrels of a timeline, before any guess about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pandas as pd

from sim.evidence import Evidence
from sim.intake.daily import Happening, daily, happenings

LONGEST_DAYS, BUSIEST_DAYS = 60, 28
AFTER_DAYS = 30
"""Days drawn after a cut where the timeline goes on for longer than `LONGEST_DAYS`."""

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
        told_until: midnight after the last day that may be fitted; None for two thirds of all.
        spoken_until: midnight after the last day of the timeline; later days are not known.
        elsewhere: held-out happenings in places that no fitted day knows. They count in what was
            reported, and have no place here.
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
    told_until: datetime | None = None
    spoken_until: datetime | None = None
    elsewhere: list[Happening] = field(default_factory=list)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def cut(self) -> datetime:
        """Where the days to calibrate on end and the held-out ones begin."""
        if self.told_until is not None:
            return self.told_until
        return self.start + timedelta(days=max(1, round(self.days * 2 / 3)))

    def is_held_out(self, one: Happening) -> bool:
        """Whether something began on a held-out day, which the model must not be told of."""
        return one.first >= self.cut

    @property
    def has_tolls(self) -> bool:
        """Whether any event says how many died."""
        return any(one.best is not None for one in self.events)

    @property
    def has_wounded(self) -> bool:
        """Whether any event of the fitted days says how many were wounded."""
        return any(one.wounded is not None and not self.is_held_out(one) for one in self.events)

    @property
    def is_complete(self) -> bool:
        """Whether a day without an event is a day on which nothing happened: so with tables only.

        An article that does not speak of a day says nothing about it.
        """
        return all(article.kind == "table" for article in self.evidence.articles.values())

    @property
    def known_end(self) -> datetime:
        """Where what the timeline knows of the days drawn ends."""
        return self.end if self.spoken_until is None else min(self.end, self.spoken_until)

    def fights(self) -> list[Happening]:
        """Events in which force was used, as far as the table tells."""
        return [one for one in self.events if is_fight(one)]

    def reported(self) -> list[Happening]:
        """All fights that the days drawn report, in places of the sketch or not."""
        return [*self.fights(), *(one for one in self.elsewhere if is_fight(one))]

    def beginning(self, place: str) -> Happening | None:
        """The first event at a place in which somebody died, or force was used if none has a toll.

        None where nothing of the sort happened.
        """
        here = [one for one in self.fights() if one.statement.place == place]
        deadly = [one for one in here if one.best or not self.has_tolls]
        return min(deadly or here, key=lambda one: one.first, default=None)


def is_fight(one: Happening) -> bool:
    """Dead, wounded, or a rung of assault; a row without rung and toll is given the doubt."""
    if one.statement.kind not in ("act", "toll"):
        return False
    rung = one.statement.plover
    if rung is not None:
        return bool(one.best or one.wounded) or rung.type == "ASSAULT"
    return bool(one.best or one.wounded) or (one.best is None and one.statement.row is not None)


def sketch(
    evidence: Evidence,
    start: date | None = None,
    end: date | None = None,
    cut: date | None = None,
) -> Sketch:
    """Cut a timeline to the days, places and parties that a first scenario can hold.

    Args:
        start, end: first and last day; left out: all, or the busiest `BUSIEST_DAYS` days where
            there are more than `LONGEST_DAYS`.
        cut: last day that may be fitted. Places, parties and who met whom are then known from the
            days up to it alone. Left out: two thirds of the days are fitted, and all are known.

    Raises:
        ValueError: no event of the timeline lies on a day within, or the cut does not.
    """
    found = [one for one in happenings(evidence) if not one.is_double]
    if not found:
        raise ValueError("no event of the timeline lies on a day")
    left_out: list[str] = []
    zone = found[0].first.tzinfo

    def midnight(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    begin, finish = _span(found, start, end, cut, left_out)
    first, last = midnight(begin), midnight(finish)
    told = None if cut is None else midnight(cut) + timedelta(days=1)
    inside = [
        one
        for one in found
        if one.first >= first and one.first + timedelta(days=one.days) <= last + timedelta(days=1)
    ]
    if not inside:
        raise ValueError(f"no event lies within {begin} to {finish}")
    _say_cut(left_out, len(found) - len(inside), "events of other days")
    known = [one for one in inside if told is None or one.first < told]
    if not known:
        raise ValueError(f"no event lies within {begin} to {cut}, the days up to the cut")
    met = {one.statement.place for one in known}
    coarse = {larger for place in met for larger in evidence.above(place)[1:]}
    fine = [one for one in inside if one.statement.place not in coarse]
    _say_cut(left_out, len(inside) - len(fine), "events known only to a place that holds others")
    places = _most(
        [(o.statement.place, 1 + (o.best or 0)) for o in known if o.statement.place not in coarse],
        MOST_PLACES,
    )
    kept = [one for one in fine if one.statement.place in places]
    elsewhere = [one for one in fine if one.statement.place not in met]
    _say_cut(left_out, len(fine) - len(kept) - len(elsewhere),
             f"events outside the {len(places)} places")  # fmt: skip
    if elsewhere:
        left_out.append(
            f"{len(elsewhere)} held-out events lie in places that no day up to the cut knows; they "
            "count in what was reported and have no place here"
        )
    parties = _most(
        [
            (name, 1 + (one.best or 0))
            for one in kept
            if told is None or one.first < told
            for name in _named(one)
        ],
        MOST_PARTIES,
    )
    drawn = Sketch(
        evidence, first, last + timedelta(days=1), kept, places,
        {name: KINDS[evidence.actors[name].sector] for name in parties}, left_out=left_out,
        told_until=told, elsewhere=elsewhere,
        spoken_until=midnight(_ends(found)) + timedelta(days=1),
    )  # fmt: skip
    _who_met(drawn)
    return drawn


def _ends(found: list[Happening]) -> date:
    return max(one.first + timedelta(days=one.days - 1) for one in found).date()


def _span(
    found: list[Happening],
    start: date | None,
    end: date | None,
    cut: date | None,
    left_out: list[str],
) -> tuple[date, date]:
    """First and last day to draw."""
    first, last = min(one.first for one in found).date(), _ends(found)
    if cut is not None:
        if not first <= cut <= last:
            raise ValueError(
                f"the cut {cut} lies outside the timeline, which has {first} to {last}"
            )
        begin = start or max(first, cut - timedelta(days=LONGEST_DAYS - 1))
        finish = end or min(last, cut + timedelta(days=AFTER_DAYS))
        if not begin <= cut <= finish:
            raise ValueError(f"the cut {cut} lies outside the days asked for, {begin} to {finish}")
        for given, day, bound, word in (
            (start, begin, first, "before"),
            (end, finish, last, "after"),
        ):
            if given is None and day != bound:
                left_out.append(f"the days {word} {day}; --start and --end take others")
        return begin, finish
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
    told = drawn.told_until
    for one in drawn.fights() or drawn.events:
        if told is not None and one.first >= told:
            continue
        names = [name for name in dict.fromkeys(_named(one)) if name in drawn.parties]
        for name in names:
            places = drawn.stands.setdefault(name, [])
            if one.statement.place not in places:
                places.append(one.statement.place)
        if len(names) == 2 and not any(drawn.parties[n] == "external" for n in names):
            first, second = sorted(names)
            drawn.pairs[(first, second)] += 1
