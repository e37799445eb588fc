"""A table of a library: read strictly, every problem named with its line, nothing mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.episodes.library_columns import DAY, TEXT, WHOLE, WORDS
from sim.inputs import InputError, Problem, nearest
from sim.inputs.problems import in_file_order, shown

EMPTY = frozenset({"", "nan", "NaN", "NA"})


def read_table(path: Path, columns: Mapping[str, str], needed: Sequence[str]) -> pd.DataFrame:
    """A CSV with a header, plain or compressed, with the columns of `columns` in their kinds.

    Missing columns that are not needed are filled with missing values; columns that `columns`
    does not know are left out. Days stay text.

    Raises:
        InputError: it cannot be read; a needed column is missing; a cell is not of its kind.
    """
    try:
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(
            [
                Problem(
                    str(path),
                    None,
                    None,
                    f"the table cannot be read: {reason}",
                    "a CSV file in UTF-8 with a header",
                )
            ]
        ) from None
    problems = [
        Problem(
            str(path),
            1,
            None,
            f"column '{name}' is missing",
            "a column of that name",
            nearest(name, [c for c in raw.columns if c not in columns]),
        )
        for name in needed
        if name not in raw.columns
    ]
    if problems:
        raise InputError(problems)
    out = {}
    for name, kind in columns.items():
        if name not in raw.columns:
            out[name] = pd.Series(np.nan if kind not in (TEXT, DAY) else "", index=raw.index)
            continue
        out[name], wrong = _column(raw[name], kind)
        allowed = WORDS.get(f"{path.name.split('.')[0]}.{name}")
        if allowed is not None:
            wrong = wrong | ~raw[name].isin([*allowed, *EMPTY])
        if name in needed and kind not in (TEXT, DAY):
            wrong = wrong | out[name].isna()
        if name in needed and kind == TEXT and name not in ("ged_dyads",):
            wrong = wrong | raw[name].isin(EMPTY)
        for row in np.nonzero(wrong.to_numpy())[0][:20]:
            expected = "one of " + ", ".join(allowed) if allowed else f"a {kind}"
            cell = raw[name].iloc[row]
            problems.append(
                Problem(
                    str(path),
                    int(row) + 2,
                    None,
                    f"{name} is {shown(cell)}",
                    expected,
                    nearest(cell, allowed) if allowed else None,
                )
            )
    if problems:
        raise InputError(in_file_order(problems))
    return pd.DataFrame(out)


def _column(cells: pd.Series, kind: str) -> tuple[pd.Series, pd.Series]:
    """The cells in their kind, and which of them are wrong."""
    empty = cells.isin(EMPTY)
    if kind == TEXT:
        return cells.where(~empty, ""), pd.Series(False, index=cells.index)
    if kind == DAY:
        days = pd.to_datetime(cells.where(~empty), format="%Y-%m-%d", errors="coerce")
        return cells.where(~empty, ""), days.isna() & ~empty
    numbers = pd.to_numeric(cells.where(~empty), errors="coerce").astype(float)
    wrong = numbers.isna() & ~empty
    wrong |= np.isinf(numbers.fillna(0.0))
    if kind == WHOLE:
        wrong |= (numbers.fillna(0.0) % 1) != 0
    return numbers, wrong
