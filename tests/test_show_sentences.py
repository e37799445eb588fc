"""First screens: one sentence of what was found, the table, one caveat; CSVs that run nothing."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.cli.compare_models_command import _write, models_sentence, models_table
from sim.scenario.vocabulary import Statistic
from sim.show.reports.sensitivity_report import caveat as chance_caveat
from sim.show.reports.sensitivity_report import lead, sensitivity_table
from sim.show.reports.sweep_report import largest_moves, moves_sentence
from sim.show.reports.validation_report import caveat, validation_table


def models(**against: str) -> pd.DataFrame:
    rows = [("as written", "=HYPERLINK(1)", 1.0, "best")]
    rows += [(name, f"@{name}", 0.1, verdict) for name, verdict in against.items()]
    table = pd.DataFrame(rows, columns=["model", "title", "ratio", "verdict"])
    return table.assign(low=0.5, high=2.0, accepted=500.0, same_bank=math.nan, widened=0.0)


def test_compare_models_says_in_a_sentence_what_the_reports_speak_against() -> None:
    said = models_sentence(models(calm="reports speak against it", other="cannot tell"))
    assert said.endswith("most probable under “as written”; the reports speak against calm")
    assert "no other account can be told" in models_sentence(models(other="cannot tell"))
    lines = models_table(models(), "Harbour", 80).splitlines()
    assert lines[0].startswith("Harbour: what was reported") and max(map(len, lines)) <= 80
    assert any(line.startswith("caveat: ") for line in lines[-3:])


def test_no_cell_of_a_models_table_runs_in_a_spreadsheet(tmp_path: Path) -> None:
    _write(models(calm="cannot tell"), tmp_path / "m.csv")
    rows = list(csv.DictReader((tmp_path / "m.csv").open(encoding="utf-8")))
    assert [row["title"] for row in rows] == ["'=HYPERLINK(1)", "'@calm"]


def found_of(total: float) -> Any:
    columns = ["output", "factor", "first", "first_low", "first_high", "total", "total_low",
               "total_high"]  # fmt: skip
    rows = [("dead", "mood", 0.5, 0.4, 0.6, total, total - 0.1, total + 0.1),
            ("dead", "reach", 0.0, 0.0, 0.0, 0.01, 0.0, 0.02)]  # fmt: skip
    screening = pd.DataFrame(
        [("dead", "mood", 3.0), ("dead", "reach", 0.1)], columns=["output", "factor", "mu_star"]
    )
    return SimpleNamespace(
        variance=pd.DataFrame(rows, columns=columns), screening=screening,
        noise=pd.DataFrame({"output": ["dead"], "process": [0.88], "left": [0.1]}),
        assumptions=screening.assign(confidence=9.0).head(0), titles={"dead": "Dead"},
    )  # fmt: skip


def test_sensitivity_names_the_strongest_and_the_idle_and_how_much_is_chance() -> None:
    found = found_of(0.7)
    assert lead(found) == (
        "Strongest for most of what is observed: mood (1 of 1); nothing observed depends much on "
        "reach"
    )
    assert "up to 88 %" in chance_caveat(found)
    lines = sensitivity_table(found, 80).splitlines()
    assert any(line.startswith("Dead") and "mood 0.70" in line for line in lines)
    assert max(map(len, lines)) <= 80
    assert lead(found_of(0.1)) == "No parameter can be told from chance"


def test_sweep_says_where_the_median_moves_and_never_the_mean_of_a_skewed_toll() -> None:
    columns = ["axis", "step", "observable", "mean", "q50"]
    rows = [("mood", "0.3", "dead", 34.0, 5.0), ("mood", "1", "dead", 21.0, 8.5),
            ("mood", "0.3", "any", 0.2, 0.0), ("mood", "1", "any", 0.9, 1.0)]  # fmt: skip
    known = {
        "dead": SimpleNamespace(title="Dead", statistic=Statistic.TOTAL),
        "any": SimpleNamespace(title="Any clash", statistic=Statistic.ANY),
    }
    moves = largest_moves(pd.DataFrame(rows, columns=columns), known)
    assert moves_sentence(moves) == "Dead moves most along mood: median from 5 at 0.3 to 8.5 at 1"
    assert moves[1]["what"] == "share of yes" and moves[1]["low"] == "0.2 at 0.3"
    assert moves_sentence([]).startswith("Nothing that is observed moves")


@pytest.mark.parametrize(("log", "said"), [("cannot tell", True), ("worse", False)])
def test_validate_names_a_loss_that_only_the_other_score_shows(log: str, said: bool) -> None:
    base = {"trial": "fitted on a", "mode": "conditional", "group": "held out", "rival": "prior"}
    skills = pd.DataFrame(
        [
            base
            | {"score": "log_score", "verdict": log, "n": 9, "gain": 0.1, "low": -1, "high": 1},
            base
            | {
                "score": "crps_scaled",
                "verdict": "worse",
                "n": 9,
                "gain": -0.3,
                "low": -0.8,
                "high": -0.1,
            },
        ]
    )
    words = "on CRPS the model is worse than this model with its prior (held out)"
    assert (words in caveat(skills)) == said
    means = pd.DataFrame(columns=["trial", "mode", "group", "forecast", "n"])
    lines = validation_table(skills, means, 80, ["The model cannot give these data"]).splitlines()
    assert lines[0] == "The model cannot give these data"
    assert max(map(len, lines)) <= 80 and any(line.startswith("caveat: ") for line in lines)
