"""Bringing one's own conflict: event tables in, a first scenario, priors from counts."""

from __future__ import annotations

from sim.intake.hawkes import HawkesFit, fit_hawkes, simulate_hawkes
from sim.intake.profile import Profile, profile

__all__ = ["HawkesFit", "Profile", "fit_hawkes", "profile", "simulate_hawkes"]
