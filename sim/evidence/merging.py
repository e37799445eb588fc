"""Merged readings: what all statements on one thing say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.evidence.body import Evidence
from sim.evidence.conflict import Conflict
from sim.evidence.statement import Quantity

Side = tuple[float, float | None, float | None, float | None]
"""Weight, low, best and high of one side of a disagreement."""


@dataclass(frozen=True)
class MergedReading:
    """What statements say of one number. None is missing, never zero.

    Attributes:
        measure: what is counted; its unit is that of the measure.
        low, best, high: smallest, stated and largest value; None where the words leave it open.
        at_least: the highest floor.
        alternatives: sides of a disagreement, weights summing to 1; empty where there is none.
        statements: the statements that were read.
        conflicts: the conflicts that the reading went through.
        unknown: true where somebody says that the number is unknown and nobody gives one.
    """

    measure: str
    low: float | None = None
    best: float | None = None
    high: float | None = None
    at_least: float | None = None
    alternatives: tuple[Side, ...] = ()
    statements: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    unknown: bool = False

    @property
    def has_number(self) -> bool:
        """Whether anything is known of the number."""
        return any(v is not None for v in (self.low, self.best, self.high, self.at_least))


def reading(
    evidence: Evidence,
    ids: Iterable[str],
    measure: str | None = None,
    side: str | None = None,
) -> MergedReading:
    """Reads one number out of statements.

    Args:
        ids: statements, or conflicts that stand for all of theirs.
        measure: may be left out where the statements give numbers of one measure only.
        side: the actor whose share is read; None reads the undivided number, or the only side
            there is.

    A running toll whose statements are all among `ids` is read as its conflict says; with a part
    of them the highest floor and the last exact value of that part count. A disagreement is
    reduced to the sides among `ids`, their weights rescaled to sum to 1. Otherwise the range that
    all statements allow is taken.

    Raises:
        KeyError: an unknown id.
        ValueError: no measure given and not exactly one found; several sides and none chosen;
            exact values that differ without a conflict to name it.
    """
    given = list(ids)
    names = _expanded(evidence, given)
    counted = measure or _only_measure(evidence, given)
    found = _quantities(evidence, names, counted, side)
    if side is None:
        whole = {name: quantity for name, quantity in found.items() if quantity.side is None}
        sides = {quantity.side for quantity in found.values()}
        if not whole and len(sides) > 1:
            raise ValueError(
                f"{counted} is divided by side; choose one of {sorted(map(str, sides))}"
            )
        found = whole or found
    for conflict in evidence.conflicts.values():
        touched = [name for name in conflict.all_statements if name in found]
        if conflict.measure == counted and touched and _undivided(found, touched):
            if conflict.kind == "running_toll":
                return _toll(conflict, found, counted)
            if conflict.kind == "disagreement":
                return _disagreement(conflict, found, counted)
    return _merged(found, counted)


def _expanded(evidence: Evidence, ids: Iterable[str]) -> list[str]:
    names: list[str] = []
    for name in ids:
        if name in evidence.conflicts:
            names.extend(evidence.conflicts[name].all_statements)
        elif name in evidence.statements:
            names.append(name)
        else:
            raise KeyError(name)
    return list(dict.fromkeys(names))


def _only_measure(evidence: Evidence, ids: list[str]) -> str:
    measures: set[str] = set()
    for name in ids:
        if name in evidence.conflicts:
            measures.add(str(evidence.conflicts[name].measure))
        else:
            measures.update(q.measure for q in evidence.statements[name].quantities)
    if len(measures) != 1:
        raise ValueError(f"name the measure; the statements give {sorted(measures) or 'no number'}")
    return measures.pop()


def _quantities(
    evidence: Evidence, names: list[str], measure: str, side: str | None
) -> dict[str, Quantity]:
    found = {}
    for name in names:
        for quantity in evidence.statements[name].quantities:
            if quantity.measure == measure and side in (None, quantity.side):
                found[name] = quantity
                break
    return found


def _undivided(found: dict[str, Quantity], names: list[str]) -> bool:
    """Conflicts are about whole numbers; the share of a side is read plainly."""
    return any(found[name].side is None for name in names)


def _toll(conflict: Conflict, found: dict[str, Quantity], measure: str) -> MergedReading:
    names = tuple(name for name in conflict.statements if name in found)
    final = conflict.reading
    if final is not None and len(names) == len(conflict.statements):
        return MergedReading(
            measure,
            final.low,
            final.best,
            final.high,
            final.at_least,
            statements=names,
            conflicts=(conflict.id,),
        )
    floors = [found[name].at_least for name in names]
    bests = [found[name].best for name in names if found[name].best is not None]
    floor = max((value for value in floors if value is not None), default=None)
    best = bests[-1] if bests else None
    # One exact count is closed at the top; beside a floor or an older count it is not.
    top = best if len(names) == 1 else None
    low = floor if floor is not None else best
    return MergedReading(measure, low, best, top, floor, statements=names, conflicts=(conflict.id,))


def _disagreement(conflict: Conflict, found: dict[str, Quantity], measure: str) -> MergedReading:
    names = tuple(found)
    sides = [
        side
        for side in conflict.alternatives
        if side.has_number and any(name in found for name in side.statements)
    ]
    if not sides:
        return MergedReading(measure, statements=names, conflicts=(conflict.id,), unknown=True)
    total = sum(side.weight for side in sides)
    # Sides that weigh nothing beside others weigh the same when nobody else is heard.
    shares = [side.weight / total if total > 0 else 1 / len(sides) for side in sides]
    heaviest = max(sides, key=lambda side: side.weight)
    lows = [low for s in sides if (low := s.span[0]) is not None]
    tops = [s.span[1] for s in sides]
    highs = [high for high in tops if high is not None]
    return MergedReading(
        measure,
        min(lows, default=None),
        heaviest.best,
        max(highs) if len(highs) == len(tops) else None,
        min((s.at_least for s in sides if s.at_least is not None), default=None),
        tuple(
            (share, s.span[0], s.best, s.span[1]) for share, s in zip(shares, sides, strict=True)
        ),
        names,
        (conflict.id,),
    )


def _merged(found: dict[str, Quantity], measure: str) -> MergedReading:
    known = [quantity for quantity in found.values() if not quantity.unknown]
    names = tuple(found)
    if not known:
        return MergedReading(measure, statements=names, unknown=bool(found))
    bests = {quantity.best for quantity in known if quantity.best is not None}
    if len(bests) > 1:
        raise ValueError(f"{measure}: {sorted(bests)} in {list(names)}, and no conflict names them")
    best = bests.pop() if bests else None
    floor = max((q.at_least for q in known if q.at_least is not None), default=None)
    low = max((q.low for q in known if q.low is not None), default=None)
    high = min((q.high for q in known if q.high is not None), default=None)
    if low is None:
        low = floor if floor is not None else best
    if high is None and floor is None:
        high = best
    return MergedReading(measure, low, best, high, floor, statements=names)
