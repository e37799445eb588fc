"""What-ifs: the effect and not the noise, and a history that a fork leaves alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from sim.cli.entry import main
from sim.compare.words import number
from sim.ensemble import read_result, replay
from sim.explore import what_if
from sim.explore.whatif import bootstrap_ratio, variance_removed
from sim.inputs import InputError
from sim.scenario.loading import load_checked
from sim.show.reports.whatif_report import answer, headline, sentence, whatif_table

SCENARIO = "scenarios/august_september_2022.yaml"
FORK = "2022-08-30T12:00:00+03:00"


def row(result, variant: str, observable: str):  # type: ignore[no-untyped-def]
    table = result.table
    return table[(table.variant == variant) & (table.observable == observable)].iloc[0]


def test_a_later_withdrawal_costs_lives_in_some_pairs_and_saves_them_in_hardly_any() -> None:
    result = what_if(load_checked(SCENARIO), ["late_24h"], 800, seed=3, posterior="prior")
    before = result.baseline.observables["dead_baghdad"].to_numpy()
    after = result.futures["late_24h"].observables["dead_baghdad"].to_numpy()
    found = row(result, "late_24h", "dead_baghdad")
    assert found.ratio == pytest.approx(after.sum() / before.sum())
    assert found.ratio_q05 > 1.0
    assert (after > before).mean() > 5 * (after < before).mean()
    assert 0.2 < found.unchanged < 0.9


def test_pairing_removes_most_of_the_variance_that_unpaired_runs_would_have() -> None:
    result = what_if(load_checked(SCENARIO), ["late_6h"], 600, seed=1)
    assert row(result, "late_6h", "dead_baghdad").variance_removed > 0.9
    unpaired = np.random.default_rng(1).permutation(
        result.futures["late_6h"].observables["dead_baghdad"].to_numpy()
    )
    before = result.baseline.observables["dead_baghdad"].to_numpy()
    assert abs(variance_removed(before, unpaired)) < 0.3


def test_a_variant_of_the_order_changes_nothing_before_either_of_its_times() -> None:
    result = what_if(load_checked(SCENARIO), ["late_12h"], 50, seed=1)
    earliest = int(np.floor(result.baseline.orders["sadr_withdrawal"].min()))
    for name, series in result.baseline.hourly.items():
        other = result.futures["late_12h"].hourly[name]
        assert np.array_equal(series[:, :earliest], other[:, :earliest])


def test_a_fork_keeps_the_history_before_it_to_the_byte_and_changes_what_follows() -> None:
    at = datetime.fromisoformat(FORK)
    names = ["compliance_07", "security_before", "no_reprisals"]
    result = what_if(load_checked(SCENARIO), names, 120, seed=2, fork_at=at)
    plain = what_if(load_checked(SCENARIO), ["no_reprisals"], 120, seed=2)
    for name in names:
        for measure, series in result.baseline.hourly.items():
            other = result.futures[name].hourly[measure]
            assert series[:, :36].tobytes() == other[:, :36].tobytes()
    changed = result.futures["no_reprisals"].hourly["clashes"]
    assert not np.array_equal(changed[:, 36:], result.baseline.hourly["clashes"][:, 36:])
    # without the fork the same variant differs from the beginning
    early = plain.futures["no_reprisals"].hourly["clashes"][:, :36]
    assert not np.array_equal(early, plain.baseline.hourly["clashes"][:, :36])


def test_never_is_called_an_extrapolation_and_a_moved_order_is_not() -> None:
    result = what_if(load_checked(SCENARIO), ["never", "late_6h"], 30, seed=1)
    assert result.extrapolated == ["never"]
    text = whatif_table(result, 100)
    assert "never" in text and "extrapolation" in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_an_order_moved_past_the_end_of_the_clock_is_an_extrapolation_too() -> None:
    loaded = load_checked(SCENARIO)
    late = {**loaded.document.data["variants"]}
    late["very_late"] = {"title": "x", "set": {"decisions.sadr_withdrawal.shift_h": 500}}
    document = type(loaded.document)(
        {**loaded.document.data, "variants": late},
        loaded.document.path, loaded.document.sha256, loaded.document.place,
    )  # fmt: skip
    scenario = type(loaded.scenario).model_validate(document.data)
    changed = type(loaded)(scenario, document, loaded.evidence)
    assert what_if(changed, ["very_late"], 10, seed=1).extrapolated == ["very_late"]


def test_a_pair_that_never_differs_is_said_to_be_the_same() -> None:
    result = what_if(load_checked(SCENARIO), ["late_6h"], 40, seed=1)
    found = result.table[result.table.unchanged >= 1.0].iloc[0]  # the hour of another's order
    assert sentence(found, True) == "the same in every replicate"


def test_the_ratio_s_interval_covers_a_known_ratio() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(40):
        x = rng.poisson(4.0, 300).astype(float)
        y = x + rng.poisson(2.0, 300)
        low, high = np.quantile(bootstrap_ratio(x, y), (0.05, 0.95))
        hits += low <= 1.5 <= high
    assert hits >= 30  # 36 expected of a 90 % interval; below 30 has probability 0.005


def test_an_unknown_variant_gets_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean 'late_24h'"):
        what_if(load_checked(SCENARIO), ["late_24"], 5)


def test_the_command_writes_results_that_replay_takes_forked_ones_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([
        "whatif", SCENARIO, "--variant", "no_reprisals", "--replicates", "12", "--no-figures",
        "--fork-at", FORK, "--out", str(tmp_path),
    ])  # fmt: skip
    assert code == 0
    assert "no_reprisals" in capsys.readouterr().out
    (folder,) = (tmp_path / "august_september_2022").iterdir()
    for name in ("baseline", "no_reprisals"):
        again = replay(read_result(folder / name), 7)
        assert again.is_same, (name, again.differing)
    mesa = replay(read_result(folder / "no_reprisals"), 7, "mesa")
    assert mesa.is_same


@pytest.mark.parametrize(
    ("time", "complaint"),
    [
        ("yesterday", "is not a time"),
        ("2022-08-30T12:00", "no offset"),
        ("2023-08-30T12:00+03:00", "outside the clock"),
    ],
)
def test_a_fork_at_an_impossible_time_is_refused_and_nothing_is_written(
    time: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["whatif", SCENARIO, "--fork-at", time, "--out", str(tmp_path / "results")])
    assert code == 2
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_the_report_s_first_screen_names_outcomes_and_no_inputs(tmp_path: Path) -> None:
    code = main([
        "whatif", SCENARIO, "--variant", "late_24h", "--variant", "never", "--replicates", "60",
        "--posterior", "prior", "--out", str(tmp_path),
    ])  # fmt: skip
    assert code == 0
    (report,) = tmp_path.glob("*/*/report.html")
    answer = report.read_text().split("The answer")[1].split("Figures")[0]
    assert "Dead in Baghdad" in answer and "Dead in Basra" in answer
    assert "Dead on Sadr" not in answer  # whose the dead are is an input
    assert answer.count("Extrapolation") == 2
    assert " <strong>Extrapolation" in answer


def test_a_headline_gives_absolute_numbers_and_no_ratio_where_the_baseline_lacks_the_episode() -> (
    None
):
    result = what_if(load_checked(SCENARIO), ["late_24h"], 200, seed=1)
    told = headline(result).set_index("observable")
    fought, quiet = told.loc["dead_baghdad"], told.loc["dead_basra"]
    words = answer(fought)
    assert f"{number(fought['future'])} instead of {number(fought['baseline'])}" in words
    assert f"{fought['ratio']:.2f} times" in words
    assert "Reported 30 to 39" in words and "probability" in words
    assert not quiet["grounded"] and quiet["ratio"] > 1
    assert "times" not in answer(quiet) and "does not give it" in answer(quiet)
    first = whatif_table(result).splitlines()
    assert first[0].startswith("late_24h: Dead in Baghdad") and answer(fought) in first[0]
    assert next(line for line in first if line.startswith("caveat: ")).endswith(
        "the baseline does not give what was reported of “Dead in Basra up to 1 September noon”"
    )
