"""The identity of a calibration: it moves with every file that can move a draw, and no other."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from sim.calibrate.identity import deciding_files, model_hash

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys
from pathlib import Path
from sim.calibrate import build_bank, calibrate
from sim.calibrate.facts import in_mode
from sim.scenario import load_checked
bank = build_bank([in_mode(load_checked("tests/data/two_factions.yaml"), "conditional")], 200, 1)
calibrate(bank)
for name, module in sorted(sys.modules.items()):
    if name.split(".")[0] == "sim":
        print(Path(module.__file__).as_posix())
"""


def files_of_a_run() -> set[str]:
    """Sources that a real bank and calibration have loaded, from the top folder."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {Path(line).relative_to(ROOT).as_posix() for line in done.stdout.split()}


def test_every_file_that_a_banks_run_imports_moves_the_identity(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    imported = files_of_a_run()
    assert "sim/ensemble/parameter_draws.py" in imported
    assert len(imported) > 50
    before = model_hash(tmp_path)
    assert before == model_hash(ROOT)
    unmoved = []
    for name in sorted(imported):
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "\nMOVED = 1\n", encoding="utf-8")
        if model_hash(tmp_path) == before:
            unmoved.append(name)
        path.write_text(text, encoding="utf-8")
    assert not unmoved
    assert model_hash(tmp_path) == before


def test_tables_of_data_count_and_figures_and_commands_do_not() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in deciding_files(ROOT)}
    assert any(name.endswith(".csv") for name in names)
    assert not any(name.startswith(("sim/show/", "sim/cli/", "sim/explore/")) for name in names)
