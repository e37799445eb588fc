"""The command ``episodes list``: what a library holds."""

from __future__ import annotations

import argparse

from sim.cli.options import word_of

NAME = "list"
SUMMARY = "what a library holds: kinds, countries, conflicts, episodes"
EPILOG = """\
examples:
  python run.py episodes list docs/examples/invented_episodes
  python run.py episodes list LIBRARY --kind order --match "Hill Council"

Without --match it counts by country; with it, one line per episode whose dyad, country or conflict
holds the text: id, day 0, dyad, dead before and after."""

KINDS = ("burst", "local", "order")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", help="folder of a library")
    parser.add_argument(
        "--kind", metavar="KIND", type=word_of(KINDS), help="burst, local or order (default: all)"
    )
    parser.add_argument("--match", metavar="TEXT", help="only these, one by one (default: count)")


def execute(options: argparse.Namespace) -> int:
    """Read and print."""
    from sim.episodes.episode_library import load_library
    from sim.episodes.listing import counted, matching
    from sim.inputs import InputError, Problem

    library = load_library(options.library)
    if options.match is None:
        lines = counted(library, options.kind)
    else:
        lines = matching(library, options.match, options.kind)
        if not lines:
            raise InputError(
                [
                    Problem(
                        options.library,
                        None,
                        None,
                        f"no episode's dyad holds '{options.match}'",
                        "a part of a dyad, country or conflict, as 'episodes list' names them",
                    )
                ]
            )
    print("\n".join(lines))
    return 0
