"""A syntax error of the YAML parser, put into words that say what to do about it."""

from __future__ import annotations

import yaml

from sim.inputs.problems import Problem
from sim.inputs.source import Source

# What the two parsers of PyYAML say, and what it nearly always means to the one who wrote it.
_MEANINGS: tuple[tuple[str, str, str | None], ...] = (
    (
        "mapping values are not allowed",
        "a colon where no value can begin",
        "'key: value' at the same indentation as its neighbours, or the text in quotes",
    ),
    (
        "could not find expected ':'",
        "a line that is neither 'key: value' nor '- item'",
        "a colon and a space after the key",
    ),
    (
        "did not find expected key",
        "this does not fit what stands above it",
        "a key at the indentation of its neighbours, and every bracket and quote closed",
    ),
    (
        "expected <block end>",
        "this does not fit what stands above it",
        "a key or '-' at the indentation of its neighbours, and every bracket and quote closed",
    ),
    (
        "did not find expected '-' indicator",
        "this does not fit the list above it",
        "'- item' at the indentation of the other items",
    ),
    ("unexpected end of stream", "a quote is opened and never closed", "a closing quote"),
    ("expected ',' or", "a bracket is opened and not closed", "',' or the closing bracket"),
    (
        "cannot start any token",
        "this character cannot begin a value",
        "the text in quotes",
    ),
)


def syntax_problem(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    """The problem behind a parser's error, at the place where the parser gave up.

    An unclosed quote or bracket is reported where it was opened: that is where it is mended.
    """
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    tab = _tab(source.text, line)
    if tab is not None:
        message = "a tab cannot indent YAML; use spaces"
        return Problem(source.path, line, tab, message)
    said = error.problem or error.context or "syntax error"
    for words, message, expected in _MEANINGS:
        if words in said:
            opened = error.context_mark
            if "is opened" in message and opened is not None:
                line, column = opened.line + 1, opened.column + 1
            return Problem(source.path, line, column, message, expected)
    return Problem(source.path, line, column, f"this is not YAML: {said}")


def _tab(text: str, line: int) -> int | None:
    """The column of a tab in the indentation of a line, if there is one."""
    lines = text.split("\n")
    if line > len(lines):
        return None
    content = lines[line - 1]
    indentation = content[: len(content) - len(content.lstrip(" \t"))]
    return indentation.find("\t") + 1 or None
