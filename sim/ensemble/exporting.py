"""Exports: results in the forms of event data sets, and the logs of single replicates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.ensemble.acled_form import COLUMNS as ACLED_COLUMNS
from sim.ensemble.acled_form import acled_rows
from sim.ensemble.ged_form import daily_dead, ged_days, ged_events
from sim.ensemble.parameter_draws import as_vectors
from sim.ensemble.result import BASELINE, HOURLY, Result, read_result
from sim.inputs import InputError, Problem
from sim.inputs.code_identity import code_hash
from sim.inputs.spreadsheet import spreadsheet_safe
from sim.model import Fork, simulate_block

FORMATS = ("ged", "acled", "csv", "parquet")
MANIFEST = "manifest.json"


def export(
    result: Result,
    format: str,
    folder: Path,
    replicate: int = 0,
    most: int = 500,
    command: str = "",
) -> list[str]:
    """Write a result into an empty `folder`; returns the names of the files.

    ged: `ged_days.csv` (low, best, high per day, place and dyad over up to `most` replicates) and
    `ged_replicate_N.csv` (one run, event by event). acled: `acled_replicate_N.csv` and
    `acled_days.csv` with fatalities (the median), fatalities_low and fatalities_high. csv, parquet:
    the hourly series, tidy.

    Raises:
        InputError: the result has no such replicate, or keeps no hourly series.
    """
    if format in ("csv", "parquet"):
        written = [_hourly(result, format, folder)]
    else:
        written = _events(result, format, folder, replicate, most)
    manifest = {
        "export": format,
        "command": command,
        "files": {name: _sha256(folder / name) for name in written},
        # Logs are run again: with other code they need not be those of the result.
        "code_is_the_results": code_hash() == result.manifest.code_hash,
        "simulated": "no event here was observed",
        "result": asdict(result.manifest),
    }
    (folder / MANIFEST).write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    return [*written, MANIFEST]


def _events(result: Result, format: str, folder: Path, replicate: int, most: int) -> list[str]:
    scenario = result.scenario
    one = next(logs(result, [replicate]))
    numbers = [int(number) for number in result.parameters.index[:most]]
    dead = pd.concat([daily_dead(log, scenario) for log in logs(result, numbers)])
    days = ged_days(dead, scenario, len(numbers))
    if format == "ged":
        run = ged_events(one, scenario)
    else:
        run, days = acled_rows(one, scenario), _acled_days(days)
    names = [f"{format}_days.csv", f"{format}_replicate_{replicate}.csv"]
    for name, table in zip(names, (days, run), strict=True):
        spreadsheet_safe(table).to_csv(folder / name, index=False, lineterminator="\n")
    return names


ACLED_TYPES = {
    1: ("Battles", "Armed clash"),
    2: ("Battles", "Armed clash"),
    3: ("Violence against civilians", "Attack"),
}


def _acled_days(days: pd.DataFrame) -> pd.DataFrame:
    """GED-like rows in ACLED's columns, the range in two more."""
    types = [ACLED_TYPES[int(kind)] for kind in days["type_of_violence"]]
    rows = pd.DataFrame({
        "event_id_cnty": days["id"], "event_date": days["date_start"], "time_precision": 1,
        "event_type": [kind for kind, _ in types], "sub_event_type": [sub for _, sub in types],
        "actor1": days["side_a"], "actor2": days["side_b"], "location": days["where_coordinates"],
        "latitude": days["latitude"], "longitude": days["longitude"], "fatalities": days["best"],
        "notes": "simulated; fatalities is the median over the replicates",
    })[list(ACLED_COLUMNS)]  # fmt: skip
    return rows.assign(fatalities_low=days["low"], fatalities_high=days["high"])


def _hourly(result: Result, format: str, folder: Path) -> str:
    source = result.folder / HOURLY
    if not source.is_file():
        message = "the result keeps no hourly series"
        raise InputError([Problem(str(result.folder), None, None, message)])
    name = f"hourly.{format}"
    if format == "parquet":
        (folder / name).write_bytes(source.read_bytes())
        return name
    table = pq.ParquetFile(source)
    header = True
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        for batch in table.iter_batches(batch_size=200_000):
            rows = spreadsheet_safe(pa.Table.from_batches([batch]).to_pandas())
            rows.to_csv(stream, index=False, header=header, lineterminator="\n")
            header = False
    return name


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


BLOCK = 25
"""Replicates whose logs are in memory at once."""


def logs(result: Result, replicates: Sequence[int]) -> Iterator[pd.DataFrame]:
    """The logs of `replicates`, `BLOCK` of them at a time, as the engine gives them.

    Raises:
        InputError: the result has no such replicate.
    """
    missing = [number for number in replicates if number not in result.parameters.index]
    if missing:
        known = result.parameters.index
        raise InputError([Problem(str(result.folder), None, None,
                                  f"the result has no replicate {missing[0]}",
                                  f"a number from {known.min()} to {known.max()}")])  # fmt: skip
    fork_at = result.manifest.fork_at
    before = read_result(result.folder.parent / BASELINE) if fork_at is not None else None
    for start in range(0, len(replicates), BLOCK):
        block = list(replicates[start : start + BLOCK])
        scenario, theta, fork = result.scenario, as_vectors(result.parameters.loc[block]), None
        if before is not None and fork_at is not None:
            fork = Fork(datetime.fromisoformat(fork_at), scenario, theta)
            scenario, theta = before.scenario, as_vectors(before.parameters.loc[block])
        output = simulate_block(
            scenario, theta, result.manifest.seed, block, keep="log",
            engine=result.manifest.engine, threads=1, fork=fork,
        )  # fmt: skip
        if output.events is None:
            raise RuntimeError("the engine kept no log")
        yield output.events
