"""The identity of a calibration: it moves with every file that can move a draw, and no other."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from sim.inputs.code_identity import CALIBRATION, code_files, files_behind, hash_of, model_hash

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
    names = {path.relative_to(ROOT).as_posix() for path in files_behind(CALIBRATION, ROOT)}
    assert any(name.endswith(".csv") for name in names)
    assert not any(name.startswith(("sim/show/", "sim/cli/", "sim/explore/")) for name in names)


def test_a_sweep_counts_what_does_its_parts_and_no_report() -> None:
    names = set(code_files())
    for name in ("explore/work", "explore/plan", "explore/rows", "explore/axis", "model/kernel",
                 "model/rulebook", "ensemble/parameter_draws", "scenario/parameters"):  # fmt: skip
        assert f"sim/{name}.py" in names, name
    assert {"python", "numba", "mesa"} <= names
    assert not any(name.startswith(("sim/show/", "sim/cli/", "sim/calibrate/")) for name in names)


def test_the_hash_heeds_names_and_content_but_no_line_ends(tmp_path: Path) -> None:
    one, two = tmp_path / "a.py", tmp_path / "b.py"
    one.write_bytes(b"A = 1\nB = 2\n")
    before = hash_of([one], tmp_path)
    one.write_bytes(b"A = 1\r\nB = 2\r\n")
    assert hash_of([one], tmp_path) == before
    one.rename(two)
    assert hash_of([two], tmp_path) != before


def test_every_identity_is_made_by_the_one_hash() -> None:
    for path in (ROOT / "sim").rglob("*.py"):
        if path.name != "code_identity.py":
            text = path.read_text(encoding="utf-8")
            assert 'glob("*.py")' not in text or "hash_of" in text, path
