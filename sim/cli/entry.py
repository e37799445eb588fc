"""The entry: from the words on the command line to an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sim.cli.parser import build_parser, check_spelling
from sim.cli.streams import give_up_output, output_fails, prepare_output
from sim.inputs import InputError, Problem
from sim.inputs.program import spoken

OK, FAILED, BAD_INPUT = 0, 1, 2
NOTHING_WRITTEN = "nothing was written"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    0 done, 1 failed, 2 the input cannot be used, 130 stopped (Ctrl-C, a polite kill, a closed
    terminal). After 1, 2 and 130 the last line says what stands on the disk: nothing, unless the
    command had put it in place whole before it was stopped or could not print.
    """
    prepare_output()
    words = list(sys.argv[1:] if arguments is None else arguments)
    before = len(_standing())
    with stopped_politely():
        try:
            _check_utf8(words)
            parser = build_parser(words)
            check_spelling(parser, words)
            options = parser.parse_args(words)
            options.command_line = words
            code = int(options.execute(options))
            sys.stdout.flush()
            return code
        except InputError as error:
            for problem in error.problems:
                _say(spoken(str(problem)))
            _say(_what_stands(before))
            return BAD_INPUT
        except SystemExit as ending:  # argparse after --help or a wrong option
            code = ending.code if isinstance(ending.code, int) else FAILED
            return _printed(code)
        except KeyboardInterrupt:
            _say(f"\nstopped; {_what_stands(before)}")
            return INTERRUPTED
        except BrokenPipeError:  # the reader has had enough
            give_up_output()
            return FAILED
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            if output_fails():
                where = "standard output: "
                give_up_output()
            _say(f"{where}{_reason(error)}; {_what_stands(before)}")
            return FAILED


def _printed(code: int) -> int:
    """The code, or 1 where help could not be printed; else Python would end with a code of its own.

    Who stops listening has had enough, and is told nothing.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        give_up_output()
        if not isinstance(error, BrokenPipeError):
            _say(f"standard output: {_reason(error)}; {NOTHING_WRITTEN}")
        return FAILED
    return code


def _reason(error: OSError) -> str:
    return "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)


def _check_utf8(words: Sequence[str]) -> None:
    """Such a word would run to the end and then fail, where the result names its command."""
    wrong = [word for word in words if not word.isascii() and not _is_utf8(word)]
    if wrong:
        expected = "names in UTF-8"
        raise InputError([Problem(w, None, None, "this is not UTF-8", expected) for w in wrong])


def _is_utf8(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _standing(since: int = 0) -> list[str]:
    """What this process has put in place; nothing, as long as no command has loaded what does."""
    module = sys.modules.get("sim.ensemble.folder")
    return [str(path) for path in module.standing(since)] if module else []


def _what_stands(before: int) -> str:
    found = _standing(before)
    return f"this stands: {', '.join(found)}" if found else NOTHING_WRITTEN


def _left_behind() -> str:
    """What stands when nothing can be cleaned up any more, and how a sweep goes on from it."""
    found = _standing()
    return (
        f"this stands: {found[-1]} (a sweep goes on with --resume)" if found else "nothing stands"
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr)


INTERRUPTED = 130
AT_ONCE = 4
"""The signal so manyth since the first one ends the process without any cleaning up."""


@contextmanager
def stopped_politely() -> Iterator[None]:
    """The first signal raises KeyboardInterrupt; the next ones leave the cleaning up in peace.

    What was ignored from the start stays so: ``nohup`` sets SIGHUP, a shell's ``&`` SIGINT.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def stop(number: int, _: object) -> None:
        came.append(number)
        if len(came) == 1:
            raise KeyboardInterrupt
        if len(came) >= AT_ONCE:
            os.write(2, f"\nended at once; {_left_behind()}\n".encode())
            os._exit(INTERRUPTED)
        os.write(2, b"\nstopping; what is under way comes to its end first\n")

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    for number, how in before.items():
        if how != signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, how in before.items():
            signal.signal(number, how)
