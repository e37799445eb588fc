"""The command line: one file per command, and one place where errors become exit codes."""

from __future__ import annotations

from sim.cli.entry import main

__all__ = ["main"]
