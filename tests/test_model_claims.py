"""What the model claims: each rule shows in its runs, and nothing else moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model import Output, simulate_block
from sim.scenario import Scenario, effective_priors
from tests.random_scenarios import WHY, at, random_data, random_scenario, random_theta

MIDDLE = {
    "clash_rate": 1.5, "deaths_per_clash": 0.5, "reprisal_ratio": 0.5, "reprisal_delay": 5.0,
    "spillover": 0.2, "compliance": 0.8, "stand_down_time": 2.0, "order_reach": 0.5,
    "deterrence": 1.0, "rocket_rate": 0.3, "restraint_threshold.north": 10.0,
    "restraint_threshold.south": 10.0, "cells_per_group": 40.0,
}  # fmt: skip


def feud_data(**parameters: float) -> dict[str, Any]:
    """Two armed factions in two towns: mobilised in the first, resident in the second."""

    def armed(name: str) -> dict[str, Any]:
        return {
            "id": name, "name": name, "kind": "armed", "leader": {"id": name, "name": name},
            "forces": [
                {"place": "hill", "fighters": 4000, "source": WHY},
                {"place": "port", "fighters": 4000, "resident": True, "source": WHY},
            ],
        }  # fmt: skip

    return {
        "name": "feud",
        "title": "Feud",
        "summary": "Made up for a test.",
        "clock": {"start": at(0), "end": at(96)},
        "places": [
            {"id": "hill", "name": "Hill", "authority": 0.8, "rocket_target": True, "source": WHY},
            {"id": "port", "name": "Port", "authority": 0.3, "source": WHY},
        ],
        "factions": [
            armed("north"),
            armed("south"),
            {
                "id": "guard", "name": "Guard", "kind": "security",
                "forces": [{"place": p, "fighters": 900, "source": WHY} for p in ("hill", "port")],
            },
        ],
        "dyads": [{"between": ["north", "south"], "hostility": 0.8, "source": WHY}],
        "triggers": [
            {
                "id": "spark", "title": "Spark", "at": {"earliest": at(2), "latest": at(2)},
                "places": ["hill"], "salience": 1.0, "source": WHY,
            }
        ],
        "decisions": [
            {
                "id": "halt", "leader": "north", "order": "withdraw", "mode": "scripted",
                "window": {"earliest": at(24), "latest": at(24)},
                "scope": {"places": ["hill"]}, "source": WHY,
            }
        ],
        "observables": [
            {
                "id": "dead", "title": "Dead", "measure": "dead", "statistic": "total",
                "reported": {"missing": True}, "role": "calibrate",
            },
            {
                "id": "clashes", "title": "Clashes", "measure": "clashes", "statistic": "total",
                "reported": {"missing": True}, "role": "calibrate",
            },
        ],
        "parameters": {
            name: {"value": value, "source": WHY}
            for name, value in {**MIDDLE, **parameters}.items()
        },
    }  # fmt: skip


def fixed_theta(scenario: Scenario, rows: int) -> np.ndarray:
    """The parameters that the scenario fixes, or their prior's mean, the same in every row."""
    values = [prior.mean() for prior in effective_priors(scenario).values()]
    return np.tile(values, (rows, 1))


def run(data: dict[str, Any], rows: int = 400, keep: str = "hourly", seed: int = 4) -> Output:
    scenario = Scenario.model_validate(data)
    return simulate_block(scenario, fixed_theta(scenario, rows), seed, range(rows), keep=keep)


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def test_an_order_moved_by_a_day_changes_nothing_before_the_earlier_of_its_two_times() -> None:
    early, late = feud_data(), feud_data()
    late["decisions"][0]["shift_h"] = 24.0
    first, second = run(early), run(late)
    assert np.array_equal(first.series[:, :24], second.series[:, :24])
    assert not np.array_equal(first.series[:, 24:], second.series[:, 24:])


