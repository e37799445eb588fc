"""A verdict goes by probability and against the best simple rule, never by the interval alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from made_up import changed, two_factions
from test_compare_comparison import observed

from sim.compare import baselines_of, compare
from sim.ensemble import Ensemble
from sim.scenario.schema import Scenario
from sim.show.terminal import terminal_table


def asking(reported: dict[str, Any], statistic: str = "total", **more: Any) -> Scenario:
    """The two factions with one more observable, ``asked``, of the dead in the lower town."""
    data = two_factions().model_dump(mode="json", exclude_none=True)
    base = {key: data["observables"][1][key] for key in ("title", "measure", "places")}
    new = base | {"id": "asked", "statistic": statistic, "reported": reported, "role": "hold_out"}
    return changed(two_factions(), **(data | {"observables": [*data["observables"], new | more]}))


def found(ensemble: Ensemble) -> dict[str, Any]:
    table = compare(ensemble, None, baselines_of(ensemble)).table.set_index("id")
    return dict(table.loc["asked"])


@pytest.mark.parametrize(("yes", "verdict"), [(6, "disagrees"), (45, "disagrees"), (70, "agrees")])
def test_a_reported_yes_is_judged_by_the_share_of_runs_that_say_so(yes: int, verdict: str) -> None:
    values = [1.0] * yes + [0.0] * (100 - yes)
    row = found(observed(asking({"best": 1}, "any", measure="clashes"), asked=values))
    assert row["inside90"], "the interval of a yes or no can hardly miss"
    assert row["verdict"] == verdict


def test_a_reported_no_that_never_happens_is_counted_apart_and_is_no_agreement() -> None:
    ensemble = observed(asking({"best": 0}), asked=[0.0] * 99 + [3.0])
    assert found(ensemble)["verdict"] == "zero against zero"
    summary = compare(ensemble, None, baselines_of(ensemble)).summary
    assert len(summary.no_news) == 1 and not any("Lower" in line for line in summary.agree)
    assert "zero against zero, which says nothing" in str(summary)


def test_a_reported_zero_inside_a_wide_interval_is_no_better_than_that_nothing_happens() -> None:
    row = found(observed(asking({"best": 0}), asked=[0.0] * 60 + [40.0] * 40))
    assert (row["verdict"], row["best_rule"], row["best_rule_probability"]) == (
        "no better", "nothing", 1.0,
    )  # fmt: skip


def test_what_a_wide_interval_holds_by_accident_is_improbable_and_does_not_agree() -> None:
    values = np.linspace(0, 411, 412)
    row = found(observed(asking({"best": 200}, measure="clashes"), asked=values.tolist()))
    assert row["inside50"] and row["verdict"] == "improbable"


def test_a_time_that_most_runs_never_have_disagrees_however_wide_the_rest() -> None:
    values = [8.0] * 20 + [np.nan] * 80
    table = compare(observed(two_factions(), first_clash=values)).table.set_index("id")
    assert table.loc["first_clash", "inside90"]
    assert table.loc["first_clash", "verdict"] == "disagrees"


def test_a_fitted_fact_is_never_among_those_that_agree_and_says_fitted() -> None:
    ensemble = observed(two_factions(), dead_upper=[20.0, 22.0, 23.0, 25.0])
    assert compare(ensemble).table.set_index("id").loc["dead_upper", "verdict"] == "agrees"
    ensemble.posterior = "posterior.parquet"
    comparison = compare(ensemble)
    assert comparison.table.set_index("id").loc["dead_upper", "verdict"] == "fitted"
    assert not any("Upper" in line for line in comparison.summary.agree)
    line = next(x for x in terminal_table(comparison).splitlines() if x.startswith("Dead in Upper"))
    assert "fitted; inside" in line


def test_a_rule_that_was_told_the_value_is_no_rival_on_it() -> None:
    # the constant rate is read from this very toll, and gives it with about .7
    ensemble = observed(two_factions(), dead_upper=[23.0] * 200 + [99.0] * 200)
    row = compare(ensemble, None, baselines_of(ensemble)).table.set_index("id").loc["dead_upper"]
    assert row["best_rule"] == "nothing"
    assert row["baseline_constant_rate_probability"] > row["probability"], "and would have won"


def test_a_day_s_toll_that_a_straight_line_to_the_whole_toll_gives_is_no_support() -> None:
    scenario = two_factions()
    start, end = scenario.clock.start, scenario.clock.end
    data = scenario.model_dump(mode="json", exclude_none=True)
    whole = data["observables"][0]
    assert whole["id"] == "dead_upper" and whole["reported"]["best"] == 23
    middle = (start + (end - start) / 2).isoformat()
    half = whole | {"id": "asked", "role": "hold_out", "reported": {"low": 5, "high": 20},
                    "span": {"start": start.isoformat(), "end": middle}}  # fmt: skip
    scenario = changed(scenario, **(data | {"observables": [*data["observables"], half]}))
    ensemble = observed(scenario, asked=[2.0] * 40 + [12.0] * 60)
    line = baselines_of(ensemble)["toll_line"]
    assert list(line.columns) == ["asked"], "it is told the whole toll, and says nothing of that"
    assert 0 < line["asked"].iloc[0] < 23 and line["asked"].nunique() == 1
    row = found(ensemble)
    assert row["inside90"] and row["probability"] == 0.6
    assert (row["verdict"], row["best_rule"]) == ("no better", "toll_line")
    text = terminal_table(compare(ensemble, None, baselines_of(ensemble)))
    assert "no better than a straight line to the toll" in text


def test_what_is_not_scored_shows_the_scenario_s_own_note() -> None:
    note = "One side of the disputed toll; shown beside it and not scored twice."
    row = found(observed(asking({"best": 4}, role="input_check", notes=note), asked=[4.0]))
    assert row["why_not"] == note and row["verdict"] == "not tested"
    row = found(observed(asking({"best": 4}, role="input_check"), asked=[4.0]))
    assert row["why_not"] == "an input, not an outcome"


def test_the_terminal_says_yes_or_no_and_never_reported_not_reported() -> None:
    ensemble = observed(asking({"best": 1}, "any"), asked=[0.0] * 94 + [1.0] * 6)
    text = terminal_table(compare(ensemble, None, baselines_of(ensemble)), None, 40)
    words = " ".join(text.split())
    assert "reported yes; simulated 90 % yes in 6 % of runs" in words and "DISAGREES" in words
    assert "reported not reported" not in words and "not reported" in words
