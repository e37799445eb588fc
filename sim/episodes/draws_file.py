"""Draws on file: a forecast as a table, written by one command and scored by another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sim.episodes.episode_library import DayPanel
from sim.episodes.forecast import Forecast, horizon
from sim.episodes.task import Task
from sim.inputs import InputError, Problem
from sim.inputs.problems import shown

COLUMNS = ("episode_id", "draw", "day", "dead")


def draws_table(forecast: Forecast, panel: DayPanel, task: Task) -> pd.DataFrame:
    """Columns `COLUMNS` and `forecast`; days of a draw without dead are left out but for the last.

    The last day of the window is always there, so that every draw is.
    """
    keep = forecast.paths > 0
    keep[:, :, -1] = True
    at = np.nonzero(keep)
    return pd.DataFrame(
        {
            "forecast": forecast.name,
            "episode_id": panel.table["episode_id"].to_numpy()[at[0]],
            "draw": at[1],
            "day": at[2] + task.first,
            "dead": forecast.paths[at],
        }
    )


def read_draws(path: Path, panel: DayPanel, task: Task, name: str | None = None) -> Forecast:
    """A forecast of the panel's episodes from a table of draws (CSV or Parquet).

    Every episode needs the same number of draws; a day that is not there has no dead.

    Raises:
        InputError: columns or episodes are missing, a draw is none.
    """
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise _refused(
            path,
            f"the draws cannot be read: {str(error).splitlines()[0]}",
            "CSV or Parquet with " + ", ".join(COLUMNS),
        ) from None
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise _refused(path, f"columns are missing: {', '.join(missing)}", ", ".join(COLUMNS))
    if "forecast" in table and table["forecast"].nunique() > 1:
        names = sorted(map(str, table["forecast"].unique()))
        if name not in names:
            raise _refused(path, "the file holds several forecasts", "one of " + ", ".join(names))
        table = table[table["forecast"] == name]
    ids = panel.table["episode_id"]
    table = table[table["episode_id"].isin(ids)]
    absent = ids[~ids.isin(table["episode_id"])]
    if len(absent):
        raise _refused(
            path,
            f"{len(absent)} of {len(ids)} episodes have no draws, the first is "
            f"{shown(absent.iloc[0])}",
            "draws of every episode that is scored",
        )
    numbers = table[["draw", "day", "dead"]].apply(pd.to_numeric, errors="coerce")
    if numbers.isna().to_numpy().any() or (numbers["dead"] < 0).any():
        raise _refused(
            path, "a draw, day or number of dead is no number of 0 or more", "whole numbers"
        )
    counts = numbers.groupby(table["episode_id"])["draw"].nunique()
    draws = int(counts.max())
    if counts.min() != draws:
        raise _refused(
            path, f"from {counts.min()} to {draws} draws per episode", "the same number for each"
        )
    days = horizon(panel, task)
    paths = np.zeros((len(panel), draws, days))
    row = table["episode_id"].map(dict(zip(ids, range(len(ids)), strict=True))).to_numpy(int)
    draw = numbers.groupby(table["episode_id"])["draw"].rank("dense").to_numpy(int) - 1
    day = numbers["day"].to_numpy(int) - task.first
    inside = (day >= 0) & (day < days)
    np.add.at(paths, (row[inside], draw[inside], day[inside]), numbers["dead"].to_numpy()[inside])
    return Forecast(name or path.stem.split(".")[0], paths, task.days)


def _refused(path: Path, message: str, expected: str) -> InputError:
    return InputError([Problem(str(path), None, None, message, expected)])
