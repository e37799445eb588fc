"""Rules of the user's own in commands and in Python: named on the line, kept, never confused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.cli.parser import build_parser
from sim.ensemble import read_posterior, read_result, simulate
from sim.ensemble.replay import replay
from sim.explore.request import make_plan
from sim.explore.run import run
from sim.explore.scenario_source import source_from
from sim.explore.sweep import resume, sweep
from sim.inputs import InputError
from sim.scenario import load_scenario, scenario_hash
from tests.made_up import TWO_FACTIONS
from tests.rule_texts import EXAMPLES, GOOD
from tests.sweep_case import contents, request, write
from tests.test_model_own_rules import TOGETHER, together

GRIEVE = str(EXAMPLES / "reprisals_follow_deaths.py")
FEW = ["--replicates", "4", "--no-figures", "--threads", "1", "--engine", "mesa"]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of rules whose kernel other tests compile too."""
    path = tmp_path_factory.mktemp("rules") / "mine.py"
    path.write_text(together(TOGETHER), encoding="utf-8")
    return path


def the_only(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def test_a_result_keeps_the_rules_it_was_run_under_and_replays_under_them(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(Path(GRIEVE).read_text("utf-8"), encoding="utf-8")
    words = ["run", TWO_FACTIONS, *FEW, "--rules", str(mine), "--out", str(tmp_path / "out")]
    assert main(words) == 0
    mine.write_text("raise SystemExit", encoding="utf-8")
    result = read_result(the_only(tmp_path / "out" / "two_factions"))
    assert result.manifest.rules is not None and result.scenario.rules is not None
    assert result.manifest.rules["path"] == str(mine)
    assert result.manifest.rules["hash"] == result.scenario.rules.hash
    assert result.manifest.scenario_hash == scenario_hash(result.scenario)
    assert result.manifest.scenario_hash != scenario_hash(result.scenario.under(None))
    assert replay(result, 2).is_same


def test_a_result_whose_rules_were_changed_is_not_read(tmp_path: Path) -> None:
    assert main(["run", TWO_FACTIONS, *FEW, "--rules", GRIEVE, "--out", str(tmp_path)]) == 0
    folder = the_only(tmp_path / "two_factions")
    (folder / "rules.py").write_text(GOOD["saturation"], encoding="utf-8")
    with pytest.raises(InputError, match=r"rules\.py is not the file that manifest\.json names"):
        read_result(folder)


def test_a_file_that_is_not_sound_ends_the_command_with_code_2_and_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("def hazard(w, s, decision):\n    return [1.0][0]\n", encoding="utf-8")
    for command in ("run", "whatif", "chance", "sweep", "sensitivity", "calibrate", "validate",
                    "compare-models", "view"):  # fmt: skip
        vary = ["--vary", "compliance=0.5,0.7"] if command == "sweep" else []
        assert main([command, TWO_FACTIONS, *vary, "--rules", str(mine)]) == 2, command
        said = capsys.readouterr().err
        assert f"{mine}:2:12: a list is not permitted in a rule; expected numbers" in said
    assert main(["run", TWO_FACTIONS, "--rules", str(tmp_path / "none.py")]) == 2
    assert "none.py: cannot be read: No such file" in capsys.readouterr().err
    assert main(["run", TWO_FACTIONS, "--rules", str(tmp_path)]) == 2
    assert "this is a folder" in capsys.readouterr().err


def test_every_command_that_runs_the_model_takes_rules() -> None:
    for command in ("run", "whatif", "chance", "sweep", "sensitivity", "calibrate", "validate",
                    "compare-models", "view"):  # fmt: skip
        assert build_parser([command]).parse_args([command, "X", "--rules", "F"]).rules, command


def test_the_command_rules_lists_and_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    listed = capsys.readouterr().out
    assert "grieve(w, s, f, side, step)" in listed and "Add a clash to what the side" in listed
    assert main(["rules", "--hour"]) == 0
    assert " factions     leaders.remember" in capsys.readouterr().out
    assert main(["rules", GRIEVE]) == 0
    assert "grieve replaces fronts.grieve" in capsys.readouterr().out


def test_in_python_a_file_is_handed_over_by_path(tmp_path: Path) -> None:
    scenario = load_scenario(TWO_FACTIONS)
    own = simulate(scenario, 6, 1, "mesa", logs=0, rules=GRIEVE, threads=1)
    plain = simulate(scenario, 6, 1, "mesa", logs=0, threads=1)
    assert not own.observables.equals(plain.observables)
    assert own.scenario.rules is not None
    found = run(TWO_FACTIONS, 3, engine="mesa", rules=GRIEVE, posterior="prior", threads=1)
    assert found.ensemble.scenario.rules == own.scenario.rules
    assert found.loaded.scenario.rules == own.scenario.rules


def test_a_sweep_holds_its_rules_and_goes_on_under_them(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(Path(GRIEVE).read_text("utf-8"), encoding="utf-8")
    small = {"replicates": 3, "vary": ["compliance=0.3,1"], "engine": "mesa"}
    asked = request(write(tmp_path), rules=str(mine), **small)
    plan = make_plan(asked)
    assert plan.id != make_plan(request(write(tmp_path), **small)).id
    source = source_from(json.loads(json.dumps(plan.sources[0].described())))
    assert source.scenario.rules == plan.sources[0].scenario.rules is not None
    done = sweep(asked, tmp_path / "out", threads=1)
    before = contents(done.folder)
    for path in (done.folder / "rows").iterdir():
        path.unlink()
    mine.unlink()
    resume(done.folder, threads=1)
    assert contents(done.folder) == before
    mine.write_text(GOOD["saturation"], encoding="utf-8")
    with pytest.raises(InputError, match="the rules have changed since this sweep began"):
        resume(done.folder, threads=1)


def test_a_sweep_gives_the_numbers_of_the_runs_under_its_rules(tmp_path: Path) -> None:
    path = write(tmp_path)
    small = {"replicates": 3, "vary": ["compliance=0.5"], "engine": "mesa"}
    rows = sweep(request(path, rules=GRIEVE, **small), tmp_path / "out", threads=1).frame()
    settings = {"compliance": 0.5}
    own = simulate(
        load_scenario(path, settings=settings), 3, 1, "mesa", logs=0, rules=GRIEVE, threads=1
    )
    assert rows["observable.dead"].tolist() == own.observables["dead"].tolist()


def test_a_posterior_holds_under_the_rules_it_was_learned_under_only(
    tmp_path: Path, compiled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--simulations", "2000", "--no-figures", "--threads", "1"]
    for name, words in (("own", ["--rules", str(compiled)]), ("plain", [])):
        out = ["--out", str(tmp_path / name)]
        assert main(["calibrate", TWO_FACTIONS, *few, *out, *words]) == 0
    own, plain = (the_only(tmp_path / name / "calibration") for name in ("own", "plain"))
    ids = [json.loads((f / "manifest.json").read_text()) for f in (own, plain)]
    assert ids[0]["id"] != ids[1]["id"]
    assert ids[0]["rules"]["hash"] == read_posterior(own / "posterior.parquet").rules
    assert ids[1]["rules"] is None and read_posterior(plain / "posterior.parquet").rules is None
    capsys.readouterr()
    under = ["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path / "out"), "--posterior"]
    assert main([*under, str(own / "posterior.parquet"), "--rules", str(compiled)]) == 0
    assert main([*under, str(own / "posterior.parquet")]) == 2
    assert "was learned under the rules" in capsys.readouterr().err
    assert main([*under, str(plain / "posterior.parquet"), "--rules", str(compiled)]) == 2
    assert "was learned under the model's own rules, and this runs" in capsys.readouterr().err
    with pytest.raises(InputError, match="the posterior was learned under the rules"):
        simulate(
            load_scenario(TWO_FACTIONS), 2, posterior=str(own / "posterior.parquet"), threads=1
        )


def test_models_are_compared_beside_files_of_rules(
    tmp_path: Path, compiled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["compare-models", TWO_FACTIONS, "--simulations", "2000", "--threads", "1"]
    words += ["--rules", str(compiled), "--out", str(tmp_path)]
    assert main(words) == 0
    table = pd.read_csv(tmp_path / "models" / "two_factions.csv")
    assert {"as written", "mine.py"} <= set(table["model"])
    assert table.set_index("model").loc["mine.py", "title"] == f"under {compiled}"
    assert main([*words, "--rules", str(compiled)]) == 2
    assert "two models are called 'mine.py'" in capsys.readouterr().err


def test_a_reference_is_of_the_models_own_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", TWO_FACTIONS, "--reference", "--rules", GRIEVE]) == 2
    assert "a reference is of the model's own rules" in capsys.readouterr().err
