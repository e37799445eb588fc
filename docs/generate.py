"""Write the generated tables of docs/model.md; ``--check`` only says whether they are up to date.

Run ``python docs/generate.py`` from the project's top folder after a change of the registry, the
rules or the hour.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, os.getcwd())

from sim.model import draws, kernel, rules
from sim.scenario.parameters import ROWS
from sim.scenario.vocabulary import EVENT_PLOVER

PAGE = Path(__file__).with_name("model.md")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def parameters() -> str:
    """Every row of the registry."""
    rows = [
        [f"`{row.name}`", row.symbol, row.unit, row.role, str(row.prior),
         "" if row.sensitivity is None else f"{row.sensitivity[0]:g} to {row.sensitivity[1]:g}",
         row.meaning, row.source]
        for row in ROWS
    ]  # fmt: skip
    return table(
        ["name", "symbol", "unit", "role", "prior or value", "sensitivity", "meaning", "source"],
        rows,
    )


def first_line(function: object) -> str:
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")


def hour() -> str:
    """What the hour calls, in order, from the source of the kernel itself."""
    tree = ast.parse(inspect.getsource(kernel))
    body = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "hour")
    calls = [n.func for n in ast.walk(body) if isinstance(n, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    lines: list[str] = []
    for call in calls:
        if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name):
            module, name = call.value.id, call.attr
        elif isinstance(call, ast.Name) and hasattr(kernel, call.id):
            module, name = "kernel", call.id
        else:
            continue
        owner = importlib.import_module(f"sim.model.{module}")
        line = f"`{module}.{name}`: {first_line(getattr(owner, name))}"
        if line not in lines:
            lines.append(line)
    return "\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1))


def equations() -> str:
    """Every rule of the rule book with what it says of itself."""
    found = [
        (name, rule)
        for name, rule in vars(rules).items()
        if inspect.isfunction(rule) and rule.__module__ == rules.__name__
    ]
    rows = []
    for name, rule in found:
        source = ast.parse(inspect.getsource(rule)).body[0]
        assert isinstance(source, ast.FunctionDef)
        returns = [
            ast.unparse(n.value)
            for n in ast.walk(source)
            if isinstance(n, ast.Return) and n.value is not None
        ]
        formula = f"`{returns[0]}`" if len(returns) == 1 else "by cases"
        rows.append([f"`{name}`", first_line(rule), formula])
    return table(["rule", "what it is", "equation"], rows)


def mechanisms() -> str:
    """Every mechanism that draws random numbers, with its number in the counter."""
    found = {
        name: value
        for name, value in vars(draws).items()
        if name.isupper() and not name.startswith(("_", "ALONG")) and isinstance(value, int)
    }
    return ", ".join(f"{name.lower().replace('_', ' ')} ({n})" for name, n in found.items()) + "."


def severities() -> str:
    """Simulated event kinds on PLOVER's scale."""
    from sim.evidence.ladder import severity

    rows = [
        [kind.replace("_", " "), f"{type_} {mode or ''}".strip(), f"{severity(type_, mode):g}"]
        for kind, (type_, mode) in EVENT_PLOVER.items()
    ]
    return table(["simulated event", "PLOVER type and mode", "score"], rows)


TABLES = {
    "parameters": parameters, "hour": hour, "equations": equations, "mechanisms": mechanisms,
    "severities": severities,
}  # fmt: skip


def generated(text: str) -> str:
    """The page with every table made anew."""
    for name, make in TABLES.items():
        pattern = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"{PAGE.name} has no place for the table '{name}'")
        content = make() + "\n"
        text = pattern.sub(lambda m, c=content: m.group(1) + c + m.group(2), text)
    return text


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    fresh = generated(text)
    if "--check" in sys.argv:
        if fresh != text:
            raise SystemExit("docs/model.md is out of date: run python docs/generate.py")
        return
    PAGE.write_text(fresh, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
