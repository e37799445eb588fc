"""The command line teaches: misspellings get the nearest name, help says unit and default."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.parser import COMMANDS

ROOT = Path(__file__).parents[1]
NAMES = [module.NAME for module in COMMANDS]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rn", "x.yaml"], "unknown command 'rn'; did you mean 'run'?"),
        (["timelin"], "unknown command 'timelin'; did you mean 'timeline'?"),
        (["xyzzy"], f"unknown command 'xyzzy'; there are {', '.join(sorted(NAMES))}"),
        (["run", "--sed", "3", "x.yaml"], "unknown option '--sed'; did you mean '--seed'?"),
        (["run", "x.yaml", "--replicate=9"], "did you mean '--replicates'?"),
        (["run", "x.yaml", "--engine", "kernl"], "did you mean 'kernel'?"),
        (["run", "x.yaml", "--replicates", "0"], "'0' is not a whole number from 1"),
        (["run", "x.yaml", "--seed", "1.5"], "'1.5' is not a whole number from 0"),
        (["replay", "results", "seven"], "'seven' is not a whole number"),
        (["run"], "required: SCENARIO"),
        ([], "required: COMMAND"),
    ],
)
def test_wrong_words_get_the_right_one_and_exit_code_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert "nothing was written" in output.err
    assert output.out == ""


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("compliance", "--set compliance: not a setting; expected path=value"),
        ("complience=0.5", "unknown setting 'complience'.*did you mean 'compliance'"),
        ("compliance=[0.5", "cannot be read: a bracket is opened and not closed"),
        ("decisions.red_withdrawl.shift_h=3", "did you mean 'red_withdrawal'"),
    ],
)
def test_wrong_setting_gets_the_right_one_and_exit_code_2(
    assignment: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scenario = str(ROOT / "tests" / "data" / "two_factions.yaml")
    words = ["run", scenario, "--set", assignment, "--out", str(tmp_path / "results")]
    assert main(words) == 2
    assert re.search(said, capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_setting_the_same_thing_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "x.yaml", "--set", "compliance=0.5", "--set", "compliance=0.6"]) == 2
    assert "'compliance' is set twice" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_help_has_examples_and_a_default_for_every_option(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert "examples:" in text and f"run.py {name} " in text
    options = text.split("options:")[1].split("examples:")[0]
    entries = re.split(r"\n  (?=-)", options)[2:]  # the first is --help
    for entry in entries:
        words = " ".join(entry.split())
        is_switch = re.match(r"--\S+ ([A-Z=]+) ", words) is None
        # what must be given, or may be given many times, has no default to state
        told = ("default", "required", "repeat")
        assert is_switch or any(word in words for word in told), words
    assert max(map(len, text.splitlines())) <= 100


def test_help_of_all_lists_every_command_with_its_summary(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for module in COMMANDS:
        assert f"{module.NAME} {module.SUMMARY}" in text


def test_run_py_works_from_the_root_without_installing() -> None:
    done = subprocess.run(
        [sys.executable, "run.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and done.stderr == ""


def test_reader_that_stops_listening_is_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "run.py", "timeline"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 1
    assert done.stderr == ""


SLOW = ("pandas", "scipy", "numba", "pyarrow", "sklearn", "matplotlib", "mesa")


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (["--help"], (*SLOW, "numpy", "pydantic")),
        (["check", "scenarios/baghdad_2022_08.yaml"], SLOW),
        (["run", "scenarios/no_such.yaml"], SLOW),
        (["run", "scenarios/basra_2022_09.yaml", "--replicates", "10", "--no-figures"],
         ("sklearn", "matplotlib", "mesa")),
    ],
)  # fmt: skip
def test_a_command_loads_no_library_that_it_does_not_use(words, without, tmp_path):
    code = (
        "import sys; from sim.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('loaded', *[m for m in sys.modules if '.' not in m])"
    )
    out = ["--out", str(tmp_path)] if words[0] == "run" else []
    done = subprocess.run(
        [sys.executable, "-c", code, *words, *out],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & set(without)
