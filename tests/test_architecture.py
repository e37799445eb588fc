"""The shape of the project: data flows one way, files are small, nothing is about one country."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOW = (
    "inputs", "evidence", "scenario", "intake", "model", "ensemble", "compare", "episodes",
    "calibrate", "explore", "show", "cli",
)  # fmt: skip
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
NAMES_OF_THE_EXAMPLE = re.compile(
    r"\b(iraq|baghdad|basra|sadr\w*|khazali|saraya|asaib|aah|rudaw|mahdi)\b", re.IGNORECASE
)


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "sim":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("sim.")}
    return found


@pytest.mark.parametrize("package", [p for p in FLOW if (ROOT / "sim" / p).is_dir()])
def test_no_package_imports_one_that_stands_later_in_the_flow(package: str) -> None:
    later = set(FLOW[FLOW.index(package) + 1 :])
    for path in (ROOT / "sim" / package).rglob("*.py"):
        assert not imported(path) & later, path.relative_to(ROOT)


def test_every_package_has_its_place_in_the_flow() -> None:
    packages = {p.parent.name for p in (ROOT / "sim").glob("*/__init__.py")}
    assert packages <= set(FLOW)


def test_nothing_in_the_rules_is_about_the_example() -> None:
    for path in SOURCES:
        hits = NAMES_OF_THE_EXAMPLE.findall(path.read_text())
        assert not hits, (path.relative_to(ROOT), hits)


def test_every_file_says_in_its_first_line_what_it_is_for_and_is_one_noun() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), path.relative_to(ROOT)
        assert len(path.read_text().splitlines()) <= 350, path.relative_to(ROOT)


def stems_and_classes() -> tuple[dict[str, list[Path]], dict[str, list[Path]]]:
    """Where each file name, and each class name, stands in the project."""
    files: dict[str, list[Path]] = {}
    classes: dict[str, list[Path]] = {}
    for path in SOURCES:
        if path.name != "__init__.py":
            files.setdefault(path.stem, []).append(path)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                classes.setdefault(node.name, []).append(path)
    return files, classes


def test_no_file_and_no_class_is_called_like_another() -> None:
    files, classes = stems_and_classes()
    assert not [paths for paths in files.values() if len(paths) > 1]
    assert not [paths for paths in classes.values() if len(paths) > 1]


def modules_imported(path: Path) -> set[Path]:
    """The files of the project that a file imports, also within functions and for types only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim"):
            base = ROOT.joinpath(*str(node.module).split("."))
            for alias in node.names:
                inner = base / f"{alias.name}.py"
                found.add(inner if inner.exists() else base.with_suffix(".py"))
    return {other for other in found if other.exists()}


def test_no_two_files_import_each_other() -> None:
    arrows = {path: modules_imported(path) for path in SOURCES}
    circles = {
        tuple(sorted((path.stem, other.stem)))
        for path, others in arrows.items()
        for other in others
        if path != other and path in arrows.get(other, set())
    }
    assert not circles
