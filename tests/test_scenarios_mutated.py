"""Shipped scenarios damaged at random: each is a scenario or is refused, never anything else."""

from __future__ import annotations

import copy
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import FOLDER, NAMES, path_of

from sim.inputs import InputError
from sim.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for damaged copies, with the evidence where the shipped files have it."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(FOLDER.parent / "seeds", root / "seeds")
    (root / "scenarios").mkdir()
    return root / "scenarios"


# Values that mean something to some key, so that damage passes the first check and meets the next.
VALUES = st.sampled_from([
    None, True, 0, -1, 1, 0.5, 1e308, float("inf"), float("nan"), 10**30, "", "basra", "sadrists",
    "sadr", "scripted", "off", "assumption", "assumption: why", "ap.2b", "x" * 5000, "2022-09-01",
    "2022-09-01T02:00:00+03:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00",
    "\x1b[0m",
    [], {}, [[]], [None], ["basra"], ["basra", "basra"], [1, 2], [2, 1], {"id": "basra"},
    {"earliest": "2022-09-01T02:00:00+03:00", "latest": "2022-09-01T02:00:00+03:00"},
])  # fmt: skip
PIECES = ("", "\t", "\n", ": ", "- ", "{", "]", "'", '"', "&a ", "*a", "#", "!x ")
PLAIN = {name: yaml.safe_load(path_of(name).read_text("utf-8")) for name in NAMES}


def spots(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested data."""
    keys: list[Any] = []
    if isinstance(part, dict):
        keys = list(part)
    elif isinstance(part, list):
        keys = list(range(len(part)))
    return [path, *(spot for key in keys for spot in spots(part[key], (*path, key)))]


SPOTS = {name: [spot for spot in spots(PLAIN[name]) if spot] for name in NAMES}


def damage(data: Any, spot: tuple[Any, ...], how: str, value: Any) -> None:
    target = data
    for key in spot[:-1]:
        if not isinstance(target, (dict, list)):
            return
        try:
            target = target[key]
        except (KeyError, IndexError):
            return
    last = spot[-1]
    if isinstance(target, dict) and last in target:
        if how == "drop":
            del target[last]
        elif how == "rename":
            target[f"{last}s"] = target.pop(last)
        else:
            target[last] = value
    elif isinstance(target, list) and isinstance(last, int) and last < len(target):
        if how == "drop":
            del target[last]
        elif how == "rename":
            target.append(copy.deepcopy(target[last]))
        else:
            target[last] = value


@settings(max_examples=120)
@given(data=st.data())
def test_a_damaged_scenario_gives_a_scenario_or_says_what_is_wrong(
    folder: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(NAMES))
    damaged = copy.deepcopy(PLAIN[name])
    for _ in range(data.draw(st.integers(1, 3))):
        spot = data.draw(st.sampled_from(SPOTS[name]))
        how = data.draw(st.sampled_from(["put", "put", "drop", "rename"]))
        damage(damaged, spot, how, copy.deepcopy(data.draw(VALUES)))
    path = folder / "mutant.yaml"
    path.write_text(yaml.safe_dump(damaged, allow_unicode=True, sort_keys=False), "utf-8")
    load_or_refuse(path)


@settings(max_examples=80)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(NAMES))
def test_torn_text_gives_a_scenario_or_says_what_is_wrong(
    folder: Path, seed: int, name: str
) -> None:
    chance = random.Random(seed)
    text = path_of(name).read_text("utf-8")
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(text)), chance.randrange(12)
        piece = chance.choice(
            ["", "\t", "\n", ": ", "- ", "{", "]", "'", '"', "&a ", "*a", "#", "!x "]
        )
        text = text[:at] + piece + text[at + length :]
    path = folder / "mutant.yaml"
    path.write_text(text, "utf-8")
    load_or_refuse(path)


def load_or_refuse(path: Path) -> None:
    try:
        assert isinstance(load_scenario(path), Scenario)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert "\x1b" not in str(problem)
