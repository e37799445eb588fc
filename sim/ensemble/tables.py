"""The tables of a result, as Arrow tables with units in their fields' metadata."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.levels import LEVELS, quantiles
from sim.scenario.parameters import row_of
from sim.scenario.schema import Observable
from sim.scenario.vocabulary import TIME_STATISTICS, Measure, Statistic

EACH_UP_TO = 2000
"""With more replicates than this the hourly table holds quantiles instead of every run."""

OBSERVABLE = "observable."
ORDER = "order."
HOURS = "h since clock start"

MEASURE_UNITS: dict[str, str] = {
    "clashes": "clashes",
    "dead": "dead",
    "wounded": "wounded",
    "cells": "cells",
    "crowd": "people",
    "rockets": "rockets",
    "barrages": "barrages",
    "pushes": "pushes",
    "breaches": "breaches",
    "salience": "salience",
    "presence": "share of the security forces",
    "standing": "severity, 0 to 10",
    "ladder": "severity, 0 to 10",
    "order": HOURS,
    "report": "as printed",
}


def unit_of(observable: Observable) -> str:
    """Unit of an observable's value."""
    if observable.statistic in TIME_STATISTICS:
        return HOURS
    if observable.statistic == Statistic.ANY:
        return "1 = yes, 0 = no"
    if observable.statistic == Statistic.ACTIVE_HOURS:
        return "h"
    return MEASURE_UNITS[Measure(observable.measure).value]


def replicates_table(ensemble: Ensemble) -> pa.Table:
    """One row per replicate: parameters by name, ``observable.ID``, ``order.ID``."""
    fields = [_field("replicate", pa.int64(), kind="index", unit="-", title="Replicate")]
    columns = [pa.array(ensemble.parameters.index.to_numpy(np.int64))]
    for name in ensemble.parameters:
        row = row_of(str(name))
        fields.append(_field(str(name), pa.float64(), "parameter", row.unit, row.meaning))
        columns.append(pa.array(ensemble.parameters[name].to_numpy(np.float64)))
    for observable in ensemble.scenario.observables:
        name, unit = OBSERVABLE + observable.id, unit_of(observable)
        fields.append(_field(name, pa.float64(), "observable", unit, observable.title))
        columns.append(pa.array(ensemble.observables[observable.id].to_numpy(np.float64)))
    for decision in ensemble.scenario.decisions:
        title = f"Hour at which {decision.leader} orders: {decision.order.value}"
        fields.append(_field(ORDER + decision.id, pa.float64(), "order", HOURS, title))
        columns.append(pa.array(ensemble.orders[decision.id].to_numpy(np.float64)))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def hourly_table(ensemble: Ensemble) -> pa.Table:
    """Tidy series: replicate (or quantile), time, place, then one column per measure."""
    series = ensemble.hourly
    if ensemble.replicates > EACH_UP_TO:
        first = _field("quantile", pa.float64(), "index", "-", "Type-7 quantile over replicates")
        labels = np.array(list(LEVELS.values()))
        # one measure at a time: the whole would not fit into memory twice
        series = {
            measure: quantiles(values).astype(np.float32) for measure, values in series.items()
        }
    else:
        first = _field("replicate", pa.int64(), "index", "-", "Replicate")
        labels = ensemble.observables.index.to_numpy(np.int64)
    steps, places = len(ensemble.times), len(ensemble.places)
    moments = ensemble.times.as_unit("s")
    times = pa.array(np.tile(np.repeat(moments.asi8, places), len(labels))).cast(
        pa.timestamp("s", tz=offset_name(ensemble.times))
    )
    codes = pa.array(np.tile(np.arange(places, dtype=np.int32), len(labels) * steps))
    columns = [
        pa.array(np.repeat(labels, steps * places)),
        times,
        pa.DictionaryArray.from_arrays(codes, pa.array(ensemble.places)),
    ]
    fields = [
        first,
        _field("time", times.type, "index", "start of the step", "Time"),
        _field("place", columns[2].type, "index", "-", "Place"),
    ]
    for measure, values in series.items():
        unit = MEASURE_UNITS.get(measure, "-")
        fields.append(_field(measure, pa.float32(), "measure", unit, f"{measure} in the step"))
        columns.append(pa.array(np.ascontiguousarray(values).reshape(-1)))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def offset_name(times: pd.DatetimeIndex) -> str:
    """The index's UTC offset as Arrow writes it, such as ``+03:00``."""
    minutes = round((times[0].utcoffset() or pd.Timedelta(0)).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _field(name: str, kind_of: pa.DataType, kind: str, unit: str, title: str) -> pa.Field:
    return pa.field(name, kind_of, metadata={"kind": kind, "unit": unit, "title": title})
