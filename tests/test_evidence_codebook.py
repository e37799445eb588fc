"""The codebook: its example is sound and its tables say what the code does."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import get_args

import pytest

from sim.evidence import load_evidence, reading, severity, timeline, verify
from sim.evidence.phrases import VERBAL
from sim.evidence.statement import Hedging, Kind, Measure, SourceClass

CODEBOOK = (Path(__file__).parent.parent / "docs" / "codebook.md").read_text(encoding="utf-8")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The codebook's example as a folder of seeds, its text beside it."""
    article = re.search(r"An invented text.*?\n\n((?:>.*\n)+)", CODEBOOK)
    assert article is not None
    text = re.sub(r"^> ?", "", article[1], flags=re.MULTILINE)
    (tmp_path / "herald.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    folder = tmp_path / "seeds"
    folder.mkdir()
    for block in re.findall(r"```yaml\n(.*?)```", CODEBOOK, flags=re.DOTALL):
        name = block.split(":", 1)[0]
        name = "herald_1931_05_05" if name == "id" else name
        (folder / f"{name}.yaml").write_text(block.replace("0" * 64, digest), encoding="utf-8")
    return folder


def test_example_loads_and_stands_in_its_text(example: Path) -> None:
    evidence = load_evidence(example)
    outcome = verify(evidence, example.parent)
    assert outcome.read == ("herald_1931_05_05",)
    assert outcome.failures == ()
    assert reading(evidence, ["pier_wounded"]).alternatives == (
        (0.5, 3, None, 9),
        (0.5, 2, 2, 2),
    )


def test_example_row_spans_both_sides_and_has_no_dead_number(example: Path) -> None:
    row = timeline(load_evidence(example)).set_index("event").loc["pier_cleared"]
    assert (row["wounded_low"], row["wounded_high"]) == (2, 9)
    assert row[["dead_low", "dead_best", "dead_high", "dead_at_least"]].isna().all()


def test_table_of_verbal_ranges_is_that_of_the_code() -> None:
    table = CODEBOOK.split("<!-- verbal ranges")[1].split("\n\n")[0]
    printed = {}
    for words, low, high in re.findall(r"^\| (.+?) \| ([\d,]+) \| (\S+) \|$", table, re.MULTILINE):
        top = None if high == "open" else float(high.replace(",", ""))
        printed[words] = (float(low.replace(",", "")), top)
    assert printed == VERBAL


@pytest.mark.parametrize("words", [Kind, SourceClass, Hedging, Measure])
def test_every_permitted_word_is_explained(words: object) -> None:
    missing = [word for word in get_args(words) if f"`{word}`" not in CODEBOOK]
    assert missing == []


def test_every_type_and_mode_of_the_mapping_is_on_the_ladder() -> None:
    section = CODEBOOK.split("## 7.")[1].split("## 8.")[0]
    cells = re.findall(r"^\| [^|]+ \| ([A-Z]{3,}.*?) \|$", section, flags=re.MULTILINE)
    assert len(cells) > 15
    for cell in cells:
        kind, _, rest = cell.partition(" ")
        modes = re.split(r"; |, | or ", re.sub(r"\(.*?\)", "", rest))
        for mode in filter(None, (re.split(r" where ", mode)[0].strip() for mode in modes)):
            assert severity(kind.strip(","), None if mode == "no mode" else mode) is not None
