"""Work: one part of a plan, wherever it is done, with a unit that fails failing alone."""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.ensemble.parameter_draws import Posterior, as_vectors, draw_parameters
from sim.ensemble.store import Failure
from sim.explore.plan import Plan, Unit
from sim.explore.rows import Rows
from sim.model import Output, build_world, simulate_block
from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import vector_names

CACHED = 64
"""Worlds and blocks of draws that are kept; a sweep goes through its structures in order."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Done:
    """A part that is over: its rows as a Parquet file's bytes, its failures, how many runs."""

    part: int
    rows: bytes
    failures: list[Failure]
    runs: int


class StageError(Exception):
    """Something failed at a known stage."""

    def __init__(self, stage: str, replicate: int = -1) -> None:
        super().__init__(stage)
        self.stage, self.replicate = stage, replicate


@dataclass
class Worker:
    """Does parts of one plan. Several threads may share it.

    Attributes:
        agents: classes to put in the place of the model's own, for the Mesa engine.
    """

    plan: Plan
    posterior: Posterior | None = None
    agents: dict[str, type] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = Rows(self.plan)
        self._worlds: dict[Any, tuple[Scenario, Any]] = {}
        self._draws: dict[Any, Values] = {}

    def part(self, number: int, only: Sequence[int] | None = None, threads: int = 1) -> Done:
        """Do a part, or only those units of it; rows stand in the order of units."""
        units = [u for u in self.plan.units_of(number) if only is None or u.number in set(only)]
        tables: list[pa.Table] = []
        failures: list[Failure] = []
        for group in self._groups(units):
            try:
                tables.append(self._together(group, threads))
            except Exception:  # whatever it is, it must not take the others with it
                self._alone(group, tables, failures, threads)
        runs = sum(unit.last - unit.first for unit in units)
        return Done(number, self.rows.joined(tables), failures, runs)

    def run(self, unit: Unit, keep: str = "totals") -> tuple[Scenario, Output]:
        """Run one unit; raises StageError from whatever went wrong."""
        scenario, _, output = self._simulated([unit], keep, 1)
        return scenario, output

    def _groups(self, units: Sequence[Unit]) -> Iterator[list[Unit]]:
        """Neighbours that share a world."""
        if not units:
            return
        keys = self._structures([unit.point for unit in units])
        edges = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
        bounds = [0, *edges.tolist(), len(units)]
        for first, last in itertools.pairwise(bounds):
            yield list(units[first:last])

    def _together(self, units: Sequence[Unit], threads: int) -> pa.Table:
        _, theta, output = self._simulated(units, "totals", threads)
        try:
            outputs = np.concatenate([output.observables, output.orders], axis=1)
            source = int(self.plan.points[units[0].point, 0])
            return self.rows.of_units(source, units, theta, outputs)
        except Exception as error:
            raise StageError("table") from error

    def _alone(
        self, units: Sequence[Unit], tables: list[pa.Table], failures: list[Failure], threads: int
    ) -> None:
        for unit in units:
            try:
                tables.append(self._together([unit], threads))
            except Exception as error:
                failures.append(self._failure(unit, error))

    def _failure(self, unit: Unit, error: Exception) -> Failure:
        stage, replicate = "table", -1
        if isinstance(error, StageError):
            stage = error.stage
            if stage == "run":
                replicate, error = self._culprit(unit, error)
        cause = error.__cause__ or error
        return Failure(
            unit.number, unit.point, replicate, stage, type(cause).__name__, str(cause),
            "".join(traceback.format_exception(cause)), self.plan.seed,
            self.plan.labels_of(unit.point) | self.plan.values_of(unit.point),
        )  # fmt: skip

    def _culprit(self, unit: Unit, error: Exception) -> tuple[int, Exception]:
        """The first replicate that fails by itself, and how."""
        for number in range(unit.first, unit.last):
            try:
                self.run(Unit(unit.number, unit.point, number, number + 1))
            except StageError as found:
                return number, found
        return -1, error

    def _simulated(
        self, units: Sequence[Unit], keep: str, threads: int
    ) -> tuple[Scenario, Values, Output]:
        try:
            scenario, world = self._world(units[0])
        except Exception as error:
            raise StageError("scenario") from error
        try:
            theta = self._theta(units, scenario)
        except Exception as error:
            raise StageError("draw") from error
        numbers = np.concatenate([np.arange(u.first, u.last) for u in units])
        try:
            output = simulate_block(
                scenario, theta, self.plan.seed, numbers, keep=keep, engine=self.plan.engine,
                threads=threads, world=world, agents=self.agents or None,
            )  # fmt: skip
        except Exception as error:
            raise StageError("run") from error
        return scenario, theta, output

    def _structures(self, points: Sequence[int]) -> Values:
        """What of each point decides its world: its source and the axes that are no parameters."""
        held = [0, *(i for i, axis in enumerate(self.plan.axes, 1) if not axis.is_parameter)]
        return self.plan.points[np.ix_(points, held)]

    def _world(self, unit: Unit) -> tuple[Scenario, Any]:
        key = self._structures([unit.point]).tobytes()
        found = self._worlds.get(key)
        if found is None:
            by_path = {axis.path: axis for axis in self.plan.axes}
            values = self.plan.values_of(unit.point)
            structure = {p: v for p, v in values.items() if not by_path[p].is_parameter}
            scenario = self.plan.source_of(unit.point).changed(structure)
            found = (scenario, build_world(scenario))
            _keep(self._worlds, key, found)
        return found

    def _theta(self, units: Sequence[Unit], scenario: Scenario) -> Values:
        """Parameters of every run: drawn by replicate, then what each point sets over them."""
        priors = tuple(effective_priors(scenario).items())
        spans = {(unit.first, unit.last) for unit in units}
        drawn = {span: self._drawn(scenario, priors, *span) for span in spans}
        blocks = [drawn[unit.first, unit.last] for unit in units]
        theta = np.concatenate(blocks)
        names = vector_names(scenario.leaders)
        counts = [len(block) for block in blocks]
        points = [unit.point for unit in units]
        for i, axis in enumerate(self.plan.axes, start=1):
            if axis.is_parameter and axis.path in names:
                values = axis.column(self.plan.points[points, i])
                theta[:, names.index(axis.path)] = np.repeat(values, counts)
        return theta

    def _drawn(self, scenario: Scenario, priors: Any, first: int, last: int) -> Values:
        key = (priors, first, last)
        found = self._draws.get(key)
        if found is None:
            frame = draw_parameters(scenario, self.plan.seed, range(first, last), self.posterior)
            found = as_vectors(frame)
            _keep(self._draws, key, found)
        return found


def _keep(cache: dict[Any, Any], key: Any, value: Any) -> None:
    """Remember, forgetting the oldest; threads may race, which costs work and nothing else."""
    for old in list(cache)[: max(0, len(cache) - CACHED + 1)]:
        cache.pop(old, None)
    cache[key] = value
