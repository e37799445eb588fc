"""Orders: ceasefires, truces, freezes and calls, with the day that counts and the dyads bound."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.episodes.library_columns import NEEDED_ORDERS, ORDERS
from sim.episodes.series import day_number
from sim.episodes.table import read_table

EFFECT_WITHIN = 30
"""Days from the declaration within which the day of effect is the order's day."""


def read_orders(path: Path) -> pd.DataFrame:
    """A table of orders; days that are missing in `date` are worked out by `order_day`.

    Raises:
        InputError: it cannot be read.
    """
    table = read_table(path, ORDERS, NEEDED_ORDERS)
    table["date"] = table["date"].where(table["date"] != "", order_day(table))
    return table


def order_day(table: pd.DataFrame) -> pd.Series:
    """The day that counts: of effect if within `EFFECT_WITHIN` days of the declaration, else that.

    Empty where an order has neither.
    """
    both = (table["declared"] != "") & (table["effective"] != "")
    out = table["declared"].where(table["declared"] != "", table["effective"])
    lag = pd.Series(0, index=table.index)
    lag[both] = day_number(table.loc[both, "effective"]) - day_number(table.loc[both, "declared"])
    soon = both & (lag.abs() <= EFFECT_WITHIN)
    return out.where(~soon, table["effective"])
