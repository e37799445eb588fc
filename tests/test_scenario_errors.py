"""A scenario file with something wrong in it: what its author is told, and where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from shipped import FOLDER, path_of

from sim.inputs import InputError
from sim.scenario import load_scenario

BASRA = "basra_2022_09"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for damaged copies, with the evidence where the shipped files have it."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(FOLDER.parent / "seeds", root / "seeds")
    (root / "scenarios").mkdir()
    return root / "scenarios"


def told(folder: Path, old: str, new: str, name: str = BASRA) -> list[str]:
    """What is said of a shipped scenario after one change, each as `line:column: message`."""
    text = path_of(name).read_text("utf-8")
    assert old in text, "the change changes nothing"
    path = folder / "damaged.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    said = [str(problem) for problem in caught.value.problems]
    assert all(line.startswith(f"{path}:") for line in said)
    return [line.removeprefix(f"{path}:") for line in said]


def line_of(name: str, text: str) -> int:
    lines = path_of(name).read_text("utf-8").split("\n")
    return next(i for i, line in enumerate(lines, 1) if text in line)


# What is changed, into what, and what the first message must contain.
CASES = {
    "a misspelt key": (
        "    authority: 0.3", "    autority: 0.3", ["unknown key 'autority'", "'authority'?"],
    ),
    "a misspelt section": ("outlets:", "outlet:", ["unknown key 'outlet'", "'outlets'?"]),
    "a wrong type": (
        "hostility: 0.9", "hostility: high", ["'hostility' is 'high'", "a number from 0 to 1"],
    ),
    "a share above one": (
        "hostility: 0.9", "hostility: 1.9", ["'hostility' is 1.9", "a number from 0 to 1"],
    ),
    "a number that is none": ("hostility: 0.9", "hostility: .nan", ["'hostility'", "number"]),
    "a word outside its list": (
        "mode: scripted", "mode: scriptd", ["scriptd", "endogenous", "'scripted'?"],
    ),
    "an unknown place": (
        "    places: [basra]", "    places: [basrah]",
        ["unknown place 'basrah'", "'basra'?"],
    ),
    "an unknown faction": (
        "between: [sadrists, aah]", "between: [sadrist, aah]",
        ["unknown faction 'sadrist'", "'sadrists'?"],
    ),
    "an unknown leader": (
        "leader: khazali", "leader: khazaly", ["unknown leader 'khazaly'", "'khazali'?"],
    ),
    "an unknown statement": (
        "source: [ap.10a,", "source: [ap.10z,", ["unknown statement 'ap.10z'", "assumption: why"],
    ),
    "an unknown fact": ("facts: [ap.2b]", "facts: [ap.99b]", ["unknown statement 'ap.99b'"]),
    "a figure without a source": (
        '"assumption: a supposed deployment', '"supposedly a deployment', ["unknown statement"],
    ),
    "an unknown parameter": (
        "  restraint_threshold.khazali:", "  restraint_threshold.kazali:",
        ["unknown parameter", "'restraint_threshold.khazali'?"],
    ),
    "a parameter out of its range": (
        "log_uniform: [1, 17]", "log_uniform: [1, 1700]", ["reaches from 1 to 1700", "0 to 200"],
    ),
    "a prior turned round": ("log_uniform: [1, 17]", "log_uniform: [17, 1]", ["turned round"]),
    "two priors at once": (
        "log_uniform: [1, 17]", "log_uniform: [1, 17]\n    value: 3", ["exactly one of value"],
    ),
    "a time outside the clock": (
        "publishes: 2022-09-01T18:00:00+03:00", "publishes: 2023-09-01T18:00:00+03:00",
        ["2023-09-01T18:00:00+03:00 is outside the clock", "2022-08-31T00:00:00+03:00"],
    ),
    "a time without its offset": (
        "publishes: 2022-09-01T18:00:00+03:00", "publishes: 2022-09-01T18:00:00", ["offset"],
    ),
    "a window turned round": (
        "{earliest: 2022-09-01T06:30:00+03:00, latest: 2022-09-01T11:34:00+03:00}",
        "{earliest: 2022-09-01T11:34:00+03:00, latest: 2022-09-01T06:30:00+03:00}",
        ["turned round", "latest is before earliest"],
    ),
    "a clock that runs backwards": (
        "end: 2022-09-03T00:00:00+03:00, step_h", "end: 2022-08-30T00:00:00+03:00, step_h",
        ["the clock runs backwards"],
    ),
    "a step that does not divide the clock": (
        "step_h: 1}", "step_h: 5}", ["not a whole number of steps"],
    ),
    "a name given twice": (
        "- id: offices_attacked", "- id: member_killed", ["'member_killed' stands twice"],
    ),
    "a key given twice": (
        "    authority: 0.3", "    authority: 0.3\n    authority: 0.4",
        ["duplicate key 'authority'", "each key once"],
    ),
    "a tab": ("    authority: 0.3", "\tauthority: 0.3", ["tab"]),
    "a trigger that does nothing": (
        "    salience: 0.2\n    source: [ap.10a", "    salience: 0\n    source: [ap.10a",
        ["'tension_moves_south' does nothing", "salience above 0"],
    ),
    "a dyad that never meets": (
        "aah]\n    hostility", "aah]\n    places: []\n    hostility",
        ["does nothing", "no forces or crowds at one place"],
    ),
    "an attack without a dyad": (
        "attack: {between: [aah, sadrists], dead: 1}",
        "attack: {between: [aah, security_forces], dead: 1}",
        ["the attack does nothing", "'aah' and 'security_forces' have no dyad at 'basra'"],
    ),
    "an order without a window": (
        "    mode: scripted\n    window: {earliest: 2022-09-01T06:30:00+03:00, "
        "latest: 2022-09-01T11:34:00+03:00}\n",
        "    mode: scripted\n", ["mode scripted needs a window"],
    ),
    "a type that PLOVER does not have": (
        "event: {type: ASSAULT, mode: firearms}", "event: {type: ASSAULTS, mode: firearms}",
        ["ASSAULTS"],
    ),
    "a statistic that says nothing of its measure": (
        "measure: order\n    statistic: time", "measure: order\n    statistic: total",
        ["'total' says nothing about 'order'", "time"],
    ),
    "a report of an unknown outlet": (
        "outlet: media_cell", "outlet: media_sell", ["unknown outlet 'media_sell'", "media_cell"],
    ),
    "weights that do not add up": (
        "weight: 0.7", "weight: 0.6", ["weights of the alternatives do not add up to 1"],
    ),
    "numbers out of order": (
        "reported: {low: 3, high: 9}", "reported: {low: 9, high: 3}", ["not in order"],
    ),
    "a variant that leads nowhere": (
        "{triggers.member_killed.enabled: true}", "{triggers.member_kiled.enabled: true}",
        ["no 'member_kiled'", "'member_killed'?"],
    ),
    "a variant with a misspelt key": (
        "{triggers.member_killed.enabled: true}", "{triggers.member_killed.enabeld: true}",
        ["unknown key 'enabeld'", "enabled, source"],
    ),
    "a variant of an unknown parameter": (
        "{compliance: 0.7}", "{complience: 0.7}", ["unknown setting 'complience'", "'compliance'?"],
    ),
    "a variant out of range": (
        "{compliance: 0.7}", "{compliance: 7}", ["'compliance'", "a value from 0 to 1"],
    ),
    "no folder of evidence": (
        "evidence: ../seeds", "evidence: ../sedes", ["no folder '../sedes'"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_thing_wrong_is_told_with_its_place_and_the_nearest_name(
    folder: Path, case: str
) -> None:
    old, new, wanted = CASES[case]
    said = told(folder, old, new)
    text = " | ".join(said)
    for words in wanted:
        assert words in text, text
    first, second, *_ = said[0].split(":")
    assert int(first) >= 1 and int(second) >= 1, said


def test_the_line_told_is_the_line_at_fault(folder: Path) -> None:
    said = told(folder, "    authority: 0.3", "    autority: 0.3")
    assert any(line.startswith(f"{line_of(BASRA, '    authority: 0.3')}:5:") for line in said)
    said = told(folder, "hostility: 0.9", "hostility: 1.9")
    assert [line.split(":")[0] for line in said] == [str(line_of(BASRA, "hostility: 0.9"))]


def test_all_errors_of_form_come_in_one_go(folder: Path) -> None:
    text = path_of(BASRA).read_text("utf-8")
    text = text.replace("authority: 0.3", "authority: 3").replace("hostility: 0.9", "hostility: x")
    text = text.replace("rule: exact", "rule: exactly").replace("lag_h: [3, 9]", "lag: [3, 9]")
    (folder / "damaged.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(folder / "damaged.yaml")
    said = "\n".join(map(str, caught.value.problems))
    for name in ("'authority'", "'hostility'", "'exactly'", "'lag'", "'lag_h'"):
        assert name in said
    assert len(caught.value.problems) >= 5


def test_all_unknown_names_come_in_one_go(folder: Path) -> None:
    text = path_of(BASRA).read_text("utf-8")
    for old, new in (
        ("between: [sadrists, aah]", "between: [sadrists, aha]"),
        ("leader: khazali", "leader: kazali"),
        ("    places: [basra]", "    places: [bosra]"),
        ("facts: [ap.2b]", "facts: [ap.2x]"),
        ("decision: khazali_restraint", "decision: khazali_restrain"),
    ):
        text = text.replace(old, new, 1)
    (folder / "damaged.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(folder / "damaged.yaml")
    said = "\n".join(map(str, caught.value.problems))
    for name in ("'aha'", "'kazali'", "'bosra'", "'ap.2x'", "'khazali_restrain'"):
        assert f"unknown {_kind(name)} {name}" in said


def _kind(name: str) -> str:
    return {
        "'aha'": "faction", "'kazali'": "leader", "'bosra'": "place", "'ap.2x'": "statement",
        "'khazali_restrain'": "decision",
    }[name]  # fmt: skip


def test_an_unknown_variant_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown variant 'local_triger'.*'local_trigger'"):
        load_scenario(path_of(BASRA), variant="local_triger")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("complience", 0.5, "'compliance'"),
        ("compliance", 5, "a value from 0 to 1"),
        ("compliance", "much", "a number"),
        ("decisions.khazali_restraint.shift_h", 1e9, "-10000 to 10000"),
        ("decisions.khazali.shift_h", 1, "khazali_restraint"),
        ("dyads.aah-sadrists.hostility", 2, "a number from 0 to 1"),
        ("nothing.at.all", 1, "unknown setting"),
    ],
)
def test_a_wrong_setting_is_told(setting: str, value: object, words: str) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(path_of(BASRA), settings={setting: value})
    assert words in "\n".join(map(str, caught.value.problems))
