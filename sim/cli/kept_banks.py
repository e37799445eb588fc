"""Keeping: simulations outlive whatever ends a command, and it says where and how to go on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.cli.sweep_command import why_not
from sim.inputs import InputError
from sim.inputs.program import command_text


@contextlib.contextmanager
def kept_simulations(out: Path, command_line: list[str]) -> Iterator[Any]:
    """A store for the simulations of one command, thrown away when the command has ended well.

    Ctrl-C and a failing disk end the command here, with what is kept and the command that goes on.
    """
    from sim.calibrate.bank_store import FOLDER, BankStore
    from sim.ensemble.folder import standing

    store = BankStore(out / FOLDER)
    before = len(standing())
    try:
        with store:
            yield store
    except (InputError, SystemExit):
        raise
    except KeyboardInterrupt:
        _say(f"\nstopped; {_left(store, command_line, standing(before))}")
        raise SystemExit(130) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}{why_not(error)}; {_left(store, command_line, standing(before))}")
        raise SystemExit(1) from None
    except BaseException:
        _say(_left(store, command_line, standing(before)))
        raise


def _left(store: Any, command_line: list[str], found: list[Path]) -> str:
    """The result, where it stood before something failed (as printing may), or what is kept."""
    return f"this stands: {found[-1]}" if found else kept_line(store, command_line)


def kept_line(store: Any, command_line: list[str]) -> str:
    """What is kept and how to go on from it, in words."""
    if not store.kept:
        why = f" ({store.trouble})" if store.trouble else ""
        return f"no result was written and no simulations are kept{why}"
    return (
        f"no result was written; {store.kept:,} simulations are kept in {store.folder}\n"
        f"the same command goes on from them: {command_text(command_line)}"
    )


def resumed_line(store: Any) -> None:
    """Say on standard error what was gone on from, and what cannot be kept."""
    if store.resumed:
        _say(f"going on from {store.resumed:,} simulations kept in {store.folder}")
    if store.trouble:
        _say(f"note: simulations cannot be kept on the disk ({store.trouble})")


def _say(line: str) -> None:
    print(line, file=sys.stderr)
