"""The sweep command: it says beforehand what it will cost, and afterwards what came of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sweep_case as case

from sim.cli import main
from sim.explore.estimate import Estimate, duration, estimate, size
from sim.explore.request import make_plan
from sim.explore.sweep import sweep


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return case.write(tmp_path_factory.mktemp("twins"))


def test_a_sweep_from_the_command_line_leaves_a_dataset_figures_and_a_report(
    twins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", str(twins), "--vary", "compliance=0.3:1:4"]
    words += ["--vary", "decisions.stop.shift_h=0,4", "--replicates", "50"]
    assert main([*words, "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "8 points x 50 replicates = 400 runs; about a second" in out
    assert "compliance" in out and "decisions.stop.shift_h" in out
    (folder,) = tmp_path.glob("twins/*-sweep")
    assert {"plan.json", "points.parquet", "effects.csv", "report.html"} <= {
        path.name for path in folder.iterdir()
    }
    report = (folder / "report.html").read_text()
    identity = re.search(r"-([0-9a-f]{10})-sweep", folder.name)
    assert identity is not None and identity[1] in report
    assert report.count("<figure") == len(list((folder / "figures").glob("*.png")))
    assert main(["sweep", "--resume", str(folder)]) == 0
    assert main(["replay", str(folder), "7", "--point", "3"]) == 0
    assert "equals the stored row to the bit" in capsys.readouterr().out


def test_variants_alone_can_be_swept(
    twins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", str(twins), "--variant", "as_written", "--variant", "later"]
    assert main([*words, "--replicates", "20", "--out", str(tmp_path)]) == 0
    assert "2 points x 20 replicates = 40 runs" in capsys.readouterr().out
    (folder,) = tmp_path.glob("twins/*-sweep")
    assert main(["replay", str(folder), "7", "--point", "1"]) == 0


def test_an_estimate_alone_writes_nothing(
    twins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", str(twins), "--vary", "compliance=0:1:10", "--estimate"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    assert "1,000 runs" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_the_estimate_of_disk_is_about_right(twins: Path, tmp_path: Path) -> None:
    plan = make_plan(case.request(twins, replicates=2000))
    expected = estimate(plan, tmp_path, threads=2)
    done = sweep(case.request(twins, replicates=2000), tmp_path)
    used = sum(path.stat().st_size for path in done.store.row_files())
    assert 0.5 < expected.disk / used < 2
    assert expected.runs == 24_000


def test_a_sweep_too_large_for_the_disk_is_refused(
    twins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    full = Estimate(10, 10, 100, 1.0, 100.0, disk=10**9, free=10**6)
    monkeypatch.setattr("sim.explore.estimate.estimate", lambda *_: full)
    words = ["sweep", str(twins), "--vary", "compliance=0:1:3", "--out", str(tmp_path / "out")]
    assert main(words) == 2
    assert "would not fit" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--resume", "nowhere"], "no such folder"),
        (["--retry-failed", "x.yaml"], "nothing to retry"),
        (["--resume", "nowhere", "x.yaml"], "the plan stands in the folder"),
        ([], "no scenario is given"),
        (["x.yaml", "--design", "lsh"], "did you mean 'lhs'"),
        (["x.yaml", "--varry", "a=1"], "did you mean '--vary'"),
    ],
)
def test_a_mistaken_option_is_named(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", *words]) == 2
    assert said in capsys.readouterr().err


def test_durations_and_sizes_read_as_one_says_them() -> None:
    assert [duration(s) for s in (0.2, 75, 600, 7200)] == ["a second", "75 s", "10 min", "2.0 h"]
    assert [size(b) for b in (12, 3400, 5_600_000)] == ["12 B", "3 kB", "6 MB"]
