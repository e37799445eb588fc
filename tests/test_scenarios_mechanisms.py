"""Nothing in the shipped scenarios is idle: every parameter, leader and variant changes a run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from shipped import NAMES, differs, drawn, loaded, run, shipped

from sim.scenario import effective_priors, with_settings
from sim.scenario.mechanisms import ORDER_SHIFTS
from sim.scenario.parameters import PER_LEADER, REGISTRY, SHARED, STRUCTURAL, vector_names

REPLICATES = 64
# A corner of the prior in which violence runs away: only there does a ceiling on clashes bind.
RUNAWAY = {"clash_rate": 10.0, "reprisal_ratio": 1.2, "reprisal_delay": 1.0, "deterrence": 0.0}
# Scenarios in which leaders decide for themselves, so that their thresholds are asked for.
GENERATIVE = ("baghdad_2022_08", "basra_2022_09", "august_september_2022")


def two_values(name: str) -> tuple[float, float]:
    """A low and a high value of a parameter, in its prior or its range for sensitivity."""
    row = REGISTRY[name]
    if row.sensitivity is not None:
        return row.sensitivity
    low, high = row.prior.quantile([0.1, 0.9])
    return float(low), float(high)


def needed_by(column: str) -> list[str]:
    """The numbers that have to be on for a parameter to do anything."""
    needs = REGISTRY[column].needs if column in REGISTRY else ""
    found = [needs, *needed_by(needs)] if needs else []
    return [*found, "incident_rate"] if column == "grievance" else found


def acts(scenario_name: str, variant: str | None, column: str, values: tuple[float, float]) -> bool:
    scenario = shipped(scenario_name, variant)
    names = vector_names(scenario.leaders)
    position = names.index(column)
    theta = drawn(scenario, REPLICATES)
    for needed in needed_by(column):  # a mechanism that is off acts only once it is on
        theta[:, names.index(needed)] = two_values(needed)[1]
    if column == "clash_ceiling":
        for name, value in RUNAWAY.items():
            theta[:, names.index(name)] = value
    outputs = []
    for value in values:
        theta[:, position] = value
        outputs.append(run(scenario, theta))
    return differs(*outputs)


@pytest.mark.parametrize(
    "name", [name for name in SHARED if name != STRUCTURAL and name not in ORDER_SHIFTS]
)
def test_every_parameter_changes_some_shipped_scenario(name: str) -> None:
    values = two_values(name)
    assert values[0] != values[1]
    assert any(acts(scenario, None, name, values) for scenario in NAMES)


def test_the_number_of_cells_changes_a_shipped_scenario() -> None:
    low, high = two_values(STRUCTURAL)
    few, many = (with_settings(loaded("baghdad_2022_08"), {STRUCTURAL: n}) for n in (low, high))
    assert differs(run(few, drawn(few, REPLICATES)), run(many, drawn(many, REPLICATES)))


@pytest.mark.parametrize("leader", ["sadr", "khazali"])
def test_every_leaders_threshold_changes_a_generative_variant(leader: str) -> None:
    column = f"{PER_LEADER}.{leader}"
    found = [
        acts(scenario, "generative", column, two_values(PER_LEADER))
        for scenario in GENERATIVE
        if any(d.leader == leader for d in shipped(scenario).decisions)
    ]
    assert any(found)


@pytest.mark.parametrize(
    ("scenario", "variant"),
    [(name, variant) for name in NAMES for variant in shipped(name).variants],
)
def test_every_variant_changes_something(scenario: str, variant: str) -> None:
    base, changed = shipped(scenario), shipped(scenario, variant)
    assert differs(run(base, drawn(base, 256)), run(changed, drawn(changed, 256)))


def test_a_later_order_never_costs_fewer_dead_on_average() -> None:
    means = []
    for variant in ("early_12h", None, "late_12h", "late_24h", "never"):
        scenario = shipped("baghdad_2022_08", variant)
        dead = run(scenario, drawn(scenario, 512), keep="hourly").hourly["dead"]
        means.append(float(dead.sum(axis=(1, 2)).mean()))
    assert means == sorted(means)


def test_without_its_sources_of_violence_a_quiet_fortnight_is_quiet_but_for_rockets() -> None:
    scenario = with_settings(loaded("green_zone_2022_09"), {"incident_rate": 0})
    series = run(scenario, drawn(scenario, 256)).hourly
    quiet = slice(0, 14 * 24)
    assert series["clashes"][:, quiet].sum() == 0
    assert series["pushes"][:, quiet].sum() == 0
    assert series["rockets"][:, quiet].sum() > 0


def test_with_incidents_a_quiet_fortnight_has_a_clash_now_and_then_and_most_have_none() -> None:
    scenario = shipped("green_zone_2022_09")
    clashes = run(scenario, drawn(scenario, 1000)).hourly["clashes"][:, : 14 * 24].sum(axis=(1, 2))
    assert 0.02 < (clashes > 0).mean() < 0.35


def test_with_hostility_the_march_still_has_its_numbers_and_they_are_worse() -> None:
    scenario = shipped("march_2020_01")
    ids = [observable.id for observable in scenario.observables]
    at = [ids.index("dead_march"), ids.index("clash_march")]
    calm = run(scenario, drawn(scenario, 256)).observables[:, at]
    hostile = shipped("march_2020_01", "hostile_march")
    tense = run(hostile, drawn(hostile, 256)).observables[:, at]
    assert np.array_equal(calm, np.zeros_like(calm))
    assert not np.isnan(tense).any()
    assert tense[:, 1].mean() > 0.5


def test_the_two_movements_of_january_2020_are_kept_apart() -> None:
    scenario = shipped("march_2020_01")
    hostile = shipped("march_2020_01", "hostile_march_live_fire")
    theta = drawn(scenario, 128)
    places = [place.id for place in scenario.places]
    elsewhere = [i for i, place in enumerate(places) if place != "march_route"]
    calm, tense = run(scenario, theta).series, run(hostile, theta).series
    assert np.array_equal(calm[:, :, elsewhere], tense[:, :, elsewhere])


def test_nothing_reaches_basra_when_revenge_stays_where_the_loss_was_and_nothing_begins() -> None:
    alone = {"spillover": 0, "incident_rate": 0}
    scenario = with_settings(loaded("august_september_2022"), alone)
    basra = [place.id for place in scenario.places].index("basra")
    assert run(scenario, drawn(scenario, 256)).hourly["clashes"][:, :, basra].sum() == 0


def test_an_order_to_basra_makes_a_battle_there_rarer() -> None:
    chance = []
    for variant in (None, "order_to_basra"):
        scenario = shipped("august_september_2022", variant)
        at = [observable.id for observable in scenario.observables].index("any_clash_basra")
        chance.append(run(scenario, drawn(scenario, 1000), "totals").observables[:, at].mean())
    assert chance[1] < chance[0]


def test_both_leaders_have_a_prior_of_their_own() -> None:
    priors = effective_priors(shipped("august_september_2022"))
    assert priors["restraint_threshold.sadr"].bounds() == pytest.approx((1, 100))
    assert priors["restraint_threshold.khazali"].bounds() == pytest.approx((0.5, 50))


def test_an_order_moved_by_a_day_changes_nothing_before_its_earlier_hour() -> None:
    base = shipped("august_september_2022")
    late = shipped("august_september_2022", "late_24h")
    theta = drawn(base, 256)
    one, other = run(base, theta), run(late, theta)
    at = [decision.id for decision in base.decisions].index("sadr_withdrawal")
    for r, hour in enumerate(one.orders[:, at]):
        assert np.array_equal(one.series[r, : int(hour)], other.series[r, : int(hour)])
    assert np.allclose(other.orders[:, at], one.orders[:, at] + 24)


def test_an_order_moved_by_a_day_changes_nothing_in_a_place_it_cannot_reach() -> None:
    whole = loaded("august_september_2022")
    cut_off: dict[str, object] = {
        "spillover": 0.0,
        "order_reach": 0.0,
        "triggers.tension_moves_south.enabled": True,
    }
    base = with_settings(whole, cut_off)
    late = with_settings(whole, {**cut_off, "decisions.sadr_withdrawal.shift_h": 24})
    theta = drawn(base, 256)
    one, other = run(base, theta).series, run(late, theta).series
    baghdad, basra = ([place.id for place in base.places].index(p) for p in ("baghdad", "basra"))
    assert np.array_equal(one[:, :, basra], other[:, :, basra])
    assert not np.array_equal(one[:, :, baghdad], other[:, :, baghdad])


MECHANISMS = {
    "relief",
    "reciprocity",
    "home_time",
    "order_memory",
    "incident_rate",
    "salvo_ratio",
}


def test_what_belongs_to_the_population_has_one_prior_in_all_five_scenarios() -> None:
    for name in MECHANISMS:
        priors = {effective_priors(shipped(scenario))[name] for scenario in NAMES}
        assert len(priors) == 1 and not priors.pop().is_fixed, name


def test_a_mechanism_taken_from_the_episodes_has_the_range_that_they_gave() -> None:
    learned = json.loads(Path("sim/episodes/learned.json").read_text())
    facts = {fact["name"]: fact["value"] for fact in learned["facts"]}
    found = 0
    for name, setting in shipped("august_september_2022").parameters.items():
        said = " ".join(setting.source)
        if "learned.json" not in said:
            continue
        assert f"study {learned['study']}" in said, name
        cited = [facts[word] for word in re.findall(r"[a-z_0-9]+", said) if word in facts]
        assert cited, name
        if len(cited) == 2:  # the ends of the range
            assert setting.log_uniform == pytest.approx(cited, rel=0.02), name
            found += 1
    assert found == 2


def test_a_variant_may_give_a_parameter_a_prior() -> None:
    scenario = shipped("august_september_2022", "with_daily_rhythm")
    assert effective_priors(scenario)["daily_rhythm"].bounds() == (0.0, 1.0)
    assert effective_priors(shipped("august_september_2022"))["daily_rhythm"].is_fixed


def test_each_mechanism_left_out_gives_the_numbers_of_the_others_alone() -> None:
    """The variants that leave one out say what the registry calls off."""
    for variant, changed in shipped("august_september_2022").variants.items():
        if variant.startswith("no_") and set(changed.set) <= MECHANISMS:
            for name, value in changed.set.items():
                assert value == REGISTRY[name].off, (variant, name)
