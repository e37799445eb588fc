"""The pages on one's own conflict: every command in them runs as it is printed."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("own_conflict.md", "example_ged.md", "example_sixth_article.md")
QUICK = {
    "run": ["--replicates", "20", "--no-figures"],
    "calibrate": ["--simulations", "2000", "--no-figures"],
    "validate": ["--simulations", "2000"],
    "whatif": ["--replicates", "20", "--no-figures"],
}
"""What is added to a command here, so that the pages are tested in seconds."""


def commands(page: str) -> list[list[str]]:
    """The commands of a page, in order, as words after ``run.py``."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    lines = "\n".join(re.findall(r"```bash\n(.*?)```", text, re.S)).splitlines()
    lines = [line for line in lines if line]
    assert all(line.startswith("python run.py ") for line in lines), page
    return [shlex.split(line)[2:] for line in lines]


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_run_in_its_order(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    found = commands(page)
    assert len(found) >= 3
    for printed in found:
        words = printed + QUICK.get(printed[0], [])
        for number, word in enumerate(words):
            if word.endswith("/LATEST"):
                runs = [one for one in Path(word).parent.iterdir() if "whatif" not in one.name]
                words[number] = str(max(runs))
        assert main(words) == 0, (words, capsys.readouterr().err)


@pytest.mark.parametrize("page", PAGES)
def test_files_and_figures_that_a_page_links_are_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    for link in links:
        assert link.startswith("http") or (ROOT / "docs" / link).exists(), link
