"""Mechanisms that a scenario switches on: each moves what it should, and off is as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.model import Output
from sim.scenario.mechanisms import MECHANISMS
from tests import before_mechanisms
from tests.random_scenarios import WHY, at
from tests.test_model_claims import feud_data, mean_and_error, run

HILL, PORT = 0, 1


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


# ---- keys of a scenario


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["dyads"][0].update(incidents="of"), "off"),
        (lambda d: d["dyads"][0].update(incidents={"rate": -1, "source": WHY}), "0"),
        (lambda d: d["dyads"][0].update(incidents={"rate": 1}), "source"),
        (lambda d: d["dyads"][0].update(incidents={"rates": 1, "source": WHY}), "rate"),
        (lambda d: d["decisions"][0].update(ultimatum_h=0), "0"),
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
