"""The command group ``episodes``: libraries of reported episodes."""

from __future__ import annotations

import argparse

from sim.cli import (
    episodes_cut,
    episodes_facts,
    episodes_fit,
    episodes_forecast,
    episodes_list,
    episodes_orders,
    episodes_score,
    episodes_show,
)

NAME = "episodes"
SUMMARY = "libraries of reported episodes: what they teach, what they forecast"
EPILOG = """\
examples:
  python run.py episodes list docs/examples/invented_episodes
  python run.py episodes cut GEDEvent.csv --orders orders.csv --to-folder libraries/mine
  python run.py episodes score libraries/mine --kind order

'python run.py episodes WHAT --help' explains each. docs/episodes.md says where the data are
published and what was learned from them."""

PARTS = (
    episodes_list,
    episodes_show,
    episodes_cut,
    episodes_forecast,
    episodes_score,
    episodes_orders,
    episodes_facts,
    episodes_fit,
)
"""Each a module with NAME, SUMMARY, EPILOG, ``add_arguments(parser)``, ``execute(options)``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One parser for each part."""
    parts = parser.add_subparsers(title="what", metavar="WHAT", dest="what", required=True)
    for module in PARTS:
        one = parts.add_parser(
            module.NAME, help=module.SUMMARY, description=module.SUMMARY, epilog=module.EPILOG
        )
        module.add_arguments(one)


def execute(options: argparse.Namespace) -> int:
    """Hand over to the part that was named."""
    return next(module for module in PARTS if options.what == module.NAME).execute(options)
