"""What gets installed: pinned, hashed, and the same list in every place that names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LISTS = ("requirements.txt", "requirements-dev.txt")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(name: str) -> dict[str, list[str]]:
    """Requirement to its hashes."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        text = line.partition("#")[0].strip().removesuffix("\\").strip()
        if text.startswith("--hash"):
            assert HASH.fullmatch(text), text
            found[list(found)[-1]].append(text)
        elif text:
            found[text] = []
    return found


def pins() -> set[tuple[str, str]]:
    lines = [line.partition("#")[0].strip() for line in (ROOT / "constraints.txt").open()]
    wanted = [Requirement(line) for line in lines if line]
    return {(one.name.lower(), str(one.specifier)) for one in wanted}


@pytest.mark.parametrize("name", LISTS)
def test_every_package_that_is_installed_is_pinned_and_has_the_hashes_of_its_files(name):
    found = entries(name)
    assert len(found) > 40
    for text, hashes in found.items():
        assert "==" in text and hashes, text


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_hold_the_versions_of_the_constraints(name):
    known = pins()
    for text in entries(name):
        one = Requirement(text)
        if "win32" not in str(one.marker):
            assert (one.name.lower(), str(one.specifier)) in known, text


def test_every_dependency_of_the_project_is_in_the_list_it_belongs_to():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {
        "requirements.txt": project["dependencies"],
        "requirements-dev.txt": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    for name, wanted in groups.items():
        listed = {Requirement(text).name.lower() for text in entries(name)}
        assert {Requirement(text).name.lower() for text in wanted} <= listed


def test_no_list_holds_an_address_to_download_from():
    for name in (*LISTS, "constraints.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"://|--index|--find-links|--extra-index", text)


@pytest.mark.parametrize("name", ["README.md", ".ci/run"])
def test_every_installation_checks_hashes_or_adds_nothing_but_the_project(name):
    text = (ROOT / name).read_text("utf-8")
    commands = re.findall(r"pip\"? install([^&\n`]*)", text)
    assert commands
    for words in commands:
        assert "--require-hashes" in words or "--no-deps" in words, words
