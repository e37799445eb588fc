"""Rules of the user's own: replaced and added in both engines alike, or refused with their line."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest

from sim.inputs import InputError
from sim.model import Output, build_world, read_rules, simulate_block
from sim.model.layout import allocate
from sim.model.rule_catalogue import replaceable, replaceable_rules
from sim.model.rulebook import STANDARD, rulebook_of
from sim.scenario import RuleFile, Scenario, scenario_hash
from tests.random_scenarios import random_scenario, random_theta
from tests.rule_texts import BAD, EXAMPLES, GOOD
from tests.test_model_hour import passed_over, what_counts

WORLDS = (0, 3, 6, 15, 21)


def written(folder: Path, text: str, name: str = "mine.py") -> RuleFile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_rules(path)


def outputs(scenario: Scenario, seed: int) -> tuple[Output, Output]:
    """A world's runs by the kernel and by Mesa; several replicates, so memory is used again."""
    theta = random_theta(scenario, seed, 2)
    kernel, mesa = (
        simulate_block(scenario, theta, seed, range(2), keep="log", engine=engine)
        for engine in ("kernel", "mesa")
    )
    return kernel, mesa


def same(one: Output, other: Output) -> bool:
    return (
        one.series.tobytes() == other.series.tobytes()
        and one.observables.tobytes() == other.observables.tobytes()
        and one.orders.tobytes() == other.orders.tobytes()
        and one.events is not None
        and one.events.equals(other.events)
    )


def together(names: list[str]) -> str:
    """Several files as one."""
    text, added = "", []
    for name in names:
        for line in GOOD[name].splitlines(keepends=True):
            if line.startswith("ADD = "):
                added.append(line.removeprefix("ADD = [").rstrip()[:-1])
            else:
                text += line
    return text + f"\nADD = [{', '.join(added)}]\n"


TOGETHER = [
    "reprisals_follow_deaths", "saturation", "half_obeyed", "memory_of_its_own", "anniversaries",
    "herd", "whoever_is_there", "ambush",
]  # fmt: skip


def test_both_engines_agree_to_the_bit_under_eight_files_of_rules_at_once(tmp_path: Path) -> None:
    rules = written(tmp_path, together(TOGETHER))
    moved = 0
    for seed in WORLDS:
        scenario = random_scenario(seed)
        kernel, mesa = outputs(scenario.under(rules), seed)
        assert same(kernel, mesa), seed
        moved += not same(kernel, outputs(scenario, seed)[0])
    assert moved > len(WORLDS) / 2


@pytest.mark.long
@pytest.mark.parametrize("name", GOOD)
def test_both_engines_agree_to_the_bit_under_each_file(name: str, tmp_path: Path) -> None:
    rules = written(tmp_path, GOOD[name])
    for seed in range(60):
        kernel, mesa = outputs(random_scenario(seed).under(rules), seed)
        assert same(kernel, mesa), seed


@pytest.mark.parametrize("name", GOOD)
def test_whoever_the_kernel_passes_over_under_own_rules_would_have_changed_nothing(
    name: str, tmp_path: Path
) -> None:
    book = rulebook_of(written(tmp_path, GOOD[name]))
    for seed in (3, 8):
        scenario = random_scenario(seed)
        w = build_world(scenario)
        s = allocate(w)
        s.parameters[:] = random_theta(scenario, seed, 1)[0]
        book.begin(w, s, seed, 0)
        for step in range(int(w.run[0]["steps"])):
            for entry in book.hour:
                out = set(passed_over(entry, w, s, step))
                for number in range(len(getattr(w, entry.table))):
                    before = what_counts(s) if number in out else []
                    entry.does(w, s, number, step)
                    assert number not in out or what_counts(s) == before, (entry.name, step)


def test_a_rule_that_touches_nothing_the_kernel_looks_ahead_by_leaves_its_conditions(
    tmp_path: Path,
) -> None:
    def kept(name: str) -> int:
        return sum(e.when is not None for e in rulebook_of(written(tmp_path, GOOD[name])).hour)

    assert kept("other_sides_dead") == sum(e.when is not None for e in STANDARD.hour) - 2
    assert kept("herd") < kept("reprisals_follow_deaths") < kept("other_sides_dead")
    assert kept("impatient") == 0  # a run begins by a rule that it replaces