def test_an_order_moved_changes_nothing_where_no_mechanism_reaches() -> None:
    # no spillover and no reach: the port hears nothing of an order given for the hill
    early = feud_data(spillover=0.0, order_reach=0.0)
    early["triggers"].append({
        "id": "raid", "title": "Raid", "at": {"earliest": at(10), "latest": at(10)},
        "places": ["port"], "attack": {"between": ["north", "south"], "dead": 2}, "source": WHY,
    })  # fmt: skip
    late = {**early, "decisions": [{**early["decisions"][0], "shift_h": 24.0}]}
    first, second = run(early), run(late)
    port = 1
    assert first.series[:, :, port].sum() > 0
    assert np.array_equal(first.series[:, :, port], second.series[:, :, port])
    with_reach = run({**late, "parameters": feud_data(spillover=0.0)["parameters"]})
    assert not np.array_equal(first.series[:, :, port], with_reach.series[:, :, port])


def test_an_order_that_nobody_obeys_is_no_order() -> None:
    obeyed = feud_data(compliance=0.0)
    off = {**obeyed, "decisions": [{**obeyed["decisions"][0], "mode": "off"}]}
    first, second = run(obeyed), run(off)
    assert first.observables[:, 0].sum() > 0
    assert np.array_equal(first.observables, second.observables)


def test_no_hostility_no_clash() -> None:
    data = feud_data()
    data["dyads"][0]["hostility"] = 0.0
    assert run(data).observables[:, 1].sum() == 0
    assert run(feud_data()).observables[:, 1].sum() > 0


def caused_by_clash(events: pd.DataFrame) -> pd.Series:
    """Whether each clash of a log is caused by an earlier clash."""
    kinds = events.set_index(["replicate", "event"])["kind"]
    clashes = events[(events["kind"] == "clash") & (events["value"] > 0)]
    causes = pd.MultiIndex.from_frame(clashes[["replicate", "cause"]])
    return pd.Series(kinds.reindex(causes).to_numpy() == "clash", index=clashes.index)


def test_without_reprisals_no_clash_is_caused_by_a_clash() -> None:
    without = run(feud_data(reprisal_ratio=0.0), 40, "log")
    with_them = run(feud_data(reprisal_ratio=0.8), 40, "log")
    assert without.events is not None and with_them.events is not None
    assert caused_by_clash(without.events).sum() == 0
    assert caused_by_clash(with_them.events).sum() > 0


@pytest.mark.parametrize("ratio", [0.3, 0.7])
def test_the_mean_number_of_follow_on_clashes_per_clash_is_the_reprisal_ratio(ratio: float) -> None:
    data = feud_data(reprisal_ratio=ratio, deterrence=0.0, reprisal_delay=3.0, spillover=0.3)
    data["dyads"][0]["hostility"] = 1.0
    data["clock"]["end"] = at(480)
    data["decisions"] = []
    for faction in data["factions"][:2]:
        for force in faction["forces"]:
            force["resident"], force["fighters"] = True, 4_000_000  # nobody runs out
    data["triggers"] = [{
        "id": "raid", "title": "Raid", "at": {"earliest": at(1), "latest": at(1)},
        "places": ["port"], "attack": {"between": ["north", "south"], "dead": 1}, "source": WHY,
    }]  # fmt: skip
    counts = run(data, 6000, "totals").observables[:, 1]
    # a clash has on average ratio children, so a family of 1 / (1 - ratio)
    mean, error = mean_and_error(counts)
    assert mean == pytest.approx(1 / (1 - ratio), abs=4 * error)
    assert error < 0.05 / (1 - ratio)
    logged = run(data, 300, "log")
    assert logged.events is not None
    families = caused_by_clash(logged.events).sum() / (logged.events["kind"] == "clash").sum()
    assert families == pytest.approx(ratio, abs=0.1)  # children per clash, the first one included


def test_halving_the_step_or_the_number_of_cells_moves_the_mean_toll_by_noise_only() -> None:
    base, error = mean_and_error(run(feud_data(), 4000, "totals").observables[:, 0])
    finer = feud_data()
    finer["clock"]["step_h"] = 0.5
    others = [finer, feud_data(cells_per_group=20.0), feud_data(cells_per_group=80.0)]
    for data in others:
        mean, other_error = mean_and_error(run(data, 4000, "totals").observables[:, 0])
        bound = 3 * np.hypot(error, other_error) + 0.05 * base
        assert abs(mean - base) < bound


def test_a_later_withdrawal_never_saves_lives_on_average() -> None:
    tolls = []
    for shift in (-12.0, 0.0, 24.0):
        data = feud_data()
        data["decisions"][0]["shift_h"] = shift
        tolls.append(run(data, 1000, "totals").observables[:, 0].mean())
    assert tolls[0] < tolls[1] < tolls[2]


