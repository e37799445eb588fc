"""Reading an event table: rows in, records out, every row accounted for; memory stays flat."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sim.inputs import InputError, Problem
from sim.intake.tables.fields import Cells, DropError, clean, has_slashes, slash_order
from sim.intake.tables.formats import Format
from sim.intake.tables.mapping import Mapping
from sim.intake.tables.record import Record
from sim.intake.tables.report import ImportReport
from sim.intake.tables.selection import Selection
from sim.intake.tables.tablefile import DELIMITERS, Row, TableFile, look_at

MOST = 5000
"""Records kept from one table unless asked for more; beyond it a timeline is no timeline."""

_TAG = re.compile(r"#[a-z]")


@dataclass(frozen=True)
class TableReading:
    """The records of a table and the report on how they were got."""

    records: list[Record]
    report: ImportReport


def read_table(
    path: str | os.PathLike[str],
    format: Format,
    mapping: Mapping,
    selection: Selection | None = None,
    date_order: str | None = None,
    most: int = MOST,
) -> TableReading:
    """The wanted records of a table.

    Args:
        date_order: `dmy` or `mdy` for dates with slashes; left out: found out from the file.
        most: more records than this are refused.

    Raises:
        InputError: the file is no such table, its dates cannot be told apart, a name asked for is
            nowhere in it, nothing or too much is left.
    """
    selection = selection or Selection()
    content = look_at(path)
    table = TableFile(content, format.required, dict(format.positions), format.never_header)
    report = ImportReport(
        format.name,
        os.path.basename(content.path),
        content.sha256,
        content.size,
        "UTF-8 with a byte order mark" if content.has_mark else
        {"utf-8": "UTF-8", "cp1252": "Windows-1252"}[content.encoding],
        DELIMITERS[table.delimiter],
        "header in the first line" if table.has_header else "no header, columns by position",
    )  # fmt: skip
    if content.encoding == "cp1252":
        report.notes.append("the bytes are no UTF-8; read as Windows-1252")
    order = date_order or _order(table, format, report)
    records: list[Record] = []
    ids: set[str] = set()
    for cells in _cells(table, format, report, order):
        try:
            record = format.read(cells, mapping)
            reason = selection.refusal(record)
        except DropError as error:
            reason = str(error)
        if reason is None and not _is_new(cells, ids, report):
            continue
        if reason is not None:
            report.drop(reason, cells.where)
            continue
        records.append(record)
        if record.rung is None:
            report.unmapped[record.kind or "no type given"] += 1
        if len(records) > most:
            raise _refused(
                content.path, f"more than {most} rows are left",
                "a narrower --place, --actor, --from and --to, or a higher --most",
            )  # fmt: skip
    report.used = len(records)
    selection.check_met(content.path)
    if not records:
        reasons = ", ".join(f"{n} {why}" for why, n in report.dropped.most_common(5))
        raise _refused(content.path, f"no row can be used ({reasons or 'there are none'})")
    if not table.has_header and format.toll_order:
        _check_toll_order(records, report, content.path)
    if any(not record.address for record in records):
        where = [f"{r.row_id} (line {r.line})" for r in records if not r.address]
        for one in where:
            report.flag("no place is given; kept under 'place not given'", one)
    return TableReading(records, report)


def _cells(
    table: TableFile, format: Format, report: ImportReport, order: str | None
) -> Iterator[Cells]:
    """The rows that have the right shape; the others are counted as dropped."""
    at: dict[str, int] = {}
    for position, name in enumerate(table.names):
        at.setdefault(name, position)
    width = len(table.names)
    for row in table.rows():
        report.rows += 1
        reason = _misshapen(row, width)
        if reason is not None:
            report.drop(reason, f"line {row.line}")
            continue
        cells = Cells(at, row.cells, row.line, report, order, table.decimal_comma)
        cells.row_id = cells.text(format.id_column)[:60] if format.id_column else ""
        yield cells


def _misshapen(row: Row, width: int) -> str | None:
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    if not filled:
        return "empty line"
    if len(filled) < width and all(_TAG.match(cell) for cell in filled):
        return "line of HXL tags"
    if len(row.cells) != width:
        if row.lines > 5:
            return "a quotation mark that swallows lines"
        return f"{'fewer' if len(row.cells) < width else 'more'} columns than the header"
    return None


def _order(table: TableFile, format: Format, report: ImportReport) -> str | None:
    """Which of day and month comes first in dates with slashes: one number above 12 tells."""
    positions = [table.names.index(n) for n in format.dates if n in table.names]
    votes = {"dmy": 0, "mdy": 0}
    slashes = False
    for number, row in enumerate(table.rows()):
        texts = [row.cells[p] for p in positions if p < len(row.cells)]
        slashes = slashes or any(has_slashes(text) for text in texts)
        if not slashes and number > 1000:
            return None
        for text in texts:
            found = slash_order(text)
            if found:
                votes[found] += 1
    if not slashes:
        return None
    if bool(votes["dmy"]) == bool(votes["mdy"]):
        what = "in both orders" if votes["dmy"] else "such as 01/02/2030"
        raise _refused(table.content.path, f"dates {what} cannot be read for sure",
                       "--dates dmy or --dates mdy")  # fmt: skip
    order = "dmy" if votes["dmy"] else "mdy"
    names = {"dmy": "day/month/year", "mdy": "month/day/year"}
    report.notes.append(f"dates are {names[order]}: {votes[order]} of them can be nothing else")
    return order


def _is_new(cells: Cells, ids: set[str], report: ImportReport) -> bool:
    """Whether the row's id is met for the first time among the rows used; repeats are dropped."""
    if not cells.row_id:
        cells.report.flag("no id; named by its line", cells.where)
        return True
    if cells.row_id in ids:
        report.drop("an id that stands above already", cells.where)
        return False
    ids.add(cells.row_id)
    return True


def _check_toll_order(records: list[Record], report: ImportReport, path: str) -> None:
    """Without a header the order of low, best and high is a guess for the numbers to bear out."""
    turned = sum(1 for record in records if record.notes)
    if turned * 2 > len(records):
        raise _refused(path, "columns by position give low, best and high in the wrong order",
                       "a file with its header")  # fmt: skip
    report.notes.append("columns taken by position, in the order of the public codebook")


def _refused(path: str, message: str, expected: str | None = None) -> InputError:
    return InputError([Problem(clean(path), None, None, message, expected)])
