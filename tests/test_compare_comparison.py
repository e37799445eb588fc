"""A comparison says what lies in which interval, and what it could not test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up import changed, two_factions

from sim.compare import baselines_of, compare, constant_rate, nothing
from sim.ensemble import Ensemble, simulate, step_times
from sim.scenario.schema import Scenario


def observed(scenario: Scenario, **values: list[float]) -> Ensemble:
    """An ensemble in which these observables came out so, and all others at 0."""
    count = len(next(iter(values.values())))
    frame = pd.DataFrame(0.0, range(count), [o.id for o in scenario.observables])
    return Ensemble(
        scenario=scenario,
        variant=None,
        seed=1,
        parameters=pd.DataFrame(index=range(count)),
        observables=frame.assign(**values),
        orders=pd.DataFrame(index=range(count)),
        hourly={},
        times=step_times(scenario.clock),
        places=[place.id for place in scenario.places],
        events=None,
    )


def row(ensemble: Ensemble, name: str, evidence: Any = None) -> dict[str, Any]:
    table = compare(ensemble, evidence, baselines_of(ensemble)).table.set_index("id")
    return dict(table.loc[name])


def test_intervals_are_over_the_replicates_in_which_it_happened() -> None:
    times = [*np.arange(101.0), *[np.nan] * 99]
    found = row(observed(two_factions(), first_clash=times), "first_clash")
    assert [found[q] for q in ("q05", "q25", "q50", "q75", "q95")] == [5, 25, 50, 75, 95]
    assert found["share_missing"] == pytest.approx(0.495)
    # 12:00 to 15:00 is 6 h to 9 h; a first step may start an hour before what it holds
    assert found["probability"] == pytest.approx(5 / 200)
    assert (found["inside50"], found["inside90"]) == (False, True)


def test_what_never_happened_is_outside_and_has_no_interval() -> None:
    found = row(observed(two_factions(), first_clash=[np.nan] * 10), "first_clash")
    assert found["share_missing"] == 1.0
    assert np.isnan(found["q50"]) and found["probability"] == 0.0
    assert not found["inside90"]


def test_what_was_not_reported_is_not_tested() -> None:
    comparison = compare(observed(two_factions(), wounded=[0.0, 5.0]))
    found = comparison.table.set_index("id").loc["wounded"]
    assert found["missing"] and not found["tested"]
    assert np.isnan(found["probability"]) and np.isnan(found["inside90"])
    assert "Wounded: not reported" in comparison.summary.not_tested


def test_scripted_order_is_never_scored_whatever_its_role() -> None:
    scenario = two_factions()
    data = scenario.model_dump(mode="json", exclude_none=True)
    data["observables"][4]["role"] = "calibrate"
    found = row(observed(changed(scenario, **data), withdrawal=[28.5]), "withdrawal")
    assert not found["tested"] and found["why_not"] == "given by the script"
    data["decisions"][0]["mode"] = "endogenous"
    found = row(observed(changed(scenario, **data), withdrawal=[28.5]), "withdrawal")
    assert found["tested"] and found["probability"] == 1.0


def test_summary_has_a_list_for_each_verdict_and_names_what_disagrees_first() -> None:
    ensemble = observed(two_factions(), dead_upper=[20.0, 25.0], clashes_upper=[0.0, 1.0])
    summary = compare(ensemble).summary
    assert any("Dead in Upper Town" in line for line in summary.agree)
    assert any("Clashes in Upper Town" in line for line in summary.disagree)
    assert str(summary).startswith("of 4 reported values: ")
    assert "better than every simple rule" not in str(summary), "there were none"


def test_silence_is_flagged_weak() -> None:
    scenario = two_factions()
    data = scenario.model_dump(mode="json", exclude_none=True)
    data["observables"][0]["facts"] = ["a.1a", "a.2a"]
    data["observables"][1]["facts"] = ["a.1a", "a.3a"]
    kinds = {"a.1a": "silence", "a.2a": "silence", "a.3a": "toll"}
    evidence = SimpleNamespace(
        statements={name: SimpleNamespace(id=name, kind=kind) for name, kind in kinds.items()}
    )
    ensemble = observed(changed(scenario, **data), dead_upper=[1.0])
    assert row(ensemble, "dead_upper", evidence)["weak"]
    assert not row(ensemble, "dead_lower", evidence)["weak"]
    assert not row(ensemble, "clashes_upper", evidence)["weak"], "it cites nothing at all"


def test_constant_rate_spreads_the_calibrated_total_over_hours_and_places() -> None:
    ensemble = observed(two_factions(), dead_upper=[0.0] * 4000)
    rate = constant_rate(ensemble)
    # 23 dead in 36 h in one place; the other place, over all 48 h, in proportion
    assert rate["dead_upper"].mean() == pytest.approx(23, abs=4 * np.sqrt(23 / 4000))
    lower = 23 / 36 * 48
    assert rate["dead_lower"].mean() == pytest.approx(lower, abs=4 * np.sqrt(lower / 4000))
    assert rate["dead_upper"].var() == pytest.approx(23, rel=0.1), "Poisson"
    assert set(rate.columns) == {"dead_upper", "dead_lower"}, "no total of clashes was calibrated"


def test_constant_rate_begins_and_ends_at_random() -> None:
    scenario = two_factions()
    data = scenario.model_dump(mode="json", exclude_none=True)
    for statistic in ("first", "last", "any", "active_hours", "peak"):
        data["observables"].append(
            data["observables"][0]
            | {"id": f"x_{statistic}", "statistic": statistic, "role": "hold_out"}
        )
    ensemble = observed(changed(scenario, **data), dead_upper=[0.0] * 4000)
    rate = constant_rate(ensemble)
    hourly = 23 / 36
    quiet = np.exp(-hourly)
    assert rate["x_first"].mean() == pytest.approx(quiet / (1 - quiet), abs=0.1)
    assert rate["x_last"].mean() == pytest.approx(36 - quiet / (1 - quiet), abs=0.1)
    assert rate["x_active_hours"].mean() == pytest.approx(36 * (1 - quiet), abs=0.2)
    assert (rate["x_any"] == (rate["dead_upper"] > 0)).all(), "one process, several statistics"
    assert (rate["x_peak"] <= rate["dead_upper"]).all()


def test_nothing_predicts_zero_and_never() -> None:
    ensemble = observed(two_factions(), dead_upper=[5.0] * 3)
    frame = nothing(ensemble)
    assert (frame["dead_upper"] == 0).all() and frame["first_clash"].isna().all()
    found = row(ensemble, "first_clash")
    assert found["baseline_nothing_probability"] == 0.0


def test_baseline_that_says_nothing_is_missing_and_not_wrong() -> None:
    found = row(observed(two_factions(), dead_upper=[5.0] * 3), "clashes_upper")
    assert np.isnan(found["baseline_constant_rate_probability"])
    assert found["baseline_nothing_probability"] == 0.0


def test_scenario_without_observables_compares_to_an_empty_table_of_the_same_form() -> None:
    full = observed(two_factions(), dead_upper=[1.0])
    empty = observed(changed(two_factions(), observables=[]), dead_upper=[1.0])
    assert list(compare(empty).table.columns) == list(compare(full).table.columns)
    assert len(compare(empty).table) == 0


def test_without_reprisals_the_same_draws_give_no_more_clashes_on_average() -> None:
    ensemble = simulate(two_factions(), 200, keep="totals", logs=0)
    theta = ensemble.parameters.assign(reprisal_ratio=0.0)
    calm = simulate(two_factions(), 200, keep="totals", logs=0, theta=theta)
    table = compare(ensemble, None, baselines_of(ensemble, calm)).table.set_index("id")
    found = table.loc["clashes_upper"]
    assert found["baseline_no_reprisals_q50"] <= found["q50"]
    assert calm.observables["clashes_upper"].sum() < ensemble.observables["clashes_upper"].sum()
    names = ("constant_rate", "nothing", "no_reprisals")
    for name in names:
        for part in ("q05", "q50", "q95", "probability"):
            assert f"baseline_{name}_{part}" in table
