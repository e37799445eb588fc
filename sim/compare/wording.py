"""Reported values and times in words, as tables, figures and the report print them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sim.scenario.schema import Alternative, Clock, Observable, Reported

MISSING = "not reported"


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
    best = "" if side.best is None else f", most likely {figure(side.best)}"
    if floor is not None and side.high is not None:
        same = floor == side.high
        return figure(floor) if same else f"{figure(floor)} to {figure(side.high)}{best}"
    if floor is not None:
        return f"at least {figure(floor)}{best}"
    if side.high is not None:
        return f"at most {figure(side.high)}{best}"
    return figure(side.best) if side.best is not None else "unknown"


def figure(value: float) -> str:
    """A number without needless digits: ``23``, ``10,000``, ``0.35``."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.3g}"


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


def moment_text(moment: datetime) -> str:
    """``29 Aug 15:00``."""
    return f"{moment.day} {moment:%b %H:%M}"


def offset_text(moment: datetime) -> str:
    """``+03:00``."""
    return moment.isoformat()[-6:]
