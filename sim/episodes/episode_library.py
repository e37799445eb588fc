"""A library: the tables of a folder of episodes, read strictly and laid out by day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.episodes.cutting import WINDOWS
from sim.episodes.library_columns import (
    DAYS,
    DYADS,
    EPISODES,
    EVENTS,
    KINDS,
    NEEDED_DAYS,
    NEEDED_DYADS,
    NEEDED_EPISODES,
    NEEDED_EVENTS,
)
from sim.episodes.orders import read_orders
from sim.episodes.table import read_table
from sim.inputs import InputError, Problem
from sim.inputs.problems import shown

ENDINGS = (".csv", ".csv.gz")


@dataclass(frozen=True)
class DayPanel:
    """All episodes of one kind, laid out by day.

    Attributes:
        kind: `burst`, `local` or `order`.
        table: one row per episode, index 0..N-1.
        day: days relative to day 0, i8[W].
        columns: by name of a daily column, f8[N, W]; NaN where the table has no such number.
    """

    kind: str
    table: pd.DataFrame
    day: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.table)

    def days(self, first: int, last: int, column: str = "best") -> NDArray[np.float64]:
        """Days `first` to `last`, f8[N, days]."""
        low = int(first - self.day[0])
        return self.columns[column][:, low : low + last - first + 1]

    def total(self, first: int, last: int, column: str = "best") -> NDArray[np.float64]:
        """Sum over days `first` to `last`, f8[N]; days that do not say count as 0."""
        return np.asarray(np.nansum(self.days(first, last, column), axis=1))

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> DayPanel:
        """Some of the episodes."""
        return DayPanel(
            self.kind,
            self.table[which].reset_index(drop=True)
            if which.dtype == bool
            else self.table.iloc[which].reset_index(drop=True),
            self.day,
            {name: values[which] for name, values in self.columns.items()},
        )


@dataclass(frozen=True)
class Library:
    """Episodes with their days and, where there is a table, their orders.

    Attributes:
        folder: where it was read.
        episodes: columns of `library_columns.EPISODES`.
        days: columns of `library_columns.DAYS`.
        orders: columns of `library_columns.ORDERS`, or None.
    """

    folder: Path
    episodes: pd.DataFrame
    days: pd.DataFrame
    orders: pd.DataFrame | None

    def panel(self, kind: str) -> DayPanel:
        """The episodes of one kind by day. Raises KeyError for an unknown kind."""
        before, after = WINDOWS[kind]
        table = self.episodes[self.episodes["kind"] == kind].reset_index(drop=True)
        width = before + after + 1
        rows = self._by_kind[kind]
        at = rows["episode_id"].map(pd.Series(table.index, index=table["episode_id"]))
        day = rows["day"].to_numpy(np.int64) + before
        inside = (day >= 0) & (day < width)
        index = (at.to_numpy(np.int64)[inside], day[inside])
        columns = {}
        for name in DAYS:
            if name in ("episode_id", "day"):
                continue
            columns[name] = np.zeros((len(table), width))
            columns[name][index] = rows[name].to_numpy(np.float64)[inside]
        return DayPanel(kind, table, np.arange(-before, after + 1), columns)

    @cached_property
    def _by_kind(self) -> dict[str, pd.DataFrame]:
        kinds = self.days["episode_id"].map(self.episodes.set_index("episode_id")["kind"])
        return {kind: self.days[kinds == kind] for kind in KINDS}


def load_library(path: str | Path) -> Library:
    """Read a library's folder, or its episodes.csv beside which the other tables lie.

    Raises:
        InputError: a table is missing, cannot be read, or contradicts another.
    """
    given = Path(path)
    folder = given.parent if given.is_file() else given
    if not given.exists():
        raise InputError(
            [
                Problem(
                    str(path),
                    None,
                    None,
                    "there is no such folder or file",
                    "a folder with episodes.csv and episode_days.csv.gz",
                )
            ]
        )
    episodes_path = given if given.is_file() else _file(folder, "episodes")
    days_path = _file(folder, "episode_days")
    missing = [
        name
        for name, one in (("episodes", episodes_path), ("episode_days", days_path))
        if one is None
    ]
    if missing or episodes_path is None or days_path is None:
        raise InputError(
            [
                Problem(
                    str(folder / f"{name}.csv"),
                    None,
                    None,
                    "there is no such file",
                    f"{name}.csv or {name}.csv.gz",
                )
                for name in missing
            ]
        )
    episodes = read_table(episodes_path, EPISODES, NEEDED_EPISODES)
    days = read_table(days_path, DAYS, NEEDED_DAYS)
    _check(episodes_path, episodes, days_path, days)
    orders_path = _file(folder, "orders")
    orders = read_orders(orders_path) if orders_path else None
    return Library(folder, episodes, days[days["episode_id"].isin(episodes["episode_id"])], orders)


def read_events_folder(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of events and dyads of a library's folder.

    Raises:
        InputError: one is missing or cannot be read.
    """
    events, dyads = (_file(folder, name) for name in ("events", "dyads"))
    if events is None or dyads is None:
        name = "events" if events is None else "dyads"
        raise InputError(
            [
                Problem(
                    str(folder / f"{name}.csv"),
                    None,
                    None,
                    "there is no such file",
                    "events.csv and dyads.csv",
                )
            ]
        )
    return read_table(events, EVENTS, NEEDED_EVENTS), read_table(dyads, DYADS, NEEDED_DYADS)


