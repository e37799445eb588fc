"""Reading what users write: YAML with positions, and problems that say file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.inputs.document import Document
from sim.inputs.problems import InputError, Problem, nearest
from sim.inputs.reader import read_yaml
from sim.inputs.syntax import odd_kind

if TYPE_CHECKING:
    from sim.inputs.conformance import validate

__all__ = ["Document", "InputError", "Problem", "nearest", "odd_kind", "read_yaml", "validate"]


def __getattr__(name: str) -> Any:
    if name != "validate":  # the one name that needs pydantic, which help does not
        raise AttributeError(f"module 'sim.inputs' has no attribute {name!r}")
    from sim.inputs.conformance import validate

    return validate