def test_security_forces_there_before_the_attack_deter_it() -> None:
    data = feud_data(deterrence=3.0)
    guarded = {**data, "deployments": [{
        "id": "early", "place": "hill", "at": {"earliest": at(0), "latest": at(0)},
        "presence": 1.0, "source": WHY,
    }]}  # fmt: skip
    assert run(guarded).observables[:, 1].mean() < 0.6 * run(data).observables[:, 1].mean()


def test_a_closed_office_is_no_target() -> None:
    data = feud_data(compliance=1.0, stand_down_time=0.01)
    data["triggers"][0]["places"] = ["port"]
    closed = {**data, "decisions": [{
        **data["decisions"][0], "order": "close_offices", "scope": {"places": ["port"]},
        "window": {"earliest": at(1), "latest": at(1)},
    }]}  # fmt: skip
    assert run({**data, "decisions": []}).observables[:, 1].sum() > 0
    assert run(closed).observables[:, 1].sum() == 0


def test_an_order_that_lapses_gives_way_to_the_violence_that_it_held_back() -> None:
    held = feud_data(compliance=1.0, salience_memory=1000.0)
    lapsing = {**held, "decisions": [{**held["decisions"][0], "lasts_h": 12.0}]}
    first, second = run(held), run(lapsing)
    assert np.array_equal(first.series[:, :36], second.series[:, :36])
    assert second.observables[:, 1].mean() > first.observables[:, 1].mean()


def test_a_leader_with_a_lower_threshold_orders_restraint_earlier() -> None:
    medians = []
    for threshold in (1.0, 50.0):
        data = feud_data(**{"restraint_threshold.north": threshold})
        data["decisions"][0]["mode"] = "endogenous"
        medians.append(np.nan_to_num(run(data).orders[:, 0], nan=999).mean())
    assert medians[0] < medians[1]


def march_data(hostility: float) -> dict[str, Any]:
    data = feud_data()
    data["factions"].append({"id": "march", "name": "March", "kind": "movement"})
    data["crowds"] = [{
        "id": "square", "faction": "march", "place": "hill", "turnout": [20000, 20000],
        "gathers": {"earliest": at(3), "latest": at(3)}, "stays_h": 5, "source": WHY,
    }]  # fmt: skip
    data["dyads"] = [{
        "between": ["march", "guard"], "hostility": hostility, "live_fire": True, "source": WHY,
    }]  # fmt: skip
    data["places"][0]["security_presence"] = 0.5
    return data


def test_a_march_is_shot_at_only_where_there_is_hostility_and_counted_either_way() -> None:
    calm, hostile = run(march_data(0.0), 100), run(march_data(0.5), 100)
    assert calm.observables[:, 0].sum() == 0
    assert hostile.observables[:, 0].sum() > 0
    crowd = 4
    assert calm.series[..., crowd].max() > 15000
    assert hostile.series[..., crowd].max() > 15000


def check_run(scenario: Scenario, output: Output, replicate: int) -> None:
    events = output.events
    assert events is not None
    mine = events[events["replicate"] == replicate]
    series = output.series[0]
    hours = scenario.clock.steps * scenario.clock.step_h
    assert (series >= 0).all()
    assert mine["time"].between(0, hours).all()
    assert (mine["cause"] < mine["event"]).all() and (mine["cause"] >= -1).all()
    caused = mine[mine["cause"] >= 0]
    times = mine.set_index("event")["time"]
    assert (times.loc[caused["cause"]].to_numpy() <= caused["time"].to_numpy() + 1e-9).all()
    counted = mine[mine["kind"] == "clash"]
    assert len(counted) == series[..., 0].sum()
    assert (mine["dead_a"] + mine["dead_b"]).sum() == series[..., 1].sum()
    assert counted["wounded"].sum() == series[..., 2].sum()
    assert mine.loc[mine["kind"] == "barrage", "value"].sum() == series[..., 5].sum()


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_in_any_world_counts_add_up_causes_precede_effects_and_nobody_dies_twice(
    seed: int,
) -> None:
    scenario = random_scenario(seed)
    theta = random_theta(scenario, seed, 1)
    output = simulate_block(scenario, theta, seed, [seed], keep="log")
    check_run(scenario, output, seed)
    fighters = sum(f.fighters for faction in scenario.factions for f in faction.forces)
    turnout = sum(crowd.turnout[1] for crowd in scenario.crowds)
    events = output.events
    assert events is not None
    clashes = events[events["kind"] == "clash"]
    assert (clashes["dead_a"] + clashes["dead_b"]).sum() <= fighters + turnout


