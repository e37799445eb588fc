"""The command ``completion``: a script with which a shell completes commands and options."""

from __future__ import annotations

import argparse

from sim.cli.options import word_of
from sim.inputs import InputError, Problem

NAME = "completion"
SUMMARY = "print a script with which a shell completes the command's words"
SHELLS = ("bash", "zsh", "tcsh")
EPILOG = """\
examples:
  standdown completion bash > ~/.local/share/bash-completion/completions/standdown
  standdown completion zsh > ~/.zfunc/_standdown

For the installed command only; needs the extra 'completion' (the package shtab)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "shell", metavar="SHELL", type=word_of(SHELLS), help="one of " + ", ".join(SHELLS)
    )


def execute(options: argparse.Namespace) -> int:
    """Print the script."""
    try:
        import shtab
    except ModuleNotFoundError:
        problem = Problem("completion", None, None, "the package shtab is not installed",
                          "pip install 'standdown[completion]'")  # fmt: skip
        raise InputError([problem]) from None
    print(shtab.complete(options.whole_parser(), shell=options.shell))
    return 0
