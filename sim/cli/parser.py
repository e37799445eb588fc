"""The parser: commands and options that say what they mean and know their misspellings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

import sim
from sim.cli import (
    calibrate_command,
    chance_command,
    check_command,
    compare_models_command,
    completion_command,
    demo_command,
    discover_command,
    episodes_command,
    export_command,
    import_command,
    list_command,
    new_command,
    phase_command,
    priors_command,
    replay_command,
    rules_command,
    run_command,
    sensitivity_command,
    sweep_command,
    timeline_command,
    validate_command,
    view_command,
    whatif_command,
)
from sim.cli.help_text import HelpText
from sim.inputs import nearest
from sim.inputs.program import INSTALLED, program, spoken

COMMANDS = (
    run_command,
    check_command,
    list_command,
    whatif_command,
    chance_command,
    sweep_command,
    sensitivity_command,
    discover_command,
    phase_command,
    calibrate_command,
    validate_command,
    compare_models_command,
    timeline_command,
    replay_command,
    view_command,
    rules_command,
    import_command,
    new_command,
    priors_command,
    export_command,
    episodes_command,
    demo_command,
    completion_command,
)
"""Each a module with NAME, SUMMARY, EPILOG, ``add_arguments(parser)``, ``execute(options)``."""

DESCRIPTION = """\
Simulate how a conflict escalates and how it stands down, and compare with what was reported.

A scenario (scenarios/*.yaml) says what is supposed: places, factions, orders, parameters or
their priors, and which reported facts to compare. Coded reports stand in seeds/."""

EPILOG = """\
begin here:
  python run.py list                        which scenarios there are
  python run.py check scenarios/*.yaml      is every file sound? nothing is run
  python run.py run scenarios/X.yaml        a table, and a folder in results/
  python run.py timeline scenarios/X.yaml   what was reported, with sources
  python run.py view scenarios/X.yaml       explore it in the browser
  python run.py replay latest 7             one replicate, event by event

exit codes: 0 done, 1 failed, 2 the input cannot be used, 130 stopped with Ctrl-C.
'python run.py COMMAND --help' explains each command's options, their units and defaults."""


class Parser(argparse.ArgumentParser):
    """A parser that keeps its help as laid out, takes no abbreviations and is brief in errors."""

    def __init__(self, **settings: object) -> None:
        settings.setdefault("formatter_class", HelpText)
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        print(spoken(f"{self.prog}: {message}"), file=sys.stderr)
        print(f"nothing was written; '{self.prog} --help' explains", file=sys.stderr)
        raise SystemExit(2)


def build_parser(words: Sequence[str], prog: str = "") -> Parser:
    """The parser of all commands, of which only those that ``words`` name have their options.

    To list the others, and to know a misspelt one, their names are enough. ``prog``: the program's
    name, by default that by which it was started.
    """
    parser = Parser(prog=prog or program(), description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--version", action="version", version=f"standdown {sim.__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True, parser_class=Parser
    )
    for module in COMMANDS:
        one = commands.add_parser(
            module.NAME, help=module.SUMMARY, description=module.SUMMARY, epilog=module.EPILOG
        )
        if module.NAME in words:
            module.add_arguments(one)
        one.set_defaults(execute=module.execute, whole_parser=whole_parser)
    return parser


def whole_parser() -> Parser:
    """The installed command's parser with the options of every command."""
    return build_parser([module.NAME for module in COMMANDS], INSTALLED)


def check_spelling(parser: Parser, words: list[str]) -> None:
    """Exit with code 2 and the nearest name if the command or one of the options does not exist.

    Before argparse parses: it would take the value of a misspelt option for something else.
    """
    known_to, named = parser, (word for word in words if not word.startswith("-"))
    while commands := _commands(known_to):
        name = next(named, None)
        if name is None:
            break
        if name not in commands:
            known_to.error(f"unknown command '{name}'; {_hint(name, commands)}")
        known_to = commands[name]
    # argparse offers no public list of a parser's options
    options = list(known_to._option_string_actions)
    for word in words:
        if word == "--":
            return
        option = word.partition("=")[0]
        if word.startswith("--") and option not in options:
            known_to.error(f"unknown option '{option}'; {_hint(option, options)}")


def _hint(name: str, names: dict[str, Parser] | list[str]) -> str:
    closest = nearest(name, names)
    if closest is not None:
        return f"did you mean '{closest}'?"
    return f"there are {', '.join(sorted(names))}"


def _commands(parser: Parser) -> dict[str, Parser]:
    """The commands below this one, by name; none where it is the last word."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}
