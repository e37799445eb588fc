"""Exploring a scenario: what-ifs on common random numbers, sweeps and sensitivity."""

from __future__ import annotations

from sim.explore.whatif import WhatIf, what_if

__all__ = ["WhatIf", "what_if"]
