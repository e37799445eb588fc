"""Standdown: simulate how a conflict escalates and how it stands down, and compare with reports."""

from __future__ import annotations

__version__ = "0.1.0"
