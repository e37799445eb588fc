"""Which parameters a command draws: a posterior file, the shipped reference, or the priors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sim.ensemble.parameter_draws import parameters_line

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
        return None, parameters_line(None, "as asked for")
    if given is not None:
        return read_posterior(given), parameters_line(given, "as asked for")
    reference = reference_for(scenario)
    if reference.path is None:
        return None, parameters_line(None, reference.why)
    here, path = Path.cwd(), reference.path
    shown = str(path.relative_to(here) if path.is_relative_to(here) else path)
    return read_posterior(shown), parameters_line(shown, reference.why)


def defaulted_line(given: str | None) -> str:
    """The line of a command that takes the priors unless a file is given."""
    return parameters_line(given, "by default" if given is None else "as asked for")
