"""What comes with the program: scenarios, the reports they were coded from, posteriors.

In a clone they stand where its reader looks for them; in an installed package they are its data.
"""

from __future__ import annotations

from pathlib import Path

_ABOVE = Path(__file__).resolve().parents[2]
IS_CLONE = (_ABOVE / "run.py").is_file() and (_ABOVE / "scenarios").is_dir()
_INSTALLED = _ABOVE / "standdown" / "shipped"

SCENARIOS = _ABOVE / "scenarios" if IS_CLONE else _INSTALLED / "scenarios"
SEEDS = _ABOVE / "seeds" if IS_CLONE else _INSTALLED / "seeds"
REFERENCE = _ABOVE / "results" / "reference" if IS_CLONE else _INSTALLED / "reference"
