"""The command ``episodes show``: one episode with its order and its nearest siblings."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli.options import whole_number

NAME = "show"
SUMMARY = "one episode with its order and its nearest siblings, as a table and a figure"
EPILOG = """\
examples:
  python run.py episodes show docs/examples/invented_episodes o-1a2b3c4d5e
  python run.py episodes show LIBRARY ID --siblings 8 --to-file episode.png

Siblings are the episodes of other conflicts whose days up to the forecast look most alike."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", help="folder of a library")
    parser.add_argument("episode", metavar="ID", help="id of an episode, as 'list' prints it")
    parser.add_argument(
        "--siblings",
        metavar="N",
        type=whole_number(0, 20),
        default=4,
        help="how many siblings (default 4)",
    )
    parser.add_argument("--to-file", metavar="PNG", help="figure to write (default: ID.png)")


def execute(options: argparse.Namespace) -> int:
    """Find, print, draw."""
    from sim.episodes.episode_library import load_library
    from sim.episodes.siblings import described, find, siblings
    from sim.inputs.problems import printable
    from sim.show.figures.episodes_figures import episode_figure

    library = load_library(options.library)
    panel, row, task = find(library, options.episode)
    near = siblings(panel, row, task, options.siblings)
    for line in described(panel, [row, *near], task):
        print(printable(line))
    if library.orders is not None:
        order = library.orders[library.orders["order_id"] == panel.table["order_id"].iloc[row]]
        for one in order.to_dict("records"):
            print(
                printable(
                    f"order {one['order_id']}: declared {one['declared']}, in effect "
                    f"{one['effective']}, {one['side']}, by {one['declared_by']}"
                )
            )
    path = episode_figure(panel, row, near, Path(options.to_file or f"{options.episode}.png"))
    print(f"written: {path}")
    return 0
