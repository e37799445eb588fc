"""Reading what users write: YAML with positions, and problems that say file, line and column."""

from __future__ import annotations

from sim.inputs.document import Document
from sim.inputs.nearest import nearest
from sim.inputs.problems import InputError, Problem
from sim.inputs.reader import read_yaml
from sim.inputs.source import odd_kind
from sim.inputs.validation import validate

__all__ = ["Document", "InputError", "Problem", "nearest", "odd_kind", "read_yaml", "validate"]
