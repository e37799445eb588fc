"""`timeline` prints every coded event with its statements, within the width of a terminal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from made_up import TWO_FACTIONS

from sim.cli import main
from sim.evidence import load_evidence

ROOT = Path(__file__).parents[1]
SEEDS = str(ROOT / "seeds")


def test_every_event_stands_in_it_with_its_statements(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "timeline.csv"
    assert main(["timeline", "--seeds", SEEDS, "--csv", str(table)]) == 0
    text = capsys.readouterr().out
    evidence = load_evidence(SEEDS)
    flat = " ".join(text.split())
    for event in evidence.events.values():
        assert event.title in flat
    for statement in evidence.statements.values():
        assert statement.event is None or statement.id in text
    assert max(map(len, text.splitlines())) <= 100
    assert len(pd.read_csv(table)) == len(evidence.events)


def test_number_that_nobody_gave_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timeline", "--seeds", SEEDS]) == 0
    assert "nan" not in capsys.readouterr().out.lower().split()


def test_scenario_without_evidence_takes_the_seeds_of_its_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # the made-up episode lies years after everything that was reported
    assert main(["timeline", TWO_FACTIONS, "--seeds", SEEDS]) == 0
    assert capsys.readouterr().out.strip() == "0 events, 0 statements"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["timeline", "--seeds", "absent"], "there is no such folder"),
        (["timeline", "--seeds", SEEDS, "--articles", "absent"], "not a folder"),
        (["timeline", "absent.yaml"], "absent.yaml"),
    ],
)
def test_what_is_not_there_is_exit_code_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_text_that_is_not_the_one_coded_fails_verification(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    article = next(a for a in load_evidence(SEEDS).articles.values() if a.citation.file)
    (tmp_path / Path(str(article.citation.file)).name).write_text("Another text.")
    assert main(["timeline", "--seeds", SEEDS, "--articles", str(tmp_path)]) == 1
    output = capsys.readouterr()
    assert f"{article.id}: checksum" in output.err
    assert "no text found for" in output.out


@pytest.mark.parametrize("name", ["t.exe", "t", "t.png.txt"])
def test_a_figure_in_no_known_format_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    words = ["--csv", str(tmp_path / "t.csv"), "--figure", str(tmp_path / name)]
    assert main(["timeline", "--seeds", SEEDS, *words]) == 2
    assert "the ending names no format; expected one of .png, .svg, .pdf" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
