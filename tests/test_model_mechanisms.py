"""Mechanisms that a scenario switches on: each moves what it should, and off is as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.model import Output
from sim.scenario.mechanisms import DAY, MECHANISMS
from tests import before_mechanisms
from tests.random_scenarios import WHY, at
from tests.test_model_claims import feud_data, mean_and_error, run

HILL, PORT = 0, 1
LEARNED = "sim/episodes/learned.json"


def series(output: Output, name: str) -> np.ndarray:
    """An hourly series by name, f4[R, T, P]."""
    return output.hourly[name]


def events_of(output: Output, kind: str) -> pd.DataFrame:
    assert output.events is not None
    return output.events[output.events["kind"] == kind]


def quiet_data(hours: int = 96, **parameters: float) -> dict[str, Any]:
    """The feud with nothing that begins it: no trigger, no order, no security forces in between."""
    data = feud_data(deterrence=0.0, **parameters)
    data["clock"]["end"] = at(hours)
    data["triggers"], data["decisions"] = [], []
    return data


def halt(
    hour: float, leader: str = "north", order: str = "restrain", **keys: Any
) -> dict[str, Any]:
    """An order everywhere at an hour."""
    return {
        "id": f"halt_{leader}_{hour:g}", "leader": leader, "order": order, "mode": "scripted",
        "window": {"earliest": at(hour), "latest": at(hour)}, "source": WHY, **keys,
    }  # fmt: skip


def same_until(one: Output, other: Output, step: int) -> bool:
    return np.array_equal(one.series[:, :step], other.series[:, :step])


def test_with_every_mechanism_off_worlds_give_what_they_gave_before_there_were_any() -> None:
    assert before_mechanisms.made() == json.loads(before_mechanisms.FILE.read_text())


def test_every_mechanism_is_off_by_default_and_its_other_numbers_name_it() -> None:
    switches = {row.name for row in MECHANISMS if row.off is not None}
    for row in MECHANISMS:
        assert row.prior.is_fixed
        if row.off is None:
            assert row.needs in switches
        else:
            assert row.prior.mean() == row.off


# ---- relief


def test_an_order_takes_its_share_of_the_salience_in_its_scope_and_none_elsewhere() -> None:
    data = feud_data()
    data["triggers"][0]["places"] = ["hill", "port"]
    runs = {share: run({**data, **set_to(data, relief=share)}, 50) for share in (0.0, 0.5, 1.0)}
    salience = {share: series(output, "salience") for share, output in runs.items()}
    for share in (0.5, 1.0):
        assert same_until(runs[0.0], runs[share], 24)
        np.testing.assert_allclose(
            salience[share][:, 24:, HILL], (1 - share) * salience[0.0][:, 24:, HILL], rtol=1e-5
        )
        assert np.array_equal(salience[share][:, :, PORT], salience[0.0][:, :, PORT])


def test_an_order_that_ends_its_cause_leaves_fewer_clashes_though_nobody_obeys() -> None:
    data = feud_data(compliance=0.0, reprisal_ratio=0.0)
    without, with_relief = run(data), run({**data, **set_to(data, relief=1.0)})
    hill = [series(output, "clashes")[:, 24:, HILL].sum() for output in (without, with_relief)]
    assert hill[0] > 100 and hill[1] == 0


def set_to(data: dict[str, Any], **parameters: float) -> dict[str, Any]:
    """The parameters of a scenario with some set."""
    own = {name: {"value": value, "source": WHY} for name, value in parameters.items()}
    return {"parameters": {**data["parameters"], **own}}


# ---- local incidents


def test_incidents_come_at_their_rate_where_nothing_else_begins_a_fight() -> None:
    data = quiet_data(24 * 7 * 2, incident_rate=1.5, reprisal_ratio=0.0)
    clashes = series(run(data, 600), "clashes")
    for place in (HILL, PORT):
        mean, error = mean_and_error(clashes[:, :, place].sum(axis=1))
        assert abs(mean - 1.5 * 0.8 * 2) < 4 * error  # rate, hostility, weeks
    spread = clashes.sum(axis=(1, 2)).var() / clashes.sum(axis=(1, 2)).mean()
    assert 0.8 < spread < 1.2  # Poisson


def test_an_incident_has_a_beginner_no_cause_and_may_kill_people_at_home() -> None:
    data = quiet_data(24 * 14, incident_rate=2.0, reprisal_ratio=0.0, incident_salience=0.0)
    clashes = events_of(run(data, 200, "log"), "clash")
    assert len(clashes) > 500
    assert (clashes["cause"] == -1).all()
    share = (clashes["actor"] == "north").mean()
    assert set(clashes["actor"]) == {"north", "south"} and 0.4 < share < 0.6
    at_home = clashes[clashes["place"] == "hill"]  # where nobody is resident and nobody mobilises
    assert (at_home["dead_a"] + at_home["dead_b"]).mean() == pytest.approx(0.5, abs=0.15)


def test_who_obeys_begins_no_incident_but_can_be_hit() -> None:
    data = quiet_data(24 * 14, incident_rate=4.0, reprisal_ratio=0.0, compliance=1.0)
    free = events_of(run(data, 200, "log"), "clash")
    held = events_of(run({**data, "decisions": [halt(0.0)]}, 200, "log"), "clash")
    assert set(held["actor"]) == {"south"}
    assert 0.4 < len(held) / len(free) < 0.6
    assert held["dead_a"].sum() > 0


def test_security_forces_keep_incidents_down() -> None:
    data = quiet_data(24 * 14, incident_rate=4.0, reprisal_ratio=0.0)
    data["places"][HILL]["security_garrison"] = 1.0
    data["parameters"]["deterrence"]["value"] = 2.0
    data["places"][HILL]["authority"] = 1.0
    clashes = series(run(data), "clashes").sum(axis=(0, 1))
    assert clashes[HILL] / clashes[PORT] == pytest.approx(np.exp(-2.0), abs=0.05)


def test_a_dyad_may_have_its_own_rate_of_incidents_or_none() -> None:
    data = quiet_data(24 * 14, incident_rate=1.0, reprisal_ratio=0.0)
    counts = []
    for incidents in (None, "off", {"rate": 3.0, "source": WHY}):
        data["dyads"][0]["incidents"] = incidents
        counts.append(run(data).observables[:, 1].mean())
    assert counts[1] == 0
    assert counts[2] / counts[0] == pytest.approx(3.0, rel=0.1)


def test_salience_raises_the_rate_of_incidents_here_and_at_linked_places() -> None:
    data = quiet_data(96, incident_rate=3.0, reprisal_ratio=0.0, clash_rate=0.0)
    data["triggers"] = feud_data()["triggers"]
    calm, alarmed = (run({**data, **set_to(data, incident_alarm=a)}, 800) for a in (0.0, 4.0))
    first, second = (series(output, "clashes") for output in (calm, alarmed))
    assert np.array_equal(first[:, :2], second[:, :2])
    hill, port = (second[:, 2:50, p].sum() / first[:, 2:50, p].sum() for p in (HILL, PORT))
    assert hill > 2.0 and port > 2.0  # the port is linked, and the hill the only place beside it
    data["places"][PORT]["links"] = ["port"]
    alone = series(run({**data, **set_to(data, incident_alarm=4.0)}, 800), "clashes")
    assert np.array_equal(alone[:, :, PORT], first[:, :, PORT])


def test_an_incident_may_open_a_fight_where_it_adds_salience() -> None:
    data = quiet_data(24 * 7, incident_rate=0.5, reprisal_ratio=0.0)
    alone, spark = (
        run({**data, **set_to(data, incident_salience=s)}, 300, "log") for s in (0.0, 1.0)
    )
    assert len(events_of(alone, "mobilisation")) == 0
    assert len(events_of(spark, "mobilisation")) > 0
    opened = events_of(spark, "clash")
    causes = opened["cause"][opened["cause"] >= 0]
    assert len(causes) > 0
    assert spark.observables[:, 1].sum() > 3 * alone.observables[:, 1].sum()


def test_a_spark_below_the_floor_rouses_nobody_who_is_tired() -> None:
    data = feud_data(fatigue_time=3.0, incident_rate=40.0, clash_rate=0.0, reprisal_ratio=0.0)
    data["decisions"] = []
    data["dyads"][0]["places"] = ["hill"]
    came = []
    for salience in (0.0, 0.01, 0.5):
        output = run({**data, **set_to(data, incident_salience=salience)}, 50, "log")
        came.append(events_of(output, "mobilisation")["value"].sum())
    assert came[0] == came[1] < came[2]


# ---- people go home


def test_cells_that_nothing_keeps_go_home_and_sooner_the_shorter_their_time() -> None:
    data = feud_data(clash_rate=0.0, fatigue_time=5000.0)
    data["decisions"] = []
    never, slow, fast = (
        run({**data, **set_to(data, home_time=h)}, 50) for h in (1e6, 24.0, 3.0)
    )  # salience 1 falls to its floor of 0.1 after 55 hours
    assert same_until(never, fast, 55) and same_until(never, slow, 55)
    out = [series(output, "cells")[:, :, HILL].mean(axis=0) for output in (never, slow, fast)]
    assert out[0][-1] > 78
    left = 96 - 58
    assert out[1][-1] == pytest.approx(80 * np.exp(-left / 24), rel=0.2)
    assert out[2][-1] < 1


def test_who_went_home_comes_again_and_is_not_tired() -> None:
    data = feud_data(clash_rate=0.0, fatigue_time=5000.0, home_time=1.0, salience_memory=5.0)
    data["decisions"] = []
    again = {**data["triggers"][0], "id": "again", "at": {"earliest": at(60), "latest": at(60)}}
    data["triggers"].append(again)
    cells = series(run(data, 50), "cells")[:, :, HILL].mean(axis=0)
    assert cells[11] > 70 and cells[59] < 1 and cells[70] > 70


def test_a_clash_keeps_people_on_the_street() -> None:
    data = feud_data(clash_rate=0.0, fatigue_time=5000.0, home_time=1.0, security_alert=12.0)
    data["decisions"], data["factions"] = [], data["factions"][:2]
    raid = {
        "id": "raid", "title": "Raid", "at": {"earliest": at(56), "latest": at(56)},
        "places": ["hill"], "attack": {"between": ["north", "south"], "dead": 0}, "source": WHY,
    }  # fmt: skip
    without, kept = run(data, 50), run({**data, "triggers": [*data["triggers"], raid]}, 50)
    cells = [series(output, "cells")[:, 66, HILL].mean() for output in (without, kept)]
    assert cells[0] < 1 and cells[1] > 70


def test_who_obeys_an_order_with_an_ultimatum_has_left_by_then() -> None:
    data = feud_data(compliance=1.0, stand_down_time=500.0, fatigue_time=10000.0)
    open_end = run(data, 50)
    data["decisions"][0]["ultimatum_h"] = 6.0
    limited = run(data, 50, "log")
    assert same_until(open_end, limited, 24)
    north = events_of(limited, "stand_down")
    north = north[(north["actor"] == "north") & (north["place"] == "hill") & (north["time"] > 23)]
    assert north["time"].between(24, 30).all()
    assert north.groupby("replicate")["value"].sum().min() > 30
    cells = series(limited, "cells")[:, 31, HILL]
    assert (cells <= 40).all() and series(open_end, "cells")[:, 31, HILL].min() > 50


# ---- orders fray


def long_quiet(hours: int = 24 * 28, **parameters: float) -> dict[str, Any]:
    """Weeks of incidents between residents who obey every order, and no reprisals."""
    return quiet_data(
        hours, incident_rate=4.0, reprisal_ratio=0.0, compliance=1.0, order_reach=1.0, **parameters
    )


def begun_by_week(output: Output, who: str) -> np.ndarray:
    """Clashes that a side began, by week."""
    clashes = events_of(output, "clash")
    own = clashes[clashes["actor"] == who]
    return np.bincount((own["time"] // 168).astype(int), minlength=4)


def test_who_obeys_is_held_back_for_a_drawn_time_and_a_new_order_draws_anew() -> None:
    data = {**long_quiet(), "decisions": [halt(0.0)]}
    free = begun_by_week(run({**data, "decisions": []}, 150, "log"), "north")
    for_ever = begun_by_week(run(data, 150, "log"), "north")
    fraying = {**data, **set_to(data, order_memory=336.0)}
    frayed = begun_by_week(run(fraying, 150, "log"), "north")
    again = begun_by_week(
        run({**fraying, "decisions": [halt(0.0), halt(336.0)]}, 150, "log"), "north"
    )
    assert for_ever.sum() == 0
    middle = (np.arange(4) + 0.5) * 168
    np.testing.assert_allclose(frayed / free, 1 - np.exp(-middle / 336), atol=0.1)
    assert again[0] == frayed[0] and again[1] == frayed[1]
    assert again[2] < 0.5 * frayed[2]


def test_own_dead_since_the_order_make_it_fray_sooner_and_only_they() -> None:
    data = {**long_quiet(deaths_per_clash=0.5), "decisions": [halt(0.0)]}
    calm, provoked = (
        run({**data, **set_to(data, order_memory=2000.0, provocation=p)}, 150, "log")
        for p in (0.0, 1.0)
    )
    weeks = begun_by_week(calm, "north"), begun_by_week(provoked, "north")
    assert weeks[1].sum() > 1.5 * weeks[0].sum()
    bloodless = {**data, **set_to(data, deaths_per_clash=0.0, order_memory=2000.0)}
    same = [run({**bloodless, **set_to(bloodless, provocation=p)}, 50) for p in (0.0, 1.0)]
    assert np.array_equal(same[0].series, same[1].series)


def test_who_stood_down_comes_again_once_the_order_has_frayed() -> None:
    data = feud_data(compliance=1.0, clash_rate=0.0, fatigue_time=10000.0, salience_memory=1000.0)
    held, frayed = (run({**data, **set_to(data, order_memory=h)}, 50) for h in (1e6, 24.0))
    assert same_until(held, frayed, 24)
    cells = [series(output, "cells")[:, -1, HILL].mean() for output in (held, frayed)]
    assert cells[0] < 45 and cells[1] > 70


# ---- restraint is mutual


def test_a_side_that_sees_the_other_hold_back_begins_less_whether_it_is_led_or_not() -> None:
    data = {**long_quiet(), "decisions": [halt(0.0)]}
    data["factions"][1]["leader"] = None
    del data["parameters"]["restraint_threshold.south"]
    begun = {
        share: begun_by_week(
            run({**data, **set_to(data, reciprocity=share, reciprocity_lag=6.0)}, 100, "log"),
            "south",
        ).sum()
        for share in (0.0, 0.5, 1.0)
    }
    assert begun[0.5] / begun[0.0] == pytest.approx(0.5, abs=0.08)
    assert begun[1.0] < 0.05 * begun[0.0]


def test_it_takes_a_lag_until_restraint_is_seen_and_nothing_changes_without_any() -> None:
    data = {**long_quiet(), "decisions": [halt(0.0)]}
    quick, slow = (
        run({**data, **set_to(data, reciprocity=1.0, reciprocity_lag=h)}, 100, "log")
        for h in (6.0, 168.0)
    )
    first = begun_by_week(quick, "south")[0], begun_by_week(slow, "south")[0]
    assert first[0] < 0.2 * first[1]
    unheld = {**data, "decisions": []}
    off, on = (run({**unheld, **set_to(unheld, reciprocity=r)}, 50) for r in (0.0, 1.0))
    assert np.array_equal(off.series, on.series)


# ---- long memory


def test_clashes_are_remembered_for_weeks_and_make_incidents_more_likely() -> None:
    data = quiet_data(24 * 56, incident_rate=0.5, reprisal_ratio=0.0)
    off, on = (run({**data, **set_to(data, grievance=g)}, 300) for g in (0.0, 1.0))
    first, second = (series(output, "clashes")[:, :, PORT] for output in (off, on))
    begins = [np.where(c.any(axis=1), (c > 0).argmax(axis=1), c.shape[1]) for c in (first, second)]
    assert np.array_equal(begins[0], begins[1])  # nothing to remember before the first
    assert second.sum() > 1.5 * first.sum()
    short = {**data, **set_to(data, grievance=1.0, grievance_memory=0.5)}
    assert first.sum() < series(run(short, 300), "clashes")[:, :, PORT].sum() < second.sum()


# ---- salvoes


def test_a_clash_is_followed_at_once_by_as_many_as_its_salvo_has() -> None:
    data = quiet_data(24 * 14, incident_rate=2.0, reprisal_ratio=0.0)
    data["dyads"][0]["places"] = ["port"]  # where both sides are resident, so present
    alone, salvo = (run({**data, **set_to(data, salvo_ratio=r)}, 500, "log") for r in (0.0, 0.4))
    share = 0.4 * 0.8  # at hostility 0.8
    counts = [output.observables[:, 1].mean() for output in (alone, salvo)]
    assert counts[1] / counts[0] == pytest.approx(1 / (1 - share), rel=0.1)
    clashes = events_of(salvo, "clash").set_index(["replicate", "event"])
    later = clashes[clashes["cause"] >= 0]
    parents = clashes.loc[list(zip(later.index.get_level_values(0), later["cause"], strict=True))]
    assert (later["actor"].to_numpy() == parents["actor"].to_numpy()).all()
    gap = later["time"].to_numpy() - parents["time"].to_numpy()
    assert gap.min() == 1 and 1.2 < gap.mean() < 2.4  # a mean of 1.2 h, in steps of an hour


# ---- days and nights


def test_incidents_follow_the_hour_of_the_day_as_far_as_the_scenario_says() -> None:
    data = quiet_data(24 * 28, incident_rate=10.0, reprisal_ratio=0.0)
    by_hour = {}
    for share in (0.0, 0.5, 1.0):
        clashes = series(run({**data, **set_to(data, daily_rhythm=share)}, 300), "clashes")
        by_hour[share] = clashes.sum(axis=(0, 2)).reshape(28, 24).sum(axis=0)
    for share, counts in by_hour.items():
        curve = 1 + share * (np.array(DAY) - 1)
        np.testing.assert_allclose(counts / counts.mean(), curve, atol=0.12)
        assert counts.sum() == pytest.approx(by_hour[0.0].sum(), rel=0.05)


def test_first_clashes_and_gathering_crowds_follow_the_hour_too() -> None:
    data = feud_data(clash_rate=0.05, salience_memory=1000.0, reprisal_ratio=0.0, compliance=0.0)
    crowd = {
        "id": "march", "faction": "north", "place": "hill", "turnout": [1000, 1000],
        "gathers": {"earliest": at(26), "latest": at(26)}, "source": WHY,
    }  # fmt: skip
    data["crowds"] = [crowd]  # at two in the morning
    off, on = (run({**data, **set_to(data, daily_rhythm=r)}, 200) for r in (0.0, 1.0))
    people = [series(output, "crowd")[:, 27, HILL].mean() for output in (off, on)]
    assert people[1] < 0.8 * people[0]
    night = [
        series(o, "clashes")[:, 27:31].sum() / series(o, "clashes")[:, 35:39].sum()
        for o in (off, on)
    ]
    assert night[1] < 0.6 * night[0]


def test_the_curve_of_the_day_is_the_one_learned_from_episodes() -> None:
    learned = json.loads((Path(before_mechanisms.__file__).parents[1] / LEARNED).read_text())
    assert list(DAY) == learned["curves"]["hour_of_day"]
    assert np.mean(DAY) == pytest.approx(1.0, abs=1e-3)


# ---- kinds of orders


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("order_by_government", "declared_by", "government"),
        ("order_by_both", "declared_by", "both"),
        ("order_to_both_sides", "addressed_to", "both_sides"),
        ("order_to_public", "addressed_to", "public"),
        ("order_written", "written", True),
        ("order_monitored", "monitored", True),
        ("order_in_part", "part", "part"),
        ("order_humanitarian", "humanitarian", True),
    ],
)
def test_a_kind_of_order_shifts_who_obeys_it_and_no_other_order(
    name: str, key: str, value: Any
) -> None:
    data = feud_data(compliance=0.5, stand_down_time=0.5, fatigue_time=10000.0, clash_rate=0.0)
    plain = run(data, 30)
    other = run({**data, **set_to(data, **{name: 3.0})}, 30)
    assert np.array_equal(plain.series, other.series)
    data["decisions"][0][key] = value
    neutral, shifted = (run({**data, **set_to(data, **{name: s})}, 30) for s in (0.0, 3.0))
    assert np.array_equal(plain.series, neutral.series)
    left = [80 - series(output, "cells")[:, 32, HILL].mean() for output in (neutral, shifted)]
    assert left[0] == pytest.approx(20, abs=3)
    assert left[1] == pytest.approx(40 / (1 + np.exp(-3.0)), abs=3)


# ---- keys of a scenario


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["dyads"][0].update(incidents="of"), "off"),
        (lambda d: d["dyads"][0].update(incidents={"rate": -1, "source": WHY}), "0"),
        (lambda d: d["dyads"][0].update(incidents={"rate": 1}), "source"),
        (lambda d: d["dyads"][0].update(incidents={"rates": 1, "source": WHY}), "rate"),
        (lambda d: d["decisions"][0].update(ultimatum_h=0), "0"),
        (lambda d: d["decisions"][0].update(declared_by="goverment"), "government"),
        (lambda d: d["decisions"][0].update(part="hole"), "whole"),
    ],
)
def test_a_key_of_a_mechanism_that_is_wrong_is_said(
    change: Callable[[dict[str, Any]], None], said: str, tmp_path: Any
) -> None:
    import yaml

    from sim.inputs import InputError
    from sim.scenario import load_scenario

    data = feud_data()
    data["name"] = "feud"
    change(data)
    path = tmp_path / "feud.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    with pytest.raises(InputError) as error:
        load_scenario(path)
    assert said in str(error.value)