def test_a_faction_cannot_lose_more_than_it_has() -> None:
    data = feud_data(clash_rate=50.0, deaths_per_clash=30.0)
    for faction in data["factions"][:2]:
        for force in faction["forces"]:
            force["fighters"], force["resident"] = 60, True
    output = run(data, 50)
    assert output.observables[:, 0].max() <= 2 * 2 * 60
    assert output.observables[:, 0].max() > 100  # it was a massacre, and it stopped


def test_random_data_reaches_every_kind_of_event() -> None:
    kinds: set[str] = set()
    for seed in range(60):
        scenario = Scenario.model_validate(random_data(seed))
        output = simulate_block(scenario, random_theta(scenario, seed, 1), 1, [1], keep="log")
        assert output.events is not None
        kinds |= set(output.events["kind"])
    assert kinds == {
        "trigger", "order", "mobilisation", "stand_down", "security_deployment", "crowd", "clash",
        "push", "breach", "barrage", "report",
    }  # fmt: skip


def test_a_clash_that_a_trigger_causes_is_nobodys_deed_and_a_reprisal_is_the_avengers() -> None:
    scenario = Scenario.model_validate(feud_data(reprisal_ratio=1.5))
    output = simulate_block(scenario, fixed_theta(scenario, 12), 5, range(12), keep="log")
    events = output.events
    assert events is not None
    clashes = events[events["kind"] == "clash"]
    causes = events.set_index(["replicate", "event"])["kind"]
    kinds = [causes.get((c.replicate, c.cause), "") for c in clashes.itertuples()]
    for clash, kind in zip(clashes.itertuples(), kinds, strict=True):
        assert (clash.side_a, clash.side_b) == ("north", "south")
        if kind == "trigger":
            assert (clash.actor, clash.target) == ("", "")
        else:
            assert {clash.actor, clash.target} == {"north", "south"}
    assert kinds.count("trigger") > 20 and kinds.count("clash") > 20


def test_a_scripted_attack_is_its_attackers_deed_whichever_way_the_dyad_is_named() -> None:
    for between in (["north", "south"], ["south", "north"]):
        data = feud_data(clash_rate=0.0)
        data["dyads"][0]["between"] = between
        data["triggers"].append({
            "id": "raid", "title": "Raid", "at": {"earliest": at(3), "latest": at(3)},
            "places": ["port"], "source": WHY,
            "attack": {"between": ["south", "north"], "dead": 7},
        })  # fmt: skip
        scenario = Scenario.model_validate(data)
        output = simulate_block(scenario, fixed_theta(scenario, 1), 5, [0], keep="log")
        events = output.events
        assert events is not None
        raid = events[events["kind"] == "clash"].iloc[0]
        assert (raid["actor"], raid["target"]) == ("south", "north")
        assert [raid["side_a"], raid["side_b"]] == between
        dead = {raid["side_a"]: raid["dead_a"], raid["side_b"]: raid["dead_b"]}
        assert dead == {"south": 0, "north": 7}


def test_each_sides_dead_in_the_log_are_those_that_are_counted_for_it() -> None:
    data = feud_data(reprisal_ratio=0.8)
    for side in ("north", "south"):
        data["observables"].append({
            "id": f"dead_{side}", "title": "Dead", "measure": "dead", "statistic": "total",
            "factions": [side], "reported": {"missing": True}, "role": "calibrate",
        })  # fmt: skip
    scenario = Scenario.model_validate(data)
    output = simulate_block(scenario, fixed_theta(scenario, 3), 5, range(3), keep="log")
    assert output.events is not None
    assert (output.observables[:, -2:].sum(axis=0) > 0).all()
    for replicate, log in output.events.groupby("replicate"):
        north, south = output.observables[replicate, -2:]
        assert log.loc[log["side_a"] == "north", "dead_a"].sum() == north
        assert log.loc[log["side_b"] == "south", "dead_b"].sum() == south
