"""Numbers, chances, times and texts in words, as every table, figure and report prints them."""

from __future__ import annotations

import math
import unicodedata
from datetime import datetime, timedelta, timezone, tzinfo

import pandas as pd

from sim.scenario.schema import Alternative, Clock, Decision, Observable, Reported, Scenario

MISSING = "not reported"
NOTHING = "–"


def reported_text(observable: Observable, clock: Clock) -> str:
    """What was reported, in words: ``23``, ``at least 23``, ``29 Aug 15:00 to 16:00 (+03:00)``."""
    reported = observable.reported
    if reported.missing:
        return MISSING
    if reported.earliest is not None and reported.latest is not None:
        return window_text(reported.earliest, reported.latest, clock)
    if reported.alternatives is None:
        return number_text(reported)
    sides = sorted(reported.alternatives, key=lambda side: -side.weight)
    return " or ".join(f"{number_text(side)} (weight {side.weight:g})" for side in sides)


def number_text(side: Reported | Alternative) -> str:
    """A number with its range in words."""
    if isinstance(side, Alternative) and side.unknown:
        return "unknown"
    floor = side.low if side.low is not None else side.at_least
    if side.low is not None and side.at_least is not None:
        floor = max(side.low, side.at_least)
    best = "" if side.best is None else f", most likely {number(side.best)}"
    if floor is not None and side.high is not None:
        same = floor == side.high
        return span_text(number(floor), number(side.high)) + ("" if same else best)
    if floor is not None:
        return f"at least {number(floor)}{best}"
    if side.high is not None:
        return f"at most {number(side.high)}{best}"
    return number(side.best) if side.best is not None else "unknown"


def window_text(earliest: datetime, latest: datetime, clock: Clock) -> str:
    """A window in the clock's own offset, the second day left out where it is the first."""
    first, last = at_clock(earliest, clock), at_clock(latest, clock)
    if first == last:
        return f"{moment_text(first)} ({offset_text(first)})"
    end = f"{last:%H:%M}" if first.date() == last.date() else moment_text(last)
    return f"{moment_text(first)} to {end} ({offset_text(first)})"


def at_clock(moment: datetime, clock: Clock) -> datetime:
    """The same instant in the offset in which the clock's start is written."""
    return moment.astimezone(timezone(clock.start.utcoffset() or timedelta(0)))


def moment_text(moment: datetime | pd.Timestamp, zone: tzinfo | None = None) -> str:
    """``29 Aug 15:00``, in ``zone`` (None: in the moment's own offset)."""
    stamp = pd.Timestamp(moment)
    if stamp.tzinfo is not None and zone is not None:
        stamp = stamp.tz_convert(zone)
    return f"{stamp.day} {stamp:%b %H:%M}"


def offset_text(moment: datetime) -> str:
    """``+03:00``."""
    return moment.isoformat()[-6:]


def offset_name(zone: tzinfo | None, at: datetime | pd.Timestamp) -> str:
    """The offset at an instant, such as ``UTC+03:00``."""
    moment = pd.Timestamp(at) if zone is None else pd.Timestamp(at).tz_convert(zone)
    return f"UTC{offset_text(moment.floor('min'))}" if moment.tzinfo is not None else "UTC+00:00"


def number(value: float, digits: int = 3) -> str:
    """A number as short as it can honestly be: ``23``, ``10,000``, ``0.35``; a dash if missing.

    Whole where it is whole or from 100 on, else to so many significant ``digits``; never with an
    exponent and never rounded to nothing.
    """
    if not math.isfinite(value):
        return NOTHING
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    if abs(value) < 0.0001:
        return "<0.0001" if value > 0 else ">-0.0001"
    return f"{value:.{digits}g}"


def span_text(low: str, high: str) -> str:
    """Two ends in words, once where they print alike: ``12 to 40``."""
    return low if low == high else f"{low} to {high}"


def score_text(value: float) -> str:
    """A score or a share of a score, to two decimals; a dash if missing."""
    return f"{value:.2f}" if math.isfinite(value) else NOTHING


def chance_text(value: float) -> str:
    """A probability to two digits, never rounded to certainty; a dash if missing."""
    if 0 < value < 0.005:
        return "<0.01"
    if 0.995 < value < 1:
        return ">0.99"
    return score_text(value)


def percent(share: float) -> str:
    """A share in percent, never rounded to nothing or all; a dash if missing."""
    if not math.isfinite(share):
        return NOTHING
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 < share < 1:
        return ">99 %"
    return f"{100 * share:.0f} %"


def plain(text: object) -> str:
    """Text fit for a figure or an attribute: no control or direction marks, one line.

    The two joiners stay: Persian and Indic words are misspelt without them.
    """
    never = ("Cc", "Cf", "Cs", "Co", "Cn")
    kept = (
        " " if c in "\t\n\r" else c
        for c in str(text)
        if c in "\t\n\r\u200c\u200d" or unicodedata.category(c) not in never
    )
    return " ".join("".join(kept).split())


def shorten(text: str, letters: int) -> str:
    """The text, cut at a word with an ellipsis where it has more than ``letters`` letters."""
    text = plain(text)
    if len(text) <= letters:
        return text
    cut = text[: letters - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut[letters // 2 :] else cut
    return head.rstrip(" ,;:.") + "…"


def order_words(scenario: Scenario, decision: Decision) -> str:
    """Who orders what, such as ``the leader of the Reds: withdraw``."""
    names = {f.leader.id: f.leader.name for f in scenario.factions if f.leader is not None}
    name = plain(names.get(decision.leader, decision.leader))
    return f"{name.split()[-1]}: {decision.order.replace('_', ' ')}"
