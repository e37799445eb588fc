"""A plan: everything that decides a sweep's numbers, cut into units and parts of work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.explore.axis import Axis, axis_from
from sim.explore.scenario_source import AS_WRITTEN, ScenarioSource, source_from
from sim.inputs import InputError, Problem
from sim.inputs.code_identity import digest_of

POINTS = "points.parquet"
FORM = 1
PART_RUNS = {"kernel": (2048, 16384), "mesa": (8, 64)}
"""Fewest and most runs of a part: below, files cost more than runs; above, a crash loses much."""
PARTS_WANTED = 32


@dataclass(frozen=True)
class Unit:
    """One unit of work: a design point and the numbers of its replicates, first to last - 1."""

    number: int
    point: int
    first: int
    last: int


@dataclass(frozen=True)
class Plan:
    """What a sweep is, independent of where and by how many it is worked on.

    Attributes:
        sources: scenarios and variants.
        axes: in the order in which a point's values stand.
        points: [N x (1 + axes)] f8: number of its source, then a code per axis (see `Axis.value`).
        replicates: per point, numbered from 0 at every point: replicate 7 has the same draws
            everywhere, so points are compared on common random numbers.
        per: ``replicate`` (a row per run) or ``point`` (a row of statistics per point).
        design: as the user called it.
        posterior, posterior_sha256: file of parameter draws that replace the priors.
        code: the sources and libraries that move numbers, as `code_files` gives them.
        agents: classes that replace the model's own on Mesa, with a hash of their source.
    """

    sources: tuple[ScenarioSource, ...]
    axes: tuple[Axis, ...]
    points: NDArray[np.float64]
    replicates: int
    seed: int
    engine: str
    per: str
    design: str
    code: dict[str, str]
    posterior: str | None = None
    posterior_sha256: str | None = None
    agents: dict[str, str] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        """Hash of everything above, 16 hex digits."""
        text = json.dumps(self.header() | {"points": self._points_digest()}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def code_hash(self) -> str:
        return digest_of(self.code)

    @property
    def runs(self) -> int:
        return len(self.points) * self.replicates

    @cached_property
    def part_runs(self) -> int:
        """Runs that a part aims at; a pure function of the plan, or parts would not line up."""
        fewest, most = PART_RUNS[self.engine]
        return int(np.clip(self.runs // PARTS_WANTED, fewest, most))

    @cached_property
    def chunks(self) -> int:
        """Units per point: more than one where a point's replicates would overfill a part."""
        if self.per == "point":
            return 1
        return -(-self.replicates // PART_RUNS[self.engine][1])

    @property
    def unit_count(self) -> int:
        return len(self.points) * self.chunks

    @cached_property
    def units_per_part(self) -> int:
        return max(1, self.part_runs // -(-self.replicates // self.chunks))

    @property
    def part_count(self) -> int:
        return -(-self.unit_count // self.units_per_part)

    def unit(self, number: int) -> Unit:
        point, chunk = divmod(number, self.chunks)
        bounds = [self.replicates * c // self.chunks for c in (chunk, chunk + 1)]
        return Unit(number, point, *bounds)

    def units_of(self, part: int) -> Iterator[Unit]:
        first = part * self.units_per_part
        for number in range(first, min(first + self.units_per_part, self.unit_count)):
            yield self.unit(number)

    def values_of(self, point: int) -> dict[str, Any]:
        """What a point sets, by path."""
        codes = self.points[point, 1:]
        return {axis.path: axis.value(code) for axis, code in zip(self.axes, codes, strict=True)}

    def source_of(self, point: int) -> ScenarioSource:
        return self.sources[int(self.points[point, 0])]

    def labels_of(self, point: int) -> dict[str, str]:
        """Scenario and variant of a point."""
        source = self.source_of(point)
        return {"scenario": source.name, "variant": source.variant or AS_WRITTEN}

    def header(self) -> dict[str, Any]:
        """The plan but for its points."""
        return {
            "form": FORM,
            "design": self.design,
            "axes": [axis.described() for axis in self.axes],
            "point_count": len(self.points),
            "replicates": self.replicates,
            "seed": self.seed,
            "engine": self.engine,
            "per": self.per,
            "posterior": self.posterior,
            "posterior_sha256": self.posterior_sha256,
            "agents": self.agents,
            "code_hash": self.code_hash,
            "code": self.code,
            "sources": [source.described() for source in self.sources],
        }

    def write(self, folder: Path) -> None:
        """Write ``plan.json`` and ``points.parquet``."""
        text = json.dumps({"id": self.id} | self.header(), indent=1, ensure_ascii=False)
        (folder / "plan.json").write_text(text + "\n", encoding="utf-8")
        pq.write_table(self.points_table(), folder / POINTS, compression="zstd")

    def points_table(self) -> pa.Table:
        """One row per point: point, source, one column per axis; words for what is no number."""
        columns: dict[str, Any] = {
            "point": pa.array(np.arange(len(self.points), dtype=np.int32)),
            "source": pa.array(self.points[:, 0].astype(np.int16)),
        }
        for i, axis in enumerate(self.axes, start=1):
            columns[axis.path] = pa.array(axis.column(self.points[:, i]))
        return pa.table(columns)

    def _points_digest(self) -> str:
        return hashlib.sha256(np.ascontiguousarray(self.points, "<f8").tobytes()).hexdigest()


def read_plan(folder: Path, data: dict[str, Any]) -> Plan:
    """The plan of a sweep's folder from its ``plan.json``, as `Store.plan` reads it.

    Raises:
        InputError: it cannot be read, or it is not what was written.
    """
    try:
        if data["form"] != FORM:
            raise ValueError(f"layout {data['form']} is not {FORM}, which this version reads")
        axes = tuple(axis_from(one) for one in data["axes"])
        plan = Plan(
            sources=tuple(source_from(one) for one in data["sources"]),
            axes=axes,
            points=_read_points(folder / POINTS, axes),
            replicates=data["replicates"], seed=data["seed"], engine=data["engine"],
            per=data["per"], design=data["design"], code=data["code"],
            posterior=data["posterior"], posterior_sha256=data["posterior_sha256"],
            agents=data["agents"],
        )  # fmt: skip
        if plan.id != data["id"]:
            raise ValueError("plan and points are not those that were written")
    except (OSError, KeyError, TypeError, ValueError) as error:
        problem = Problem(str(folder), None, None, f"the plan cannot be read: {error}")
        raise InputError([problem]) from error
    return plan


def _read_points(path: Path, axes: tuple[Axis, ...]) -> NDArray[np.float64]:
    table = pq.read_table(path)
    columns = [table.column("source").to_numpy().astype(np.float64)]
    for axis in axes:
        column = table.column(axis.path)
        if axis.is_range:
            columns.append(column.to_numpy())
            continue
        shown = axis.column(np.arange(len(axis.levels), dtype=np.float64))
        codes = {level: code for code, level in enumerate(shown)}
        columns.append(np.array([codes[value] for value in column.to_pylist()], np.float64))
    return np.column_stack(columns)
