"""The format of UCDP GED: one row per deadly event, dated to a day or to a span of days."""

from __future__ import annotations

from sim.intake.tables.fields import Cells, DropError
from sim.intake.tables.formats import Format, address, cut_off_kind
from sim.intake.tables.mapping import Mapping
from sim.intake.tables.record import Record, Somebody

REQUIRED = ("id", "date_start", "date_end", "side_a", "side_b", "best", "high", "low")
GLOBAL = [
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
    "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
]  # fmt: skip
"""Columns of the global file in their order, from the public codebook."""

GRAIN = {"3": 1, "4": 2, "5": 3, "6": 3, "7": 4}
"""`where_prec`: how many of the smallest steps of the address are surer than what is known."""

PRECISIONS = {"1": 1, "2": 6, "3": 7, "4": 31, "5": 366}
"""`date_prec`: the most days that a row of this precision may span."""

KINDS = {"1": "state-based violence", "2": "non-state violence", "3": "one-sided violence"}

CIVILIANS = Somebody("Civilians", "CVL")


def read(cells: Cells, mapping: Mapping) -> Record:
    """One row. Raises DropError."""
    first, last = cells.day("date_start"), cells.day("date_end")
    if last < first:
        raise DropError("date_end before date_start")
    precision = cells.text("date_prec").removesuffix(".0")
    if precision in PRECISIONS and (last - first).days + 1 > PRECISIONS[precision]:
        cells.report.flag("more days than date_prec allows; the days are taken", cells.where)
    low, best, high, notes = cells.tolls("low", "best", "high")
    kind = cells.text("type_of_violence").removesuffix(".0")
    actor, target = party(cells.text("side_a")), party(cells.text("side_b"))
    steps = address(
        cells,
        ("country", "country"), ("province", "adm_1"), ("district", "adm_2"),
        ("city", "where_coordinates"),
    )  # fmt: skip
    grain = cells.text("where_prec").removesuffix(".0")
    return Record(
        row_id=cells.row_id,
        line=cells.line,
        first=first,
        last=last,
        address=cut_off_kind(steps, GRAIN.get(grain, 0)),
        latitude=cells.degrees("latitude", 90),
        longitude=cells.degrees("longitude", 180),
        actor=actor,
        target=target,
        low=low,
        best=best,
        high=high,
        sides=_sides(cells, actor, target, best),
        kind=KINDS.get(kind, kind),
        rung=mapping.rung(kind),
        notes=notes,
    )


def party(name: str) -> Somebody | None:
    """A side of a GED dyad, its sector guessed from the fixed beginnings of GED's names."""
    if not name:
        return None
    if name.casefold() == "civilians":
        return CIVILIANS
    return Somebody(name, "MIL" if name.startswith("Government of ") else "REB")


def _sides(
    cells: Cells, actor: Somebody | None, target: Somebody | None, best: float | None
) -> tuple[tuple[Somebody, float], ...]:
    """Dead by side; where all of them are unknown the row does not divide its toll."""
    parts: dict[Somebody, float] = {}
    named = (("deaths_a", actor), ("deaths_b", target), ("deaths_civilians", CIVILIANS))
    for column, somebody in named:
        number = cells.toll(column)
        if number and somebody is not None:
            parts[somebody] = parts.get(somebody, 0.0) + number
    if best is not None and sum(parts.values()) > best:
        cells.report.flag("the sides' dead add up to more than best; sides left out", cells.where)
        return ()
    return tuple(parts.items())


FORMAT = Format(
    name="ged",
    outlet="UCDP Georeferenced Event Dataset",
    licence="CC BY 4.0 (UCDP); see the file's own terms",
    required=REQUIRED,
    positions={len(GLOBAL): GLOBAL},
    id_column="id",
    dates=("date_start", "date_end"),
    read=read,
    toll_order=("low", "best", "high"),
)
