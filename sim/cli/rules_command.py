"""The command ``rules``: list the model's rules that a file may replace, or check such a file."""

from __future__ import annotations

import argparse
import sys

NAME = "rules"
SUMMARY = "list the rules that a file of your own may replace, or check such a file"
EPILOG = """\
examples:
  python run.py rules                        every rule with its arguments and what it does
  python run.py rules --hour                 who does what in an hour, in order
  python run.py rules my_rules.py            is it sound, and what does it replace and add?
  python run.py run scenarios/X.yaml --rules my_rules.py

A function of the file with the name and the arguments of a rule takes its place; what ADD names
joins the hour. docs/own_rules.md says what such a function may use. The file is code: a scenario
cannot name one, and one from somebody else is to be read before it is run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help="files of rules to check (default: list the rules)"
    )
    parser.add_argument(
        "--hour", action="store_true", help="list the entries of the hour (default: the rules)"
    )


def execute(options: argparse.Namespace) -> int:
    """Print the lists, or what each file replaces and adds."""
    if options.hour:
        _list_hour()
    elif options.files:
        for path in options.files:
            _say_what_it_does(path)
    else:
        _list_rules()
    sys.stdout.flush()
    return 0


def _list_rules() -> None:
    from sim.model.rule_catalogue import replaceable_rules

    module = ""
    for rule in replaceable_rules():
        if rule.module != module:
            module = rule.module
            print(f"\n{module}")
        print(f"  {rule.name}({', '.join(rule.arguments)})")
        places = "".join(f" [entry {number} of the hour]" for number, _ in rule.entries)
        print(f"      {rule.meaning}{places}")


def _list_hour() -> None:
    from sim.model.hour import HOUR
    from sim.model.rule_catalogue import entry_name

    for number, entry in enumerate(HOUR, 1):
        print(f"{number:3}  {entry.who:12} {entry_name(entry)}")


def _say_what_it_does(path: str) -> None:
    from sim.model import read_rules
    from sim.model.hour import HOUR
    from sim.model.rule_catalogue import entry_name
    from sim.model.rule_check import check_rules

    checked = check_rules(read_rules(path))
    print(f"{path}: sound, {checked.file.hash}")
    for module, name, own in checked.replaced:
        print(f"  {own} replaces {module}.{name}")
    for one in checked.additions:
        beside = entry_name(HOUR[one.position])
        print(f"  {one.name} joins the hour {one.where} {beside}, done by {one.who}")
