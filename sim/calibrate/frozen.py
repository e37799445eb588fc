"""Frozen predictions: one file whose hash is printed before anything is scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.calibrate.validation import Prediction

KEYS = ("trial", "mode", "forecast", "target")


def freeze(predictions: Sequence[Prediction], path: Path) -> str:
    """Write predictions as Parquet and return the SHA-256 of the file's bytes.

    One column per prediction and observable, named by a JSON list of trial, mode, forecast,
    target and observable; one row per draw.
    """
    names, columns = [], []
    for one in predictions:
        for observable in one.draws:
            names.append(json.dumps([*(getattr(one, key) for key in KEYS), observable]))
            columns.append(pa.array(one.draws[observable].to_numpy(float)))
    pq.write_table(pa.Table.from_arrays(columns, names=names), path, compression="zstd")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def thaw(path: Path) -> list[Prediction]:
    """Predictions as they were frozen, in their order."""
    table = pq.read_table(path)
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for name in table.column_names:
        *key, observable = json.loads(name)
        found.setdefault(tuple(key), {})[observable] = table[name].to_numpy()
    return [Prediction(key[0], key[1], key[2], key[3], pd.DataFrame(d)) for key, d in found.items()]
