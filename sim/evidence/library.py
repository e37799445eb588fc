"""Loading a folder of coded sources into one cross-checked body of evidence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.evidence.body import SPLIT, Evidence
from sim.evidence.conflict import ConflictFile
from sim.evidence.references import cross_check
from sim.evidence.registry import ActorFile, EventFile, PlaceFile
from sim.evidence.statement import Article
from sim.inputs import Document, InputError, Problem, read_yaml, validate

REGISTRIES: dict[str, type[BaseModel]] = {
    "actors": ActorFile,
    "places": PlaceFile,
    "events": EventFile,
    "conflicts": ConflictFile,
}
"""Files of a seeds folder that are not sources, by name. Only `conflicts` may be missing."""


def load_evidence(folder: str | os.PathLike[str] = "seeds") -> Evidence:
    """Reads and cross-checks every `*.yaml` file of a folder.

    `actors.yaml`, `places.yaml`, `events.yaml` and `conflicts.yaml` are the registries (the first
    three may go on in `actors_2.yaml` and so on); each other file is one coded source.

    Raises:
        InputError: all problems of all files at once: first those of form, then, once the form is
            right, those between files (unknown names, repeated ids, numbers that disagree).
    """
    evidence, problems = Evidence(os.fspath(folder)), []
    for path in _files(evidence.folder):
        try:
            document = read_yaml(path)
            model = validate(REGISTRIES.get(_registry(path.stem), Article), document)
        except InputError as error:
            problems.extend(error.problems)
            continue
        evidence.documents[path.stem] = document
        problems.extend(_shelve(evidence, model, document))
    problems = problems or cross_check(evidence)
    if problems:
        raise InputError(problems)
    return evidence


def _registry(stem: str) -> str:
    """`events` for `events_2`, a registry that was split over files; others as they are."""
    match = SPLIT.fullmatch(stem)
    return match[1] if match else stem


def _files(folder: str) -> list[Path]:
    root = Path(folder)
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "there is no such folder"
        raise InputError([Problem(folder, None, None, what, "a folder of coded sources")])
    missing = [n for n in REGISTRIES if n != "conflicts" and not (root / f"{n}.yaml").is_file()]
    if missing:
        raise InputError(
            [
                Problem(f"{folder}/{name}.yaml", None, None, "the file is missing")
                for name in missing
            ]
        )
    return sorted(root.glob("*.yaml"))


def _shelve(evidence: Evidence, model: BaseModel, document: Document) -> list[Problem]:
    """Puts the content of one file on its shelf; problems are the repeated ids."""
    shelves: dict[str, dict[str, Any]] = {
        "statements": evidence.statements,
        "actors": evidence.actors,
        "places": evidence.places,
        "events": evidence.events,
        "conflicts": evidence.conflicts,
    }
    problems = []
    if isinstance(model, Article):
        problems += _put(evidence.articles, model, document, ("id",))
    for key, shelf in shelves.items():
        for index, item in enumerate(getattr(model, key, ())):
            problems += _put(shelf, item, document, (key, index, "id"))
    return problems


def _put(
    shelf: dict[str, Any], item: Any, document: Document, loc: tuple[str | int, ...]
) -> list[Problem]:
    if item.id in shelf:
        return [document.problem(loc, f"the id '{item.id}' is used twice")]
    shelf[item.id] = item
    return []
