"""The entry: from the words on the command line to an exit code."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import NoReturn

from sim.cli.parser import build_parser, check_spelling
from sim.inputs import InputError

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
NOTHING_WRITTEN = "nothing was written"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    0 done, 1 failed, 2 the input cannot be used, 130 stopped with Ctrl-C. After 1, 2 and 130 no
    result folder has appeared.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with _terminated_like_interrupted():
            parser = build_parser()
            check_spelling(parser, words)
            options = parser.parse_args(words)
            options.command_line = words
            code = int(options.execute(options))
            sys.stdout.flush()
            return code
    except InputError as error:
        for problem in error.problems:
            _say(str(problem))
        _say(NOTHING_WRITTEN)
        return BAD_INPUT
    except SystemExit as ending:  # argparse after --help or a wrong option
        return ending.code if isinstance(ending.code, int) else FAILED
    except KeyboardInterrupt:
        _say(f"\nstopped; {NOTHING_WRITTEN}")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has had enough; keep Python from failing again when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno == errno.ENOSPC:
            reason = "the disk is full"
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}{reason}; {NOTHING_WRITTEN}")
        return FAILED


def _say(line: str) -> None:
    print(line, file=sys.stderr)


@contextlib.contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """A polite kill cleans up as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
