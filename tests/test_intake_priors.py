"""Priors from a timeline: what the days bound is written, the rest is said not to be told."""

from __future__ import annotations

import errno
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from intake_tables import ged_file, ged_row

from sim.cli import main
from sim.evidence import load_evidence
from sim.intake import HawkesFit, import_events, simulate_hawkes
from sim.intake.daily import happenings
from sim.intake.priors.estimates import estimate
from sim.intake.priors.prior_text import prior_settings, report_lines
from sim.intake.priors.restraint import restraint
from sim.scenario import effective_priors, load_scenario


def seeds_of(folder: Path, rows: list[dict]) -> Path:
    """The imported timeline of a GED table."""
    seeds = folder / "seeds"
    seeds.mkdir()
    import_events(ged_file(folder / "g.csv", rows), "ged", seeds)
    return seeds


def hawkes_rows(days: int = 115) -> list[dict]:
    """One row per event of a simulated process with answers within hours."""
    fit = HawkesFit(0.04, 0.5, 3.0)
    counts = simulate_hawkes(fit, days, 24.0, 1, np.random.default_rng(8))[0]
    first = date(2030, 1, 1)
    days_of = [first + timedelta(days=int(d)) for d in np.repeat(np.arange(days), counts)]
    return [ged_row(n, day.isoformat()) for n, day in enumerate(days_of)]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeds_of(tmp_path_factory.mktemp("p"), hawkes_rows())


def test_the_ratio_is_bounded_and_the_delay_of_hours_cannot_be_told_by_days(seeds: Path) -> None:
    found = estimate(load_evidence(seeds))
    low, high, _, _ = found.hull("ratio")
    assert low < 0.5 < high
    settings = prior_settings(found, {})
    assert "reprisal_delay" not in settings
    text = "\n".join(report_lines(found, {}))
    assert "this grain cannot tell" in text
    assert "assumed 1.2 * Beta(2, 3)" in text


def test_a_full_disk_leaves_no_half_a_prior_file(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sim.ensemble.addition.os.fsync", full)
    target = tmp_path / "p" / "priors.yaml"
    assert main(["priors", str(seeds), "--to-file", str(target)]) != 0
    assert not list(target.parent.iterdir())


def test_the_file_written_is_one_that_a_scenario_can_name(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine_priors.yaml"
    assert main(["priors", str(seeds), "--to-file", str(target)]) == 0
    assert "name it in a scenario" in capsys.readouterr().out
    assert main(["new", "mine", "--from", str(seeds), "--folder", str(tmp_path)]) == 0
    assert str(seeds.parent) not in target.read_text()
    assert 'title: "Estimated from seeds"' in target.read_text()
    path = tmp_path / "mine.yaml"
    path.write_text(path.read_text() + "priors: mine_priors.yaml\n")
    prior = effective_priors(load_scenario(path))["reprisal_ratio"]
    assert prior.family == "scaled_beta"
    assert prior.arguments[1:] != (2, 3)
    assert main(["priors", str(seeds), "--to-file", str(target)]) == 2


def test_a_few_events_give_no_file_and_say_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = seeds_of(tmp_path, [ged_row(1), ged_row(2, "2030-05-09")])
    target = tmp_path / "p.yaml"
    assert main(["priors", str(seeds), "--to-file", str(target)]) == 0
    out = capsys.readouterr().out
    assert "2 events are too few" in out
    assert "records no ceasefire" in out
    assert not target.exists()


def test_an_order_after_heavy_losses_bounds_the_threshold_and_one_after_none_does_not(
    tmp_path: Path,
) -> None:
    rows = [ged_row(n, f"2030-05-{n:02d}", deaths_a=0, deaths_b=2, best=2, low=2, high=2)
            for n in range(1, 20)]  # fmt: skip
    rows.append(ged_row(99, "2030-05-20", deaths_a=0, deaths_b=60, best=60, low=60, high=60))
    evidence = load_evidence(seeds_of(tmp_path, rows))
    found = happenings(evidence)
    told = restraint(evidence, found, "reds", [date(2030, 5, 20)], 6.0, 24.0)
    assert told.own_dead[0] > 60
    assert told.low > 5
    quiet = [*rows[:5], ged_row(120, "2030-05-28")]
    other = tmp_path / "other"
    other.mkdir()
    evidence = load_evidence(seeds_of(other, quiet))
    silent = restraint(evidence, happenings(evidence), "reds", [date(2030, 5, 27)], 6.0, 24.0)
    assert not silent.tells


def test_an_order_of_an_unknown_party_is_refused_with_the_nearest(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["priors", str(seeds), "--to-file", str(tmp_path / "p.yaml")]
    assert main([*words, "--order", "redz=2030-05-01"]) == 2
    assert "did you mean 'reds'" in capsys.readouterr().err
    assert main([*words, "--order", "reds=soon"]) == 2
