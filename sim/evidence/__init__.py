"""What was reported: coded statements, their conflicts, the timeline read from them, the ladder."""

from __future__ import annotations

from sim.evidence.article import Article, Citation
from sim.evidence.body import Evidence
from sim.evidence.conflict import Alternative, Conflict
from sim.evidence.curve import ReportedCurve, reported_curve
from sim.evidence.event import Event
from sim.evidence.form import Window
from sim.evidence.ladder import ladder, severity
from sim.evidence.library import load_evidence
from sim.evidence.quantity import Quantity
from sim.evidence.reading import Reading, reading
from sim.evidence.registry import Actor, Place
from sim.evidence.statement import Attribution, Plover, Statement
from sim.evidence.timeline import timeline
from sim.evidence.toll import running_toll
from sim.evidence.verify import Verification, verify

__all__ = [
    "Actor",
    "Alternative",
    "Article",
    "Attribution",
    "Citation",
    "Conflict",
    "Event",
    "Evidence",
    "Place",
    "Plover",
    "Quantity",
    "Reading",
    "ReportedCurve",
    "Statement",
    "Verification",
    "Window",
    "ladder",
    "load_evidence",
    "reading",
    "reported_curve",
    "running_toll",
    "severity",
    "timeline",
    "verify",
]
