"""Orders and triggers moved in time: never to before the clock, and never in silence past their
cause."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.cli.entry import main
from sim.explore.request import Request, extrapolations, make_plan
from sim.explore.whatif import unreported, what_if
from sim.inputs import InputError
from sim.scenario import load_checked, load_scenario
from sim.show.explorer.controls import controls_of
from sim.show.reports.whatif_report import whatif_table

SHIPPED = "scenarios/baghdad_2022_08.yaml"
ORDER = "decisions.sadr_withdrawal.shift_h"  # its window begins 24 h after the clock
MADE_UP = "tests/data/two_factions.yaml"
MADE_ORDER = "decisions.red_withdrawal.shift_h"  # 28 h after the clock, 24 h after its cause


def test_an_order_shifted_to_before_the_clock_is_refused_with_the_least_shift_that_is_not():
    for hours in (-25, -48, -200):
        with pytest.raises(InputError) as caught:
            load_scenario(SHIPPED, None, {ORDER: hours})
        said = str(caught.value)
        assert f"shift of {hours} h" in said and "before the clock" in said
        assert "-24 h or later" in said


def test_an_order_shifted_to_the_clocks_start_or_later_is_taken():
    for hours in (-24, 0, 200):
        assert load_scenario(SHIPPED, None, {ORDER: hours}).decisions[0].shift_h == hours


def test_a_shift_does_not_matter_where_the_window_does_not():
    settings = {ORDER: -200, "decisions.sadr_withdrawal.mode": "endogenous"}
    assert load_scenario(SHIPPED, None, settings).decisions[0].shift_h == -200


@pytest.mark.parametrize("part", ["triggers", "deployments"])
def test_triggers_and_deployments_cannot_be_shifted_to_before_the_clock_either(part, tmp_path):
    data = yaml.safe_load(Path(MADE_UP).read_text(encoding="utf-8"))
    start = load_scenario(MADE_UP).clock.start.isoformat()
    if part == "deployments":
        data["deployments"] = [{"id": "sent", "place": data["places"][0]["id"], "presence": 0.5,
                                "at": {"earliest": start, "latest": start},
                                "source": "assumption: test"}]  # fmt: skip
    data[part][0]["shift_h"] = -5000
    path = tmp_path / "early.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(InputError, match="before the clock"):
        load_scenario(path)
    data[part][0]["enabled"] = False
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    load_scenario(path)


def test_a_variant_that_shifts_an_order_to_before_the_clock_is_refused_at_its_line(tmp_path):
    path = with_variant(tmp_path, -120)
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert f"{path}:{line_of(path)}:" in str(caught.value)
    assert "before the clock" in str(caught.value) and "-28 h or later" in str(caught.value)


def test_an_order_moved_to_before_the_trigger_it_answers_is_called_an_extrapolation(tmp_path):
    follows, goes_before = with_variant(tmp_path, -24), with_variant(tmp_path, -26)
    assert unreported(load_scenario(follows, "early")) == []
    said = unreported(load_scenario(goes_before, "early"))
    assert said == [
        "the order 'red_withdrawal' may come up to 2 h before 'The announcement', which it answers"
    ]
    result = what_if(load_checked(goes_before), ["early"], 10, seed=1)
    assert result.extrapolated == ["early"]
    assert said[0] in " ".join(whatif_table(result).split())
    assert what_if(load_checked(follows), ["early"], 10, seed=1).extrapolated == []


def test_run_and_sweep_say_that_an_order_comes_before_its_cause(tmp_path, capsys):
    words = ["run", MADE_UP, "--set", f"{MADE_ORDER}=-26", "--replicates", "10", "--no-figures"]
    assert main([*words, "--out", str(tmp_path)]) == 0
    assert "caveat: extrapolation: the order 'red_withdrawal'" in capsys.readouterr().out
    for vary in (f"{MADE_ORDER}=-26,0", f"{MADE_ORDER}=-28:0:3"):
        plan = make_plan(Request([MADE_UP], [vary]))
        assert any("which it answers" in one for one in extrapolations(plan))
    assert extrapolations(make_plan(Request([MADE_UP], [f"{MADE_ORDER}=-24,0"]))) == []


@pytest.mark.parametrize("values", ["-200:24:5", "-29:24", "0,-40", "-40"])
def test_a_sweep_over_shifts_to_before_the_clock_is_refused_before_it_starts(values):
    design = {"design": "lhs", "points": 8} if values == "-29:24" else {}
    with pytest.raises(InputError, match="before the clock"):
        make_plan(Request([MADE_UP], [f"{MADE_ORDER}={values}"], **design))


def test_the_slider_of_an_order_ends_where_the_clock_begins():
    for path, order, least in ((SHIPPED, ORDER, -24), (MADE_UP, MADE_ORDER, -28)):
        scenario = load_scenario(path)
        slider = next(one for one in controls_of(scenario) if one.path == order)
        assert slider.low == least
        load_scenario(path, None, {order: slider.low})


def with_variant(folder: Path, hours: float) -> Path:
    text = Path(MADE_UP).read_text(encoding="utf-8")
    line = f"variants:\n  early: {{title: Early, set: {{{MADE_ORDER}: {hours}}}}}\n"
    path = folder / f"early{-hours}.yaml"
    path.write_text(text.replace("variants:\n", line), encoding="utf-8")
    return path


def line_of(path: Path) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, 1) if "early:" in line)
