"""Series: a dyad's events by day, as dense arrays that a cutter can look around in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

EPOCH = pd.Timestamp("1900-01-01")
MARGIN = 100
"""Days without events kept on either side, so that no window leaves the array."""

SUMS = ("best", "low", "high", "deaths_a", "deaths_b", "deaths_civ", "deaths_unk")


def day_number(dates: pd.Series) -> NDArray[np.int64]:
    """Days since `EPOCH` of dates as text or timestamps."""
    number = (pd.to_datetime(dates) - EPOCH) // pd.Timedelta(days=1)
    return np.asarray(number, dtype=np.int64)


def day_text(number: int) -> str:
    """The date of a day number, YYYY-MM-DD."""
    return str((EPOCH + pd.Timedelta(days=int(number))).date())


@dataclass(frozen=True)
class EventRows:
    """Events of a group as arrays, sorted by day.

    Attributes:
        day: day number, i8[N].
        exact: whether the day is exact, bool[N].
        lat, lon: degrees, f8[N].
        sums: by name of `SUMS`, f8[N]; NaN where not known.
        cell: 1-degree cell where the place is known within 25 km, else empty.
        src: where the row is from.
    """

    day: NDArray[np.int64]
    exact: NDArray[np.bool_]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    sums: dict[str, NDArray[np.float64]]
    cell: NDArray[np.object_]
    src: NDArray[np.object_]

    def chosen(self, which: NDArray[np.bool_] | slice) -> EventRows:
        """Some of the rows, in order."""
        return EventRows(
            self.day[which],
            self.exact[which],
            self.lat[which],
            self.lon[which],
            {name: values[which] for name, values in self.sums.items()},
            self.cell[which],
            self.src[which],
        )

    def between(self, first: int, last: int) -> EventRows:
        """EventRows of the days from `first` to `last`, both included."""
        low, high = np.searchsorted(self.day, [first, last + 1])
        return self.chosen(slice(int(low), int(high)))


def rows_of(table: pd.DataFrame) -> EventRows:
    """The rows of a prepared table (see `cutter`), sorted by day."""
    table = table.sort_values("day", kind="stable")
    return EventRows(
        table["day"].to_numpy(np.int64),
        table["exact"].to_numpy() == 1,
        table["lat"].to_numpy(np.float64),
        table["lon"].to_numpy(np.float64),
        {name: table[name].to_numpy(np.float64) for name in SUMS},
        table["cell"].to_numpy(object),
        table["src"].fillna("").to_numpy(object),
    )


@dataclass(frozen=True)
class Series:
    """Events of one group (a dyad, or a dyad in a cell) by day.

    Attributes:
        first: day number of position 0.
        n_events: events with an exact day, f8[T].
        sums: by name of `SUMS`, f8[T]; the sides' NaN where no event of the day says.
        places: different places (rounded to 0.01 degree), f8[T].
        imprecise: best deaths of events without an exact day, by their first day, f8[T].
    """

    first: int
    n_events: NDArray[np.float64]
    sums: dict[str, NDArray[np.float64]]
    places: NDArray[np.float64]
    imprecise: NDArray[np.float64]

    @property
    def best(self) -> NDArray[np.float64]:
        """Dead by day, best estimate, f8[T]."""
        return self.sums["best"]

    def at(self, day: int) -> int:
        """Position of a day number."""
        return int(day - self.first)


def best_of(rows: EventRows, last: int | None = None) -> tuple[int, NDArray[np.float64]]:
    """Day number of position 0 and the dead per day with an exact day, f8[T].

    Args:
        last: a day number that has to be inside, too.
    """
    first = int(rows.day[0]) - MARGIN
    end = max(int(rows.day[-1]), last if last is not None else 0)
    weights = np.nan_to_num(rows.sums["best"][rows.exact])
    days = np.bincount(rows.day[rows.exact] - first, weights, end - first + MARGIN + 1)
    return first, np.asarray(days, dtype=np.float64)


def series_of(rows: EventRows, last: int | None = None) -> Series:
    """The series of a group's events (at least one).

    Args:
        last: a day number that has to be inside, too.
    """
    first, best = best_of(rows, last)
    length, at = len(best), rows.day - first

    def summed(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(at[chosen], values[chosen], length), dtype=np.float64)

    ones = np.ones(len(at))
    count = summed(ones, rows.exact)
    sums = {}
    for name in SUMS:
        values = rows.sums[name]
        known = np.isfinite(values)
        sums[name] = summed(values, rows.exact & known)
        if name.startswith("deaths_"):
            sums[name][(count > 0) & (summed(ones, rows.exact & known) == 0)] = np.nan
    spot = np.stack([at, np.round(rows.lat * 100), np.round(rows.lon * 100)])[:, rows.exact]
    different = np.unique(spot, axis=1)[0].astype(np.int64)
    places = np.bincount(different, minlength=length).astype(np.float64)
    return Series(first, count, sums, places, summed(np.nan_to_num(rows.sums["best"]), ~rows.exact))