@pytest.mark.long
@pytest.mark.parametrize("engine", ["mesa", "kernel"])
def test_a_rule_replaced_by_its_own_text_gives_the_same_bytes(engine: str, tmp_path: Path) -> None:
    modules = ("leaders", "fronts", "cells")
    known = {name: fn for module in modules for name, fn in replaceable()[module].items()}
    names = ("hazard", "grieve", "mobilise")
    texts = [inspect.getsource(known[name]).replace("@rule\n", "") for name in names]
    bare = {"IDLE": "layout.IDLE", "runs(": "groups.runs(", "expect_move(": "groups.expect_move(",
            "coming(": "cells.coming(", "tiring(": "cells.tiring(", "join(": "cells.join(",
            "spill_to(": "causes.spill_to("}  # fmt: skip
    text = "\n\n".join(texts)
    for name, full in bare.items():
        text = text.replace(f" {name}", f" {full}")
    rules = written(tmp_path, "import math\n\n" + text)
    for seed in WORLDS:
        scenario = random_scenario(seed)
        theta = random_theta(scenario, seed, 2)
        own, plain = (
            simulate_block(one, theta, seed, range(2), keep="log", engine=engine)
            for one in (scenario.under(rules), scenario)
        )
        assert same(own, plain), seed


@pytest.mark.parametrize("what", BAD)
def test_a_file_with_what_no_rule_may_use_is_refused_with_line_and_word(
    what: str, tmp_path: Path
) -> None:
    text, line, word = BAD[what]
    with pytest.raises(InputError) as caught:
        written(tmp_path, text)
    problem = caught.value.problems[0]
    assert problem.path == str(tmp_path / "mine.py") and problem.line == line
    assert (problem.column is None) == (line is None)
    assert word in str(caught.value)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = "def hazard(w, s, decision):\n    x = [1]\n    return y ** 2\n\n\nclass A:\n    pass\n"
    with pytest.raises(InputError) as caught:
        written(tmp_path, text)
    assert {problem.line for problem in caught.value.problems} == {2, 3, 6}


def test_a_file_is_read_once_and_what_was_hashed_is_what_runs(tmp_path: Path) -> None:
    rules = written(tmp_path, GOOD["saturation"])
    (tmp_path / "mine.py").write_text("raise SystemExit", encoding="utf-8")
    assert rulebook_of(rules).hour[30].does is not STANDARD.hour[30].does
    assert read_rules(rules) is rules


def test_line_ends_and_the_files_name_are_no_part_of_its_identity(tmp_path: Path) -> None:
    one = written(tmp_path, GOOD["saturation"])
    (tmp_path / "other.py").write_bytes(GOOD["saturation"].replace("\n", "\r\n").encode())
    assert read_rules(tmp_path / "other.py").hash == one.hash
    assert written(tmp_path, GOOD["saturation"] + "# more\n").hash != one.hash


def test_rules_go_with_a_scenario_and_are_part_of_its_identity(tmp_path: Path) -> None:
    scenario = random_scenario(1)
    rules = written(tmp_path, GOOD["saturation"])
    own = scenario.under(rules)
    other = scenario.under(written(tmp_path, GOOD["ambush"]))
    assert len({scenario_hash(one) for one in (scenario, own, other)}) == 3
    assert scenario_hash(own.under(None)) == scenario_hash(scenario)
    assert own.model_copy(update={"outlets": []}).rules == rules
    assert "rules" not in scenario.model_dump() and scenario.rules is None


def test_a_scenario_cannot_name_a_file_of_rules() -> None:
    data = random_scenario(1).model_dump(mode="json")
    for key in ("rules", "_rules"):
        with pytest.raises(ValueError, match="Extra inputs"):
            Scenario.model_validate({**data, key: "mine.py"})


def test_agents_and_rules_of_ones_own_are_not_combined(tmp_path: Path) -> None:
    scenario = random_scenario(1).under(written(tmp_path, GOOD["saturation"]))
    theta = random_theta(scenario, 1, 1)
    with pytest.raises(ValueError, match="do not follow rules of your own"):
        simulate_block(scenario, theta, 1, [0], engine="mesa", agents={"leader": object})


