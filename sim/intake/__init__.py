"""Bringing one's own conflict: event tables in, a first scenario, priors from counts."""

from __future__ import annotations

from sim.intake.hawkes import HawkesFit, fit_hawkes, simulate_hawkes
from sim.intake.importing import FORMATS, import_events, read_events
from sim.intake.profile import Profile, profile
from sim.intake.report import ImportReport
from sim.intake.selection import Selection

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
