"""The command ``episodes score``: forecasts of held-out conflicts, beside what was reported."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sim.cli.kept_worlds import add_worlds, model_families
from sim.cli.options import add_seed, word_of

NAME = "score"
SUMMARY = "forecast episodes from other conflicts and score the forecasts"
EPILOG = """\
examples:
  python run.py episodes score LIBRARY --kind order
  python run.py episodes score LIBRARY --episodes NEW/episodes.csv
  python run.py episodes score LIBRARY --draws model.parquet --to-folder results/episodes

Without --episodes: ten folds by conflict. With it, the episodes of another folder are forecast from
the whole library, but for the conflicts that are in both. Orders: days 1-14, given all up to and
with day 0; bursts: days 7-20, given days up to 6 (state-based ones with three events on days 0 to
7, as in the published scores). CRPS of log(1 + dead), log score in bits, Brier score of any death,
share held by the 50 and 90 % intervals; intervals of differences by bootstrap over conflicts.
The model's row: simulated worlds whose days before were like these, kept for the next command.
--draws adds a model's own draws (columns episode_id, draw, day, dead) to the table and the stack.
written with --to-folder: scores.json and figures."""

KINDS = ("order", "burst", "local")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", help="folder of a library")
    parser.add_argument(
        "--episodes",
        metavar="FOLDER_OR_FILE",
        help="episodes to forecast (default: the library's own, in folds)",
    )
    parser.add_argument(
        "--kind",
        metavar="KIND",
        type=word_of(KINDS),
        action="append",
        help="order, burst or local; repeatable (default: all three)",
    )
    parser.add_argument(
        "--draws", metavar="FILE", help="a model's draws, CSV or Parquet (default: none)"
    )
    add_worlds(parser, 204_800)  # as many as the figures of docs/episodes.md rest on
    add_seed(parser)
    parser.add_argument(
        "--to-folder",
        metavar="FOLDER",
        help="new folder for scores.json and figures (default: none)",
    )


def execute(options: argparse.Namespace) -> int:
    """Forecast, score, print, write."""
    import pandas as pd

    from sim.ensemble.folder import whole_folder
    from sim.episodes.crossvalidation import cross_validate, forecast_new, known_of
    from sim.episodes.draws_file import read_draws
    from sim.episodes.episode_library import Library, load_library
    from sim.episodes.forecasters import FAMILIES, LEARNING
    from sim.episodes.scorecard import lines, score
    from sim.episodes.task import TASKS
    from sim.inputs import InputError, Problem
    from sim.show.figures.episodes_figures import score_figures

    if options.to_folder and Path(options.to_folder).exists():
        raise InputError(
            [
                Problem(
                    options.to_folder,
                    None,
                    None,
                    "there is such a folder already",
                    "another --to-folder; nothing is overwritten",
                )
            ]
        )
    library = load_library(options.library)
    new = load_library(options.episodes) if options.episodes else None

    def orders_of(source: Library) -> pd.DataFrame | None:
        """Its own table of orders; without one the library's, where the same orders may stand."""
        return source.orders if source.orders is not None else library.orders

    cards = []
    model = model_families(options, library)
    families, learning = (*FAMILIES, *model), (*LEARNING, *model)
    for kind in dict.fromkeys(options.kind or KINDS):
        task = TASKS[kind]
        known = known_of(library.panel(kind), task, library.orders)
        test = known if new is None else known_of(new.panel(kind), task, orders_of(new))
        if not len(test.panel) or known.panel.table["conflict"].nunique() < 3:
            print(f"{kind}: too few episodes to forecast")
            continue
        extra = {}
        if options.draws:
            drawn = read_draws(Path(options.draws), test.panel, task)
            extra[drawn.name] = drawn
        if new is None:
            forecasts = cross_validate(
                known,
                task,
                options.seed,
                families,
                learning,
                extra=extra,
                told=lambda what: print(f"... {what}", file=sys.stderr),
            )
        else:
            forecasts = forecast_new(
                test, known, task, options.seed, families, learning, extra=extra
            )
        cards.append(score(forecasts))
        print("\n".join(lines(cards[-1])), end="\n\n")
    if options.to_folder:
        with whole_folder(Path(options.to_folder)) as folder:
            document = {
                card.kind: {
                    "totals": card.totals.to_dict("records"),
                    "paths": card.paths.to_dict("records"),
                    "weights": card.weights,
                }
                for card in cards
            }
            text = json.dumps(document, indent=1)
            (folder / "scores.json").write_text(text + "\n", encoding="utf-8")
            score_figures(cards, folder)
        print(f"written: {options.to_folder}")
    return 0