def test_a_record_that_is_not_there_is_an_error_of_the_file_with_its_line(tmp_path: Path) -> None:
    text = "def loser_share(a, b):\n    return 0.5\n"
    text = text.replace("(a, b)", "(strength_own, strength_other)")
    text += "\n\ndef far(w, s, i, step):\n    s.places[99]['own'] = 1.0\n\n\n"
    rules = written(tmp_path, text + "ADD = [('script', 'far', 'before', 'strike')]\n")
    scenario = random_scenario(1).under(rules)
    with pytest.raises(InputError, match=r"mine\.py:6: a rule failed in a run: index 99"):
        simulate_block(scenario, random_theta(scenario, 1, 1), 1, [0], engine="mesa")


@pytest.mark.long
def test_the_kernel_says_so_too_and_does_not_crash(tmp_path: Path) -> None:
    text = "def hazard(w, s, decision):\n    return s.places[99]['own']\n"
    seeds = [seed for seed in range(20) if "endogenous" in str(random_scenario(seed).decisions)]
    scenario = random_scenario(seeds[0]).under(written(tmp_path, text))
    with pytest.raises(InputError, match="out of bounds"):
        simulate_block(scenario, random_theta(scenario, 1, 1), 1, [0])


@pytest.mark.long
def test_what_cannot_be_compiled_is_an_error_of_the_file(tmp_path: Path) -> None:
    text = "def hazard(w, s, decision):\n    if decision > 0:\n        return s.places[0]\n"
    scenario = random_scenario(1).under(written(tmp_path, text + "    return 1.0\n"))
    with pytest.raises(InputError, match=r"mine\.py.*cannot be compiled"):
        simulate_block(scenario, random_theta(scenario, 1, 1), 1, [0])


def test_a_run_does_not_depend_on_what_its_memory_held_before() -> None:
    drawn_later = ("parameters", "p", "thresholds", "book", "log", "busy", "obedience", "coming",
                   "tiring", "chances")  # fmt: skip
    for seed in range(6):
        scenario = random_scenario(seed)
        w = build_world(scenario)
        fresh, used = allocate(w), allocate(w)
        for name, part in used._asdict().items():
            if name not in drawn_later:
                part.view(np.uint8).reshape(-1)[:] = 0x41
        used.run[0]["busy"] = 0
        for state in (fresh, used):
            state.parameters[:] = random_theta(scenario, seed, 1)[0]
            STANDARD.begin(w, state, seed, 0)
        assert [part.tobytes() for part in fresh] == [part.tobytes() for part in used]


def test_the_list_of_rules_has_each_with_its_arguments_and_what_it_does() -> None:
    found = {rule.name: rule for rule in replaceable_rules()}
    assert len(found) == sum(len(rules) for rules in replaceable().values())
    assert found["hazard"].arguments == ("w", "s", "decision")
    assert found["grieve"].module == "fronts" and found["fight"].entries
    assert "rouse" not in found and "cells_rouse" in found and "draw" not in found
    assert all(rule.meaning.endswith(".") or rule.meaning for rule in found.values())


def test_the_examples_are_sound() -> None:
    assert [path.name for path in sorted(EXAMPLES.glob("*.py"))] == [
        "other_sides_dead.py", "reprisals_follow_deaths.py",
    ]  # fmt: skip
    for path in EXAMPLES.glob("*.py"):
        read_rules(path)


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "sin", "cos"])
def test_the_functions_that_a_rule_may_use_give_the_same_bits_in_both_engines(name: str) -> None:
    import math

    import numba

    rng = np.random.default_rng(7)
    values = np.concatenate([rng.uniform(1e-9, 700, 20_000), rng.exponential(1.0, 20_000)])
    plain = getattr(math, name)
    compiled = numba.njit(error_model="numpy")(eval(f"lambda x: m.{name}(x)", {"m": math}))
    assert [plain(x) for x in values] == [compiled(x) for x in values]


def test_floor_division_and_remainders_give_the_same_bits_in_both_engines() -> None:
    import numba

    rng = np.random.default_rng(8)
    pairs = rng.uniform(-50, 50, (20_000, 2))
    compiled = numba.njit(error_model="numpy")(lambda a, b: (a // b, a % b))
    whole = numba.njit(error_model="numpy")(lambda a, b: (a // b, a % b))
    for a, b in pairs:
        assert compiled(a, b) == (a // b, a % b) == (float(a) // float(b), float(a) % float(b))
        i, j = int(a), int(b) or 1
        assert whole(i, j) == (i // j, i % j)
