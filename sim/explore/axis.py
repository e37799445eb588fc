"""An axis: one setting that a sweep varies, with its levels or its range."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs import InputError, Problem
from sim.inputs.reader import read_value
from sim.scenario.parameters import STRUCTURAL, Parameter, row_of

EXPECTED = "PATH=LOW:HIGH:N (N values, evenly spaced), PATH=LOW:HIGH, or PATH=A,B,C"
MOST_LEVELS = 100_000
SHOWN = 200


@dataclass(frozen=True)
class Axis:
    """A dotted path, and either its ``levels`` or the range ``low`` to ``high``."""

    path: str
    levels: tuple[Any, ...] = ()
    low: float = math.nan
    high: float = math.nan

    @property
    def is_range(self) -> bool:
        return not self.levels

    @property
    def is_parameter(self) -> bool:
        """Whether it is an entry of the parameter vector: varying it needs no new world."""
        row = self.parameter
        return row is not None and row.name != STRUCTURAL

    @property
    def parameter(self) -> Parameter | None:
        """Its row in the registry, None for a part of the scenario."""
        return parameter_row(self.path)

    @property
    def is_numeric(self) -> bool:
        return self.is_range or all(is_number(level) for level in self.levels)

    def codes_at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Codes at shares ``u`` in [0, 1) of the axis; levels get equal shares."""
        if self.is_range:
            return self.low + (self.high - self.low) * u
        return np.minimum(np.floor(u * len(self.levels)), len(self.levels) - 1)

    def value(self, code: float) -> Any:
        """The value that a code stands for: itself on a range, else the level of that number."""
        return float(code) if self.is_range else self.levels[int(code)]

    def column(self, codes: NDArray[np.float64]) -> list[Any]:
        """Values as a table shows them: numbers, or words where some level is none."""
        if self.is_range:
            return [float(code) for code in codes]
        if self.is_numeric:
            return [float(self.levels[int(code)]) for code in codes]
        return [shown_value(self.levels[int(code)]) for code in codes]

    def described(self) -> dict[str, Any]:
        """As it stands in a plan."""
        if self.is_range:
            return {"path": self.path, "low": self.low, "high": self.high}
        return {"path": self.path, "levels": list(self.levels)}


def axis_from(described: dict[str, Any]) -> Axis:
    """The inverse of `Axis.described`."""
    if "levels" in described:
        return Axis(described["path"], tuple(described["levels"]))
    return Axis(described["path"], (), described["low"], described["high"])


def parameter_row(path: str) -> Parameter | None:
    """The registry row that a path names, or None."""
    try:
        return row_of(path)
    except KeyError:
        return None


def unit_of_path(path: str) -> str:
    """Unit of what a path sets, '-' where it has none."""
    row = parameter_row(path)
    if row is not None:
        return row.unit
    last = path.rpartition(".")[2]
    known = {"hostility": "0 to 1", "fighters": "fighters", "authority": "0 to 1"}
    return "h" if last.endswith("_h") else known.get(last, "-")


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shown_value(value: Any) -> str:
    """A level that is no number, as a table shows it; distinct for distinct levels."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_axes(texts: Sequence[str]) -> list[Axis]:
    """Axes of ``--vary`` texts.

    Raises:
        InputError: all texts that cannot be read.
    """
    axes: list[Axis] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            axis = _axis(text)
            if any(axis.path == other.path for other in axes):
                raise ValueError(f"'{axis.path}' is varied twice")
            axes.append(axis)
        except ValueError as error:
            problems.append(Problem(f"--vary {shown_text(text)}", None, None, str(error), EXPECTED))
    if problems:
        raise InputError(problems)
    return axes


def shown_text(text: str) -> str:
    """What was typed, cut where it is longer than anybody would read again."""
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def _axis(text: str) -> Axis:
    path, equals, values = (part.strip() for part in text.partition("="))
    path = path.removeprefix("parameters.")
    if not equals or not path or not values:
        raise ValueError("not a setting with values")
    pieces = values.split(":")
    if len(pieces) in (2, 3) and "," not in values and all(_reads_as_number(p) for p in pieces):
        low, high = float(pieces[0]), float(pieces[1])
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise ValueError("the range is empty")
        if len(pieces) == 2:
            return Axis(path, (), low, high)
        if not pieces[2].strip().isdigit() or not 2 <= int(pieces[2]) <= MOST_LEVELS:
            raise ValueError(f"'{pieces[2]}' is no number of values from 2 to {MOST_LEVELS}")
        return Axis(path, tuple(_even(low, high, int(pieces[2]))))
    try:
        levels = read_value(f"[{values}]")
    except ValueError as error:
        raise ValueError(f"the values cannot be read: {error}") from None
    return levels_axis(path, levels)


def levels_axis(path: str, levels: Sequence[Any]) -> Axis:
    """An axis of levels; raises ValueError where one stands twice or is not finite."""
    plain = [_plain(level) for level in levels]
    if not plain:
        raise ValueError("no values")
    if any(isinstance(level, float) and not math.isfinite(level) for level in plain):
        raise ValueError("a value is not finite")
    if len({shown_value(level) for level in plain}) != len(plain):
        raise ValueError("a value stands twice")
    return Axis(path, tuple(plain))


def _even(low: float, high: float, count: int) -> list[float]:
    """Evenly spaced and free of binary dust, so that 0.3:1:15 names the values that one expects."""
    return [float(f"{x:.12g}") for x in np.linspace(low, high, count)]


def _plain(value: Any) -> Any:
    """A YAML value as JSON can hold it: dates as ISO 8601 text."""
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
