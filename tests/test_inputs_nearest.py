"""A misspelt name is answered with the valid one its writer had in mind."""

from __future__ import annotations

import pickle
import time

import pytest

from sim.inputs import InputError, Problem, nearest
from sim.inputs.problems import in_file_order, shown

PARAMETERS = ["clash_rate", "compliance", "reprisal_ratio", "reprisal_delay", "stand_down_time"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("complience", "compliance"),
        ("COMPLIANCE", "compliance"),
        ("reprisal-delay", "reprisal_delay"),
        ("Reprisal Ratio", "reprisal_ratio"),
        ("clashrate", "clash_rate"),
        ("standdown_time", "stand_down_time"),
    ],
)
def test_a_slip_of_the_finger_is_understood(given: str, meant: str) -> None:
    assert nearest(given, PARAMETERS) == meant


@pytest.mark.parametrize("given", ["rockets", "", "x", "c" * 90])
def test_a_name_like_no_other_gets_no_guess(given: str) -> None:
    assert nearest(given, PARAMETERS) is None
    assert nearest(given, []) is None


def test_a_candidate_keeps_its_own_spelling() -> None:
    assert nearest("sadr", ["Sadr", "Khazali"]) == "Sadr"


def test_an_endless_name_takes_no_time() -> None:
    begin = time.perf_counter()
    assert nearest("a" * 1_000_000, ["a" * 1000] * 100) is None
    assert time.perf_counter() - begin < 0.5


def test_a_problem_reads_as_one_line() -> None:
    problem = Problem("x.yaml", 12, 5, "unknown key 'complience'", "one of a, b", "compliance")
    assert str(problem) == (
        "x.yaml:12:5: unknown key 'complience'; expected one of a, b; did you mean 'compliance'?"
    )
    assert str(Problem("x.yaml", None, None, "there is no such file")) == (
        "x.yaml: there is no such file"
    )


def test_a_file_name_cannot_break_the_line() -> None:
    assert str(Problem("a\nb\x1b.yaml", 1, 1, "no")) == "a?b?.yaml:1:1: no"


def test_an_error_survives_the_way_between_processes() -> None:
    error = InputError([Problem("x.yaml", 1, 2, "wrong"), Problem("x.yaml", 3, 4, "wrong too")])
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    assert str(again) == "x.yaml:1:2: wrong\nx.yaml:3:4: wrong too"


def test_an_error_without_a_problem_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        InputError([])


def test_problems_come_in_the_order_of_the_file_and_once() -> None:
    first, second = Problem("x", 1, 9, "a"), Problem("x", 2, 1, "b")
    assert in_file_order([second, first, second]) == [first, second]


def test_values_are_shown_as_they_are_written_in_yaml() -> None:
    assert [shown(value) for value in (None, True, 1.5, "x", {}, [])] == [
        "empty", "true", "1.5", "'x'", "a mapping", "a list",
    ]  # fmt: skip
