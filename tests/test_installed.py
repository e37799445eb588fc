"""Installed from a wheel, in an empty folder: the command, its data, and the public name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]
PARTS = ("sim", "standdown", "scenarios", "seeds", "results/reference")
FILES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment that has the wheel, and this one's libraries."""
    work = tmp_path_factory.mktemp("installed")
    source = work / "source"
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    quiet = ["--no-deps", "--disable-pip-version-check", "-q"]
    pip = [sys.executable, "-m", "pip"]
    built = subprocess.run(
        [*pip, "wheel", *quiet, "--no-build-isolation", "-w", str(work), str(source)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    venv.create(work / "fresh", with_pip=False, symlinks=os.name != "nt")
    fresh = work / "fresh" / ("Scripts" if os.name == "nt" else "bin")
    (wheel,) = work.glob("*.whl")
    subprocess.run(
        [*pip, "--python", str(fresh / "python"), "install", *quiet, "--no-index", str(wheel)],
        check=True,
    )
    (site,) = (work / "fresh").rglob("site-packages")
    here = {sysconfig.get_paths()[key] for key in ("purelib", "platlib")}
    (site / "libraries_of_the_tests.pth").write_text("\n".join(here))
    return fresh


def called(folder: Path, *words: object, fail: bool = False) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, env=clean, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode != 0) == fail, done.stderr
    return done


@pytest.mark.long
def test_the_first_steps_work_in_an_empty_folder(bin_folder: Path, tmp_path: Path) -> None:
    command = bin_folder / "standdown"
    assert called(tmp_path, command, "--version").stdout == f"standdown {sim.__version__}\n"
    module = called(tmp_path, bin_folder / "python", "-m", "standdown", "--help").stdout
    assert "standdown run scenarios/X.yaml" in module and "run.py" not in module
    assert "baghdad_2022_08.yaml" in called(tmp_path, command, "list").stdout
    assert not list(tmp_path.iterdir()), "nothing is written before it is asked for"

    said = called(tmp_path, command, "demo").stdout
    assert "next: standdown run scenarios/baghdad_2022_08.yaml" in said
    files = sorted(path.name for path in (tmp_path / "scenarios").iterdir())
    assert files == sorted(p.name for p in (ROOT / "scenarios").iterdir())
    again = called(tmp_path, command, "demo", fail=True)
    assert "nothing is overwritten" in again.stderr and again.returncode == 2
    scenarios = sorted((tmp_path / "scenarios").glob("*.yaml"))
    sound = called(tmp_path, command, "check", *scenarios).stdout
    assert len(sound.splitlines()) == len(scenarios)

    words = ("--replicates", 20, "--no-figures", "--format", "json")
    ran = called(tmp_path, command, "run", "scenarios/baghdad_2022_08.yaml", *words)
    answer = json.loads(ran.stdout)
    assert answer["parameters"].startswith("parameters: the posterior"), "it came along"
    assert (tmp_path / answer["written"] / "manifest.json").is_file()
    replayed = called(tmp_path, command, "replay", "latest", 7).stdout
    assert "equals the stored row to the bit" in replayed
    called(tmp_path, command, "new", "lesson")
    assert (tmp_path / "scenarios" / "lesson.yaml").is_file()


@pytest.mark.long
def test_a_user_s_own_module_sim_does_not_stand_in_the_way(
    bin_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "sim.py").write_text("print('the user has a file of that name')\n")
    asked = "import standdown; print(standdown.load_scenario.__module__, standdown.__file__)"
    said = called(tmp_path, bin_folder / "python", "-c", asked).stdout
    assert said.startswith("sim.scenario") and "site-packages" in said
    first = "import sim; import standdown"
    refused = called(tmp_path, bin_folder / "python", "-c", first, fail=True).stderr
    assert "import standdown first, or rename that file" in refused


def test_the_public_name_has_the_same_functions_for_people_and_for_editors() -> None:
    import standdown

    assert set(standdown.__all__) == set(sim.__all__) == set(dir(standdown))
    assert all(getattr(standdown, name) is getattr(sim, name) for name in sim.__all__)
    text = (ROOT / "standdown" / "__init__.py").read_text(encoding="utf-8")
    for name in set(sim.__all__) - {"__version__"}:
        assert f"import {name} as {name}" in text, "type checkers and editors see it"
    for package in ("sim", "standdown"):
        assert (ROOT / package / "py.typed").is_file()
