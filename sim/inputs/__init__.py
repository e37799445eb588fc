"""Reading what users write: YAML with positions, and problems that say file, line and column."""

from __future__ import annotations

from sim.inputs.conformance import validate
from sim.inputs.document import Document
from sim.inputs.problems import InputError, Problem, nearest
from sim.inputs.reader import read_yaml
from sim.inputs.syntax import odd_kind

__all__ = ["Document", "InputError", "Problem", "nearest", "odd_kind", "read_yaml", "validate"]
