"""The pages as a site, and the papers beside them: they build offline and claim what is so."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import sim

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/test_\w+\.py)::(test_\w+)`")
FROM_ELSEWHERE = re.compile(r'<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?//')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs")
    spec = importlib.util.spec_from_file_location("build_site", ROOT / "docs" / "build_site.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("site")
    module.build_site(folder)  # strict: a warning is an error
    return folder


def test_every_page_is_on_the_site_and_loads_nothing_from_elsewhere(site: Path) -> None:
    names = {path.stem for path in (ROOT / "docs").glob("*.md")}
    names |= {"readme", "changelog", "contributing", "security"}
    pages = {path.stem: path.read_text(encoding="utf-8") for path in site.glob("*.html")}
    assert names <= set(pages)
    for name, page in pages.items():
        assert not FROM_ELSEWHERE.search(page), name
    assert 'src="figures/baghdad_2022_08.png"' in pages["readme"]
    assert (site / "figures" / "baghdad_2022_08.png").is_file()
    assert 'href="readme.html"' in pages["index"] and 'href="limits.html"' in pages["readme"]


def test_every_page_can_be_reached_from_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in (ROOT / "docs").glob("*.md"):
        assert f": {path.name}\n" in menu, f"{path.name} is in no menu of mkdocs.yml"


@pytest.mark.parametrize("page", ["trace.md", "odd_d.md"])
def test_every_test_that_a_claim_names_exists(page: str) -> None:
    named = NAMED.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert named
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in found, f"{page}: {file}::{name}"


def test_every_claim_of_the_trace_page_has_a_test_or_says_that_it_has_none() -> None:
    text = (ROOT / "docs" / "trace.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    claims = [row for row in rows if row != "| claim | test |"]
    assert len(claims) > 30 and all(NAMED.search(row) for row in claims)


def test_the_glossary_is_in_order_of_the_alphabet() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = [word.lower() for word in re.findall(r"^\*\*([^*]+?)\.?\*\*", text, re.M)]
    assert len(words) > 30 and words == sorted(words)


def test_citation_codemeta_and_changes_are_of_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "type"} <= set(cited)
    described = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cited["version"] == described["version"] == sim.__version__
    assert described["description"] == project["description"]
    assert sorted(cited["keywords"]) == described["keywords"] == sorted(project["keywords"])
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {sim.__version__}" in changes and "- **numbers** " in changes


def test_the_container_installs_what_is_pinned_and_starts_the_command() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.txt" in lines
    assert 'ENTRYPOINT ["standdown"]' in lines and "USER reader" in lines
