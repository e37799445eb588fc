"""Help within 80 columns: prose is filled, an example breaks where a shell lets it go on."""

from __future__ import annotations

import argparse
import re
import textwrap

from sim.inputs.program import spoken

COLUMNS = 79
"""Letters in a line of help, whatever the terminal: text is read best in narrow columns."""


class HelpText(argparse.HelpFormatter):
    """Lays out a description or an epilog: indented lines are examples, all others are prose."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=COLUMNS)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return laid_out(spoken(text), width)


def laid_out(text: str, columns: int) -> str:
    """The text in lines of at most so many letters; nothing is left out."""
    lines: list[str] = []
    prose: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip() and not line.startswith(" ") and not line.endswith(":"):
            prose.append(line)
            continue
        lines += textwrap.wrap(" ".join(prose), columns)
        prose = []
        lines += _example(line, columns)
    return "\n".join(lines).rstrip("\n")


def _example(line: str, columns: int) -> list[str]:
    """One line of an example; its remark goes below where both do not fit side by side."""
    if len(line) <= columns:
        return [line]
    remark = re.search(r"(?<=\S) {2,}(?=\S)", line)
    if remark:
        below = textwrap.wrap(
            line[remark.end() :], columns, initial_indent=" " * 6, subsequent_indent=" " * 6
        )
        return [*_example(line[: remark.start()], columns), *below]
    if not line.startswith(" "):
        return textwrap.wrap(line, columns)
    space = line.rfind(" --", 0, columns - 1)
    space = space if space > 10 else line.rfind(" ", 10, columns - 1)
    if space < 0:
        return [line]
    return [f"{line[:space].rstrip()} \\", *_example(" " * 6 + line[space:].lstrip(), columns)]
