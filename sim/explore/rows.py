"""Rows: what units of work leave in the dataset, one per replicate or one per point."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.ensemble.levels import LEVELS, quantiles
from sim.ensemble.tables import HOURS, OBSERVABLE, ORDER, unit_of
from sim.explore.axis import unit_of_path
from sim.explore.plan import Plan, Unit
from sim.scenario.parameters import row_of, vector_names
from sim.scenario.schema import Scenario

STATISTICS = ("mean", "variance", *LEVELS, "missing")

Values = NDArray[np.float64]


class Rows:
    """The dataset's columns for a plan: the same for each of its parts.

    Identity (point, replicate, scenario, variant), then the axes that are no parameters, then the
    parameters, then ``observable.ID`` and ``order.ID``. With a row per point there stand instead
    only the axes, and per observable and order ``.mean .variance .q05 .q25 .q50 .q75 .q95`` over
    the replicates in which it is there, and ``.missing``, the share in which it is not.
    Where several scenarios differ in leaders or observables, columns of the others are null.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.scenarios = [source.scenario for source in plan.sources]
        self.parameters = _union(vector_names(s.leaders) for s in self.scenarios)
        self.outputs = _union([name for name, _, _ in outputs_of(s)] for s in self.scenarios)
        self.schema = self._schema()

    def of_units(
        self, source: int, units: Sequence[Unit], theta: Values, outputs: Values
    ) -> pa.Table:
        """Rows of units that ran together, [runs x parameters] and [runs x outputs]."""
        if self.plan.per == "point":
            return self._per_point(source, units, outputs)
        counts = [unit.last - unit.first for unit in units]
        points = np.repeat([unit.point for unit in units], counts)
        numbers = np.concatenate([np.arange(unit.first, unit.last) for unit in units])
        columns = self._identity(source, points) | {"replicate": pa.array(numbers, pa.int64())}
        for i, name in enumerate(vector_names(self.scenarios[source].leaders)):
            columns[name] = pa.array(theta[:, i])
        for i, (name, _, _) in enumerate(outputs_of(self.scenarios[source])):
            columns[name] = pa.array(outputs[:, i], from_pandas=True)
        return self._filled(columns, len(points))

    def _per_point(self, source: int, units: Sequence[Unit], outputs: Values) -> pa.Table:
        points = np.array([unit.point for unit in units])
        columns = self._identity(source, points)
        blocks = outputs.reshape(len(units), self.plan.replicates, outputs.shape[1])
        statistics = _statistics(blocks)
        for i, (name, _, _) in enumerate(outputs_of(self.scenarios[source])):
            for statistic in STATISTICS:
                values = statistics[statistic][:, i]
                columns[f"{name}.{statistic}"] = pa.array(values, from_pandas=True)
        return self._filled(columns, len(points))

    def joined(self, tables: Sequence[pa.Table]) -> bytes:
        """A Parquet file of tables; the same tables give the same bytes."""
        whole = pa.concat_tables(tables) if tables else self.schema.empty_table()
        words = {f.name for f in self.schema if pa.types.is_dictionary(f.type)}
        repeated = [n for n in self.schema.names if not n.startswith(OBSERVABLE) or n in words]
        buffer = io.BytesIO()
        pq.write_table(
            whole.combine_chunks(), buffer, compression="zstd", use_dictionary=repeated,
            write_statistics=False,
        )  # fmt: skip
        return buffer.getvalue()

    def _identity(self, source: int, points: NDArray[np.int64]) -> dict[str, Any]:
        plan = self.plan
        labels = plan.labels_of(int(points[0]))
        columns: dict[str, Any] = {"point": pa.array(points, pa.int32())}
        for name, label in labels.items():
            codes = pa.array(np.zeros(len(points), np.int32))
            columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array([label]))
        for i, axis in enumerate(plan.axes, start=1):
            if plan.per == "replicate" and axis.path in self.parameters:
                continue
            found, where = np.unique(plan.points[points, i], return_inverse=True)
            shown = pa.array(axis.column(found))
            columns[axis.path] = shown.take(pa.array(where))
        return columns

    def _filled(self, columns: dict[str, Any], rows: int) -> pa.Table:
        arrays = []
        for column in self.schema:
            found = columns.get(column.name)
            arrays.append(pa.nulls(rows, column.type) if found is None else found)
        return pa.Table.from_arrays(
            [a.cast(f.type) for a, f in zip(arrays, self.schema, strict=True)], schema=self.schema
        )

    def _schema(self) -> pa.Schema:
        word = pa.dictionary(pa.int32(), pa.string())
        fields = [_field("point", pa.int32(), "index", "-", "Design point, from 0")]
        if self.plan.per == "replicate":
            title = "Replicate, from 0 at every point"
            fields.append(_field("replicate", pa.int64(), "index", "-", title))
        fields.append(_field("scenario", word, "index", "-", "Scenario"))
        fields.append(_field("variant", word, "index", "-", "Variant of the scenario"))
        for axis in self.plan.axes:
            if self.plan.per == "point" or axis.path not in self.parameters:
                kind = pa.float64() if axis.is_numeric else pa.string()
                fields.append(_field(axis.path, kind, "axis", unit_of_path(axis.path), axis.path))
        if self.plan.per == "replicate":
            for name in self.parameters:
                row = row_of(name)
                fields.append(_field(name, pa.float64(), "parameter", row.unit, row.meaning))
        known = {name: (unit, title) for s in self.scenarios for name, unit, title in outputs_of(s)}
        for name in self.outputs:
            unit, title = known[name]
            kind = "observable" if name.startswith(OBSERVABLE) else "order"
            if self.plan.per == "replicate":
                fields.append(_field(name, pa.float64(), kind, unit, title))
                continue
            for statistic in STATISTICS:
                of = {"variance": f"({unit})^2", "missing": "share of replicates"}
                said = f"{title}: {statistic} over the replicates"
                whole = f"{name}.{statistic}"
                fields.append(_field(whole, pa.float64(), kind, of.get(statistic, unit), said))
        metadata = {"plan": self.plan.id, "per": self.plan.per, "seed": str(self.plan.seed)}
        return pa.schema(fields, metadata=metadata)


def _statistics(blocks: Values) -> dict[str, Values]:
    """Statistics over axis 1 of [points x replicates x outputs], each [points x outputs].

    Over the values that are there; NaN where none is (or, for the variance, only one). Quantiles
    are of type 7.
    """
    ordered = np.sort(blocks, axis=1)  # NaN last
    there = ~np.isnan(ordered)
    count = there.sum(axis=1)
    filled = np.where(there, ordered, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = filled.sum(axis=1) / count
        square = np.where(there, ordered - mean[:, None, :], 0.0)
        variance = (square * square).sum(axis=1) / (count - 1)
        variance[count < 2] = np.nan
    found = {"mean": mean, "variance": variance, "missing": 1 - count / blocks.shape[1]}
    return found | dict(zip(LEVELS, quantiles(blocks.swapaxes(0, 1)), strict=True))


def outputs_of(scenario: Scenario) -> list[tuple[str, str, str]]:
    """(column, unit, title) of each observable and each order, as the engine returns them."""
    found = [(OBSERVABLE + o.id, unit_of(o), o.title) for o in scenario.observables]
    return found + [
        (ORDER + d.id, HOURS, f"Hour at which {d.leader} orders: {d.order.value}")
        for d in scenario.decisions
    ]


def _union(lists: Any) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))


def _field(name: str, kind_of: pa.DataType, kind: str, unit: str, title: str) -> pa.Field:
    return pa.field(name, kind_of, metadata={"kind": kind, "unit": unit, "title": title})
