"""Bringing one's own conflict: event tables in, a first scenario, priors from counts."""

from __future__ import annotations

from sim.intake.priors.hawkes import HawkesFit, fit_hawkes, simulate_hawkes
from sim.intake.priors.profile import Profile, profile
from sim.intake.tables.importer import FORMATS, import_events, read_events
from sim.intake.tables.report import ImportReport
from sim.intake.tables.selection import Selection

__all__ = [
    "FORMATS",
    "HawkesFit",
    "ImportReport",
    "Profile",
    "Selection",
    "fit_hawkes",
    "import_events",
    "profile",
    "read_events",
    "simulate_hawkes",
]
