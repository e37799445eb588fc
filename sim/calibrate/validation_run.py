"""A validation from its scenarios' files to its scores: frozen first, scored only then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.calibrate.bank_store import BankStore
from sim.calibrate.calibration_run import load_all
from sim.calibrate.scoring import mean_scores, skill_table
from sim.calibrate.validation import freeze, predictions, score, thaw, trials_of
from sim.model.own_rules import Rules
from sim.scenario import LoadedScenario

SIMULATIONS = 100_000


@dataclass(frozen=True, repr=False)
class ValidationRun:
    """Predictions of what was held out, and what they scored.

    Attributes:
        loaded: the scenarios by name; the first was fitted alone.
        simulations, seed: what the banks were drawn with.
        frozen: the predictions' file, as it was before any held-out fact was looked at.
        scores: one row per prediction and fact, see `sim.calibrate.validation.score`.
        refused: a sentence for each trial whose fitted facts the model cannot give; its
            predictions are as wide as its prior, nearly.
    """

    loaded: dict[str, LoadedScenario]
    simulations: int
    seed: int
    frozen: bytes
    scores: pd.DataFrame
    refused: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the frozen predictions, 64 hex digits."""
        return hashlib.sha256(self.frozen).hexdigest()

    @property
    def skills(self) -> pd.DataFrame:
        """The model beside each baseline, see `sim.calibrate.scoring.skill_table`."""
        return skill_table(self.scores)

    @property
    def means(self) -> pd.DataFrame:
        """Mean scores of each forecast, see `sim.calibrate.scoring.mean_scores`."""
        return mean_scores(self.scores)

    def __repr__(self) -> str:
        return f"ValidationRun of {', '.join(self.loaded)}: {len(self.scores)} scores"


def validate_files(
    paths: Sequence[str | Path],
    simulations: int = SIMULATIONS,
    seed: int = 1,
    *,
    threads: int | None = None,
    say: Callable[[str], None] = lambda _: None,
    frozen: Callable[[str], None] = lambda _: None,
    store: BankStore | None = None,
    rules: Rules | None = None,
) -> ValidationRun:
    """Predict, freeze and score as the command ``validate`` does, without writing a result.

    ``simulations``: of each scenario in each bank. ``say`` is told of each step, ``frozen`` of the
    predictions' SHA-256 before anything is scored. ``store`` keeps the simulations. ``rules``: a
    file of the user's own that the scenarios run under.

    Raises:
        InputError: a scenario cannot be used.
    """
    loaded = load_all(paths, rules)
    trials = trials_of(list(loaded))
    refused: list[str] = []
    data = freeze(
        predictions(loaded, trials, simulations, seed, threads, say, store, refused.append)
    )
    frozen(hashlib.sha256(data).hexdigest())
    scores = score(thaw(data), loaded, trials)
    return ValidationRun(loaded, simulations, seed, data, scores, tuple(refused))
