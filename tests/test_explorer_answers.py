"""The explorer's answers are the project's own numbers: what the page shows, `run` gives."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from made_up import TWO_FACTIONS
from shipped import NAMES, loaded, path_of

from sim.cli import main
from sim.ensemble import read_result, simulate
from sim.ensemble.levels import LEVELS
from sim.explore.whatif import bootstrap_ratio, compare_pairs
from sim.inputs import InputError
from sim.scenario import scenario_hash, with_settings, with_variant
from sim.show.explorer.answers import Answers
from sim.show.explorer.controls import Control, controls_of
from sim.show.explorer.effect import beyond_reports, bootstrapped, change_words
from sim.show.explorer.futures import Query, Shelf
from sim.show.explorer.saving import variant_file
from sim.show.figures.episode_figure import panel_values

LATER = {"decisions.red_withdrawal.shift_h": 6.0}


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(Shelf([TWO_FACTIONS]), None, 1)


def state(**changes: Any) -> Query:
    return Query(scenario="two_factions", replicates=200, seed=3, **changes)


def test_curves_are_the_quantiles_of_the_ensemble_that_python_gives(answers: Answers) -> None:
    got = answers.future(state(settings=LATER, view="upper"))["curves"]
    scenario = with_settings(answers.shelf["two_factions"].loaded, LATER)
    ensemble = simulate(scenario, 200, 3, threads=1)
    dead = panel_values(ensemble, "dead", ["upper"])
    expected = np.quantile(dead, list(LEVELS.values()), axis=0)
    assert np.allclose(np.array(got["dead"]["levels"])[:, 1:], expected, atol=1e-4)
    assert not np.any(np.array(got["dead"]["levels"])[:, 0]), "a count starts at nothing"


def test_effect_is_that_of_a_what_if_on_the_same_pairs(answers: Answers) -> None:
    effect = answers.future(state(settings=LATER))["effect"]
    loaded_one = answers.shelf["two_factions"].loaded
    before = simulate(loaded_one.scenario, 200, 3, threads=1)
    after = simulate(with_settings(loaded_one, LATER), 200, 3, threads=1)
    x = before.hourly["dead"].sum(axis=(1, 2)).astype(float)
    y = after.hourly["dead"].sum(axis=(1, 2)).astype(float)
    assert effect["ratio"] == pytest.approx(y.sum() / x.sum())
    assert effect["unchanged"] == (x == y).mean()
    low, high = np.quantile(bootstrap_ratio(x, y), (0.05, 0.95))
    assert (effect["ratio_low"], effect["ratio_high"]) == pytest.approx((low, high))
    assert 1 < effect["ratio"] < effect["ratio_high"], "a later order costs lives here"


def test_quick_bootstrap_is_the_plain_one() -> None:
    generator = np.random.default_rng(2)
    for pairs in (7, 200):
        x = generator.poisson(0.4, pairs).astype(float)
        y = x + generator.poisson(0.2, pairs)
        assert np.allclose(bootstrapped(x, y), bootstrap_ratio(x, y))


def test_table_gives_the_pairs_of_each_observable(answers: Answers) -> None:
    rows = {row["id"]: row for row in answers.table(state(settings=LATER))["rows"]}
    one = answers.shelf["two_factions"].loaded
    table = compare_pairs(
        simulate(one.scenario, 200, 3, threads=1),
        simulate(with_settings(one, LATER), 200, 3, threads=1), "later",
    ).set_index("observable")  # fmt: skip
    assert rows.keys() == set(table.index)
    upper = table.loc["dead_upper"]
    said = f"{upper['ratio']:.2f} times ({upper['ratio_q05']:.2f} to {upper['ratio_q95']:.2f})"
    assert rows["dead_upper"]["change"] == said


def test_effect_in_words_names_the_order_the_ratio_and_what_is_unchanged(answers: Answers) -> None:
    got = answers.future(state(settings=LATER))
    effect, words = got["effect"], got["words"][0]
    assert words.startswith("Reds: withdraw 6 h later: ")
    assert f"{effect['ratio']:.2f} times the dead" in words
    assert f"90 % {effect['ratio_low']:.2f} to {effect['ratio_high']:.2f}" in words
    assert "of replicates" in words


def test_nothing_moved_is_the_baseline_and_claims_no_effect(answers: Answers) -> None:
    got = answers.future(state())
    assert got["words"][0].startswith("The baseline: ")
    assert got["effect"]["unchanged"] == 1 and got["effect"]["difference"] == 0
    assert not got["beyond"]


def test_order_that_never_comes_is_extrapolation(answers: Answers) -> None:
    for settings in (
        {"decisions.red_withdrawal.mode": "off"},
        {"decisions.red_withdrawal.shift_h": 48.0},
    ):
        assert answers.future(state(settings=settings))["beyond"], settings
    assert not answers.future(state(settings=LATER))["beyond"]


def test_extrapolation_that_a_variant_declares_is_said() -> None:
    one = loaded("august_september_2022")
    never = one.scenario.variants["never"]
    assert never.extrapolation
    assert beyond_reports(one.scenario, with_variant(one, "never"), never.set)


def test_single_run_is_the_row_of_the_ensemble(answers: Answers) -> None:
    single = answers.single(state(settings=LATER), 7)
    ensemble = answers.futures.of(answers.shelf["two_factions"], state(settings=LATER))
    for measure in ("dead", "clashes", "cells"):
        kept = ensemble.hourly[measure][7]
        assert np.allclose(np.array(single["hourly"][measure]), kept, atol=1e-3), measure
    assert sum(event["dead"] for event in single["events"]) == ensemble.hourly["dead"][7].sum()
    numbers = {event["event"] for event in single["events"]}
    assert all(e["cause"] in numbers for e in single["events"] if e["cause"] >= 0)
    assert any(event["cause"] >= 0 for event in single["events"])


@pytest.mark.parametrize("name", NAMES)
def test_every_control_of_the_shipped_scenarios_changes_the_scenario(name: str) -> None:
    one = loaded(name)
    before = scenario_hash(one.scenario)
    controls = controls_of(one.scenario)
    assert len({control.path for control in controls}) == len(controls)
    for control in controls:
        value = other_value(control)
        if value is None:
            continue
        try:
            changed = with_settings(one, {control.path: value})
        except InputError as error:
            # one window that holds several orders, or the only enabled part: refused, not ignored
            assert control.kind != "slider", (control.path, value, error.problems)
            continue
        assert scenario_hash(changed) != before, control.path
        assert change_words(controls, {control.path: value})[0]


def other_value(control: Control) -> Any:
    """A value that the control offers and the scenario does not have."""
    if control.kind == "slider":
        assert control.low < control.high, control.path
        if control.value is not None:
            assert control.low <= control.value <= control.high, control.path
        return control.high if control.value != control.high else control.low
    if control.kind == "switch":
        return not control.value
    offered = [value for value, _ in control.options]
    if control.kind == "several":
        others = [[one] for one in offered if [one] != control.value]
        return others[0] if others else None
    return next(value for value in offered if value != control.value)


def test_saved_variant_is_reproduced_by_run_to_the_byte(answers: Answers, tmp_path: Path) -> None:
    settings = {**LATER, "compliance": 0.8, "dyads.reds-blues.hostility": 0.5}
    asked = state(settings=settings)
    text = answers.variant(asked, "mine", 'A "title": with #marks\u202e')
    saved = tmp_path / "saved.yaml"
    saved.write_text(text, encoding="utf-8")
    words = ["run", str(saved), "--variant", "mine", "--replicates", "200", "--seed", "3"]
    assert main([*words, "--no-figures", "--threads", "1", "--out", str(tmp_path)]) == 0
    (folder,) = (tmp_path / "two_factions").iterdir()
    assert (folder / "replicates.parquet").read_bytes() == answers.replicates(asked)
    table = pq.read_table(io.BytesIO(answers.replicates(asked))).to_pandas()
    assert (table["compliance"] == 0.8).all()


def test_command_on_the_page_gives_the_result_whose_id_it_prints(
    answers: Answers, tmp_path: Path
) -> None:
    import shlex

    asked = state(settings={**LATER, "decisions.red_withdrawal.scope.places": ["upper"]})
    found = answers.table(asked)
    words = shlex.split(found["command"])[2:]
    assert main([*words, "--no-figures", "--threads", "1", "--out", str(tmp_path)]) == 0
    (folder,) = (tmp_path / "two_factions").iterdir()
    assert read_result(folder).manifest.id == found["manifest"]
    assert (folder / "replicates.parquet").read_bytes() == answers.replicates(asked)


def test_command_of_a_variant_names_it_and_gives_the_same_id(
    answers: Answers, tmp_path: Path
) -> None:
    import shlex

    variants = answers.shelf["two_factions"].loaded.scenario.variants
    for name in variants:
        asked = state(settings=dict(variants[name].set))
        found = answers.table(asked)
        words = shlex.split(found["command"])[2:]
        assert words[2:4] == ["--variant", name] and "--set" not in words
        out = tmp_path / name
        assert main([*words, "--no-figures", "--threads", "1", "--out", str(out)]) == 0
        (folder,) = (out / "two_factions").iterdir()
        assert read_result(folder).manifest.id == found["manifest"]


@pytest.mark.parametrize("name", NAMES)
def test_saved_file_is_the_scenarios_own_with_one_more_variant(name: str) -> None:
    shelved = Shelf([path_of(name)])[name]
    control = next(c for c in shelved.controls if c.kind == "slider")
    settings = {control.path: other_value(control)}
    text = variant_file(shelved, "mine", "Mine", settings)
    original = path_of(name).read_text(encoding="utf-8")
    assert len(text.splitlines()) == len(original.splitlines()) + 1, "comments are kept"
    before, after = (yaml.load(t, Loader=yaml.BaseLoader) for t in (original, text))
    added = after["variants"].pop("mine")
    assert after == before
    assert added["title"] == "Mine" and list(added["set"]) == [control.path]


@pytest.mark.parametrize("name", ["", "later", "Not A Name", "x: {}", "../x"])
def test_name_that_is_taken_or_none_is_refused(answers: Answers, name: str) -> None:
    with pytest.raises(InputError):
        answers.variant(state(settings=LATER), name, "")


def test_baseline_is_no_variant(answers: Answers) -> None:
    with pytest.raises(InputError, match="nothing is changed"):
        answers.variant(state(), "mine", "")


def test_impossible_setting_says_what_is_wrong_and_changes_nothing(answers: Answers) -> None:
    with pytest.raises(InputError, match="complience"):
        answers.future(state(settings={"complience": 0.5}))
    with pytest.raises(InputError):
        answers.future(state(settings={"compliance": 7}))
    assert answers.future(state())["words"][0].startswith("The baseline: ")


def test_printed_figure_carries_the_id_of_the_same_run(answers: Answers) -> None:
    asked = state(settings=LATER)
    svg = answers.figure(asked, "svg", False).decode()
    assert answers.table(asked)["manifest"] in svg
    assert answers.figure(asked, "png", True)[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_map_has_the_countries_around_places_with_coordinates_and_else_none() -> None:
    answers = Answers(Shelf([path_of("august_september_2022")]), None, 1)
    ground = answers.scenario("august_september_2022")["ground"]
    west, south, east, north = ground["frame"]
    for place in loaded("august_september_2022").scenario.places:
        assert west < place.longitude < east and south < place.latitude < north
    assert {"Iraq", "Iran"} <= {country["name"] for country in ground["countries"]}
    assert len(str(ground)) < 120_000, "a page's worth, not the world"
    assert Answers(Shelf([TWO_FACTIONS]), None, 1).scenario("two_factions")["ground"] is None
