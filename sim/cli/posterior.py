"""Which parameters a command draws: a posterior file, the shipped reference, or the priors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

PRIOR = "prior"


def add_posterior(parser: argparse.ArgumentParser) -> None:
    """The option --posterior, the same for every command that draws parameters."""
    parser.add_argument(
        "--posterior", metavar="FILE",
        help=f"Parquet file of weighted draws that 'calibrate' wrote, or '{PRIOR}' for the "
        "scenario's priors (default: the reference posterior shipped for this very scenario and "
        "model, else the priors)",
    )  # fmt: skip


def chosen_posterior(given: str | None, scenario: Any) -> tuple[Any, str]:
    """The posterior to draw from, None for the priors, and the line that says which.

    ``scenario``: as its file stands, before any variant or setting. Raises InputError for a file
    that is no posterior.
    """
    from sim.calibrate.reference import reference_for
    from sim.ensemble import read_posterior

    if given == PRIOR:
        return None, "parameters: the scenario's priors, as asked for"
    if given is not None:
        return read_posterior(given), f"parameters: the posterior {given}"
    reference = reference_for(scenario)
    if reference.path is None:
        return None, reference.line
    here = Path.cwd()
    path = (
        reference.path.relative_to(here)
        if reference.path.is_relative_to(here)
        else (reference.path)
    )
    return read_posterior(str(path)), reference.line
