"""Keeping: simulations outlive whatever ends a command, and it says where and how to go on."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.cli.sweep_command import why_not
from sim.inputs import InputError


@contextlib.contextmanager
def kept_simulations(out: Path, command_line: list[str]) -> Iterator[Any]:
    """A store for the simulations of one command, thrown away when the command has ended well.

    Ctrl-C and a failing disk end the command here, with what is kept and the command that goes on.
    """
    from sim.calibrate.bank_store import FOLDER, BankStore

    store = BankStore(out / FOLDER)
    try:
        with store:
            yield store
    except (InputError, SystemExit):
        raise
    except KeyboardInterrupt:
        _say(f"\nstopped; {kept_line(store, command_line)}")
        raise SystemExit(130) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}{why_not(error)}; {kept_line(store, command_line)}")
        raise SystemExit(1) from None
    except BaseException:
        _say(kept_line(store, command_line))
        raise


def kept_line(store: Any, command_line: list[str]) -> str:
    """What is kept and how to go on from it, in words."""
    if not store.kept:
        why = f" ({store.trouble})" if store.trouble else ""
        return f"no result was written and no simulations are kept{why}"
    return (
        f"no result was written; {store.kept:,} simulations are kept in {store.folder}\n"
        f"the same command goes on from them: run.py {shlex.join(command_line)}"
    )


def resumed_line(store: Any) -> None:
    """Say on standard error what was gone on from, and what cannot be kept."""
    if store.resumed:
        _say(f"going on from {store.resumed:,} simulations kept in {store.folder}")
    if store.trouble:
        _say(f"note: simulations cannot be kept on the disk ({store.trouble})")


def _say(line: str) -> None:
    print(line, file=sys.stderr)
