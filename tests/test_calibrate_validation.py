"""Validation: predictions are blind to what they are scored on, and rivals equal hand sums."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from made_up import TWO_FACTIONS, changed, two_factions

from sim.calibrate import facts_of
from sim.calibrate.facts import in_mode, with_changes
from sim.calibrate.rivals import climatology, event_rate, event_series, rivals
from sim.calibrate.scoring import scores_of, skill, skill_table
from sim.calibrate.validation import freeze, predictions, score, thaw, trials_of
from sim.calibrate.validation_run import validate_files
from sim.compare.scores import crps, ignorance, interval_score
from sim.scenario import load_checked
from sim.scenario.loading import LoadedScenario
from sim.scenario.vocabulary import DecisionMode, Role
from sim.show.reports.validation_report import write_validation

ALL = tuple(Role)


def fact(name, scenario=None):
    return next(f for f in facts_of(scenario or two_factions(), ALL) if f.observable == name)


@pytest.fixture(scope="module")
def frozen():
    loaded = {"two_factions": load_checked(TWO_FACTIONS)}
    trials = trials_of(list(loaded))
    return loaded, trials, predictions(loaded, trials, 2_000, 1)


def test_held_out_facts_move_no_prediction(frozen, tmp_path):
    loaded, trials, made = frozen
    original = loaded["two_factions"]
    data = original.scenario.model_dump(mode="json", exclude_none=True)
    for observable in data["observables"]:
        if observable["role"] != "calibrate":
            observable["reported"] = {"missing": True}
    import yaml

    path = tmp_path / "blind.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    blind: dict[str, LoadedScenario] = {"two_factions": load_checked(path)}
    assert freeze(made) == freeze(predictions(blind, trials, 2_000, 1))


def test_predictions_come_back_as_they_were_frozen(frozen):
    _, _, made = frozen
    back = thaw(freeze(made))
    assert [(p.trial, p.mode, p.forecast, p.target) for p in back] == [
        (p.trial, p.mode, p.forecast, p.target) for p in made
    ]
    for one, again in zip(made, back, strict=True):
        pd.testing.assert_frame_equal(one.draws, again.draws, check_names=False)


def test_one_call_validates_a_file_and_says_the_hash_before_it_scores(tmp_path):
    said = []
    found = validate_files([TWO_FACTIONS], 2_000, 1, frozen=said.append)
    assert said == [found.sha256]
    assert {"prior", "hawkes"} <= set(found.skills["rival"])
    folder = write_validation(found, tmp_path, "run.py validate X")
    assert hashlib.sha256((folder / "predictions.parquet").read_bytes()).hexdigest() == said[0]
    assert json.loads((folder / "manifest.json").read_text())["predictions_sha256"] == said[0]
    pd.testing.assert_frame_equal(
        pd.read_csv(folder / "skill.csv"), found.skills, check_dtype=False
    )


def test_modes_and_groups_are_never_mixed(frozen):
    loaded, trials, made = frozen
    table = score(made, loaded, trials)
    assert set(table["mode"]) == {"conditional", "generative"}
    groups = table.drop_duplicates("observable").set_index("observable")["group"]
    assert groups["dead_upper"] == "fitted"
    assert groups["dead_lower"] == "held out"
    assert "withdrawal" not in groups.index
    skills = skill_table(table)
    assert set(skills["verdict"]) <= {"better", "worse", "cannot tell"}
    assert {"prior", "nothing", "constant_rate", "hawkes", "climatology"} <= set(skills["rival"])


def test_in_generative_mode_every_scripted_order_is_its_leaders_own():
    loaded = load_checked(TWO_FACTIONS)
    modes = {d.id: d.mode for d in in_mode(loaded, "generative").decisions}
    assert modes["red_withdrawal"] == DecisionMode.ENDOGENOUS
    assert in_mode(loaded, "conditional") == loaded.scenario
    changed_too = with_changes(loaded, "generative", {"order_reach": 1.0})
    assert changed_too.parameters["order_reach"].value == 1.0


def test_scores_are_those_of_the_definitions():
    draws = np.array([18.0, 20, 22, 25, 31, 40, 3, 0, 23, 24])
    found = scores_of(fact("dead_upper"), draws, 48.0)
    assert found["crps"] == pytest.approx(crps(draws, 23), abs=1e-9)
    assert found["ign"] == pytest.approx(ignorance(draws, 23), abs=1e-9)
    assert found["mis"] == pytest.approx(interval_score(draws, 23), abs=1e-9)
    assert found["probability"] == pytest.approx(0.5)  # 20, 22, 25, 23, 24 lie from 20 to 30
    assert found["log_score"] == pytest.approx(1.0)


def test_a_floor_alone_has_a_log_score_and_no_distance():
    found = scores_of(fact("clashes_upper"), np.array([0.0, 2, 3, 9]), 48.0)
    assert found["log_score"] == pytest.approx(1.0)
    assert np.isnan(found["crps"]) and np.isnan(found["ign"]) and np.isnan(found["mis"])


def test_a_time_that_never_came_is_outside_its_window():
    found = scores_of(fact("first_clash"), np.array([7.0, np.nan, np.nan, np.nan]), 48.0)
    assert found["probability"] == pytest.approx(0.25)
    assert found["crps"] == pytest.approx(crps([7.0, 48, 48, 48], 7.5))  # noon to 15:00, from 6:00


def test_the_constant_rate_is_the_reported_total_over_its_hours():
    # 23 dead in one place over the 36 hours of the observable's span
    assert event_rate([two_factions()]) == pytest.approx(23 / 36)
    counted = rivals([two_factions()], two_factions(), 4_000, 1)["constant_rate"]
    assert counted["dead_upper"].mean() == pytest.approx(23, abs=4 * np.sqrt(23 / 4_000))
    assert "wounded" not in counted, "it says nothing of what it does not know"


def test_the_reported_dead_are_spread_over_the_reported_time():
    series = event_series([two_factions()])
    assert series.sum() == 23
    assert series[36:].sum() == 0, "nobody died after the span"
    assert series[:36].max() == 1


def test_climatology_scales_totals_by_hours_and_adds_one_zero():
    found = climatology([two_factions()], two_factions(), 4_000, 1)
    assert set(found["dead_upper"].unique()) == {0.0, 23.0}
    # the whole clock of 48 h instead of 36 h
    assert found["dead_lower"].max() == pytest.approx(23 * 48 / 36)
    assert "first_clash" not in found


def test_nothing_happens_says_never_and_zero():
    found = rivals([two_factions()], two_factions(), 10, 1)["nothing"]
    assert (found["dead_upper"] == 0).all()
    assert found["first_clash"].isna().all()


def test_without_a_reported_toll_there_is_no_rate():
    silent = changed(two_factions(), observables=[])
    assert event_rate([silent]) is None
    assert "hawkes" not in rivals([silent], two_factions(), 10, 1)


def test_an_advantage_within_the_noise_of_the_draws_is_not_told():
    rival = np.array([3.0, 4, 5, 4, 3])
    assert skill(rival - 0.03, rival)[3] == "better"
    assert skill(rival - 0.03, rival, np.full(5, 0.1))[3] == "cannot tell"


def test_a_clear_advantage_is_told_and_a_doubtful_one_is_not():
    rival = np.array([3.0, 4, 5, 4, 3])
    assert skill(rival - 1, rival)[3] == "better"
    assert skill(rival + 1, rival)[3] == "worse"
    assert skill(rival + np.array([1, -1, 1, -1, 0.1]), rival)[3] == "cannot tell"
    assert skill(rival[:4] - 1, rival[:4])[3] == "cannot tell", "four observables prove nothing"
