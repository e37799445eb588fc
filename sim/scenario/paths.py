"""A dotted path: the name of one setting of a scenario, as variants and --set use it."""

from __future__ import annotations

import contextlib
import copy
import os
from pathlib import Path
from typing import Any

from sim.inputs import Document, InputError, nearest
from sim.scenario.parameters import PER_LEADER, REGISTRY
from sim.scenario.schema import ASSUMPTION

LISTS = (
    "places", "factions", "crowds", "triggers", "schedules", "deployments", "decisions", "outlets",
    "observables",
)  # fmt: skip
TOPS = (*LISTS, "dyads", "clock", "parameters")


class PathError(ValueError):
    """A path that leads nowhere; carries what was expected and the nearest name."""

    def __init__(self, message: str, expected: str | None = None, close: str | None = None) -> None:
        super().__init__(message)
        self.message, self.expected, self.nearest = message, expected, close


def parameter_names(data: dict[str, Any]) -> list[str]:
    """Every parameter name that a scenario's raw data admits."""
    leaders = [
        faction["leader"]["id"]
        for faction in data.get("factions") or []
        if isinstance(faction, dict)
        and isinstance(faction.get("leader"), dict)
        and "id" in faction["leader"]
    ]
    shared = [name for name in REGISTRY if name != PER_LEADER]
    return [*shared, *(f"{PER_LEADER}.{leader}" for leader in leaders)]


def apply(data: dict[str, Any], path: str, value: Any, reason: str) -> dict[str, Any]:
    """A copy of a scenario's raw data with one setting changed.

    ``path``: a parameter by name (``compliance``, ``restraint_threshold.LEADER``), to which a value
    or a prior (``{uniform: [0, 1]}``) is given, or a part by its list and id
    (``decisions.ID.shift_h``, ``dyads.A-B.hostility``, ``factions.ID.forces.PLACE.fighters``).
    Raises PathError.
    """
    changed = copy.deepcopy(data)
    name = path.removeprefix("parameters.")
    names = parameter_names(data)
    if name in names:
        changed.setdefault("parameters", {})
        form = value if isinstance(value, dict) else {"value": value}
        changed["parameters"][name] = {"source": f"{ASSUMPTION}: {reason}", **form}
        return changed
    parts = path.split(".")
    if parts[0] not in TOPS or len(parts) == 1 or parts[0] == "parameters":
        known = [*names, *TOPS]
        raise PathError(
            f"unknown setting '{path}'",
            "a parameter's name, or LIST.ID.KEY with LIST one of " + ", ".join(TOPS[:-1]),
            nearest(name if parts[0] == "parameters" else parts[0], known),
        )
    target: Any = changed
    for depth, part in enumerate(parts[:-1]):
        target = _into(target, part, ".".join(parts[:depth]) or "the scenario", path)
    if not isinstance(target, dict):
        raise PathError(f"'{path}' does not name a setting")
    target[parts[-1]] = value
    return changed


def _into(target: Any, part: str, where: str, path: str) -> Any:
    if isinstance(target, dict):
        if part == "scope" and part not in target:
            target[part] = {}
        if part not in target:
            raise PathError(
                f"'{path}': {where} has no '{part}'", None, nearest(part, list(map(str, target)))
            )
        return target[part]
    if isinstance(target, list):
        by_name = {_name(item): item for item in target if isinstance(item, dict)}
        if part in by_name:
            return by_name[part]
        swapped = "-".join(reversed(part.split("-")))
        if swapped in by_name:
            return by_name[swapped]
        raise PathError(
            f"'{path}': {where} has no '{part}'",
            "one of " + ", ".join(by_name) if by_name else None,
            nearest(part, list(by_name)),
        )
    raise PathError(f"'{path}': {where} is a single value")


def _name(item: dict[str, Any]) -> str:
    if "between" in item and isinstance(item["between"], list):
        return "-".join(map(str, item["between"]))
    return str(item.get("id") or item.get("place"))


def check_inside(document: Document, key: str, name: str) -> None:
    """Raises InputError where the path `name`, relative to the scenario, leads outside.

    Inside are the folder that holds the scenario's folder (`seeds` beside `scenarios`), links
    followed, and the folder in which the command is run.
    """
    folder = Path(document.path).parent
    try:
        target = (folder / name).resolve()
        project = folder.resolve().parent
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # told where it is read
            target.lstat()
    except (OSError, ValueError, RuntimeError) as error:  # a NUL, a circle of links, a long name
        reason = getattr(error, "strerror", None)
        message = "the path cannot be followed" + (f": {reason}" if reason else "")
        expected = "a path relative to this file, such as ../seeds"
        raise InputError([document.problem((key,), message, expected)]) from None
    if any(target.is_relative_to(root) for root in (project, Path(os.getcwd()).resolve())):
        return
    raise InputError(
        [document.problem((key,), f"'{name}' leads outside the scenario's project",
                          f"a path inside {project}, or inside the folder you run the command in")]
    )  # fmt: skip
