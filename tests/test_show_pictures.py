"""Calendar, exceedance curves, the typical run: they say what runs and reports have."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import show_case as case
from matplotlib.figure import Figure

from sim.compare.words import number
from sim.ensemble import Ensemble, simulate
from sim.explore import what_if
from sim.scenario import load_checked, load_scenario
from sim.scenario.schema import Scenario
from sim.show.figures.calendar_figure import alt_calendar, draw_calendar
from sim.show.figures.dumbbell_figure import alt_dumbbells, draw_dumbbells
from sim.show.figures.exceedance_figure import alt_exceedance, draw_exceedance, toll_curves
from sim.show.figures.reprisal_tree import draw_tree
from sim.show.figures.skill_figure import alt_skill, draw_skill
from sim.show.figures.style import PAGE, styled
from sim.show.typical_run import FIGHTING, typical_run


def gids(figure: Figure, prefix: str) -> list[str]:
    patches = [patch for axes in figure.axes for patch in axes.patches]
    return [g for p in patches if (g := str(p.get_gid())).startswith(prefix)]


def daily() -> Scenario:
    """The made-up episode with a toll for each of two days at the harbour."""
    given = case.scenario_dict()
    given["observables"] += [
        {"id": f"day_{day}", "title": f"Dead on day {day}", "measure": "dead",
         "statistic": "total", "places": ["harbour"],
         "span": {"start": f"2030-05-0{day}T00:00+03:00",
                  "end": f"2030-05-0{day + 1}T00:00+03:00"},
         "reported": {"best": toll}, "facts": [], "role": "hold_out"}
        for day, toll in ((1, 0), (2, 7))
    ]  # fmt: skip
    return Scenario.model_validate(given)


def test_the_calendar_has_every_reported_day_above_the_simulated_ones() -> None:
    ensemble = case.ensemble(20, of=daily())
    with styled(PAGE):
        figure = draw_calendar(ensemble, None, PAGE)
    assert {"cell-day_1", "cell-day_2"} <= set(gids(figure, "cell-"))
    harbour = figure.axes[1]
    level = {p.get_gid(): p.get_y() for p in harbour.patches if p.get_gid()}
    assert all(y < 1 for y in level.values()), "the reported strip is the first"
    words = [text.get_text() for text in harbour.texts]
    assert "7" in words and "0" in words
    assert "most reported 7 on 2 May" in alt_calendar(ensemble, None)


def test_the_exceedance_curve_gives_the_share_of_runs_at_or_above_the_reported_toll() -> None:
    ensemble = case.ensemble(40)
    titles = [curve.title for curve in toll_curves(ensemble)]
    share = float(np.mean(ensemble.observables["dead_total"] >= 30))
    with styled(PAGE):
        figure = draw_exceedance(ensemble, PAGE)
    axes = figure.axes[titles.index("Dead in the harbour and on the hill")]
    x, y = axes.lines[0].get_data()
    at_least = y[np.searchsorted(x, 30)]  # steps-pre: a step holds up to its own x
    assert at_least == pytest.approx(share)
    assert f"{100 * share:.0f} % of runs have at least the reported 30" in alt_exceedance(ensemble)
    assert gids(figure, "exceeds-")


@pytest.fixture(scope="module")
def baghdad() -> Ensemble:
    scenario = load_scenario("scenarios/baghdad_2022_08.yaml")
    return simulate(scenario, 60, seed=3, keep="hourly")


def test_the_run_drawn_is_typical_and_the_very_one_of_that_number(baghdad: Ensemble) -> None:
    run = typical_run(baghdad)
    assert run is not None
    tolls = baghdad.hourly["dead"].sum(axis=(1, 2))
    assert run.dead == tolls[run.replicate]
    low, high = np.quantile(tolls, (0.25, 0.75))
    assert low <= run.dead <= high and run.median == np.median(tolls)


def test_only_fighting_that_answers_or_is_answered_is_drawn(baghdad: Ensemble) -> None:
    run = typical_run(baghdad)
    assert run is not None
    assert set(run.log["kind"]) <= set(FIGHTING)
    answered = set(run.log["cause"])
    for row in run.log.to_dict("records"):
        assert row["cause"] in set(run.log["event"]) or row["event"] in answered
    with styled(PAGE):
        figure = draw_tree(run, baghdad.scenario, PAGE)
    drawn = [line for line in figure.axes[0].lines if str(line.get_gid()).startswith("node-")]
    assert 0 < len(drawn) <= len(run.log)


def test_a_run_in_which_nobody_answers_is_no_figure() -> None:
    ensemble = case.ensemble(20)
    ensemble.events = case.log().assign(cause=-1)
    assert typical_run(ensemble) is None


def gains() -> pd.DataFrame:
    """Skills as the scoring gives them: one win, one loss, one too few to tell."""
    rows = [
        ("t", "conditional", "fitted", "prior", "log_score", 6, 0.4, 0.1, 0.7, "better"),
        ("t", "conditional", "held out", "prior", "log_score", 6, -0.9, -1.4, -0.3, "worse"),
        ("t", "conditional", "held out", "nothing", "log_score", 3, 0.2, np.nan, np.nan,
         "cannot tell"),
        ("t", "conditional", "held out", "hawkes", "crps_scaled", 6, 0.2, 0.1, 0.3, "better"),
    ]  # fmt: skip
    names = ["trial", "mode", "group", "rival", "score", "n", "gain", "low", "high", "verdict"]
    return pd.DataFrame(rows, columns=names)


def test_the_forest_plot_has_every_gain_with_its_interval_the_unseen_first() -> None:
    with styled(PAGE):
        (axes,) = draw_skill(gains(), {"prior": "this model with its prior"}, PAGE).axes
    lines = {line.get_gid(): line for line in axes.lines if line.get_gid()}
    ends = sorted(tuple(np.round(line.get_xdata(), 2)) for line in lines.values())
    assert ends == [(-1.4, -0.3), (0.1, 0.7)], "two intervals; three observables have none"
    height = {line.get_color(): line.get_ydata()[0] for line in lines.values()}
    assert height["#B84A00"] < height["#0072B2"], "held out stands above fitted"
    assert "held out: worse in 1, cannot tell in 1 of 2" in alt_skill(gains())


def test_dumbbells_join_the_means_of_the_table_and_stand_beside_the_report() -> None:
    result = what_if(load_checked("scenarios/august_september_2022.yaml"), ["late_24h"], 40)
    with styled(PAGE):
        axes = draw_dumbbells(result, PAGE).axes[0]
    row = result.table.set_index("observable").loc["dead_baghdad"]
    (pair,) = (x for x in axes.lines if x.get_gid() == "pair-late_24h-dead_baghdad")
    assert list(pair.get_xdata()) == [row["baseline"], row["future"]]
    assert f"{number(row['baseline'])} to {number(row['future'])}" in alt_dumbbells(result)
