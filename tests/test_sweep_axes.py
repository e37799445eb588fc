"""What to vary: every form is read, every mistake is named with the nearest right word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sweep_case as case

from sim.explore.axis import read_axes
from sim.explore.design import design_points
from sim.explore.request import Request, make_plan
from sim.inputs import InputError


def values(text: str) -> tuple[object, ...]:
    return read_axes([text])[0].levels


def test_a_range_with_a_count_names_the_values_that_one_expects() -> None:
    assert values("compliance=0.3:0.9:7") == (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def test_words_and_lists_are_read_as_in_a_scenario_and_off_is_a_word() -> None:
    assert values("decisions.stop.mode=scripted,off") == ("scripted", "off")
    assert values("decisions.stop.scope.places=[up],[up, down]") == (["up"], ["up", "down"])
    assert values("decisions.stop.shift_h=-12,0,6") == (-12, 0, 6)


def test_a_time_is_no_range() -> None:
    assert values("crowds.c.gathers.latest=2031-05-01T10:00+00:00") == (
        "2031-05-01T10:00+00:00",
    )  # fmt: skip


def problems_of(request: Request) -> list[str]:
    with pytest.raises(InputError) as caught:
        make_plan(request)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("complience=0.3:1:3", "did you mean 'compliance'"),
        ("decisions.stopp.shift_h=1,2", "did you mean 'stop'"),
        ("decisions.stop.shift_hh=1,2", "did you mean 'shift_h'"),
        ("decisions.stop.mode=scripted,of", "expected one of scripted"),
        ("compliance=0.3:1.7:3", "1.7 is out of range; expected a number from 0 to 1"),
        ("compliance=low,high", "low is out of range"),
        ("dyads.reds-blues.hostility=0.5,3", "hostility"),
        ("compliance=1:0.3:3", "the range is empty"),
        ("compliance=0.3,0.3", "a value stands twice"),
        ("compliance=0.3:1", "a grid needs the number of values"),
        ("compliance", "not a setting with values"),
        ("cells_per_group=0:900:2", "out of range"),
    ],
)
def test_a_mistake_is_named_before_anything_runs(tmp_path: Path, vary: str, said: str) -> None:
    found = problems_of(case.request(case.write(tmp_path), vary=[vary]))
    assert any(said in one for one in found), found


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    vary = ["complience=0:1:2", "dyads.reds-bluess.hostility=0,1"]
    assert len(problems_of(case.request(case.write(tmp_path), vary=vary))) == 2


def test_a_thing_is_not_varied_twice(tmp_path: Path) -> None:
    vary = ["compliance=0.3,1", "parameters.compliance=0.5,0.6"]
    assert "varied twice" in problems_of(case.request(case.write(tmp_path), vary=vary))[0]


def test_values_that_only_together_break_the_scenario_are_found(tmp_path: Path) -> None:
    day = "2031-05-01"
    vary = [
        f"triggers.speech.at.earliest={day}T00:00+00:00,{day}T09:00+00:00",
        f"triggers.speech.at.latest={day}T05:00+00:00,{day}T11:00+00:00",
    ]
    found = problems_of(case.request(case.write(tmp_path), vary=vary))
    assert any("turned round" in one for one in found), found


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_a_sample_fills_each_axis_evenly_and_is_the_same_again(design: str) -> None:
    axes = read_axes(["compliance=0.2:0.8", "decisions.stop.mode=scripted,off"])
    _, once = design_points(axes, design, 64, seed=3)
    _, again = design_points(axes, design, 64, seed=3)
    _, other = design_points(axes, design, 64, seed=4)
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)
    words, numbers = once.T  # structure first
    assert (words == 0).sum() == (words == 1).sum() == 32
    counts, _ = np.histogram(numbers, bins=8, range=(0.2, 0.8))
    assert set(counts) == {8}


def test_the_grid_is_every_combination_with_structure_slowest(tmp_path: Path) -> None:
    plan = make_plan(case.request(case.write(tmp_path)))
    assert len(plan.points) == 12
    assert [axis.path for axis in plan.axes] == ["decisions.stop.shift_h", "compliance"]
    assert plan.values_of(0) == {"decisions.stop.shift_h": -4.0, "compliance": 0.3}
    assert plan.values_of(11) == {"decisions.stop.shift_h": 8.0, "compliance": 1}


def test_several_scenarios_and_variants_make_each_point_for_each(tmp_path: Path) -> None:
    other = case.write(tmp_path, "others.yaml", name="others")
    plan = make_plan(
        case.request(case.write(tmp_path), scenarios=[tmp_path / "twins.yaml", other],
                     variants=["as_written", "later"])
    )  # fmt: skip
    assert len(plan.points) == 4 * 12
    assert plan.labels_of(0) == {"scenario": "twins", "variant": "as_written"}
    assert plan.labels_of(47) == {"scenario": "others", "variant": "later"}


def test_an_unknown_variant_is_named(tmp_path: Path) -> None:
    found = problems_of(case.request(case.write(tmp_path), variants=["latter"]))
    assert "did you mean 'later'" in found[0]


def test_points_from_a_table_are_taken_as_they_stand(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text(
        'variant,compliance,decisions.stop.scope.places\nlater,0.5,[up]\n,0.9,"[up, down]"\n'
    )
    plan = make_plan(
        case.request(case.write(tmp_path), vary=[], design="file", points=table,
                     variants=["as_written", "later"])
    )  # fmt: skip
    assert plan.labels_of(0)["variant"] == "later"
    assert plan.values_of(1) == {"compliance": 0.9, "decisions.stop.scope.places": ["up", "down"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("complience\n0.5\n", "did you mean 'compliance'"),
        ("compliance,variant\n0.5,latter\n", "points.csv:2: 'twins latter' is not in this sweep"),
        ("compliance\n0.5,1\n", "points.csv:2: 2 values for 1 columns"),
        ("compliance,compliance\n0.5,1\n", "points.csv:1:2: column 'compliance' stands twice"),
        ("compliance\n", "no points"),
    ],
)
def test_a_mistake_in_a_table_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    table = tmp_path / "points.csv"
    table.write_text(text)
    found = problems_of(case.request(case.write(tmp_path), vary=[], design="file", points=table))
    assert any(said in one for one in found), found
