"""One row of the registry: a number of the model with its unit, prior, range and source."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.priors import Prior


@dataclass(frozen=True)
class Parameter:
    """One number of the model.

    ``role`` is ``free`` (has a prior, can be calibrated) or ``assumption`` (declared, with a range
    for the sensitivity run). ``low`` and ``high`` bound what a scenario may set. A mechanism is
    out of the model at the value ``off`` of its first number; its other numbers name that one as
    what they ``need``, and do nothing without it.
    """

    name: str
    symbol: str
    unit: str
    role: str
    prior: Prior
    low: float
    high: float
    meaning: str
    source: str
    sensitivity: tuple[float, float] | None = None
    per_leader: bool = False
    off: float | None = None
    needs: str = ""
