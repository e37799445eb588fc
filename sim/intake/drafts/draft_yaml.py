"""YAML that a person can read: short things on one line, long ones broken, none over the margin."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any

MARGIN = 100
INDENT = 2
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ .][A-Za-z0-9_]+)*")
_WORDS = frozenset(
    ("true", "false", "null", "yes", "no", "on", "off", "y", "n", "none", "nan", "inf")
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d|Z)")


def scalar(value: Any) -> str:
    """A value on one line: bare where it can be read as nothing else, else in JSON."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        return value
    if isinstance(value, str) and _BARE.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def inline(value: Any) -> str:
    """A value in YAML's flow form, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return scalar(value)


def comment(text: str, indent: int = 0) -> list[str]:
    """A comment, wrapped at the margin."""
    lead = " " * indent + "# "
    return textwrap.wrap(
        text, MARGIN, initial_indent=lead, subsequent_indent=lead,
        break_long_words=False, break_on_hyphens=False,
    ) or [lead.rstrip()]  # fmt: skip


def entry(key: str, value: Any, indent: int = 0, lead: str = "", margin: int = MARGIN) -> list[str]:
    """``key: value``, on one line if it fits, else in block form or wrapped.

    Args:
        lead: what stands before the key on its first line, as ``- ``; counted in the indent.
    """
    head = " " * (indent - len(lead)) + lead + f"{key}:"
    if len(line := f"{head} {inline(value)}") <= margin:
        return [line]
    if isinstance(value, dict):
        inner = [line for k, v in value.items() for line in entry(k, v, indent + INDENT)]
        return [head, *inner]
    if isinstance(value, list):
        if all(isinstance(item, (int, float)) or _is_name(item) for item in value):
            return _wrapped(head + " [", ", ".join(inline(item) for item in value) + "]", indent)
        return [head, *(line for item in value for line in item_lines(item, indent + INDENT))]
    return _text(head + " ", value, indent)


def item_lines(value: Any, indent: int) -> list[str]:
    """``- value`` of a list; a mapping on one line if it fits, else with a line for each key."""
    dash = " " * indent + "- "
    if len(line := dash + inline(value)) <= MARGIN:
        return [line]
    if isinstance(value, dict):
        lines: list[str] = []
        for number, (key, item) in enumerate(value.items()):
            lines += entry(key, item, indent + INDENT, "" if number else "- ")
        return lines
    return _text(dash, value, indent)


def _is_name(item: Any) -> bool:
    return isinstance(item, str) and " " not in item


def _text(head: str, value: Any, indent: int) -> list[str]:
    """A text between quotes, broken at single spaces: YAML reads each break as the space it was."""
    return _wrapped(head, json.dumps(value, ensure_ascii=False), indent)


def _wrapped(head: str, text: str, indent: int) -> list[str]:
    """Text broken where one space stands between two words, and nowhere else."""
    lines, line = [], head
    for piece in re.split(r"(?<=[^ \\]) (?=[^ ])", text):
        glued = line + piece if line == head else f"{line} {piece}"
        if len(glued) > MARGIN and line.strip() not in ("", head.strip()):
            lines.append(line)
            line = " " * (indent + INDENT) + piece
        else:
            line = glued
    return [*lines, line]
