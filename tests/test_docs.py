"""The documents are true: generated tables are up to date, and what is printed to be run runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def test_the_tables_of_the_model_document_are_those_of_the_code() -> None:
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
