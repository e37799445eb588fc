"""`run` leaves one whole result or nothing; `replay` tells one of its replicates again."""

from __future__ import annotations

import errno
import json
import re
import signal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_up import TWO_FACTIONS

from sim.cli import main
from sim.ensemble import read_result, simulation

FEW = ["--replicates", "20", "--no-figures", "--threads", "1"]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("results")
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(out)]) == 0
    (folder,) = (out / "two_factions").iterdir()
    return folder


def test_run_says_what_agrees_and_where_it_wrote(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path)]) == 0
    output = capsys.readouterr()
    (folder,) = (tmp_path / "two_factions").iterdir()
    assert f"written: {folder}" in output.out
    assert "Of 4 reported values: " in output.out
    assert "20 replicates are few" in output.out
    assert "%|" not in output.err, "no progress bar where nobody watches"


def test_result_holds_the_command_and_the_comparison(result: Path) -> None:
    manifest = json.loads((result / "manifest.json").read_text())
    assert manifest["command"].startswith("run.py run ")
    assert manifest["replicates"] == 20
    table = pd.read_csv(result / "comparison.csv")
    assert list(table["id"]) == [o.id for o in read_result(result).scenario.observables]
    assert "baseline_no_reprisals_q50" in table


def test_variant_and_setting_are_in_the_scenario_as_run(tmp_path: Path) -> None:
    words = ["--variant", "later", "--set", "compliance=0.75", "--out", str(tmp_path)]
    assert main(["run", TWO_FACTIONS, *FEW, *words]) == 0
    (folder,) = (tmp_path / "two_factions").iterdir()
    found = read_result(folder)
    assert found.scenario.decisions[0].shift_h == 12
    assert (found.parameters["compliance"] == 0.75).all()
    assert found.manifest.variant == "later"
    assert found.manifest.settings == {"compliance": 0.75}


def test_posterior_replaces_the_priors(tmp_path: Path) -> None:
    path = tmp_path / "posterior.parquet"
    pd.DataFrame({"compliance": [0.41, 0.42]}).to_parquet(path)
    out = tmp_path / "results"
    words = ["--posterior", str(path), "--out", str(out)]
    assert main(["run", TWO_FACTIONS, *FEW, *words]) == 0
    (folder,) = (out / "two_factions").iterdir()
    assert set(read_result(folder).parameters["compliance"]) == {0.41, 0.42}


def test_ctrl_c_leaves_nothing_and_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = simulation.simulate_block

    def interrupted(*arguments: Any, **options: Any) -> Any:
        real(*arguments, **options)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(simulation, "simulate_block", interrupted)
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path / "results")]) == 130
    assert "stopped; nothing was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_polite_kill_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(pq, "write_table", killed)
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path / "results")]) == 130
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_nothing_and_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object, path: Path, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(pq, "write_table", full)
    assert main(["run", TWO_FACTIONS, *FEW, "--out", str(tmp_path / "results")]) == 1
    assert "the disk is full; nothing was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_file_where_the_results_should_go_is_refused_before_the_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "results").write_text("not a folder")
    assert main(["run", TWO_FACTIONS, "--out", str(tmp_path / "results")]) == 2
    assert "not a folder" in capsys.readouterr().err


def test_run_too_large_for_memory_is_refused_with_the_most_that_fits(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["--replicates", "10000000", "--out", str(tmp_path / "results")]
    assert main(["run", TWO_FACTIONS, *words]) == 2
    assert re.search(r"expected at most \d+ for this scenario", capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_replay_prints_events_in_order_below_their_causes(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(result), "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "2030-05-01T06:00:00+03:00" in lines[0]
    assert lines[-1] == "every observable and order equals the stored row to the bit"
    events = [re.match(r" *(\d+)  .. May \d\d:\d\d  ( *)(\w+)", line) for line in lines[1:-2]]
    assert all(events)
    assert [int(event[1]) for event in events if event] == list(range(len(events)))
    depth = {int(event[1]): len(event[2]) for event in events if event}
    caused = [re.search(r"<- (\d+)$", line) for line in lines[1:-2]]
    assert any(caused)
    for number, cause in enumerate(caused):
        assert depth[number] == (depth[int(cause[1])] + 2 if cause else 0)


def test_replay_of_another_row_than_the_stored_is_exit_code_1(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("manifest.json", "scenario.yaml", "replicates.parquet"):
        (copy / name).write_bytes((result / name).read_bytes())
    text = (copy / "manifest.json").read_text()
    (copy / "manifest.json").write_text(text.replace('"seed": 1,', '"seed": 2,'))
    assert main(["replay", str(copy), "3"]) == 1
    assert "not the stored run" in capsys.readouterr().out


def test_replay_of_no_result_is_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(tmp_path), "0"]) == 2
    assert "not a result" in capsys.readouterr().err
