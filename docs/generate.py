"""Write what is generated in the documents; ``--check`` only says whether it is up to date.

Run from the project's top folder::

    python docs/generate.py                      tables of the code, and passages from measured.json
    python docs/generate.py --all                measure everything anew first: the shipped
                                                 posteriors, the figure, every number of the pages
    python docs/generate.py --only joint,single  measure these steps only
    python docs/generate.py --moved OLD.json     what differs from another measured.json

``--all`` takes a quarter of an hour on two quiet cores and is resumed by naming the steps that are
left (each is kept as soon as it is done). Timings are not among them: they need a quiet machine,
and stand in ``benchmarks/``. Nor are those of docs/episodes.md, which need a library that is not
shipped: ``python -m docs.remaking.episodes LIBRARY`` and ``docs.remaking.kernels MINUTES``.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, os.getcwd())

from docs.remaking import episodes, kernels
from docs.remaking import measured as store
from docs.remaking.pages import PAGES
from sim.model import draws, rules
from sim.model.hour import HOUR
from sim.scenario.parameter import Parameter
from sim.scenario.parameters import ROWS
from sim.scenario.vocabulary import EVENT_PLOVER

MODEL = "docs/model.md"
ROOT = Path(__file__).parents[1]


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def parameters() -> str:
    """Every row of the registry."""
    rows = [
        [f"`{row.name}`", row.symbol, row.unit, row.role, str(row.prior),
         "" if row.sensitivity is None else f"{row.sensitivity[0]:g} to {row.sensitivity[1]:g}",
         off_words(row), row.meaning, row.source]
        for row in ROWS
    ]  # fmt: skip
    return table(
        [
            "name",
            "symbol",
            "unit",
            "role",
            "prior or value",
            "sensitivity",
            "off",
            "meaning",
            "source",
        ],
        rows,
    )


def off_words(row: Parameter) -> str:
    """At which value of which number a row is out of the model; empty for what is always in."""
    if row.needs:
        return f"with `{row.needs}`"
    return "" if row.off is None else f"at {row.off:g}"


def first_line(function: object) -> str:
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")


def hour() -> str:
    """Who does what in a step, from the list that both engines go through."""
    lines = []
    for entry in HOUR:
        module = entry.does.__module__.rpartition(".")[2]
        spared = "" if entry.when is None else f" (`when` {module_of(entry.when)})"
        lines.append(f"{entry.who}: {first_line(entry.does)} `{module}.{entry.name}`{spared}")
    return "\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1))


def module_of(rule: Callable[..., Any]) -> str:
    """A rule by module and name."""
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"


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


def filled(page: str, text: str, passages: dict[str, str]) -> str:
    """A page with every passage between its marks made anew."""
    for name, content in passages.items():
        pattern = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"{page} has no place for '{name}'")
        text = pattern.sub(lambda m, c=content: m.group(1) + c + "\n" + m.group(2), text)
    return text


def fresh() -> dict[str, str]:
    """Every page with generated passages, as it should be."""
    found = store.read()
    passages = {MODEL: {name: make() for name, make in TABLES.items()}}
    passages["docs/episodes.md"] = episodes.passages() | kernels.passages()
    for page, parts in PAGES.items():
        try:
            passages[page] = {name: write(found) for name, write in parts.items()}
        except KeyError as missing:
            print(f"{page} is left as it is: {missing} is not yet measured", file=sys.stderr)
    return {
        page: filled(page, (ROOT / page).read_text(encoding="utf-8"), parts)
        for page, parts in passages.items()
    }


def measure(names: list[str]) -> None:
    """Run the named steps, in their order; each is written down as soon as it is done."""
    from docs.remaking.steps import STEPS

    for name in names:
        if name not in STEPS:
            raise SystemExit(f"no step '{name}'; there are {', '.join(STEPS)}")
    for name, step in STEPS.items():
        if name in names:
            print(f"{name} ...", file=sys.stderr, flush=True)
            found = step()
            store.write(store.read() | {name: found})


def main() -> None:
    parser = argparse.ArgumentParser(description="write what is generated in the documents")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where outdated")
    parser.add_argument("--all", action="store_true", help="measure everything anew first")
    parser.add_argument("--only", metavar="STEPS", help="measure these steps first, by commas")
    parser.add_argument("--moved", metavar="FILE", help="list what differs from another file")
    options = parser.parse_args()
    if options.moved:
        for name, old, new in store.moved(store.read(Path(options.moved)), store.read()):
            print(f"| {name} | {old} | {new} |")
        return
    if options.all:
        from docs.remaking.steps import STEPS

        measure(list(STEPS))
    elif options.only:
        measure(options.only.split(","))
    for page, text in fresh().items():
        path = ROOT / page
        if text == path.read_text(encoding="utf-8"):
            continue
        if options.check:
            raise SystemExit(f"{page} is out of date: run python docs/generate.py")
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
