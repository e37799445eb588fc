"""The documents are true: generated tables are up to date, and what is printed to be run runs."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from docs.remaking.measured import moved, read, write
from docs.remaking.steps import evidence

ROOT = Path(__file__).parent.parent


def test_every_generated_passage_is_that_of_the_code_and_of_what_was_measured() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_python_page_runs_as_printed() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(), re.S)
    assert len(blocks) >= 4
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert len(names["ensemble"].observables) == 200
    assert names["dead"].ratio > 1.0


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), (page.name, target)


def test_the_readme_names_every_library_with_its_reason() -> None:
    text = (ROOT / "README.md").read_text()
    listed = (ROOT / "pyproject.toml").read_text()
    block = re.search(r"^dependencies = \[(.*?)\]", listed, re.S | re.M)
    assert block is not None
    for name in re.findall(r'"([a-zA-Z0-9-]+)', block.group(1)):
        assert re.search(rf"\*\*{name}\*\*", text, re.IGNORECASE), name


def test_what_was_measured_speaks_of_the_posteriors_that_are_shipped() -> None:
    measured = json.loads((ROOT / "docs" / "measured.json").read_text())
    for step, name in (("joint", "august_september_2022"), ("baghdad", "baghdad_2022_08")):
        shipped = json.loads((ROOT / "results" / "reference" / f"{name}.json").read_text())
        assert measured[step]["id"] == shipped["id"]
        assert measured[step]["simulations"] == shipped["simulations"]
        assert len(measured[step]["facts"]) == len(shipped["facts"])


def test_the_coded_statements_are_counted_as_they_are() -> None:
    assert read()["evidence"] == evidence()


def test_what_moved_is_told_to_three_digits_and_what_was_not_there_by_a_dash() -> None:
    before = {"a": {"x": 1.0, "y": 0.12345}, "b": 3}
    after = {"a": {"x": 1.0, "y": 0.12348, "z": 2.0}, "b": 4}
    assert moved(before, after) == [("a.z", "-", "2"), ("b", "3", "4")]


def test_a_number_that_is_none_is_written_as_none(tmp_path: Path) -> None:
    write({"step": {"ratio": float("nan"), "share": 0.123456}}, tmp_path / "measured.json")
    assert read(tmp_path / "measured.json") == {"step": {"ratio": None, "share": 0.1235}}


def test_what_the_remaking_imports_late_is_where_it_looks_for_it() -> None:
    """Its steps take minutes and run before a release; a name that moved must not wait for that."""
    found = 0
    for path in sorted((ROOT / "docs" / "remaking").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim"):
                module = importlib.import_module(str(node.module))
                for alias in node.names:
                    assert hasattr(module, alias.name), f"{path.name}: {node.module}.{alias.name}"
                    found += 1
    assert found >= 10
