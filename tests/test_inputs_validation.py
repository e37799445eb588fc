"""Every fault a schema finds is told at its place, with what was expected and the nearest name."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Literal

import pytest
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from sim.inputs import InputError, read_yaml, validate

Write = Callable[[str | bytes], str]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Side(Enum):
    SADR = "sadrists"
    AAH = "aah"


class Scripted(Strict):
    mode: Literal["scripted"]
    at: AwareDatetime


class Endogenous(Strict):
    mode: Literal["endogenous"]
    # A key of the same name as the tag must not be mistaken for it.
    endogenous: int = Field(0, ge=0)


class Uniform(Strict):
    low: float
    high: float

    @model_validator(mode="after")
    def ordered(self) -> Uniform:
        if self.low > self.high:
            raise ValueError("'low' is above 'high'")
        return self


class Place(Strict):
    cells: int = Field(40, ge=1, le=1000)
    authority: Annotated[float, Field(ge=0, le=1)] = 0.5
    inner: dict[str, Place] = {}


def number_or_range(value: object) -> str | None:
    """The tag of a union of different kinds of values."""
    if isinstance(value, dict):
        return "Uniform"
    return "number" if isinstance(value, (int, float)) else None


class Scenario(Strict):
    name: str = Field(min_length=1)
    side: Side = Side.SADR
    compliance: Annotated[
        Annotated[float, Field(title="number"), Tag("number")] | Annotated[Uniform, Tag("Uniform")],
        Discriminator(number_or_range),
    ] = 0.5
    decisions: list[Annotated[Scripted | Endogenous, Field(discriminator="mode")]] = []
    places: dict[str, Place] = {}
    deterrence: float = Field(1, gt=0, allow_inf_nan=False)
    window: tuple[AwareDatetime, AwareDatetime] | None = None
    outlets: list[str] = Field(["a"], min_length=1, max_length=2)
    live: bool = False
    kind: Literal["withdraw", "restrain", "close_offices"] = "withdraw"

    @field_validator("name")
    @classmethod
    def lower(cls, value: str) -> str:
        if value != value.lower():
            raise ValueError("capital letters are not permitted")
        return value


@pytest.fixture
def complaints(write: Write) -> Callable[[str], list[str]]:
    def told(content: str) -> list[str]:
        with pytest.raises(InputError) as caught:
            validate(Scenario, read_yaml(write(content)))
        return [line.removeprefix("given.yaml:") for line in str(caught.value).splitlines()]

    return told


Complaints = Callable[[str], list[str]]


def test_a_valid_document_becomes_the_model(write: Write) -> None:
    scenario = validate(
        Scenario,
        read_yaml(write("name: x\ndecisions:\n  - {mode: scripted, at: 2022-08-30T13:00+03:00}\n")),
    )
    assert isinstance(scenario.decisions[0], Scripted)
    assert scenario.decisions[0].at.hour == 13


def test_a_misspelt_key_gets_the_nearest_one(complaints: Complaints) -> None:
    (line,) = complaints("name: x\ncomplience: 0.5\n")
    assert line.startswith("2:1: unknown key 'complience'; expected one of name, side, compliance,")
    assert line.endswith("; did you mean 'compliance'?")


def test_a_misspelt_key_deep_inside_gets_the_keys_permitted_there(complaints: Complaints) -> None:
    assert complaints("name: x\nplaces:\n  a:\n    inner:\n      b: {authorty: 1}\n") == [
        "5:11: unknown key 'authorty'; expected one of cells, authority, inner; "
        "did you mean 'authority'?"
    ]


def test_a_key_already_there_is_not_offered_as_nearest(complaints: Complaints) -> None:
    assert complaints("name: x\nplaces: {a: {cells: 1, cell: 2}}\n") == [
        "2:24: unknown key 'cell'; expected one of cells, authority, inner"
    ]


def test_a_missing_key_points_at_its_parent(complaints: Complaints) -> None:
    assert complaints("decisions:\n  - mode: scripted\n") == [
        "1:1: missing key 'name'; expected text of at least 1 character",
        "2:5: missing key 'at'; expected a date and time with its offset, "
        "such as 2022-08-29T15:00+03:00",
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            "places: {a: {authority: 1.5}}",
            "2:14: 'authority' is 1.5; expected a number from 0 to 1",
        ),
        ("places: {a: {cells: 0}}", "2:14: 'cells' is 0; expected a whole number from 1 to 1000"),
        (
            "places: {a: {cells: 1.5}}",
            "2:14: 'cells' is 1.5; expected a whole number from 1 to 1000",
        ),
        (
            "places: {a: {cells: many}}",
            "2:14: 'cells' is 'many'; expected a whole number from 1 to 1000",
        ),
        ("places: [a]", "2:1: 'places' is a list; expected a mapping"),
        ("places: {a: 3}", "2:10: 'a' is 3; expected a mapping"),
        ("deterrence: 0", "2:1: 'deterrence' is 0; expected a number above 0"),
        ("deterrence: .nan", "2:1: 'deterrence' is nan; expected a finite number above 0"),
        ("deterrence: -.inf", "2:1: 'deterrence' is -inf; expected a finite number above 0"),
        ("deterrence:", "2:1: 'deterrence' is empty; expected a number above 0"),
        ("live: maybe", "2:1: 'live' is 'maybe'; expected true or false"),
        ("outlets: []", "2:1: 'outlets' is a list of 0; expected a list of 1 to 2 items"),
        ("outlets: [a, 2]", "2:14: item 2 of 'outlets' is 2; expected text"),
        ("outlets: a", "2:1: 'outlets' is 'a'; expected a list of 1 to 2 items"),
        ("compliance: high", "2:1: 'compliance' is 'high'; expected a number or a mapping"),
        ("compliance: [1]", "2:1: 'compliance' is a list; expected a number or a mapping"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_permitted(
    complaints: Complaints, content: str, line: str
) -> None:
    assert complaints(f"name: x\n{content}\n") == [line]


def test_a_time_without_offset_is_refused(complaints: Complaints) -> None:
    (line,) = complaints("name: x\nwindow: [2022-08-29T10:00, 2022-08-29T12:00+03:00]\n")
    assert line.startswith("2:10: item 1 of 'window' is '2022-08-29T10:00'; expected a date and")


def test_a_name_outside_a_list_of_names_gets_the_nearest(complaints: Complaints) -> None:
    assert complaints("name: x\nkind: withdrawl\nside: Sadrist\n") == [
        "2:1: 'kind' is 'withdrawl'; expected one of withdraw, restrain, close_offices; "
        "did you mean 'withdraw'?",
        "3:1: 'side' is 'Sadrist'; expected one of sadrists, aah; did you mean 'sadrists'?",
    ]


def test_the_tag_of_a_union_is_no_part_of_the_place(complaints: Complaints) -> None:
    content = """\
