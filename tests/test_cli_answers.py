"""What a command answers with: a version, a list, JSON, only a folder, and help in 80 columns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.cli.help_text import laid_out
from sim.cli.latest_result import SWEEP, result_folder_of
from sim.cli.parser import COMMANDS, build_parser
from sim.inputs import InputError
from sim.inputs.program import called, command_text, spoken

ROOT = Path(__file__).parents[1]
SCENARIO = str(ROOT / "tests" / "data" / "two_factions.yaml")
NAMES = [module.NAME for module in COMMANDS]


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"standdown {sim.__version__}\n"


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_stays_within_eighty_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*name.split(), "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) < 80, max(lines, key=len)


def test_a_long_example_goes_on_where_a_shell_lets_it_and_loses_nothing() -> None:
    line = "  python run.py sweep scenarios/X.yaml --vary compliance=0.3:1:15 --per run --seed 7"
    broken = laid_out(line, 60).splitlines()
    assert len(broken) > 1 and all(part.endswith("\\") for part in broken[:-1])
    assert " ".join(part.rstrip("\\").strip() for part in broken).split() == line.split()
    remark = "  python run.py check scenarios/*.yaml      is every file sound? nothing is run"
    assert laid_out(remark, 60).split() == remark.split()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"]])
def test_help_that_cannot_be_printed_is_said_in_one_line(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "run.py", *words], cwd=ROOT, stdout=full, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "standard output: the disk is full; nothing was written\n"


def test_the_list_names_title_clock_and_the_state_of_the_posterior(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["list", str(ROOT / "scenarios"), "--format", "json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["scenarios"]}
    assert len(rows) == len(list((ROOT / "scenarios").glob("*.yaml")))
    assert rows["baghdad_2022_08"]["title"] == "Baghdad, 29 to 30 August 2022"
    assert rows["baghdad_2022_08"]["clock"] == "2022-08-29 to 2022-09-05"
    assert rows["baghdad_2022_08"]["posterior"] == "shipped"
    assert rows["basra_2022_09"]["posterior"].startswith("none: ")
    (tmp_path / "broken.yaml").write_text("name: x\n")
    (tmp_path / "sound.yaml").write_bytes(Path(SCENARIO).read_bytes())
    assert main(["list", str(tmp_path)]) == 2
    output = capsys.readouterr()
    assert "sound.yaml" in output.out and "broken.yaml" in output.err


def test_run_as_json_holds_what_its_tables_hold(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["--replicates", "20", "--no-figures", "--out", str(tmp_path), "--format", "json"]
    assert main(["run", SCENARIO, *words]) == 0
    answer = json.loads(capsys.readouterr().out)
    table = {row["id"]: row for row in answer["observables"]}
    assert table["wounded"]["probability"] is None, "missing is null and never NaN"
    assert table["dead_upper"]["q50"] >= 0 and answer["parameters"].startswith("parameters: ")
    assert (Path(answer["written"]) / "comparison.csv").is_file()


def test_whatif_chance_and_check_as_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    few = ["--replicates", "20", "--format", "json"]
    out = ["--no-figures", "--out", str(tmp_path)]
    assert main(["whatif", SCENARIO, *few, *out]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"baseline", "future", "reported_text", "grounded"} <= set(answer["differences"][0])
    assert main(["chance", SCENARIO, "--draws", "5", "--days", "1", *few]) == 0
    chances = json.loads(capsys.readouterr().out)["chances"]
    assert all(0 <= row["probability"] <= 1 for row in chances)
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: x\n")
    assert main(["check", SCENARIO, str(broken), "--format", "json"]) == 2
    sound, wrong = json.loads(capsys.readouterr().out)["files"]
    assert sound["sound"] and not wrong["sound"] and wrong["problems"][0]["message"]


def test_quiet_prints_only_what_was_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["--replicates", "20", "--no-figures", "--out", str(tmp_path), "--quiet"]
    for command in ("run", "whatif"):
        assert main([command, SCENARIO, *words]) == 0
        output = capsys.readouterr()
        assert (Path(output.out.strip()) / "manifest.json").is_file() and output.err == ""
    assert main(["check", SCENARIO, "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_latest_is_the_newest_result_of_the_kind_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no result of a run is here"):
        result_folder_of("latest")
    for name in ("20300101-000000-aa", "20300102-000000-bb", "20300103-000000-cc-sweep",
                 "20300104-000000-dd-whatif", "lesson"):  # fmt: skip
        (tmp_path / "results" / "x" / name).mkdir(parents=True)
    (tmp_path / "results" / "y" / "20300101-120000-ee").mkdir(parents=True)
    assert result_folder_of("latest") == "results/x/20300102-000000-bb"
    assert result_folder_of("latest", SWEEP) == "results/x/20300103-000000-cc-sweep"
    assert result_folder_of("some/folder") == "some/folder"
    assert main(["run", SCENARIO, "--replicates", "3", "--no-figures", "--seed", "9"]) == 0
    for old in ("x", "y"):
        for folder in (tmp_path / "results" / old).iterdir():
            folder.rmdir()
    capsys.readouterr()
    assert main(["replay", "latest", "2"]) == 0
    assert "equals the stored row to the bit" in capsys.readouterr().out


def test_what_is_printed_can_be_typed_by_who_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    hint = "go on with: python run.py sweep --resume X, or run.py check Y"
    monkeypatch.setattr(sys, "argv", ["/somewhere/run.py", "sweep"])
    assert spoken(hint) == hint and called() == "python run.py"
    for started in ("/venv/bin/standdown", os.path.join("standdown", "__main__.py"),
                    "standdown.exe"):  # fmt: skip
        monkeypatch.setattr(sys, "argv", [started])
        assert spoken(hint) == "go on with: standdown sweep --resume X, or standdown check Y"
        assert called() == "standdown" and command_text(["run", "a b"]) == "standdown run 'a b'"
        assert "run.py" not in build_parser([]).format_help()


def test_a_shell_gets_a_script_that_knows_commands_and_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("shtab")
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("standdown", "compare-models", "--replicates"))
    assert main(["completion", "fish"]) == 2


def test_demo_writes_both_folders_or_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    assert main(["demo", str(tmp_path)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert not (tmp_path / "scenarios").exists()
    (tmp_path / "seeds").rmdir()
    assert main(["demo", str(tmp_path)]) == 0
    for part in ("scenarios", "seeds"):
        names = {path.name for path in (tmp_path / part).iterdir()}
        assert names == {path.name for path in (ROOT / part).iterdir()}
    assert main(["check", *map(str, sorted((tmp_path / "scenarios").glob("*.yaml")))]) == 0
