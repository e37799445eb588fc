"""Overlaps: rows over several days that may count the same deaths as rows inside them."""

from __future__ import annotations

from collections import defaultdict

from sim.intake.record import Record
from sim.intake.report import ImportReport

OVERLAP = "covers days of other rows of the same place and sides; left out of daily sums"
NOTE = "Overlaps rows"
"""How the note of such a row begins."""

SHOWN = 3


def mark_overlaps(records: list[Record], report: ImportReport) -> set[str]:
    """Flag every row of several days that meets another row of its place and sides.

    Both rows stay. The wider one gets a note, and its id is returned, so that sums over days can
    leave it out: whether it counts the same deaths cannot be told from the table.
    """
    groups: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for record in records:
        sides = frozenset((record.actor, record.target))
        groups[(record.address, sides)].append(record)
    marked = set()
    for group in groups.values():
        for record in sorted((r for r in group if r.days > 1), key=lambda r: (-r.days, r.line)):
            others = [
                other
                for other in group
                if other is not record
                and (other.days, -other.line) < (record.days, -record.line)
                and other.first <= record.last
                and other.last >= record.first
            ]
            if others:
                marked.add(record.row_id)
                report.flag(OVERLAP, f"{record.row_id} (line {record.line})")
                ids = ", ".join(other.row_id for other in others[:SHOWN])
                more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
                record.notes.append(f"{NOTE} {ids}{more}; may count the same deaths.")
    return marked
