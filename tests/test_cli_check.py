"""`check` lists every problem of every file and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import TWO_FACTIONS

from sim.cli import main


def test_sound_file_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", TWO_FACTIONS]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    line = output.out.splitlines()
    assert line == [
        f"{TWO_FACTIONS}: two_factions: 48 steps of 1 h, 2 places, 3 factions, 6 observables, "
        "2 variants, 12 free parameters"
    ]


def test_one_broken_file_hides_neither_its_second_problem_nor_the_next_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = Path(TWO_FACTIONS).read_text()
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace("authority: 0.5", "authority: 5").replace("kind:", "knd:", 1))
    assert main(["check", str(broken), str(tmp_path / "absent.yaml"), TWO_FACTIONS]) == 2
    output = capsys.readouterr()
    lines = output.err.splitlines()
    assert sum(line.startswith(f"{broken}:") for line in lines) >= 2
    assert any("did you mean 'kind'" in line for line in lines)
    assert any(line.startswith(str(tmp_path / "absent.yaml")) for line in lines)
    assert lines[-1] == "nothing was written"
    assert "two_factions: 48 steps" in output.out
