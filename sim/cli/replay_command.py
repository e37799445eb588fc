"""The command ``replay``: one replicate of a result again, its events with their causes."""

from __future__ import annotations

import argparse
import traceback
from typing import Any

from sim.cli.latest_result import SWEEP, add_result, result_folder_of
from sim.cli.options import ENGINES, whole_number, word_of

NAME = "replay"
SUMMARY = "run one replicate of a result again and print its events with their causes"
EPILOG = """\
examples:
  python run.py replay results/X/20300501-060000-0123456789 7
  python run.py replay results/X/20300501-060000-0123456789 7 --engine mesa
  python run.py replay results/X/20300501-060000-0123456789-sweep 7 --point 12

Events stand in order of time, indented below what caused them; '<- 12' names the causing event.
Times are local, with the clock's offset from UTC in the first line. At the end it says whether
every observable and order equals the stored row to the bit; if not, the exit code is 1."""

DEEPEST = 16
"""Levels of indentation; a longer chain of reprisals stays at the last."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_result(parser, "run")
    parser.add_argument(
        "replicate", metavar="REPLICATE", type=whole_number(0, 2**32 - 1),
        help="number of the replicate, from 0",
    )  # fmt: skip
    parser.add_argument(
        "--point", metavar="N", type=whole_number(0, 2**31 - 1), default=None,
        help="of a sweep: the design point, from 0 (default: not a sweep)",
    )  # fmt: skip
    parser.add_argument(
        "--engine", metavar="NAME", type=word_of(ENGINES), default=None,
        help="kernel or mesa (default: the one that the result was made with)",
    )  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Print the events; the exit code says whether the run was the same."""
    from sim.ensemble import read_result, replay

    if options.point is not None:
        return _replay_point(options)
    result = read_result(result_folder_of(options.result))
    again = replay(result, options.replicate, options.engine)
    scenario = result.scenario
    start = scenario.clock.start
    print(f"{scenario.title}, replicate {again.replicate}, from {start.isoformat()}")
    for line in event_lines(again.events, scenario):
        print(line)
    dead = int(again.events["dead_a"].sum() + again.events["dead_b"].sum())
    print(f"{len(again.events)} events, {dead} dead")
    if again.is_same:
        print("every observable and order equals the stored row to the bit")
        return 0
    print(f"not the stored run: {', '.join(again.differing)} differ")
    print(f"changed since: {', '.join(again.changed) or 'nothing that is recorded'}")
    return 1


def _replay_point(options: argparse.Namespace) -> int:
    """One run of a sweep; a run that failed says how, with its traceback."""
    from sim.explore.sweep import open_sweep
    from sim.explore.sweep_replay import replay_point
    from sim.explore.work import StageError

    sweep = open_sweep(result_folder_of(options.result, SWEEP))
    try:
        again = replay_point(sweep, options.point, options.replicate)
    except StageError as error:
        traceback.print_exception(error.__cause__ or error)
        print(f"point {options.point}, replicate {options.replicate} fails at '{error.stage}'")
        return 1
    scenario = again.scenario
    start = scenario.clock.start.isoformat()
    print(f"{scenario.title}, point {options.point}, replicate {options.replicate}, from {start}")
    for path, value in sweep.plan.values_of(options.point).items():
        print(f"  {path} = {value}")
    for line in event_lines(again.events, scenario):
        print(line)
    if again.differing is None:
        print("no row is stored to compare it with")
        return 0
    if again.differing:
        print(f"not the stored run: {', '.join(again.differing)} differ")
        return 1
    print("every observable equals the stored row to the bit")
    return 0


def event_lines(events: Any, scenario: Any) -> list[str]:
    """One line per event of a log, in order, indented by the length of its chain of causes."""
    from sim.ensemble import local_time

    places = {place.id: place.name for place in scenario.places}
    depth: dict[int, int] = {}
    lines = []
    for event in events.itertuples(index=False):
        depth[event.event] = depth.get(event.cause, -1) + 1
        indent = "  " * min(depth[event.event], DEEPEST)
        moment = local_time(scenario.clock, event.time)
        words = [
            f"{event.event:>5}",
            f"{moment.day:>2} {moment:%b %H:%M}",
            indent + str(event.kind),
        ]
        words += [str(event.subject)] if event.subject else []
        words += [f"in {places.get(event.place, event.place)}"] if event.place else []
        words += [_sides(event)] if event.actor or event.side_a else []
        words += [_toll(event)] if _toll(event) else []
        words += [f"<- {event.cause}"] if event.cause >= 0 else []
        lines.append("  ".join(words))
    return lines


def _sides(event: Any) -> str:
    if event.side_a and not event.actor:
        return f"{event.side_a} and {event.side_b}"  # nobody is known to have begun
    return f"{event.actor} against {event.target}" if event.target else str(event.actor)


def _toll(event: Any) -> str:
    dead = int(event.dead_a + event.dead_b)
    parts = [f"{dead} dead"] if dead else []
    parts += [f"{event.wounded:g} wounded"] if event.wounded > 0 else []
    return ", ".join(parts)
