"""Rules of the user's own: a file of them, read once and checked."""

from __future__ import annotations

from pathlib import Path
from typing import overload

from sim.inputs import InputError, Problem, odd_kind
from sim.model.rule_check import check_rules
from sim.scenario.rule_file import RuleFile

MOST_BYTES = 200_000


Rules = str | Path | RuleFile
"""What a caller hands over: a file's path, or the file as it was read."""


@overload
def read_rules(path: Rules) -> RuleFile: ...
@overload
def read_rules(path: Rules | None) -> RuleFile | None: ...


def read_rules(path: Rules | None) -> RuleFile | None:
    """A file of rules, read once and checked; a file that was read before is returned as it is.

    None, for the model's own rules, is None.

    Raises InputError with every line that is wrong.
    """
    if path is None or isinstance(path, RuleFile):
        return path
    shown, expected = str(path), "a Python file of rules"
    try:
        kind = odd_kind(shown)
        if kind is not None:
            raise InputError([Problem(shown, None, None, f"this is a {kind}", expected)])
        content = Path(path).read_bytes()
        if len(content) > MOST_BYTES:
            raise InputError(
                [
                    Problem(
                        shown,
                        None,
                        None,
                        f"{len(content):,} bytes are too many for rules",
                        f"at most {MOST_BYTES:,}",
                    )
                ]
            )
        text = content.decode("utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        problem = Problem(shown, None, None, f"cannot be read: {reason}", expected)
        raise InputError([problem]) from None
    rules = RuleFile(shown, text.replace("\r\n", "\n").replace("\r", "\n"))
    check_rules(rules)
    return rules
