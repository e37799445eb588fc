"""Random and mutated files give a document or an InputError, and never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from sim.inputs import Document, InputError, read_yaml, validate

Write = Callable[[str | bytes], str]


class Trigger(BaseModel):
    model_config = ConfigDict(extra="forbid")
    place: str
    size: float = Field(gt=0, le=10)
    after: Trigger | list[Trigger] | None = None


class Scenario(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    triggers: list[Trigger] = []
    hostility: dict[str, float | Trigger] = {}


VALID = """\
# A scenario, to be damaged.
name: "two places"
triggers:
  - &first {place: basra, size: 1.5}
  - place: baghdad
    size: 2
    after: *first
hostility: {a: 0.5, 'b': 1, c: {place: x, size: 3}}
"""
# Pieces that mean something to a YAML parser, so that damage goes deeper than letters.
# fmt: off
PIECES = st.sampled_from([
    "\t", "\n", "\r", "\x85", "\u2028", "  ", ": ", "- ", "? ", "[", "]", "{", "}", ",", "|\n", ">",
    "'", '"', "\\", "# ", "---\n", "...\n", "%YAML 1.2\n", "&a ", "*a", "*first", "!!set ", "!x ",
    "<<: ", "~", ".nan", "1e999", "0x", "@", "`", "é", "\U0001f600", "\ufeff", "\x00",
])
# fmt: on


def read_or_refuse(path: str) -> None:
    """Reads and validates; whatever is wrong must be told as an InputError."""
    try:
        document = read_yaml(path)
        assert isinstance(document, Document)
        assert isinstance(document.data, dict)
        validate(Scenario, document)
    except InputError as error:
        for problem in error.problems:
            assert problem.message
            assert str(problem).isprintable()
            assert problem.line is None or (problem.line >= 1 and (problem.column or 0) >= 1)


@given(content=st.binary(max_size=200))
def test_random_bytes_never_give_a_traceback(write: Write, content: bytes) -> None:
    read_or_refuse(write(content))


@given(content=st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
@example(content="? ? a")
@example(content="&a [&a *a]")
@example(content="a: !<x")
def test_random_pieces_of_yaml_never_give_a_traceback(write: Write, content: str) -> None:
    read_or_refuse(write(content.encode("utf-8", "replace")))


@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(VALID)), st.integers(0, 12), PIECES | st.text(max_size=3)),
        min_size=1,
        max_size=6,
    )
)
def test_a_damaged_scenario_never_gives_a_traceback(
    write: Write, changes: list[tuple[int, int, str]]
) -> None:
    text = VALID
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    read_or_refuse(write(text.encode("utf-8", "replace")))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "triggers", "hostility", "place", "size", "after", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(data=st.dictionaries(st.sampled_from(["name", "triggers", "hostility", "y"]), VALUES))
def test_values_of_any_shape_never_give_a_traceback(write: Write, data: dict[str, object]) -> None:
    read_or_refuse(write(json.dumps(data).encode("utf-8", "replace")))


def test_the_undamaged_scenario_is_read(write: Write) -> None:
    scenario = validate(Scenario, read_yaml(write(VALID)))
    assert scenario.triggers[1].after == scenario.triggers[0]