def write_library(
    folder: Path,
    episodes: pd.DataFrame,
    days: pd.DataFrame,
    orders: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    dyads: pd.DataFrame | None = None,
) -> None:
    """Write the tables of a library into an existing folder, whole numbers as whole numbers."""
    tables = {
        "episodes.csv": episodes,
        "episode_days.csv.gz": days,
        "orders.csv": orders,
        "events.csv.gz": events,
        "dyads.csv": dyads,
    }
    for name, table in tables.items():
        if table is None:
            continue
        # a fixed time stamp in the archive: the same library is the same bytes
        how: Any = {"method": "gzip", "mtime": 1} if name.endswith(".gz") else None
        table.to_csv(
            folder / name, index=False, float_format="%.15g", lineterminator="\n", compression=how
        )


def _file(folder: Path, name: str) -> Path | None:
    return next((folder / f"{name}{e}" for e in ENDINGS if (folder / f"{name}{e}").is_file()), None)


def _check(
    episodes_path: Path, episodes: pd.DataFrame, days_path: Path, days: pd.DataFrame
) -> None:
    """What no single cell shows. Raises InputError."""
    problems = []
    for row in np.nonzero(episodes["episode_id"].duplicated().to_numpy())[0][:20]:
        name = shown(episodes["episode_id"].iloc[row])
        problems.append(
            Problem(
                str(episodes_path),
                int(row) + 2,
                None,
                f"episode {name} stands twice",
                "each episode once",
            )
        )
    twice = days.duplicated(["episode_id", "day"]).to_numpy()
    for row in np.nonzero(twice)[0][:20]:
        what = f"{shown(days['episode_id'].iloc[row])}, day {days['day'].iloc[row]:g}"
        problems.append(
            Problem(
                str(days_path),
                int(row) + 2,
                None,
                f"{what} stands twice",
                "each day of an episode once",
            )
        )
    for row in np.nonzero((days["best"] < 0).to_numpy())[0][:20]:
        problems.append(
            Problem(
                str(days_path),
                int(row) + 2,
                None,
                f"best is {days['best'].iloc[row]:g}",
                "0 or more dead",
            )
        )
    known = episodes["episode_id"].isin(days["episode_id"])
    if len(episodes) and not known.any():
        problems.append(
            Problem(
                str(days_path),
                None,
                None,
                "no day belongs to an episode of episodes.csv",
                "the same episode_id in both tables",
            )
        )
    if not len(episodes):
        problems.append(
            Problem(str(episodes_path), None, None, "there are no episodes", "one row per episode")
        )
    if problems:
        raise InputError(problems)
