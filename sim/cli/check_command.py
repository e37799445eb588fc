"""The command ``check``: read scenario files and list every problem, without running anything."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.cli.answer import add_answer, print_json
from sim.inputs import InputError, Problem
from sim.inputs.problems import printable

if TYPE_CHECKING:
    from sim.scenario import Scenario


NAME = "check"
SUMMARY = "check scenario files without running them; all problems at once"
EPILOG = """\
examples:
  python run.py check scenarios/X.yaml
  python run.py check scenarios/*.yaml

Prints one line per sound file. Problems go to standard error as file:line:column: what is wrong,
what was expected, the nearest valid name; the exit code is then 2. A large file's line says what
a run takes; one that does not fit into this machine's memory is refused. Nothing is written."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="scenario file (YAML)")
    add_answer(parser)


def execute(options: argparse.Namespace) -> int:
    """Check each file; a broken one does not hide the next."""
    problems: list[Problem] = []
    found: list[dict[str, Any]] = []
    for path in options.files:
        try:
            line = sound_line(path)
        except InputError as error:
            problems += error.problems
            said = [asdict(one) for one in error.problems]
            found.append({"file": path, "sound": False, "problems": said})
            continue
        found.append({"file": path, "sound": True, "says": line})
        if options.format == "text" and not options.quiet:
            print(line, flush=True)
    if options.format == "json":
        print_json({"files": found})
    if problems:
        raise InputError(problems)
    return 0


def sound_line(path: str) -> str:
    """What a sound scenario file holds, in one line.

    Raises:
        InputError: all of its problems, those of its variants too.
    """
    from sim.scenario import effective_priors, load_scenario

    scenario = load_scenario(path)
    free = [name for name, prior in effective_priors(scenario).items() if not prior.is_fixed]
    parts = [
        f"{scenario.clock.steps} steps of {scenario.clock.step_h:g} h",
        _counted(len(scenario.places), "place"),
        _counted(len(scenario.factions), "faction"),
        _counted(len(scenario.observables), "observable"),
        _counted(len(scenario.variants), "variant"),
        _counted(len(free), "free parameter"),
    ]
    if _may_be_large(scenario):
        parts += _size(scenario, path)
    return printable(f"{path}: {scenario.name}: {', '.join(parts)}")


def _may_be_large(scenario: Scenario) -> bool:
    """Whether a run might need some hundred megabytes: a bound, to read the model seldom."""
    places = len(scenario.places)
    fronts = sum(places if d.places is None else len(d.places) for d in scenario.dyads)
    columns = fronts + places * (2 * len(scenario.factions) + 20)
    forces = sum(len(faction.forces) for faction in scenario.factions)
    return (scenario.clock.steps + 40) * columns + forces * 40 * scenario.clock.steps > 10_000_000


def _size(scenario: Scenario, path: str) -> list[str]:
    """A large scenario's memory and time; raises InputError where this machine cannot run it."""
    from sim.model import build_world
    from sim.model.layout import memory
    from sim.model.size import WORTH_SAYING, refuse_too_large, size_words

    world = build_world(scenario)
    refuse_too_large(world, path)
    return [size_words(world)] if memory(world) > WORTH_SAYING else []


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