name: x
decisions:
  - {mode: endogenous, endogenous: -1}
  - mode: endogenous
    endogenus: 1
  - {mode: scriptd}
  - {at: 2022-08-30T13:00+03:00}
  - 3
"""
    assert complaints(content) == [
        "3:24: 'endogenous' is -1; expected a whole number of at least 0",
        "5:5: unknown key 'endogenus'; expected one of mode, endogenous; "
        "did you mean 'endogenous'?",
        "6:6: 'mode' is 'scriptd'; expected one of endogenous, scripted; did you mean 'scripted'?",
        "7:5: missing key 'mode'; expected one of endogenous, scripted",
        "8:5: item 5 of 'decisions' is 3; "
        "expected a mapping whose 'mode' is one of endogenous, scripted",
    ]


def test_a_union_of_kinds_is_judged_by_the_kind_that_was_given(complaints: Complaints) -> None:
    assert complaints("name: x\ncompliance: {low: 0, hihg: 1}\n") == [
        "2:1: missing key 'high'; expected a number",
        "2:22: unknown key 'hihg'; expected one of low, high; did you mean 'high'?",
    ]


def test_a_validators_own_words_are_kept(complaints: Complaints) -> None:
    assert complaints("name: X\ncompliance: {low: 1, high: 0}\n") == [
        "1:1: 'name': capital letters are not permitted",
        "2:1: 'compliance': 'low' is above 'high'",
    ]


def test_all_faults_of_a_file_are_told_in_its_order(complaints: Complaints) -> None:
    lines = complaints("live: 3\nsid: aah\nplaces: {a: {cells: -1}}\nkind: x\n")
    assert [line.split(": ")[0] for line in lines] == ["1:1", "1:1", "2:1", "3:14", "4:1"]


def test_a_long_value_is_shortened(complaints: Complaints) -> None:
    (line,) = complaints(f"name: x\nkind: {'k' * 500}\n")
    assert line.startswith(f"2:1: 'kind' is '{'k' * 57}...'; expected")


def test_a_value_cannot_steer_the_terminal(complaints: Complaints) -> None:
    lines = complaints(
        'name: x\nkind: "a\\e[2Jb"\n"k\\u202Ey\\n": 1\nplaces: {"\\a": {cells: 0}}\n'
    )
    assert len(lines) == 3
    assert lines[0].startswith("2:1: 'kind' is 'a?[2Jb';")
    assert lines[1].startswith("3:1: unknown key 'k?y?';")
    assert all(line.isprintable() for line in lines)


def test_thousands_of_faults_are_counted_not_listed(complaints: Complaints) -> None:
    lines = complaints("name: x\n" + "".join(f"complianc{i}: 1\n" for i in range(3000)))
    assert len(lines) == 101
    assert lines[-1].endswith("and 2900 more problems in this file")
