"""A format: how the rows of one kind of event table become records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sim.intake.tables.fields import Cells
from sim.intake.tables.mapping import Mapping as LadderMapping
from sim.intake.tables.record import Record, Somewhere

LONGEST_NAME = 200
"""Characters of a place's name that are kept; a longer one is a text in the wrong column."""


@dataclass(frozen=True)
class Format:
    """What an importer has to know of a kind of table.

    Attributes:
        name: as on the command line.
        outlet: who publishes it, for the citation.
        licence: under which terms.
        required: columns without which nothing can be read.
        positions: number of columns to their names, for files without a header.
        id_column: where a row's id stands; '' where rows have none.
        dates: columns whose dates are written alike.
        read: one row to a record; raises DropError.
        never_header: files of this kind have no header.
        toll_order: low, best and high, to recognise their order where there is no header.
    """

    name: str
    outlet: str
    licence: str
    required: Sequence[str]
    id_column: str
    dates: Sequence[str]
    read: Callable[[Cells, LadderMapping], Record]
    positions: Mapping[int, Sequence[str]] = field(default_factory=dict)
    never_header: bool = False
    toll_order: tuple[str, str, str] | None = None


def address(cells: Cells, *steps: tuple[str, str]) -> tuple[Somewhere, ...]:
    """Kind of place and column, from the largest; empty cells and repeated names left out."""
    found: list[Somewhere] = []
    for kind, column in steps:
        name = cells.text(column)[:LONGEST_NAME]
        if name and not (found and found[-1].name == name):
            found.append(Somewhere(kind, name))
    return tuple(found)


def cut_off_kind(steps: tuple[Somewhere, ...], coarse: int) -> tuple[Somewhere, ...]:
    """The address without what the table itself says is not known so closely.

    Args:
        coarse: 0 a town, 1 a district, 2 a province, 3 a country, 4 nothing is known.
    """
    order = ("city", "district", "province", "country")
    unknown = order[:coarse]
    kept = tuple(step for step in steps if step.kind not in unknown)
    return kept or steps[:1]
