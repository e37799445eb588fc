"""The command ``episodes forecast``: draws of what follows, for some episodes."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli.kept_worlds import add_worlds, model_families
from sim.cli.options import add_seed

NAME = "forecast"
SUMMARY = "forecast what follows an episode, as draws, from other conflicts"
EPILOG = """\
examples:
  python run.py episodes forecast LIBRARY --id o-1a2b3c4d5e
  python run.py episodes forecast LIBRARY --episodes NEW --to-file draws.parquet

An order: dead on days 1-14, given all up to and with day 0; a burst: days 7-20, given days up to 6.
Days after these are not looked at, if the tables hold them at all. Prints quantiles of every
forecaster; --to-file writes draws by day (columns forecast, episode_id, draw, day, dead)."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", help="folder of a library")
    parser.add_argument(
        "--id",
        metavar="ID",
        action="append",
        default=[],
        dest="ids",
        help="an episode of the library; repeatable",
    )
    parser.add_argument(
        "--episodes",
        metavar="FOLDER_OR_FILE",
        help="other episodes in the same columns (default: none)",
    )
    add_worlds(parser)
    add_seed(parser)
    parser.add_argument(
        "--to-file", metavar="FILE", help="draws to write, .parquet or .csv (default: none)"
    )


def execute(options: argparse.Namespace) -> int:
    """Forecast, print, write."""
    import numpy as np
    import pandas as pd

    from sim.episodes.crossvalidation import forecast_new
    from sim.episodes.draws_file import draws_table
    from sim.episodes.episode_library import load_library
    from sim.episodes.features import features
    from sim.episodes.forecasters import FAMILIES, LEARNING, Known
    from sim.episodes.siblings import find
    from sim.episodes.task import TASKS
    from sim.inputs import InputError, Problem

    library = load_library(options.library)
    if bool(options.ids) == bool(options.episodes):
        raise InputError(
            [
                Problem(
                    "episodes forecast",
                    None,
                    None,
                    "say which episodes to forecast",
                    "--id ID or --episodes FILE",
                )
            ]
        )
    source = load_library(options.episodes) if options.episodes else library
    for name in options.ids:
        find(library, name)
    tables = []
    model = model_families(options, library)
    for kind, task in TASKS.items():
        panel = source.panel(kind)
        chosen = (
            panel.table["episode_id"].isin(options.ids)
            if options.ids
            else panel.table["kind"].notna()
        ).to_numpy()
        if not chosen.any():
            continue
        # the past of a dyad is seen in the whole source, the forecast is made for the chosen
        table = features(panel, task, source.orders)
        new = Known(panel.chosen(chosen), table[chosen].reset_index(drop=True))
        donors = library.panel(kind)
        known = Known(donors, features(donors, task, library.orders)).chosen(task.scored(donors))
        found = forecast_new(
            new, known, task, options.seed, (*FAMILIES, *model), (*LEARNING, *model)
        )
        print(
            f"{kind}: dead on days {task.first} to {task.last}, quantiles "
            + ", ".join(f"{level:.0%}" for level in LEVELS)
        )
        for row, about in enumerate(new.panel.table.to_dict("records")):
            print(f"{about['episode_id']}  {about['day0']}  {about['side_a']} - {about['side_b']}")
            for name, one in found.by_name.items():
                quantiles = np.quantile(one.total[row], LEVELS)
                print(f"  {name:24}" + "".join(f"{q:8.0f}" for q in quantiles))
        tables += [draws_table(one, new.panel, task) for one in found.by_name.values()]
    if options.to_file:
        path, whole = Path(options.to_file), pd.concat(tables, ignore_index=True)
        if path.suffix == ".parquet":
            whole.to_parquet(path, index=False)
        else:
            whole.to_csv(path, index=False, lineterminator="\n")
        print(f"written: {path}")
    return 0
