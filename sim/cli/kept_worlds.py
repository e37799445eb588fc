"""The simulated worlds of the episode commands: asked for, kept between commands, gone on from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.options import whole_number

if TYPE_CHECKING:
    from sim.episodes.episode_library import Library
    from sim.episodes.world_bank import WorldBank

WORLDS = 51_200
MOST_WORLDS = 5_000_000


def add_worlds(parser: argparse.ArgumentParser, worlds: int = WORLDS) -> None:
    """Options that say how many worlds are simulated, and where they are kept."""
    parser.add_argument(
        "--worlds",
        metavar="N",
        type=whole_number(0, MOST_WORLDS),
        default=worlds,
        help=f"simulated worlds for the model's own row; 0: no such row (default {worlds})",
    )
    parser.add_argument(
        "--bank",
        metavar="FOLDER",
        help="where simulated worlds are kept (default: the user's cache folder)",
    )


def worlds_of(options: argparse.Namespace, seed: int = 1) -> WorldBank:
    """The worlds asked for: read where they are kept, simulated where they are not."""
    from sim.cli.progress import progress_bar
    from sim.episodes.world_bank import build_worlds
    from sim.model.cache import cache_root

    folder = Path(options.bank) if options.bank else cache_root()
    with progress_bar(options.worlds, "worlds") as advance:
        return build_worlds(
            options.worlds, seed, folder, getattr(options, "threads", None), advance
        )


def model_families(options: argparse.Namespace, library: Library) -> tuple[Any, ...]:
    """The model as a family of forecasters, or nothing where no world is asked for."""
    from sim.episodes.fitting import order_free_of
    from sim.episodes.model_forecast import ModelForecaster

    if not options.worlds:
        return ()
    return (ModelForecaster(worlds_of(options), library.orders, order_free_of(library)),)
