"""What was reported: coded statements, their conflicts, the timeline read from them, the ladder."""

from __future__ import annotations

from sim.evidence.body import Evidence
from sim.evidence.conflict import Account, Conflict
from sim.evidence.form import TimeWindow
from sim.evidence.ladder import ladder, severity
from sim.evidence.library import load_evidence
from sim.evidence.merging import MergedReading, reading
from sim.evidence.registry import Actor, Event, PlaceEntry
from sim.evidence.statement import Article, Attribution, Citation, Plover, Quantity, Statement
from sim.evidence.timeline import timeline
from sim.evidence.toll import ReportedCurve, reported_curve, running_toll
from sim.evidence.verify import Verification, verify

__all__ = [
    "Account",
    "Actor",
    "Article",
    "Attribution",
    "Citation",
    "Conflict",
    "Event",
    "Evidence",
    "MergedReading",
    "PlaceEntry",
    "Plover",
    "Quantity",
    "ReportedCurve",
    "Statement",
    "TimeWindow",
    "Verification",
    "ladder",
    "load_evidence",
    "reading",
    "reported_curve",
    "running_toll",
    "severity",
    "timeline",
    "verify",
]
