"""A result on disk: an ensemble's tables, logs and manifest in one folder, and reading it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.ensemble.acled_form import acled_events
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.folder import NewFolder, new_folder
from sim.ensemble.manifest import Manifest, read_manifest
from sim.ensemble.tables import OBSERVABLE, ORDER, hourly_table, replicates_table
from sim.inputs import InputError, Problem
from sim.inputs.spreadsheet import spreadsheet_safe
from sim.model.rule_check import check_rules
from sim.scenario import RuleFile
from sim.scenario.parameters import vector_names
from sim.scenario.schema import Scenario

MANIFEST = "manifest.json"
SCENARIO = "scenario.yaml"
RULES = "rules.py"
"""The rules of the user's own that a result was run under, where there are any."""
REPLICATES = "replicates.parquet"
HOURLY = "hourly.parquet"
EVENTS = "events"
BASELINE = "baseline"
"""Where a what-if keeps the result that its variants are compared with."""


@contextmanager
def result_folder(
    ensemble: Ensemble, manifest: Manifest, root: str | Path = "results"
) -> Iterator[NewFolder]:
    """Write an ensemble to ``root/<scenario>/<time>-<id>/``; the block may add files.

    Yields:
        the folder in the making: ``hidden`` to write into, ``final`` once the block has ended.

    Raises:
        OSError: the disk is full or not writable; nothing is left behind.
    """
    with new_folder(Path(root) / manifest.scenario / manifest.folder_name) as folder:
        _write(folder.hidden, ensemble, manifest)
        yield folder


def write_result(ensemble: Ensemble, manifest: Manifest, root: str | Path = "results") -> Path:
    """Write an ensemble without anything beside it; returns the folder. As `result_folder`."""
    with result_folder(ensemble, manifest, root) as folder:
        pass
    return folder.final


def write_part(folder: Path, ensemble: Ensemble, manifest: Manifest) -> None:
    """Write an ensemble into a new folder inside a result that is being made."""
    folder.mkdir()
    _write(folder, ensemble, manifest)


def _write(folder: Path, ensemble: Ensemble, manifest: Manifest) -> None:
    (folder / SCENARIO).write_text(scenario_text(ensemble.scenario), encoding="utf-8")
    if ensemble.scenario.rules is not None:
        (folder / RULES).write_bytes(ensemble.scenario.rules.text.encode())
    _write_table(replicates_table(ensemble), folder / REPLICATES)
    if ensemble.hourly:
        _write_table(hourly_table(ensemble), folder / HOURLY)
    if ensemble.events is not None:
        (folder / EVENTS).mkdir()
        for replicate in sorted(set(ensemble.events["replicate"])):
            path = folder / EVENTS / f"replicate_{replicate:06d}.csv"
            spreadsheet_safe(acled_events(ensemble, replicate)).to_csv(
                path, index=False, lineterminator="\n"
            )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")


def scenario_text(scenario: Scenario) -> str:
    """The scenario as run, in JSON (which is YAML too)."""
    data = scenario.model_dump(mode="json", exclude_none=True)
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _write_table(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")


@dataclass(frozen=True)
class Result:
    """A result read back.

    Attributes:
        folder: where it stands.
        manifest: what it was made from.
        scenario: as it was run.
        parameters, observables, orders: as in `Ensemble`, index ``replicate``.
    """

    folder: Path
    manifest: Manifest
    scenario: Scenario
    parameters: pd.DataFrame
    observables: pd.DataFrame
    orders: pd.DataFrame

    def hourly(self) -> pd.DataFrame:
        """The tidy hourly table: replicate (or quantile), time, place, measures."""
        return pd.read_parquet(self.folder / HOURLY)


def read_result(folder: str | Path) -> Result:
    """A result from its folder.

    Raises:
        InputError: no result stands there, or part of it cannot be read or does not fit the rest.
    """
    folder = Path(folder)
    if not (folder / MANIFEST).is_file():
        kind = "no such folder" if not folder.exists() else f"no {MANIFEST} in it"
        expected = "a folder results/<scenario>/<time>-<id> that the run command wrote"
        raise InputError([Problem(str(folder), None, None, f"not a result: {kind}", expected)])
    manifest = read_manifest(folder / MANIFEST)
    try:
        text = (folder / SCENARIO).read_text(encoding="utf-8")
        scenario = Scenario.model_validate_json(text).under(_rules(folder, manifest))
        rows = _rows(folder / REPLICATES, manifest.replicates)
        names = vector_names(scenario.leaders)
        parameters = rows[names].astype(np.float64)
        observables = _without(OBSERVABLE, rows, [o.id for o in scenario.observables])
        orders = _without(ORDER, rows, [d.id for d in scenario.decisions])
    except (OSError, ValueError, TypeError, KeyError, pa.ArrowException) as error:
        said = f"no column {error}" if isinstance(error, KeyError) else str(error)
        problem = Problem(str(folder), None, None, f"the result cannot be read: {said}")
        raise InputError([problem]) from error
    return Result(folder, manifest, scenario, parameters, observables, orders)


def _rules(folder: Path, manifest: Manifest) -> RuleFile | None:
    """The rules of a result as they were; ValueError where they are not, InputError if unusable."""
    if manifest.rules is None:
        return None
    rules = RuleFile(str(folder / RULES), (folder / RULES).read_text(encoding="utf-8"))
    if rules.hash != manifest.rules["hash"]:
        raise ValueError(f"{RULES} is not the file that {MANIFEST} names")
    check_rules(rules)
    return rules


def _rows(path: Path, replicates: int) -> pd.DataFrame:
    """The rows of all replicates, each there once; ValueError where they are not."""
    rows = pq.read_table(path).to_pandas(ignore_metadata=True).set_index("replicate")
    twice = rows.index[rows.index.duplicated()]
    if len(twice):
        raise ValueError(f"{path.name}: replicate {twice[0]} stands there more than once")
    if len(rows) != replicates:
        raise ValueError(f"{path.name} has {len(rows)} rows; {MANIFEST} says {replicates}")
    return rows


def _without(prefix: str, rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    found = rows[[prefix + name for name in names]].astype(np.float64)
    return found.set_axis(names, axis=1)
