"""CSV for spreadsheets: a name that begins like a formula is text there, and reads back as it was.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, and names come from imported tables
and from other people's scenarios. An apostrophe in front makes it text; `unescaped` takes it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"


def escaped(cell: Any) -> Any:
    """A text cell with an apostrophe in front where a spreadsheet would run it; numbers stay.

    A text that already begins with such an apostrophe gets one more, so that nothing is lost.
    """
    if isinstance(cell, str) and cell.lstrip(MARK).startswith(FORMULA) and not _is_number(cell):
        return MARK + cell
    return cell


def unescaped(cell: str) -> str:
    """The inverse of `escaped`; any other text as it is."""
    if cell.startswith(MARK) and cell.lstrip(MARK).startswith(FORMULA):
        return cell[1:]
    return cell


def spreadsheet_safe(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every text cell and every heading `escaped`."""
    safe = table.rename(columns=escaped)
    texts = [name for name in safe.columns if safe[name].dtype.kind not in "biufcmM"]
    return safe.assign(**{name: safe[name].map(escaped) for name in texts})


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
